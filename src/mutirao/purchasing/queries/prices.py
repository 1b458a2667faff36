# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goods cost when they were last bought together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from mutirao.kernel.core.money import Money
from mutirao.purchasing.models import OrderLine, PurchaseOrder

_BOUGHT = (PurchaseOrder.State.SENT, PurchaseOrder.State.RECEIVED)


def last_prices(product_ids: Collection[int]) -> dict[int, Decimal]:
    """The landed price of a unit in the last round that bought each product, in major units.

    Landed: the order lines at their cost, and the orders' freight on top in proportion to that cost. Rounded half up
    to cents, below 1 to hundredths of a cent: it is there to estimate by. Products never bought are left out.
    """
    rows = (
        OrderLine.objects.filter(good__product_id__in=product_ids, order__state__in=_BOUGHT, quantity__gt=0)
        .order_by("-order__round__number", "pk")
        .values_list(
            "good__product_id", "order__round__number", "order__round__currency",
            "quantity", "cost_minor", "order__goods_minor", "order__freight_minor",
        )
    )  # fmt: skip
    newest: dict[int, tuple[int, str]] = {}
    quantities: dict[int, Decimal] = defaultdict(Decimal)
    costs: dict[int, Decimal] = defaultdict(Decimal)
    for product_id, number, currency, quantity, cost, goods, freight in rows:
        if newest.setdefault(product_id, (number, currency))[0] != number:
            continue
        quantities[product_id] += quantity
        costs[product_id] += cost + (Decimal(freight) * cost / goods if goods else 0)
    return {
        product_id: _estimate(costs[product_id] / quantities[product_id], newest[product_id][1])
        for product_id in quantities
    }


def _estimate(minor_per_unit: Decimal, currency: str) -> Decimal:
    major = minor_per_unit * Money(1, currency).major
    cents = Money(1, currency).major
    return major.quantize(cents if major >= 1 else cents / 100, rounding=ROUND_HALF_UP)
