# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the search finds here: actors of the territory, their next steps, public calls."""

from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.search import Hit, Terms, register
from mutirao.territory import queries
from mutirao.territory.models import Partner


def find_partners(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Partners by name, relationship or municipality."""
    rows = queries.partners_visible_to(actor).filter(terms.within("findable", "municipality__folded"))[:limit]
    return [Hit(row.name, "territory:actor", {"pk": row.pk}, _note(row)) for row in rows]


def _note(row: Partner) -> str:
    kind = str(row.get_kind_display())
    if not row.next_step or row.next_step_until is None:
        return kind
    until = formats.date(row.next_step_until)
    return _now("%(kind)s · até %(until)s: %(step)s") % {"kind": kind, "until": until, "step": row.next_step}


def find_calls(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Public calls by number, what is bought, or who buys; the latest deadline first."""
    rows = queries.calls_visible_to(actor).filter(struck_at=None).filter(terms.within("findable", "partner__folded"))
    return [
        Hit(
            row.title,
            "territory:actor",
            {"pk": row.partner_id},
            _now("%(buyer)s, nº %(number)s, até %(until)s")
            % {"buyer": row.partner.name, "number": row.number, "until": formats.date(row.closes_on)},
        )
        for row in rows.order_by("-closes_on")[:limit]
    ]


register("partner", find_partners, label=_("Parceiros do território"), order=60)
register("public_call", find_calls, label=_("Chamadas públicas"), order=61)
