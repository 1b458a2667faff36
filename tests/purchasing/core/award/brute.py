# SPDX-License-Identifier: AGPL-3.0-or-later
"""The award told naively, from the issue's words alone: every number of packs of every line is tried."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import product

CENT = Decimal("0.01")


def cents(amount):
    return int((amount / CENT).to_integral_value(rounding=ROUND_HALF_UP))


def price_at(line, quantity):
    price = None
    for step in sorted(line.breaks, key=lambda step: step.start):
        if quantity >= step.start:
            price = step.unit_price
    return price


def line_options(line, need, value_wanted):
    """(quantity, cost) for each number of packs up to where more can serve nothing: need, breaks and thresholds."""
    far = max([need, *(step.start for step in line.breaks)])
    options, packs = [(Decimal(0), 0)], 0
    while True:
        packs += 1
        quantity = packs * line.pack_size
        if line.available is not None and quantity > line.available:
            return options
        price = price_at(line, quantity)
        if price is not None:
            cost = cents(quantity * price)
            options.append((quantity, cost))
            if quantity >= far and (cost >= value_wanted or price == 0):
                return options
        if packs > 5000:
            raise AssertionError("the case is too large for brute force")


def orders_of(quote, needs, opening):
    """Everything that can be ordered from one supplier: {quantities by good: (weighed, total)} at the least weight.

    Quantities stop counting at the need, so that many orders fall together.
    """
    lines = [line for line in quote.lines if needs.get(line.item)]
    value_wanted = max(quote.minimum_order, quote.free_freight_from or 0)
    best = {}
    for chosen in product(*(line_options(line, needs[line.item], value_wanted) for line in lines)):
        goods = sum(cost for _, cost in chosen)
        if not any(quantity for quantity, _ in chosen) or goods < quote.minimum_order:
            continue
        weight = sum(
            (quantity * line.unit_weight for (quantity, _), line in zip(chosen, lines, strict=True)), Decimal(0)
        )
        freight = quote.freight + cents(weight * quote.freight_per_kg)
        if quote.free_freight_from is not None and goods >= quote.free_freight_from:
            freight = 0
        weighed = goods * (100 - quote.preference) + (freight + opening) * 100
        key = tuple(
            min(need, sum(q for (q, _), line in zip(chosen, lines, strict=True) if line.item == item))
            for item, need in needs.items()
        )
        if key not in best or best[key] > weighed:
            best[key] = weighed
    return best


def least(problem):
    """(least weighed cost in hundredths of a cent or None when impossible, unserved by good)."""
    needs = {}
    for need in problem.needs:
        needs[need.item] = needs.get(need.item, Decimal(0)) + need.quantity
    needs = {item: quantity for item, quantity in needs.items() if quantity}
    per_supplier = [orders_of(quote, needs, problem.cost_per_supplier) for quote in problem.quotes]
    most = [
        min(need, sum(max((key[place] for key in orders), default=0) for orders in per_supplier))
        for place, need in enumerate(needs.values())
    ]
    unserved = {item: need - served for (item, need), served in zip(needs.items(), most, strict=True) if served < need}
    limit = len(problem.quotes) if problem.max_suppliers is None else problem.max_suppliers
    states = {((Decimal(0),) * len(needs), 0): 0}
    for orders in per_supplier:
        grown = dict(states)
        for (covered, used), weighed in states.items():
            if used == limit:
                continue
            for key, more in orders.items():
                state = (tuple(min(a + b, m) for a, b, m in zip(covered, key, most, strict=True)), used + 1)
                if state not in grown or grown[state] > weighed + more:
                    grown[state] = weighed + more
        states = grown
    complete = [weighed for (covered, _), weighed in states.items() if covered == tuple(most)]
    return (min(complete) if complete else None), unserved
