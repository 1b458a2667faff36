# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sharing out what came, and what it cost."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from mutirao.kernel.actors import Actor
from mutirao.kernel.work import emit, operation, record
from mutirao.ledger.bulk import insert_rows
from mutirao.network.membership import OWE_SHARE, require_members
from mutirao.payments import operations as payments
from mutirao.payments.models import Bill, Charge
from mutirao.payments.operations import ChargeSpec
from mutirao.purchasing import permissions
from mutirao.purchasing.core.costs import CostShares, Part
from mutirao.purchasing.errors import NothingToShare, OrdersStillOut
from mutirao.purchasing.events import RoundCharged, RoundSettled
from mutirao.purchasing.models import (
    Allocation,
    CostShare,
    CostShareLine,
    Participation,
    PurchaseOrder,
    PurchaseRound,
)
from mutirao.purchasing.operations.taking import change_round, require_reason, take_round
from mutirao.purchasing.queries.sharing import cost_shares, orders_still_out, shares_of, usable_by_good

State = PurchaseRound.State
ROUND_SOURCE = "purchasing.round"
ORDER_SOURCE = "purchasing.order"


def round_received(round_: PurchaseRound, *, actor: Actor) -> None:
    """Within an operation on a locked round: once no order is out, share what came by the round's rule."""
    if orders_still_out(round_) or not PurchaseOrder.objects.filter(round=round_, state="received").exists():
        return
    write_allocations(round_, usable_by_good(round_), stage=Allocation.Stage.RECEIVED)
    if round_.state == State.RECEIVED:
        # A corrected receipt: whoever looked at the costs before looked at others.
        change_round(round_)
        return
    change_round(round_, state=State.RECEIVED)
    record(actor, "purchasing.round_received", round_)


def write_allocations(round_: PurchaseRound, amounts: dict[int, Decimal], *, stage: str) -> None:
    """Replace the allocations of a stage by the shares of `amounts` (good id → quantity) by the round's rule."""
    Allocation.objects.filter(good__round=round_, stage=stage).delete()
    insert_rows(
        Allocation,
        ("network_id", "good_id", "participation_id", "stage", "granted", "from_tolerance"),
        (
            (round_.network_id, good_id, int(share.who), str(stage), share.granted, share.from_tolerance)
            for good_id, shares in shares_of(amounts, round_).items()
            for share in shares
        ),
    )


@operation
def charge_round(
    round_: PurchaseRound, *, actor: Actor, due_on: dt.date | None = None, seen_version: int | None = None
) -> list[CostShare]:
    """Share costs to the cent and charge every enterprise its part; the receipts are final from here on.

    `seen_version` is the round's version on the preview: what was looked at is what binds.

    Raises: StaleEdit, WrongState; OrdersStillOut while a delivery is missing; NothingToShare when nothing was bought;
    StandingForbids for a share of one that never was a member.
    """
    actor.require(permissions.CHARGE, round_)
    round_ = take_round(round_, states={State.ORDERED, State.RECEIVED}, seen_version=seen_version)
    if out := orders_still_out(round_):
        raise OrdersStillOut(orders=", ".join(f"{order.number} ({order.supplier})" for order in out))
    shares = cost_shares(round_)
    if not shares.parts:
        raise NothingToShare
    rows = _write_shares(round_, shares)
    enterprises = {
        participation.pk: participation.enterprise
        for participation in Participation.objects.filter(round=round_).select_related("enterprise")
    }
    require_members((enterprises[row.participation_id] for row in rows if row.total_minor), OWE_SHARE)
    payments.issue_charges(
        [
            ChargeSpec(enterprises[row.participation_id], row.total_minor, round_.title, due_on)
            for row in rows
            if row.total_minor
        ],
        actor=actor,
        source=(ROUND_SOURCE, round_.pk),
    )
    change_round(round_, state=State.CHARGED)
    record(actor, "purchasing.charged", round_, total_minor=sum(row.total_minor for row in rows), shares=len(rows))
    emit(RoundCharged(network_id=round_.network_id, round_id=round_.pk))
    settle_if_done(round_, actor=actor)
    return rows


def _write_shares(round_: PurchaseRound, shares: CostShares) -> list[CostShare]:
    by_participation: dict[int, list[Part]] = defaultdict(list)
    for part in shares.parts:
        by_participation[int(part.who)].append(part)
    rows = [
        CostShare(
            network_id=round_.network_id,
            round=round_,
            participation_id=participation_id,
            goods_minor=sum(part.goods for part in parts),
            freight_minor=sum(part.freight for part in parts),
            fees_minor=shares.fees.get(str(participation_id), 0),
        )
        for participation_id, parts in sorted(by_participation.items())
    ]
    CostShare.objects.bulk_create(rows)
    insert_rows(
        CostShareLine,
        ("network_id", "share_id", "order_line_id", "quantity", "goods_minor", "freight_minor"),
        (
            (round_.network_id, row.pk, int(part.line), part.quantity, part.goods, part.freight)
            for row in rows
            for part in by_participation[row.participation_id]
        ),
    )
    return rows


@operation
def record_savings(round_: PurchaseRound, *, alone: Mapping[int, int], actor: Actor) -> None:
    """Keep what each enterprise would have paid alone (minor units by participation id) beside its share.

    Reckoned after the charging, outside its transaction: with two thousand enterprises it takes a while.
    """
    shares = list(CostShare.objects.filter(round=take_round(round_)))
    for share in shares:
        share.alone_minor = alone.get(share.participation_id)
    CostShare.objects.bulk_update(shares, ["alone_minor"], batch_size=500)
    record(actor, "purchasing.savings_recorded", round_, enterprises=len(alone))


@operation
def undo_charging(round_: PurchaseRound, *, reason: str, actor: Actor) -> PurchaseRound:
    """Take a round's charges back to correct a receipt; what was paid becomes the enterprise's credit.

    Raises: ReasonMissing; WrongState unless the round is charged.
    """
    actor.require(permissions.CHARGE, round_)
    reason = require_reason(reason)
    round_ = take_round(round_, states={State.CHARGED})
    charges = list(
        Charge.objects.filter(source_kind=ROUND_SOURCE, source_id=round_.pk).exclude(state=Charge.State.CANCELLED)
    )
    if charges:
        payments.cancel_charges(charges, reason=reason, actor=actor)
    CostShare.objects.filter(round=round_).delete()
    change_round(round_, state=State.RECEIVED)
    record(actor, "purchasing.charging_undone", round_, reason=reason)
    return round_


@operation
def settle_if_done(round_: PurchaseRound, *, actor: Actor) -> bool:
    """Close a charged round once every charge is settled and every supplier's bill is paid; tells whether it did."""
    round_ = take_round(round_)
    if round_.state != State.CHARGED:
        return False
    owed = Charge.objects.filter(source_kind=ROUND_SOURCE, source_id=round_.pk, state=Charge.State.OPEN)
    orders = PurchaseOrder.objects.filter(round=round_).values("pk")
    unpaid = Bill.objects.filter(source_kind=ORDER_SOURCE, source_id__in=orders, state=Bill.State.OPEN)
    if owed.exists() or unpaid.exists():
        return False
    change_round(round_, state=State.SETTLED)
    record(actor, "purchasing.settled", round_)
    emit(RoundSettled(network_id=round_.network_id, round_id=round_.pk))
    return True
