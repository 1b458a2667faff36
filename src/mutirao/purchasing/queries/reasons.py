# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a split buys where it buys: each line against the next best price, each supplier that was left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from mutirao.kernel.core.money import line_cost_minor
from mutirao.purchasing.models import AwardScenario, Quote, QuoteLine


@dataclass(frozen=True, slots=True)
class NextBest:
    """The cheapest other way to buy what a line buys: whole packs of another line, at `cost_minor` without freight.

    `dearer_minor` is negative where the other price is lower: freight, minimum or the number of suppliers decided.
    """

    supplier: str
    unit_price: Decimal
    cost_minor: int
    dearer_minor: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A supplier of whom nothing is bought: its minimum and freight (minor units), and the goods in which its price
    was the lowest."""

    supplier: str
    minimum_minor: int
    freight_minor: int
    cheapest_in: tuple[str, ...]


def price_of(line: QuoteLine, quantity: Decimal) -> tuple[Decimal, Decimal] | None:
    """(quantity in whole packs, unit price) to get `quantity` from a line; None where it cannot give that much."""
    packs = (quantity / line.pack_size).to_integral_value(rounding=ROUND_CEILING)
    amount = packs * line.pack_size
    if line.available is not None and amount > line.available:
        return None
    reached = [step for step in line.breaks.all() if step.from_quantity <= amount]
    return (amount, reached[-1].unit_price) if reached else None


def next_best(scenario: AwardScenario, quotes: Sequence[Quote], *, currency: str) -> dict[int, NextBest]:
    """The next best of each line of a scenario, by the line's id; lines without another offer are left out."""
    offers: dict[int, list[tuple[Quote, QuoteLine]]] = defaultdict(list)
    for quote in quotes:
        for line in quote.lines.all():
            offers[line.good_id].append((quote, line))
    found = {}
    for bought in scenario.lines.all():
        best: NextBest | None = None
        for quote, line in offers[bought.quote_line.good_id]:
            priced = None if quote.pk == bought.quote_line.quote_id else price_of(line, bought.quantity)
            if priced is None:
                continue
            cost = line_cost_minor(*priced, currency)
            if best is None or cost < best.cost_minor:
                best = NextBest(quote.supplier.name, priced[1], cost, cost - bought.cost_minor)
        if best is not None:
            found[bought.pk] = best
    return found


def left_out(scenario: AwardScenario, quotes: Sequence[Quote], *, currency: str) -> list[LeftOut]:
    """Suppliers of whom a scenario buys nothing."""
    chosen = {bought.quote_line.quote_id for bought in scenario.lines.all()}
    result = []
    for quote in quotes:
        if quote.pk in chosen:
            continue
        cheaper = []
        for bought in scenario.lines.all():
            for line in quote.lines.all():
                priced = price_of(line, bought.quantity) if line.good_id == bought.quote_line.good_id else None
                if priced is not None and line_cost_minor(*priced, currency) < bought.cost_minor:
                    cheaper.append(bought.quote_line.good.product.name)
        names = tuple(dict.fromkeys(cheaper))
        result.append(LeftOut(quote.supplier.name, quote.minimum_order_minor, quote.freight_minor, names))
    return result
