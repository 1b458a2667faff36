# SPDX-License-Identifier: AGPL-3.0-or-later
"""Credit that enterprises hold with the network: given, used, given back, paid out."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.network.models import Enterprise
from mutirao.payments import permissions
from mutirao.payments.errors import ChargeNotOpen, CreditDiffers, MoreThanOwed, NothingToReverse
from mutirao.payments.events import CreditApplied, CreditGranted, CreditRefunded, CreditTakenBack
from mutirao.payments.models import Charge, CreditMovement, Settlement
from mutirao.payments.operations._accounts import (
    Source,
    about,
    lock_account,
    move_credit,
    needed_reason,
    not_in_future,
    once,
    positive,
    settle,
    settled_by,
)


@operation
def grant_credit(
    enterprise: Enterprise,
    *,
    amount_minor: int,
    reason: str,
    actor: Actor,
    source: Source | None = None,
    key: str = "",
) -> CreditMovement:
    """Give an enterprise credit without a payment: a return, a correction. The same source gives it once.

    Raises: ReasonMissing; AlreadySent; CreditDiffers when the source already gave another amount; InvalidValue for an
    amount that is not above zero.
    """
    actor.require(permissions.GRANT_CREDIT, enterprise)
    once("credit", key, enterprise.network_id)
    why = needed_reason(reason)
    positive(amount_minor)
    account = lock_account(enterprise)
    kind, number = source or ("", None)
    if source is not None:
        given: CreditMovement | None = CreditMovement.objects.filter(
            enterprise=enterprise, source_kind=kind, source_id=number
        ).first()
        if given is not None:
            if given.amount_minor == amount_minor:
                return given
            raise CreditDiffers(
                enterprise=str(enterprise),
                given=formats.money(given.amount_minor, given.currency),
                now=formats.money(amount_minor, given.currency),
            )
    today = clock.today()
    movement = move_credit(account, amount_minor, on=today, reason=why, source_kind=kind, source_id=number)
    record(actor, "payments.credit_granted", enterprise, reason=why, amount_minor=amount_minor, credit=movement.pk)
    emit(
        CreditGranted(
            network_id=movement.network_id,
            credit_id=movement.pk,
            enterprise_id=movement.enterprise_id,
            amount_minor=amount_minor,
            currency=movement.currency,
            source_kind=kind,
            source_id=number,
            on=today.isoformat(),
            reason=why,
        )
    )
    return movement


@operation
def apply_credit(charge: Charge, *, amount_minor: int, actor: Actor, key: str = "") -> Charge:
    """Cover part of a charge with credit that its enterprise holds.

    Raises: AlreadySent, ChargeNotOpen, MoreThanOwed, NotEnoughCredit.
    """
    actor.require(permissions.RECORD_PAYMENTS, charge)
    once("apply_credit", key, charge.network_id)
    positive(amount_minor)
    account = lock_account(charge.enterprise)
    row = lock(charge)
    if row.state != Charge.State.OPEN:
        raise ChargeNotOpen(number=row.number, state=str(row.get_state_display()))
    if amount_minor > row.open_minor:
        raise MoreThanOwed(
            open=formats.money(row.open_minor, row.currency), wanted=formats.money(amount_minor, row.currency)
        )
    today = clock.today()
    words = _("Usado na cobrança nº %(number)s") % {"number": row.number}
    move_credit(account, -amount_minor, on=today, reason=words, charge=row)
    settle(row, Settlement.Kind.CREDIT, amount_minor, on=today)
    record(actor, "payments.credit_applied", row, amount_minor=amount_minor)
    emit(CreditApplied(**about(row, amount_minor, today)))
    return row


@operation
def take_back_credit(charge: Charge, *, reason: str, actor: Actor) -> Charge:
    """Undo the use of credit in a charge: all of it goes back to the enterprise's credit.

    Raises: ReasonMissing; NothingToReverse when no credit is in it.
    """
    actor.require(permissions.RECORD_PAYMENTS, charge)
    why = needed_reason(reason)
    account = lock_account(charge.enterprise)
    row = lock(charge)
    used = settled_by(row)[Settlement.Kind.CREDIT]
    if used <= 0:
        raise NothingToReverse
    today = clock.today()
    words = _("Uso na cobrança nº %(number)s desfeito") % {"number": row.number}
    settle(row, Settlement.Kind.CREDIT, -used, on=today, reason=why)
    move_credit(account, used, on=today, reason=words, charge=row)
    record(actor, "payments.credit_taken_back", row, reason=why, amount_minor=used)
    emit(CreditTakenBack(**about(row, used, today), reason=why))
    return row


@operation
def refund_credit(
    enterprise: Enterprise,
    *,
    amount_minor: int,
    paid_on: dt.date,
    method: str,
    reason: str,
    actor: Actor,
    key: str = "",
) -> CreditMovement:
    """Pay credit out to the enterprise in money, recorded after it was done.

    Raises: ReasonMissing, AlreadySent, NotEnoughCredit; InvalidValue for a day still to come.
    """
    actor.require(permissions.RECORD_PAYMENTS, enterprise)
    once("refund", key, enterprise.network_id)
    why = needed_reason(reason)
    positive(amount_minor)
    not_in_future(paid_on, "paid_on")
    movement = move_credit(lock_account(enterprise), -amount_minor, on=paid_on, reason=why)
    record(actor, "payments.credit_refunded", enterprise, reason=why, amount_minor=amount_minor, method=method)
    emit(
        CreditRefunded(
            network_id=movement.network_id,
            credit_id=movement.pk,
            enterprise_id=movement.enterprise_id,
            amount_minor=amount_minor,
            currency=movement.currency,
            on=paid_on.isoformat(),
            method=method,
            reason=why,
        )
    )
    return movement
