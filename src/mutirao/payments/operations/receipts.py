# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money that comes in: recorded, shared among the charges, and reversed when it was a mistake."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network.models import Enterprise
from mutirao.payments import permissions
from mutirao.payments.core.allotment import Owed, allot
from mutirao.payments.errors import (
    ChargeNotOpen,
    ChargeOfAnother,
    CreditAlreadyUsed,
    PaymentAlreadyReversed,
    PaymentAlreadyTaken,
)
from mutirao.payments.events import PaymentRecorded, PaymentReversed
from mutirao.payments.models import BankStatement, Charge, CreditAccount, Payment, Settlement
from mutirao.payments.operations._accounts import (
    lock_account,
    move_credit,
    needed_reason,
    not_in_future,
    once,
    positive,
    settle,
)


@operation
def record_payment(
    enterprise: Enterprise,
    *,
    amount_minor: int,
    received_on: dt.date,
    method: str,
    actor: Actor,
    charge: Charge | None = None,
    reference: str = "",
    note: str = "",
    statement: BankStatement | None = None,
    key: str = "",
) -> Payment:
    """Record money that came in: for `charge` first, then the enterprise's open charges oldest due first; what is
    left over stays as credit.

    `reference` is the bank's own identification of the line; `key` the form's, against double taps.

    Raises: AlreadySent, PaymentAlreadyTaken, ChargeOfAnother, ChargeNotOpen; InvalidValue for an amount that is not
    above zero, a day still to come or an unknown way of paying.
    """
    actor.require(permissions.RECORD_PAYMENTS, enterprise)
    once("payment", key, enterprise.network_id)
    positive(amount_minor)
    not_in_future(received_on, "received_on")
    account = lock_account(enterprise)
    charges = _open_charges(enterprise, charge)
    payment = Payment(
        network_id=enterprise.network_id,
        enterprise=enterprise,
        amount_minor=amount_minor,
        currency=account.currency,
        received_on=received_on,
        method=Payment.Method(method),
        reference=reference.strip()[:120] or None,
        note=note.strip()[:200],
        statement=statement,
        recorded_by_id=actor.person_id,
    )
    _save_once(payment)
    _share_out(payment, charges, account, first=charge, actor=actor)
    return payment


def _open_charges(enterprise: Enterprise, first: Charge | None) -> dict[int, Charge]:
    """The enterprise's open charges by id, locked; `first` must be one of them."""
    if first is not None and first.enterprise_id != enterprise.pk:
        raise ChargeOfAnother(number=first.number, enterprise=str(enterprise))
    found = list(Charge.objects.filter(enterprise=enterprise, state=Charge.State.OPEN))
    rows: dict[int, Charge] = {row.pk: row for row in lock_all(found) if row.state == Charge.State.OPEN}
    if first is not None and first.pk not in rows:
        now = Charge.objects.get(pk=first.pk)
        raise ChargeNotOpen(number=now.number, state=str(now.get_state_display()))
    return rows


def _save_once(payment: Payment) -> None:
    """Save, or say which payment already bears the reference: the constraint decides, also between two at once."""
    try:
        with transaction.atomic():
            payment.save()
    except IntegrityError:
        taken = Payment.objects.filter(reference=payment.reference, reversed_at=None).select_related("enterprise")
        if payment.reference is None or (earlier := taken.first()) is None:
            raise
        raise PaymentAlreadyTaken(
            reference=payment.reference,
            day=formats.date(earlier.received_on),
            enterprise=str(earlier.enterprise),
        ) from None


def _share_out(
    payment: Payment, charges: dict[int, Charge], account: CreditAccount, *, first: Charge | None, actor: Actor
) -> None:
    """Settle charges with a payment, keep the rest as credit, put it on record and announce it."""
    owed = [Owed(row.pk, row.open_minor, row.due_on) for row in charges.values()]
    result = allot(payment.amount_minor, owed, first=first.pk if first else None)
    for part in result.parts:
        settle(
            charges[part.charge],
            Settlement.Kind.PAYMENT,
            part.amount_minor,
            on=payment.received_on,
            payment_id=payment.pk,
        )
    if result.left_minor:
        words = _("Pago a mais em %(day)s") % {"day": formats.date(payment.received_on)}
        move_credit(account, result.left_minor, on=payment.received_on, reason=words, payment_id=payment.pk)
    record(
        actor,
        "payments.payment_recorded",
        payment,
        enterprise=payment.enterprise_id,
        amount_minor=payment.amount_minor,
        received_on=payment.received_on,
        method=payment.method,
        reference=payment.reference,
        charges={str(charges[part.charge].number): part.amount_minor for part in result.parts},
        credit_minor=result.left_minor,
    )
    emit(
        PaymentRecorded(
            network_id=payment.network_id,
            payment_id=payment.pk,
            enterprise_id=payment.enterprise_id,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            on=payment.received_on.isoformat(),
            method=str(payment.method),
            credit_minor=result.left_minor,
            charge_ids=[part.charge for part in result.parts],
            settled_minor=[part.amount_minor for part in result.parts],
        )
    )


@operation
def reverse_payment(payment: Payment, *, reason: str, actor: Actor) -> Payment:
    """Undo a payment recorded by mistake: what it settled is owed again, the credit that it left is taken back, and
    its bank line can be taken in rightly.

    Raises: ReasonMissing, PaymentAlreadyReversed, CreditAlreadyUsed.
    """
    actor.require(permissions.RECORD_PAYMENTS, payment)
    why = needed_reason(reason)
    account = lock_account(payment.enterprise)
    row = lock(payment)
    if row.reversed_at is not None:
        raise PaymentAlreadyReversed
    today = clock.today()
    reopened = _unsettle(row, why)
    credit = int(row.credit_movements.aggregate(total=Sum("amount_minor"))["total"] or 0)
    if credit > account.balance_minor:
        raise CreditAlreadyUsed(
            wanted=formats.money(credit, row.currency), balance=formats.money(account.balance_minor, row.currency)
        )
    if credit:
        words = _("Pagamento de %(day)s estornado") % {"day": formats.date(row.received_on)}
        move_credit(account, -credit, on=today, reason=words, payment_id=row.pk)
    row.reversed_at, row.reversal_reason = clock.now(), why
    row.save(update_fields=["reversed_at", "reversal_reason"])
    record(actor, "payments.payment_reversed", row, reason=why, amount_minor=row.amount_minor, credit_minor=credit)
    emit(
        PaymentReversed(
            network_id=row.network_id,
            payment_id=row.pk,
            enterprise_id=row.enterprise_id,
            amount_minor=row.amount_minor,
            currency=row.currency,
            on=today.isoformat(),
            method=row.method,
            credit_minor=credit,
            charge_ids=list(reopened),
            settled_minor=list(reopened.values()),
        )
    )
    return row


def _unsettle(payment: Payment, why: str) -> dict[int, int]:
    """Take back what a payment settled; returns the amounts by charge."""
    sums: dict[int, int] = defaultdict(int)
    for charge_id, amount in payment.settlements.values_list("charge_id", "amount_minor"):
        sums[charge_id] += amount
    net = {charge_id: amount for charge_id, amount in sorted(sums.items()) if amount}
    charges = lock_all(list(Charge.objects.filter(pk__in=net)))
    for charge in charges:
        settle(
            charge,
            Settlement.Kind.PAYMENT,
            -net[charge.pk],
            on=clock.today(),
            payment_id=payment.pk,
            reason=why,
        )
    return {charge.pk: net[charge.pk] for charge in charges}
