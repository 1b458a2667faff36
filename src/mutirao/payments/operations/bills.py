# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network owes its suppliers: registered, corrected, paid, given back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.payments import permissions
from mutirao.payments.errors import BillDiffers, BillNotOpen, MoreThanOwed, NothingToReverse
from mutirao.payments.events import (
    BillAdjusted,
    BillOffset,
    BillPaid,
    BillPaymentReversed,
    BillRefunded,
    BillRegistered,
)
from mutirao.payments.models import Bill, BillPayment
from mutirao.payments.operations._accounts import (
    Source,
    needed_reason,
    not_in_future,
    once,
    positive,
)
from mutirao.payments.queries import currency_of


@operation
def register_bill(
    supplier: Supplier,
    *,
    amount_minor: int,
    title: str,
    due_on: dt.date,
    actor: Actor,
    document: str = "",
    source: Source | None = None,
    key: str = "",
) -> Bill:
    """Register what a supplier is to be paid. With a source it may be called again: the standing bill is returned.

    Raises: AlreadySent; BillDiffers when the source already registered another amount; InvalidValue for an amount
    that is not above zero.
    """
    actor.require(permissions.REGISTER_BILLS, supplier)
    once("bill", key, supplier.network_id)
    positive(amount_minor)
    kind, number = source or ("", None)
    # The supplier's row keeps two registrations of one source apart.
    lock(supplier)
    standing = _standing(supplier, source)
    if standing is not None:
        if standing.amount_minor == amount_minor:
            return standing
        raise BillDiffers(
            title=standing.title,
            registered=formats.money(standing.amount_minor, standing.currency),
            now=formats.money(amount_minor, standing.currency),
        )
    bill: Bill = Bill.objects.create(
        network_id=supplier.network_id,
        supplier=supplier,
        title=title[:160],
        document=document.strip()[:60],
        amount_minor=amount_minor,
        currency=currency_of(supplier.network_id),
        due_on=due_on,
        source_kind=kind,
        source_id=number,
    )
    record(
        actor, "payments.bill_registered", bill, supplier=supplier.pk, amount_minor=amount_minor, document=bill.document
    )
    emit(BillRegistered(**_about(bill, amount_minor, bill.registered_on), document=bill.document))
    return bill


def _standing(supplier: Supplier, source: Source | None) -> Bill | None:
    if source is None:
        return None
    rows = Bill.objects.filter(supplier=supplier, source_kind=source[0], source_id=source[1])
    found: Bill | None = rows.exclude(state=Bill.State.CANCELLED).first()
    return found


def _about(bill: Bill, amount_minor: int, on: dt.date) -> dict[str, Any]:
    return {
        "network_id": bill.network_id,
        "bill_id": bill.pk,
        "supplier_id": bill.supplier_id,
        "amount_minor": amount_minor,
        "currency": bill.currency,
        "source_kind": bill.source_kind,
        "source_id": bill.source_id,
        "on": on.isoformat(),
    }


def _keep_state(bill: Bill) -> None:
    if bill.amount_minor == 0 and bill.paid_minor == 0:
        bill.state = Bill.State.CANCELLED
    else:
        bill.state = Bill.State.OPEN if bill.paid_minor < bill.amount_minor else Bill.State.PAID
    bill.save(update_fields=["amount_minor", "paid_minor", "state", "document"])


@operation
def adjust_bill(bill: Bill, *, amount_minor: int, reason: str, actor: Actor, document: str | None = None) -> Bill:
    """Correct what a bill says, after a return or a difference; zero cancels it. Below what was paid, the supplier
    owes the difference.

    Raises: ReasonMissing; InvalidValue for a negative amount; BillNotOpen for a cancelled one.
    """
    actor.require(permissions.REGISTER_BILLS, bill)
    why = needed_reason(reason)
    if amount_minor < 0:
        raise InvalidValue(field="amount_minor")
    row = lock(bill)
    _refuse_cancelled(row)
    before = row.amount_minor
    if document is not None:
        row.document = document.strip()[:60]
    row.amount_minor = amount_minor
    _keep_state(row)
    record(actor, "payments.bill_adjusted", row, reason=why, before_minor=before, amount_minor=amount_minor)
    if before != amount_minor:
        emit(BillAdjusted(**_about(row, amount_minor, clock.today()), before_minor=before, reason=why))
    return row


def _refuse_cancelled(bill: Bill) -> None:
    if bill.state == Bill.State.CANCELLED:
        raise BillNotOpen(title=bill.title, state=str(bill.get_state_display()))


@operation
def pay_bill(
    bill: Bill,
    *,
    amount_minor: int,
    paid_on: dt.date,
    method: str,
    actor: Actor,
    note: str = "",
    key: str = "",
) -> BillPayment:
    """Record money that went out for a bill, wholly or in part.

    Raises: AlreadySent, BillNotOpen, MoreThanOwed; InvalidValue for a day still to come.
    """
    actor.require(permissions.PAY_BILLS, bill)
    once("bill_payment", key, bill.network_id)
    positive(amount_minor)
    not_in_future(paid_on, "paid_on")
    row = lock(bill)
    if row.state != Bill.State.OPEN:
        raise BillNotOpen(title=row.title, state=str(row.get_state_display()))
    _refuse_more(amount_minor, row.open_minor, row.currency)
    payment = _move(row, amount_minor, on=paid_on, method=BillPayment.Method(method), note=note)
    record(actor, "payments.bill_paid", row, amount_minor=amount_minor, paid_on=paid_on, method=method)
    emit(BillPaid(**_about(row, amount_minor, paid_on), bill_payment_id=payment.pk, method=str(payment.method)))
    return payment


def _refuse_more(amount_minor: int, limit_minor: int, currency: str) -> None:
    if amount_minor > limit_minor:
        raise MoreThanOwed(open=formats.money(limit_minor, currency), wanted=formats.money(amount_minor, currency))


def _move(
    bill: Bill, amount_minor: int, *, on: dt.date, method: str, note: str = "", reverses: BillPayment | None = None
) -> BillPayment:
    """A payment row of a locked bill, and the bill's sums and state with it."""
    row: BillPayment = BillPayment.objects.create(
        network_id=bill.network_id,
        bill=bill,
        amount_minor=amount_minor,
        paid_on=on,
        method=method,
        note=note.strip()[:200],
        reverses=reverses,
    )
    bill.paid_minor += amount_minor
    _keep_state(bill)
    return row


@operation
def reverse_bill_payment(payment: BillPayment, *, reason: str, actor: Actor) -> BillPayment:
    """Undo a bill's payment recorded by mistake; the bill is to be paid again.

    Raises: ReasonMissing; NothingToReverse when it was reversed already, is itself a reversal, an offset or a refund,
    or when a refund or an offset counts on it.
    """
    actor.require(permissions.PAY_BILLS, payment)
    why = needed_reason(reason)
    bill = lock(payment.bill)
    row = lock(payment)
    wrong_kind = row.amount_minor < 0 or row.method == BillPayment.Method.OFFSET
    if wrong_kind or BillPayment.objects.filter(reverses=row).exists() or bill.paid_minor < row.amount_minor:
        raise NothingToReverse
    undone = _move(bill, -row.amount_minor, on=clock.today(), method=row.method, note=why, reverses=row)
    record(actor, "payments.bill_payment_reversed", bill, reason=why, amount_minor=row.amount_minor)
    emit(
        BillPaymentReversed(
            **_about(bill, row.amount_minor, undone.paid_on),
            bill_payment_id=row.pk,
            method=row.method,
            reason=why,
        )
    )
    return undone


@operation
def refund_bill(
    bill: Bill,
    *,
    amount_minor: int,
    received_on: dt.date,
    method: str,
    actor: Actor,
    note: str = "",
    key: str = "",
) -> BillPayment:
    """Record money that a supplier gave back for a bill that had been paid too high.

    Raises: AlreadySent; MoreThanOwed beyond what the supplier owes; InvalidValue for a day still to come.
    """
    actor.require(permissions.PAY_BILLS, bill)
    once("bill_refund", key, bill.network_id)
    positive(amount_minor)
    not_in_future(received_on, "paid_on")
    row = lock(bill)
    _refuse_more(amount_minor, row.owed_back_minor, row.currency)
    payment = _move(row, -amount_minor, on=received_on, method=BillPayment.Method(method), note=note)
    record(actor, "payments.bill_refunded", row, amount_minor=amount_minor, received_on=received_on, method=method)
    emit(BillRefunded(**_about(row, amount_minor, received_on), bill_payment_id=payment.pk, method=str(payment.method)))
    return payment


@operation
def offset_bill(bill: Bill, *, from_bill: Bill, amount_minor: int, actor: Actor) -> Bill:
    """Pay part of a bill with what the same supplier owes from another one; no money moves.

    Raises: BillNotOpen, MoreThanOwed; InvalidValue when the bills are of two suppliers.
    """
    actor.require(permissions.PAY_BILLS, bill)
    positive(amount_minor)
    if bill.supplier_id != from_bill.supplier_id or bill.pk == from_bill.pk:
        raise InvalidValue(field="from_bill")
    row: Bill
    row, owing = lock_all([bill, from_bill])
    if row.state != Bill.State.OPEN:
        raise BillNotOpen(title=row.title, state=str(row.get_state_display()))
    _refuse_more(amount_minor, min(row.open_minor, owing.owed_back_minor), row.currency)
    today = clock.today()
    _move(owing, -amount_minor, on=today, method=BillPayment.Method.OFFSET, note=row.title)
    _move(row, amount_minor, on=today, method=BillPayment.Method.OFFSET, note=owing.title)
    record(actor, "payments.bill_offset", row, amount_minor=amount_minor, from_bill=owing.pk)
    emit(BillOffset(**_about(row, amount_minor, today), from_bill_id=owing.pk))
    return row
