# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens to money is posted while it happens: the books and the payments succeed or fail together.

Act types (Lei 5.764/71, art. 79): what concerns an enterprise of the network is a cooperative act, what concerns a
company is not. Bills take the act type that their source registered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.events import Event, inside
from mutirao.kernel.work import acting
from mutirao.ledger import operations as ledger
from mutirao.ledger.core.chart import EnterpriseAccount as E
from mutirao.ledger.core.chart import NetworkAccount as N
from mutirao.ledger.core.entries import COOPERATIVE, NON_COOPERATIVE, EntrySpec, LegSpec
from mutirao.ledger.models import Book, Entry
from mutirao.network.models import Enterprise, Network
from mutirao.payments import events as e
from mutirao.payments.models import Bill, Charge
from mutirao.payments.sources import BILL, CHARGE, CREDIT, PAYMENT
from mutirao.treasury.booking import ChargeParts, booking_of_bill, parts_of_charges

Source = tuple[str, int]
Legs = Mapping[N, int] | Mapping[E, int]
"""Amounts by account of one book: debit positive, credit negative."""


def act_type_of(enterprise: Enterprise) -> str:
    """The act type of trade with an enterprise. Source: Lei 5.764/71, art. 79 (members) and art. 86–87 (others)."""
    return NON_COOPERATIVE if enterprise.legal_form == Enterprise.LegalForm.COMPANY else COOPERATIVE


def money_account(method: str) -> N:
    """Where money of a payment method lies in the network's book."""
    return N.CASH if method == "cash" else N.BANK


def own_money_account(method: str) -> E:
    """Where it lies in an enterprise's book."""
    return E.CASH if method == "cash" else E.BANK


def _legs(amounts: Legs, act_type: str, *, partner_id: int | None = None) -> list[LegSpec]:
    return [LegSpec(account, amount, act_type, partner_id) for account, amount in amounts.items() if amount]


def _book_of(owner: Network | Enterprise, *, actor: Actor) -> Book:
    """The owner's book; opened with its chart when it is the first time."""
    enterprise_id = owner.pk if isinstance(owner, Enterprise) else None
    found: Book | None = Book.objects.filter(enterprise_id=enterprise_id).first()
    return found or ledger.open_book(owner, actor=actor)


def _post_both(
    event: Event,
    enterprise_id: int,
    *,
    on: str,
    memo: str,
    network_legs: Legs,
    own_legs: Legs,
    source: Source,
    key: str | None,
) -> None:
    """One entry in the network's book, with the enterprise as partner, and its counterpart in the enterprise's own."""
    actor, date = acting(event.network_id), dt.date.fromisoformat(on)
    enterprise = Enterprise.objects.get(pk=enterprise_id)
    act_type = act_type_of(enterprise)
    books = ((Network.objects.get(pk=event.network_id), network_legs, enterprise_id), (enterprise, own_legs, None))
    for owner, legs, partner_id in books:
        ledger.post_entry(
            _book_of(owner, actor=actor),
            date=date,
            memo=memo,
            lines=_legs(legs, act_type, partner_id=partner_id),
            actor=actor,
            source=source,
            key=key,
        )


def _source_of_charge(event: e._AboutCharge) -> Source:
    return (event.source_kind, event.source_id) if event.source_id is not None else (CHARGE, event.charge_id)


@inside(e.ChargesIssued)
def post_charges(event: e.ChargesIssued) -> None:
    """Receivable from the enterprise against what the charge is for; in its own book, cost against what it owes."""
    amounts = dict(zip(event.enterprise_ids, event.amounts_minor, strict=True))
    charges = dict(zip(event.enterprise_ids, event.charge_ids, strict=True))
    parts = parts_of_charges(event.source_kind, event.source_id, amounts)
    titles = dict(Charge.objects.filter(pk__in=event.charge_ids).values_list("pk", "title"))
    enterprises = Enterprise.objects.select_related("network").in_bulk(event.enterprise_ids)
    actor, date = acting(event.network_id), dt.date.fromisoformat(event.issued_on)
    network_book = _book_of(Network.objects.get(pk=event.network_id), actor=actor)

    def spec(enterprise_id: int, legs: Legs, partner_id: int | None) -> EntrySpec:
        charge_id = charges[enterprise_id]
        source = (event.source_kind, event.source_id) if event.source_id is not None else (CHARGE, charge_id)
        lines = _legs(legs, act_type_of(enterprises[enterprise_id]), partner_id=partner_id)
        return EntrySpec(date, titles[charge_id], lines, source, f"charge:{charge_id}")

    ledger.post_entries(
        network_book,
        [spec(key, network_legs_of_charge(amounts[key], parts[key]), key) for key in event.enterprise_ids],
        actor=actor,
    )
    books = ledger.open_books((enterprises[key] for key in event.enterprise_ids), actor=actor)
    ledger.post_across(
        [
            (books[key], [spec(key, own_legs_of_charge(amounts[key], parts[key]), None)])
            for key in sorted(event.enterprise_ids)
        ],
        actor=actor,
    )


def network_legs_of_charge(amount: int, parts: ChargeParts) -> dict[N, int]:
    """Debit what the enterprise owes, credit what the charge is made of."""
    return {N.RECEIVABLE: amount, **{account: -part for account, part in parts.credits.items()}}


def own_legs_of_charge(amount: int, parts: ChargeParts) -> dict[E, int]:
    """Debit what the enterprise bought, credit what it owes the network."""
    return {**parts.debits, E.NETWORK_PAYABLE: -amount}


@inside(e.ChargeCancelled)
def post_charge_cancelled(event: e.ChargeCancelled) -> None:
    """Reverse the charge; what had been paid becomes credit, what had been written off is taken back."""
    actor, date = acting(event.network_id), dt.date.fromisoformat(event.on)
    for entry in Entry.objects.filter(key=f"charge:{event.charge_id}").order_by("book__enterprise_id", "pk"):
        ledger.reverse_entry(entry, date=max(date, entry.date), reason=event.reason, actor=actor)
    returned, unwritten = event.returned_minor, event.unwritten_minor
    if returned or unwritten:
        _post_both(
            event,
            event.enterprise_id,
            on=event.on,
            memo=_("Cobrança cancelada: o que foi pago virou crédito"),
            network_legs={
                N.RECEIVABLE: returned + unwritten, N.ENTERPRISE_CREDITS: -returned, N.CREDIT_LOSSES: -unwritten,
            },
            own_legs={
                E.NETWORK_CREDIT: returned, E.DEBT_RELIEF: unwritten, E.NETWORK_PAYABLE: -returned - unwritten,
            },
            source=_source_of_charge(event),
            key=f"charge-cancelled:{event.charge_id}",
        )  # fmt: skip


@inside(e.PaymentRecorded)
def post_payment(event: e.PaymentRecorded) -> None:
    """Money in against what the enterprise owed; what is over becomes its credit."""
    settled = event.amount_minor - event.credit_minor
    _post_both(
        event,
        event.enterprise_id,
        on=event.on,
        memo=_("Pagamento recebido"),
        network_legs={
            money_account(event.method): event.amount_minor,
            N.RECEIVABLE: -settled,
            N.ENTERPRISE_CREDITS: -event.credit_minor,
        },
        own_legs={
            E.NETWORK_PAYABLE: settled,
            E.NETWORK_CREDIT: event.credit_minor,
            own_money_account(event.method): -event.amount_minor,
        },
        source=(PAYMENT, event.payment_id),
        key=f"payment:{event.payment_id}",
    )


@inside(e.PaymentReversed)
def post_payment_reversed(event: e.PaymentReversed) -> None:
    """The payment's entries are reversed."""
    actor, date = acting(event.network_id), dt.date.fromisoformat(event.on)
    for entry in Entry.objects.filter(key=f"payment:{event.payment_id}").order_by("book__enterprise_id", "pk"):
        reason = _("pagamento registrado por engano")
        ledger.reverse_entry(entry, date=max(date, entry.date), reason=reason, actor=actor)


@inside(e.CreditApplied)
def post_credit_applied(event: e.CreditApplied) -> None:
    """Credit covers part of a charge."""
    _credit_on_charge(event, event.amount_minor, memo=_("Crédito usado"))


@inside(e.CreditTakenBack)
def post_credit_taken_back(event: e.CreditTakenBack) -> None:
    """Credit that covered part of a charge is credit again."""
    _credit_on_charge(event, -event.amount_minor, memo=_("Crédito devolvido"))


def _credit_on_charge(event: e._AboutCharge, amount: int, *, memo: str) -> None:
    _post_both(
        event,
        event.enterprise_id,
        on=event.on,
        memo=memo,
        network_legs={N.ENTERPRISE_CREDITS: amount, N.RECEIVABLE: -amount},
        own_legs={E.NETWORK_PAYABLE: amount, E.NETWORK_CREDIT: -amount},
        source=_source_of_charge(event),
        key=None,
    )


@inside(e.CreditGranted)
def post_credit_granted(event: e.CreditGranted) -> None:
    """The network takes a damage or a correction upon itself."""
    _post_both(
        event,
        event.enterprise_id,
        on=event.on,
        memo=event.reason,
        network_legs={N.LOSSES: event.amount_minor, N.ENTERPRISE_CREDITS: -event.amount_minor},
        own_legs={E.NETWORK_CREDIT: event.amount_minor, E.DIFFERENCES: -event.amount_minor},
        source=(event.source_kind, event.source_id) if event.source_id is not None else (CREDIT, event.credit_id),
        key=f"credit:{event.credit_id}",
    )


@inside(e.CreditRefunded)
def post_credit_refunded(event: e.CreditRefunded) -> None:
    """Credit is paid out."""
    amount = event.amount_minor
    _post_both(
        event,
        event.enterprise_id,
        on=event.on,
        memo=event.reason,
        network_legs={N.ENTERPRISE_CREDITS: amount, money_account(event.method): -amount},
        own_legs={own_money_account(event.method): amount, E.NETWORK_CREDIT: -amount},
        source=(CREDIT, event.credit_id),
        key=f"refund:{event.credit_id}",
    )


@inside(e.ChargeWrittenOff)
def post_write_off(event: e.ChargeWrittenOff) -> None:
    """What will not be paid is a loss of the network and a relief of the enterprise."""
    _write_off(event, event.amount_minor, memo=event.reason)


@inside(e.WriteOffUndone)
def post_write_off_undone(event: e.WriteOffUndone) -> None:
    """What had been given up is owed again."""
    _write_off(event, -event.amount_minor, memo=event.reason)


def _write_off(event: e._AboutCharge, amount: int, *, memo: str) -> None:
    _post_both(
        event,
        event.enterprise_id,
        on=event.on,
        memo=memo,
        network_legs={N.CREDIT_LOSSES: amount, N.RECEIVABLE: -amount},
        own_legs={E.NETWORK_PAYABLE: amount, E.DEBT_RELIEF: -amount},
        source=_source_of_charge(event),
        key=None,
    )


def _post_bill(event: e._AboutBill, legs: Legs, *, memo: str, key: str | None) -> None:
    actor, booking = acting(event.network_id), booking_of_bill(event.source_kind)
    source = (BILL, event.bill_id)
    if event.source_id is not None:
        source = booking.source_of(event.source_id) if booking.source_of else (event.source_kind, event.source_id)
    ledger.post_entry(
        _book_of(Network.objects.get(pk=event.network_id), actor=actor),
        date=dt.date.fromisoformat(event.on),
        memo=memo,
        lines=_legs(legs, booking.act_type),
        actor=actor,
        source=source,
        key=key,
    )


def _title(event: e._AboutBill) -> str:
    return str(Bill.objects.select_related("supplier").values_list("supplier__name", flat=True).get(pk=event.bill_id))


@inside(e.BillRegistered)
def post_bill(event: e.BillRegistered) -> None:
    """The cost, against what the network owes the supplier."""
    cost = booking_of_bill(event.source_kind).account
    memo = _("Nota %(document)s de %(supplier)s") if event.document else _("Conta de %(supplier)s")
    _post_bill(
        event,
        {cost: event.amount_minor, N.PAYABLE: -event.amount_minor},
        memo=memo % {"document": event.document, "supplier": _title(event)},
        key=f"bill:{event.bill_id}",
    )


@inside(e.BillAdjusted)
def post_bill_adjusted(event: e.BillAdjusted) -> None:
    """The difference of a corrected bill."""
    cost, change = booking_of_bill(event.source_kind).account, event.amount_minor - event.before_minor
    memo = f"{event.reason}: {_title(event)}"
    _post_bill(event, {cost: change, N.PAYABLE: -change}, memo=memo, key=None)


@inside(e.BillPaid)
def post_bill_paid(event: e.BillPaid) -> None:
    """Money out to the supplier."""
    memo = _("Pagamento a %(supplier)s") % {"supplier": _title(event)}
    legs = {N.PAYABLE: event.amount_minor, money_account(event.method): -event.amount_minor}
    _post_bill(event, legs, memo=memo, key=f"bill-payment:{event.bill_payment_id}")


@inside(e.BillPaymentReversed)
def post_bill_payment_reversed(event: e.BillPaymentReversed) -> None:
    """A payment to a supplier recorded by mistake."""
    legs = {N.PAYABLE: -event.amount_minor, money_account(event.method): event.amount_minor}
    _post_bill(event, legs, memo=event.reason, key=f"bill-payment-reversed:{event.bill_payment_id}")


@inside(e.BillRefunded)
def post_bill_refunded(event: e.BillRefunded) -> None:
    """Money back from the supplier."""
    memo = _("Devolução de %(supplier)s") % {"supplier": _title(event)}
    legs = {N.PAYABLE: -event.amount_minor, money_account(event.method): event.amount_minor}
    _post_bill(event, legs, memo=memo, key=f"bill-refund:{event.bill_payment_id}")
