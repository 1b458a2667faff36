# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the search finds here: requests to join."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.admission import queries
from mutirao.kernel.actors import Actor
from mutirao.kernel.search import Hit, Terms, register


def find_applications(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Requests to join by the group's name, newest first, for whoever may see them."""
    rows = queries.applications_visible_to(actor).filter(terms.within("folded"))[:limit]
    return [
        Hit(
            title=row.name,
            view="admission:request",
            key={"number": row.number},
            note=f"{row.get_kind_display()} · {row.get_state_display()}",
        )
        for row in rows
    ]


register("application", find_applications, label=_("Pedidos de entrada"), order=55)
