# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the search finds here: charges and bills."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.kernel import formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.search import Hit, Terms, register
from mutirao.payments import queries


def find_charges(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Charges by enterprise, title, number or identifier, newest first."""
    rows = queries.charges_visible_to(actor).filter(queries.charge_said(terms)).order_by("-pk")[:limit]
    return [
        Hit(
            title=_("Cobrança nº %(number)s: %(title)s") % {"number": row.number, "title": row.title},
            view="payments:charge",
            key={"charge_id": row.pk},
            note=f"{row.enterprise.name} · {formats.money(row.amount_minor, row.currency)} · {row.get_state_display()}",
        )
        for row in rows
    ]


def find_bills(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Bills by supplier, title or document, newest first."""
    rows = queries.bills_visible_to(actor).filter(terms.within("supplier__folded", "folded")).order_by("-pk")[:limit]
    return [
        Hit(
            title=row.title,
            view="payments:bill",
            key={"bill_id": row.pk},
            note=f"{row.supplier.name} · {formats.money(row.amount_minor, row.currency)} · {row.get_state_display()}",
        )
        for row in rows
    ]


register("charge", find_charges, label=gettext_lazy("Cobranças"), order=60)
register("bill", find_bills, label=gettext_lazy("Contas a pagar"), order=70)
