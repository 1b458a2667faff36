# SPDX-License-Identifier: AGPL-3.0-or-later
"""Orders to suppliers: frozen from the approved award, sent one by one."""

from __future__ import annotations

from collections import defaultdict

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import NothingAwarded, OrderNotInState
from mutirao.purchasing.events import OrderCancelled, OrdersPrepared
from mutirao.purchasing.models import AwardLine, AwardScenario, OrderLine, PurchaseOrder, PurchaseRound
from mutirao.purchasing.operations.taking import change_round, check_taken, require_reason, take_round
from mutirao.purchasing.queries.award import freight_by_quote

State = PurchaseRound.State


@operation
def prepare_orders(round_: PurchaseRound, *, actor: Actor) -> list[PurchaseOrder]:
    """One order a supplier from the chosen award, numbered "<round>-<n>"; the same orders when asked again.

    Raises: WrongState before the enterprises approved; NothingAwarded when nothing was chosen.
    """
    actor.require(permissions.ORDER, round_)
    round_ = take_round(round_)
    existing = list(PurchaseOrder.objects.filter(round=round_).exclude(state=PurchaseOrder.State.CANCELLED))
    if existing and round_.state in (State.APPROVED, State.ORDERED):
        return existing
    check_taken(round_, states={State.APPROVED})
    scenario = AwardScenario.objects.filter(round=round_, is_chosen=True).first()
    if scenario is None:
        raise NothingAwarded
    by_quote: dict[int, list[AwardLine]] = defaultdict(list)
    for line in AwardLine.objects.filter(scenario=scenario).select_related("quote_line__quote__supplier"):
        by_quote[line.quote_line.quote_id].append(line)
    freight = freight_by_quote(scenario)
    orders = []
    for number, quote_id in enumerate(sorted(by_quote), start=1):
        lines = by_quote[quote_id]
        quote = lines[0].quote_line.quote
        order = PurchaseOrder.objects.create(
            round=round_,
            quote=quote,
            supplier=quote.supplier,
            number=f"{round_.number}-{number}",
            goods_minor=sum(line.cost_minor for line in lines),
            freight_minor=freight[quote_id],
        )
        OrderLine.objects.bulk_create(
            OrderLine(
                network_id=round_.network_id,
                order=order,
                good_id=line.quote_line.good_id,
                quote_line=line.quote_line,
                packs=line.packs,
                quantity=line.quantity,
                unit_price=line.unit_price,
                cost_minor=line.cost_minor,
            )
            for line in lines
        )
        orders.append(order)
    record(actor, "purchasing.orders_prepared", round_, orders=[order.number for order in orders])
    emit(OrdersPrepared(network_id=round_.network_id, round_id=round_.pk))
    return orders


@operation
def mark_sent(order: PurchaseOrder, *, how: str, actor: Actor) -> PurchaseOrder:
    """Note that an order went out, and how; the round is ordered once every order is out. Sent again: no change.

    Raises: OrderNotInState for an order cancelled or received.
    """
    actor.require(permissions.ORDER, order)
    round_, order = lock_all([order.round, order])
    if order.state == PurchaseOrder.State.SENT:
        return order
    if order.state != PurchaseOrder.State.PREPARED:
        raise OrderNotInState(number=order.number, state=order.get_state_display())
    check_taken(round_, states={State.APPROVED, State.ORDERED})
    order.state, order.sent_at, order.sent_how = PurchaseOrder.State.SENT, clock.now(), how[:80]
    order.save(update_fields=["state", "sent_at", "sent_how"])
    record(actor, "purchasing.order_sent", order, how=how)
    _round_ordered(round_)
    return order


@operation
def cancel_order(order: PurchaseOrder, *, reason: str, actor: Actor) -> PurchaseOrder:
    """Cancel an order that the supplier will not fill; what it held is missing at the sharing.

    Raises: OrderNotInState for an order already received or cancelled.
    """
    actor.require(permissions.ORDER, order)
    reason = require_reason(reason)
    round_, order = lock_all([order.round, order])
    if order.state not in (PurchaseOrder.State.PREPARED, PurchaseOrder.State.SENT):
        raise OrderNotInState(number=order.number, state=order.get_state_display())
    check_taken(round_, states={State.APPROVED, State.ORDERED})
    order.state = PurchaseOrder.State.CANCELLED
    order.save(update_fields=["state"])
    record(actor, "purchasing.order_cancelled", order, reason=reason)
    _round_ordered(round_)
    emit(OrderCancelled(network_id=order.network_id, round_id=round_.pk, order_id=order.pk))
    return order


def _round_ordered(round_: PurchaseRound) -> None:
    waiting = PurchaseOrder.objects.filter(round=round_, state=PurchaseOrder.State.PREPARED).exists()
    sent = PurchaseOrder.objects.filter(round=round_, state=PurchaseOrder.State.SENT).exists()
    if round_.state == State.APPROVED and sent and not waiting:
        change_round(round_, state=State.ORDERED)
