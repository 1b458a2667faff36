# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came and who gets and pays what: builds the problems of the sharing cores from the rows of a round."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from mutirao.catalogue.models import Product
from mutirao.purchasing.core.allocation import Need as CoreNeed
from mutirao.purchasing.core.allocation import Rule, Share, share_goods
from mutirao.purchasing.core.amounts import finest_step
from mutirao.purchasing.core.costs import CostShares, Grant, LineCost, ShareRule, share_costs
from mutirao.purchasing.models import Allocation, Need, PurchaseOrder, PurchaseRound, Receipt, ReceiptLine

ZERO = Decimal(0)


def needs_by_good(round_: PurchaseRound) -> dict[int, list[CoreNeed]]:
    """Needs above zero by good id, in the order in which enterprises first answered; `who` is a participation's id."""
    rows = (
        Need.objects.filter(participation__round=round_, participation__state="answered", quantity__gt=0)
        .order_by("participation__answered_at", "participation_id")
        .values_list("good_id", "participation_id", "quantity", "tolerance")
    )
    result: dict[int, list[CoreNeed]] = defaultdict(list)
    for good_id, participation_id, quantity, tolerance in rows:
        result[good_id].append(CoreNeed(str(participation_id), quantity, tolerance))
    return dict(result)


def usable_by_good(round_: PurchaseRound) -> dict[int, Decimal]:
    """What came and can be used (received − damaged − returned) by good id, in the good's unit."""
    result: dict[int, Decimal] = defaultdict(Decimal)
    rows = ReceiptLine.objects.filter(receipt__order__round=round_).values_list(
        "order_line__good_id", "received", "damaged", "returned"
    )
    for good_id, received, damaged, returned in rows:
        result[good_id] += received - damaged - returned
    return dict(result)


def shares_of(amounts: dict[int, Decimal], round_: PurchaseRound) -> dict[int, tuple[Share, ...]]:
    """Everybody's share of the given amounts by the round's rule, by good id. Goods nobody needs are left out."""
    needs = needs_by_good(round_)
    return {
        good_id: share_goods(
            amounts.get(good_id, ZERO),
            Rule(round_.allocation_rule),
            of_good,
            step=finest_step(
                [amounts.get(good_id, ZERO), *(n.quantity for n in of_good), *(n.tolerance for n in of_good)]
            ),
        )
        for good_id, of_good in needs.items()
    }


def kilograms_of(products: dict[int, Product]) -> dict[str, Decimal]:
    """Kilograms of one unit of each good (by good id as text): by its unit where that is a weight, else as entered."""
    by_unit = {"kg": Decimal(1), "g": Decimal("0.001"), "t": Decimal(1000)}
    result = {}
    for good_id, product in products.items():
        weight = by_unit.get(product.unit, product.weight_kg)
        if weight is not None:
            result[str(good_id)] = weight
    return result


def cost_shares(round_: PurchaseRound) -> CostShares:
    """Everybody's part of what was billed (credits taken off), freight and fees, by what each was granted.

    `who` and `line` are ids of participations and order lines as text. Needs the allocations at the stage "received".
    """
    asked = {
        (need.who, str(good_id)): need.quantity for good_id, needs in needs_by_good(round_).items() for need in needs
    }
    granted = {
        (str(who), str(good)): amount
        for who, good, amount in Allocation.objects.filter(
            good__round=round_, stage=Allocation.Stage.RECEIVED
        ).values_list("participation_id", "good_id", "granted")
    }
    grants = [Grant(who, good, granted.get((who, good), ZERO), quantity) for (who, good), quantity in asked.items()]
    lines, products = [], {}
    receipt_lines = ReceiptLine.objects.filter(receipt__order__round=round_).select_related("order_line__good__product")
    for row in receipt_lines.order_by("order_line_id"):
        good = row.order_line.good
        products[good.pk] = good.product
        lines.append(
            LineCost(
                line=str(row.order_line_id),
                order=str(row.order_line.order_id),
                good=str(good.pk),
                quantity=row.received - row.damaged - row.returned,
                cost=row.billed_minor - row.credited_minor,
            )
        )
    expenses = {
        str(order_id): freight + other
        for order_id, freight, other in Receipt.objects.filter(order__round=round_).values_list(
            "order_id", "freight_minor", "other_minor"
        )
    }
    return share_costs(
        lines,
        grants,
        order_expenses=expenses,
        freight_rule=ShareRule(round_.freight_rule),
        fees=round_.fees_minor,
        fee_rule=ShareRule(round_.fee_rule),
        unit_weights=kilograms_of(products),
    )


def orders_still_out(round_: PurchaseRound) -> list[PurchaseOrder]:
    """Orders neither received nor cancelled."""
    return list(
        PurchaseOrder.objects.filter(
            round=round_, state__in=[PurchaseOrder.State.PREPARED, PurchaseOrder.State.SENT]
        ).select_related("supplier")
    )
