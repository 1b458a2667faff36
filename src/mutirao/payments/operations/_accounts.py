# SPDX-License-Identifier: AGPL-3.0-or-later
"""The steps that operations share: locking an enterprise's account, settling and unsettling, moving credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, formats
from mutirao.kernel.errors import InvalidValue
from mutirao.kernel.locks import lock_all
from mutirao.kernel.once import first_time
from mutirao.kernel.work import emit
from mutirao.network.models import Enterprise
from mutirao.payments.errors import AlreadySent, NotEnoughCredit, ReasonMissing
from mutirao.payments.events import ChargeReopened, ChargeSettled
from mutirao.payments.models import Charge, CreditAccount, CreditMovement, Settlement
from mutirao.payments.queries import currency_of

Source = tuple[str, int]
"""What something came from, opaque here: kind and id of an upper module's row."""


def once(kind: str, key: str, network_id: int) -> None:
    """Raises: AlreadySent when a form with this key was taken in before."""
    if not first_time(f"payments.{kind}", key, network_id=network_id):
        raise AlreadySent


def needed_reason(reason: str) -> str:
    """The reason without blanks around it. Raises: ReasonMissing when nothing is left."""
    if not (bare := reason.strip()):
        raise ReasonMissing
    return bare


def positive(amount_minor: int) -> None:
    """Raises: InvalidValue when the amount is not above zero."""
    if amount_minor <= 0:
        raise InvalidValue(_("O valor precisa ser maior que zero."), field="amount_minor")


def not_in_future(day: dt.date, field: str) -> None:
    """Raises: InvalidValue for a day still to come."""
    if day > clock.today():
        raise InvalidValue(_("A data %(day)s ainda não chegou."), field=field, day=formats.date(day))


def lock_accounts(enterprises: Iterable[Enterprise]) -> dict[int, CreditAccount]:
    """The credit accounts of enterprises by the enterprise's id, made where missing, locked in one order."""
    wanted = {enterprise.pk: enterprise.network_id for enterprise in enterprises}
    have = set(CreditAccount.objects.filter(enterprise_id__in=wanted).values_list("enterprise_id", flat=True))
    for enterprise_id in sorted(set(wanted) - have):
        network_id = wanted[enterprise_id]
        CreditAccount.objects.get_or_create(
            enterprise_id=enterprise_id, defaults={"network_id": network_id, "currency": currency_of(network_id)}
        )
    rows = lock_all(list(CreditAccount.objects.filter(enterprise_id__in=wanted)))
    return {row.enterprise_id: row for row in rows}


def lock_account(enterprise: Enterprise) -> CreditAccount:
    """The enterprise's credit account, locked: the first lock of everything that touches its charges."""
    return lock_accounts([enterprise])[enterprise.pk]


def about(charge: Charge, amount_minor: int, on: dt.date) -> dict[str, Any]:
    """What every event about a charge carries."""
    return {
        "network_id": charge.network_id,
        "charge_id": charge.pk,
        "enterprise_id": charge.enterprise_id,
        "amount_minor": amount_minor,
        "currency": charge.currency,
        "source_kind": charge.source_kind,
        "source_id": charge.source_id,
        "on": on.isoformat(),
    }


def move_credit(account: CreditAccount, amount_minor: int, *, on: dt.date, reason: str, **links: Any) -> CreditMovement:
    """Add to (or with a negative amount use) a locked account's credit.

    Raises: NotEnoughCredit when it would fall below zero.
    """
    if account.balance_minor + amount_minor < 0:
        raise NotEnoughCredit(
            enterprise=str(account.enterprise),
            balance=formats.money(account.balance_minor, account.currency),
            wanted=formats.money(-amount_minor, account.currency),
        )
    account.balance_minor += amount_minor
    account.save(update_fields=["balance_minor"])
    movement: CreditMovement = CreditMovement.objects.create(
        network_id=account.network_id,
        enterprise_id=account.enterprise_id,
        amount_minor=amount_minor,
        currency=account.currency,
        on=on,
        reason=reason[:200],
        **links,
    )
    return movement


def settle(
    charge: Charge, kind: str, amount_minor: int, *, on: dt.date, payment_id: int | None = None, reason: str = ""
) -> Settlement:
    """Settle part of a locked charge, or with a negative amount take a settlement back; keeps its state true."""
    row: Settlement = Settlement.objects.create(
        network_id=charge.network_id,
        charge=charge,
        kind=kind,
        payment_id=payment_id,
        amount_minor=amount_minor,
        on=on,
        reason=reason,
    )
    before = charge.state
    charge.settled_minor += amount_minor
    if charge.state != Charge.State.CANCELLED:
        charge.state = _state_of(charge)
    charge.save(update_fields=["settled_minor", "state"])
    if before == Charge.State.OPEN and charge.state != before:
        emit(ChargeSettled(**about(charge, charge.amount_minor, on), state=str(charge.state)))
    if charge.state == Charge.State.OPEN and charge.state != before:
        emit(ChargeReopened(**about(charge, charge.open_minor, on)))
    return row


def _state_of(charge: Charge) -> Charge.State:
    if charge.settled_minor < charge.amount_minor:
        return Charge.State.OPEN
    return Charge.State.WRITTEN_OFF if settled_by(charge)[Settlement.Kind.WRITE_OFF] else Charge.State.PAID


def settled_by(charge: Charge) -> dict[str, int]:
    """What of a charge was settled by each kind, in minor units, reversals taken off."""
    sums: dict[str, int] = {str(kind): 0 for kind in Settlement.Kind}
    for kind, amount in charge.settlements.values_list("kind", "amount_minor"):
        sums[kind] += amount
    return sums
