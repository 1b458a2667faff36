# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issuing charges, cancelling them, giving up what will not be paid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network.models import Enterprise
from mutirao.payments import permissions
from mutirao.payments.core.txid import make_txid
from mutirao.payments.errors import ChargeDiffers, ChargeNotOpen, NotWrittenOff
from mutirao.payments.events import ChargeCancelled, ChargesIssued, ChargeWrittenOff, WriteOffUndone
from mutirao.payments.models import Charge, CreditAccount, PaymentSettings, Settlement
from mutirao.payments.operations._accounts import (
    Source,
    about,
    lock_account,
    lock_accounts,
    move_credit,
    needed_reason,
    once,
    positive,
    settle,
    settled_by,
)
from mutirao.payments.queries import currency_of


@dataclass(frozen=True, slots=True)
class ChargeSpec:
    """A charge to be issued: `amount_minor` minor units of the network's currency; no `due_on` means the
    network's usual days to pay."""

    enterprise: Enterprise
    amount_minor: int
    title: str
    due_on: dt.date | None = None


@operation
def issue_charges(specs: Sequence[ChargeSpec], *, actor: Actor, source: Source | None = None) -> list[Charge]:
    """Issue charges together, at most one for each enterprise of a source; returns them in the order of the specs.

    With a source it may be called again: a charge that stands with the same amount is returned as it is. Specs of
    zero are left out: there is nothing to owe.

    Raises: ChargeDiffers when the source already charged an enterprise another amount; ValueError for a negative
    amount or an enterprise named twice.
    """
    if any(spec.amount_minor < 0 for spec in specs):
        raise ValueError("a charge is not negative: give credit instead")
    for spec in specs:
        actor.require(permissions.ISSUE_CHARGES, spec.enterprise)
    wanted = [spec for spec in specs if spec.amount_minor]
    if not wanted:
        return []
    if len({spec.enterprise.pk for spec in wanted}) < len(wanted):
        raise ValueError("an enterprise is charged once in a call")
    network_id = wanted[0].enterprise.network_id
    settings = _lock_settings(network_id)
    currency = currency_of(network_id)
    standing = _standing(source)
    charges: list[Charge] = []
    fresh: list[Charge] = []
    for spec in wanted:
        charge = standing.get(spec.enterprise.pk)
        if charge is None:
            settings.last_charge_number += 1
            charge = _new_charge(spec, settings, currency, source)
            fresh.append(charge)
        elif charge.amount_minor != spec.amount_minor:
            raise ChargeDiffers(
                enterprise=str(spec.enterprise),
                number=charge.number,
                issued=formats.money(charge.amount_minor, charge.currency),
                now=formats.money(spec.amount_minor, charge.currency),
            )
        charges.append(charge)
    if fresh:
        _write(fresh, settings, source, actor)
    return charges


def _lock_settings(network_id: int) -> PaymentSettings:
    row: PaymentSettings = PaymentSettings.objects.get_or_create(network_id=network_id)[0]
    return lock(row)


def _standing(source: Source | None) -> dict[int, Charge]:
    if source is None:
        return {}
    rows = Charge.objects.filter(source_kind=source[0], source_id=source[1]).exclude(state=Charge.State.CANCELLED)
    return {row.enterprise_id: row for row in rows}


def _new_charge(spec: ChargeSpec, settings: PaymentSettings, currency: str, source: Source | None) -> Charge:
    number = settings.last_charge_number
    return Charge(
        network_id=settings.network_id,
        number=number,
        enterprise=spec.enterprise,
        title=spec.title[:160],
        amount_minor=spec.amount_minor,
        currency=currency,
        due_on=spec.due_on or clock.today() + dt.timedelta(days=settings.days_to_pay),
        txid=make_txid(settings.network_id, number),
        source_kind=source[0] if source else "",
        source_id=source[1] if source else None,
    )


def _write(fresh: list[Charge], settings: PaymentSettings, source: Source | None, actor: Actor) -> None:
    settings.save(update_fields=["last_charge_number"])
    Charge.objects.bulk_create(fresh)
    for charge in fresh:
        record(
            actor,
            "payments.charge_issued",
            charge,
            number=charge.number,
            enterprise=charge.enterprise_id,
            amount_minor=charge.amount_minor,
            due_on=charge.due_on,
        )
    emit(
        ChargesIssued(
            network_id=settings.network_id,
            source_kind=source[0] if source else "",
            source_id=source[1] if source else None,
            currency=fresh[0].currency,
            issued_on=fresh[0].issued_on.isoformat(),
            charge_ids=[charge.pk for charge in fresh],
            enterprise_ids=[charge.enterprise_id for charge in fresh],
            amounts_minor=[charge.amount_minor for charge in fresh],
        )
    )


@operation
def issue_charge(
    enterprise: Enterprise,
    *,
    amount_minor: int,
    title: str,
    actor: Actor,
    due_on: dt.date | None = None,
    source: Source | None = None,
    key: str = "",
) -> Charge:
    """Issue one charge; `key` is the form's, so that a double tap issues one.

    Raises: AlreadySent; InvalidValue for an amount that is not above zero; what `issue_charges` raises.
    """
    actor.require(permissions.ISSUE_CHARGES, enterprise)
    once("charge", key, enterprise.network_id)
    positive(amount_minor)
    return issue_charges([ChargeSpec(enterprise, amount_minor, title, due_on)], actor=actor, source=source)[0]


@operation
def cancel_charges(charges: Sequence[Charge], *, reason: str, actor: Actor) -> list[Charge]:
    """Cancel charges; what had been paid for them becomes the enterprise's credit. Cancelled ones stay as they are.

    Raises: ReasonMissing.
    """
    for charge in charges:
        actor.require(permissions.ISSUE_CHARGES, charge)
    why = needed_reason(reason)
    accounts = lock_accounts(charge.enterprise for charge in charges)
    rows: list[Charge] = lock_all(list(charges))
    for row in rows:
        if row.state == Charge.State.CANCELLED:
            continue
        row.state, row.cancelled_on, row.cancellation_reason = Charge.State.CANCELLED, clock.today(), why
        row.save(update_fields=["state", "cancelled_on", "cancellation_reason"])
        returned, unwritten = _give_back(row, accounts[row.enterprise_id], why)
        record(actor, "payments.charge_cancelled", row, reason=why, returned_minor=returned, unwritten_minor=unwritten)
        emit(
            ChargeCancelled(
                **about(row, row.amount_minor, clock.today()),
                returned_minor=returned,
                unwritten_minor=unwritten,
                reason=why,
            )
        )
    return rows


@operation
def cancel_charge(charge: Charge, *, reason: str, actor: Actor) -> Charge:
    """Cancel a charge that should not be owed; what had been paid for it becomes the enterprise's credit.

    Raises: ReasonMissing.
    """
    return cancel_charges([charge], reason=reason, actor=actor)[0]


def _give_back(charge: Charge, account: CreditAccount, why: str) -> tuple[int, int]:
    """Take every settlement of a charge back, money and credit into credit; returns credit given, write-off undone."""
    today = clock.today()
    words = _("Cobrança nº %(number)s cancelada") % {"number": charge.number}
    returned = unwritten = 0
    for (kind, payment_id), amount in _net_settlements(charge).items():
        settle(charge, kind, -amount, on=today, payment_id=payment_id, reason=why)
        if kind == Settlement.Kind.WRITE_OFF:
            unwritten += amount
        else:
            move_credit(account, amount, on=today, reason=words, charge=charge, payment_id=payment_id)
            returned += amount
    return returned, unwritten


def _net_settlements(charge: Charge) -> dict[tuple[str, int | None], int]:
    """What settles a charge by kind and payment, reversals taken off, in the order in which it came."""
    sums: dict[tuple[str, int | None], int] = defaultdict(int)
    for kind, payment_id, amount in charge.settlements.values_list("kind", "payment_id", "amount_minor"):
        sums[kind, payment_id] += amount
    return {key: amount for key, amount in sums.items() if amount}


@operation
def write_off(charge: Charge, *, reason: str, actor: Actor) -> Charge:
    """Give up what is still open of a charge. Raises: ReasonMissing, ChargeNotOpen."""
    actor.require(permissions.WRITE_OFF, charge)
    why = needed_reason(reason)
    lock_account(charge.enterprise)
    row = lock(charge)
    if row.state != Charge.State.OPEN:
        raise ChargeNotOpen(number=row.number, state=str(row.get_state_display()))
    given_up, today = row.open_minor, clock.today()
    settle(row, Settlement.Kind.WRITE_OFF, given_up, on=today, reason=why)
    record(actor, "payments.charge_written_off", row, reason=why, amount_minor=given_up)
    emit(ChargeWrittenOff(**about(row, given_up, today), reason=why))
    return row


@operation
def undo_write_off(charge: Charge, *, reason: str, actor: Actor) -> Charge:
    """Owe again what was given up, for instance because it is being paid after all.

    Raises: ReasonMissing, NotWrittenOff.
    """
    actor.require(permissions.WRITE_OFF, charge)
    why = needed_reason(reason)
    lock_account(charge.enterprise)
    row = lock(charge)
    given_up = settled_by(row)[Settlement.Kind.WRITE_OFF]
    if given_up <= 0:
        raise NotWrittenOff(number=row.number)
    today = clock.today()
    settle(row, Settlement.Kind.WRITE_OFF, -given_up, on=today, reason=why)
    record(actor, "payments.write_off_undone", row, reason=why, amount_minor=given_up)
    emit(WriteOffUndone(**about(row, given_up, today), reason=why))
    return row
