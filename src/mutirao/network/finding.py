# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the search finds here: enterprises and people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.search import Hit, Terms, register
from mutirao.network import queries


def find_enterprises(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Enterprises by name, activity, registration, municipality or city."""
    rows = queries.find_enterprises(queries.enterprises_visible_to(actor), terms)[:limit]
    return [
        Hit(
            title=row.name,
            view="network:enterprise",
            key={"pk": row.pk},
            note=" · ".join(str(part) for part in (row.activity or row.value_chain, row.place) if part),
        )
        for row in rows
    ]


def find_people(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """People by name or e-mail address, with their roles: those whom the actor may see."""
    people = list(queries.people_visible_to(actor).filter(terms.within("folded"))[:limit])
    held = queries.roles_of(actor, people)
    return [
        Hit(
            title=person.name,
            view="network:person",
            key={"pk": person.pk},
            note=", ".join(
                f"{row.role_label} ({row.enterprise})" if row.enterprise else str(row.role_label)
                for row in held[person.pk]
            ),
        )
        for person in people
    ]


register("enterprise", find_enterprises, label=_("Empreendimentos"), order=10)
register("person", find_people, label=_("Pessoas"), order=40)
