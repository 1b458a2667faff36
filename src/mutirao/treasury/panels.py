# SPDX-License-Identifier: AGPL-3.0-or-later
"""On the page of a charge, a payment and a bill: the entries in the books that came of it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.ledger.models import Entry, Line
from mutirao.ledger.queries import entries_visible_to
from mutirao.network import panels
from mutirao.payments.models import Bill, Charge, Payment


def _panel(actor: Actor, keys: Collection[str]) -> panels.Panel | None:
    """The posted entries kept under these keys, and what reversed them, in the books that the actor may read."""
    moved = Line.objects.filter(entry=OuterRef("pk"), amount_minor__gt=0).order_by().values("entry")
    rows = (
        entries_visible_to(actor)
        .filter(Q(key__in=keys) | Q(reverses__key__in=keys), state=Entry.State.POSTED)
        .annotate(debit_minor=Subquery(moved.annotate(all=Sum("amount_minor")).values("all")))
        .select_related("book__enterprise", "book__network")
        .order_by("date", "book_id", "number")
    )
    entries = list(rows)
    return panels.Panel(_("Nos livros"), "treasury/_entries_panel.html", {"entries": entries}) if entries else None


def entries_of_charge(actor: Actor, charge: Charge) -> panels.Panel | None:
    """A charge's own entries; payments for it have theirs."""
    return _panel(actor, [f"charge:{charge.pk}", f"charge-cancelled:{charge.pk}"])


def entries_of_payment(actor: Actor, payment: Payment) -> panels.Panel | None:
    """A payment's entries."""
    return _panel(actor, [f"payment:{payment.pk}"])


def entries_of_bill(actor: Actor, bill: Bill) -> panels.Panel | None:
    """A bill's entry and those of what was paid for it, paid back or taken back."""
    paid = bill.payments.values_list("pk", flat=True)
    kinds = ("bill-payment", "bill-payment-reversed", "bill-refund")
    return _panel(actor, [f"bill:{bill.pk}", *(f"{kind}:{pk}" for kind in kinds for pk in paid)])


panels.register("charge", entries_of_charge)
panels.register("payment", entries_of_payment)
panels.register("bill", entries_of_bill)
