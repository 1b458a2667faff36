# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a purchase costs, exact to the minor unit: lines, freight, orders."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mutirao.purchasing.core.award.problem import AwardProblem, Order, OrderLine, Quote, QuoteLine

Purchase = Mapping[int, int]
"""Packs bought of each line; lines are numbered through all quotes in order."""


def rounded(amount: Fraction) -> int:
    """Half up to the whole number (for amounts that are not negative)."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def haul(quote: Quote, line: QuoteLine) -> Fraction:
    """Freight by weight of one pack, minor units."""
    if not quote.freight_per_kg or not line.unit_weight:
        return Fraction(0)
    return Fraction(quote.freight_per_kg) * Fraction(line.unit_weight) * Fraction(line.pack_size) * 100


def freight_on(quote: Quote, goods: int, hauls: Fraction) -> int:
    """Freight of an order: fixed and by weight (`hauls`), nothing from the value on that waives it."""
    if quote.free_freight_from is not None and goods >= quote.free_freight_from:
        return 0
    return quote.freight + rounded(hauls)


def order_line(line: QuoteLine, packs: int) -> OrderLine:
    """So many packs of a line at the price of the break they reach. Raises: ValueError below the first break."""
    quantity = packs * line.pack_size
    price = line.unit_price(quantity)
    if price is None:
        raise ValueError(f"{packs} packs of {line.item} are below the first break")
    cost = rounded(Fraction(quantity) * Fraction(price) * 100)
    return OrderLine(line.item, packs, quantity, price, cost, line.key)


def order_of(quote: Quote, packs: Mapping[int, int]) -> Order:
    """The order of so many packs of each of the quote's lines (numbered within it). Raises: as `order_line`."""
    bought = [(quote.lines[place], packs[place]) for place in sorted(packs) if packs[place]]
    lines = tuple(order_line(line, count) for line, count in bought)
    goods = sum(line.cost for line in lines)
    hauls = sum((haul(quote, line) * count for line, count in bought), Fraction(0))
    return Order(quote.supplier, goods, freight_on(quote, goods, hauls), lines)


def settle(problem: AwardProblem, purchase: Purchase) -> tuple[Order, ...]:
    """The orders that a purchase means, in the order of the quotes. Raises: as `order_line`."""
    orders, first = [], 0
    for quote in problem.quotes:
        places = range(first, first + len(quote.lines))
        packs = {number - first: purchase[number] for number in places if purchase.get(number)}
        first += len(quote.lines)
        if packs:
            orders.append(order_of(quote, packs))
    return tuple(orders)
