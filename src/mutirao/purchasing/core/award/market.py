# SPDX-License-Identifier: AGPL-3.0-or-later
"""An award problem in whole numbers: packs, steps of quantity, minor units. All exact costing happens here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import gcd
from typing import NamedTuple

from mutirao.purchasing.core.amounts import ZERO, finest_step
from mutirao.purchasing.core.award.problem import AwardProblem, Order, Quote, QuoteLine, Unserved
from mutirao.purchasing.core.award.settle import Purchase, haul, settle

UNLIMITED = 10**24
"""More packs than anybody could buy."""


class Tier(NamedTuple):
    """A line between two price breaks: `lo` to `hi` packs of `pack` steps, at `num`/`den` minor units a pack.

    `haul` is the freight by weight of a pack in minor units.
    """

    line: int
    item: int
    supplier: int
    pack: int
    lo: int
    hi: int
    num: int
    den: int
    haul: Fraction

    def cost(self, packs: int) -> int:
        """Cost in minor units, rounded half up."""
        return (2 * packs * self.num + self.den) // (2 * self.den)

    def packs_worth(self, value: int) -> int:
        """The fewest packs that cost `value` or more; UNLIMITED when none do."""
        if self.num == 0:
            return UNLIMITED if value > 0 else 0
        return max(0, -(-(2 * value - 1) * self.den // (2 * self.num)))


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order to a supplier is bound to, in minor units; `free_from` is None where freight is never waived.

    Goods count `factor`/`unit` of what they cost, after the network's preference.
    """

    minimum: int
    freight: int
    free_from: int | None
    factor: int

    @classmethod
    def of(cls, quote: Quote, unit: int) -> Terms:
        """The terms of a quote; a waiver of no freight is none."""
        free_from = quote.free_freight_from if quote.freight or quote.freight_per_kg else None
        return cls(quote.minimum_order, quote.freight, free_from, unit * (100 - quote.preference) // 100)

    @property
    def threshold(self) -> int:
        """The highest value of goods that changes anything about the order."""
        return max(self.minimum, self.free_from or 0)


@dataclass(frozen=True, slots=True)
class Market:
    """The problem reduced to what can be bought and must be: `required` steps of each good, in usable tiers.

    Costs are compared in minor units × `unit`, which is 100 when a supplier is preferred by a percentage.
    """

    problem: AwardProblem
    items: tuple[str, ...]
    required: tuple[int, ...]
    tiers: tuple[Tier, ...]
    terms: tuple[Terms, ...]
    unserved: tuple[Unserved, ...]
    unit: int

    def weigh(self, orders: Iterable[Order]) -> int:
        """What a split costs with the network's weights, in minor units × `unit`."""
        factors = {quote.supplier: terms.factor for quote, terms in zip(self.problem.quotes, self.terms, strict=True)}
        return sum(
            order.goods * factors[order.supplier] + (order.freight + self.problem.cost_per_supplier) * self.unit
            for order in orders
        )

    def holds(self, purchase: Purchase) -> bool:
        """Whether a purchase serves all that is required and is bound to every term."""
        orders = settle(self.problem, purchase)
        terms = {quote.supplier: quote for quote in self.problem.quotes}
        if any(order.goods < terms[order.supplier].minimum_order for order in orders):
            return False
        if self.problem.max_suppliers is not None and len(orders) > self.problem.max_suppliers:
            return False
        covered = [0] * len(self.items)
        of_line: dict[int, list[Tier]] = defaultdict(list)
        for tier in self.tiers:
            of_line[tier.line].append(tier)
        for line, packs in purchase.items():
            if packs:
                if not any(tier.lo <= packs <= tier.hi for tier in of_line[line]):
                    return False
                covered[of_line[line][0].item] += packs * of_line[line][0].pack
        return all(got >= needed for got, needed in zip(covered, self.required, strict=True))


def read_market(problem: AwardProblem) -> Market:
    """The problem in whole numbers, without what nobody needs, nobody can supply, or nobody can buy.

    A supplier whose minimum lies above all that can be bought from them is left out. What of a good exceeds
    everything that can be bought of it is unserved; the rest is required.
    """
    needed: dict[str, Decimal] = defaultdict(Decimal)
    for need in problem.needs:
        needed[need.item] += need.quantity
    needed = {item: quantity for item, quantity in needed.items() if quantity}
    steps = steps_of({item: [quantity] for item, quantity in needed.items()}, problem.quotes)
    tiers = all_tiers(problem.quotes, needed, steps)
    unit = 100 if any(quote.preference for quote in problem.quotes) else 1
    terms = tuple(Terms.of(quote, unit) for quote in problem.quotes)
    tiers = [
        tier
        for supplier, group in _by_supplier(tiers).items()
        if not terms[supplier].minimum or _most_value(group) >= terms[supplier].minimum
        for tier in group
    ]
    supply = _supply(tiers, terms, len(needed))
    unserved, required = [], []
    for number, (item, quantity) in enumerate(needed.items()):
        wanted = in_step(steps[item], quantity)
        required.append(min(wanted, supply[number]))
        if wanted > supply[number]:
            unserved.append(Unserved(item, quantity - supply[number] * steps[item]))
    return _reduced(problem, list(needed), required, tiers, terms, tuple(unserved), unit)


def steps_of(needed: Mapping[str, Iterable[Decimal]], quotes: Sequence[Quote]) -> dict[str, Decimal]:
    """The smallest quantity of each good that needs or quotes speak of."""
    amounts = {item: set(quantities) for item, quantities in needed.items()}
    for quote in quotes:
        for line in quote.lines:
            if line.item in amounts:
                amounts[line.item] |= {line.pack_size, line.available or ZERO, *(price.start for price in line.breaks)}
    return {item: finest_step(group) for item, group in amounts.items()}


def in_step(step: Decimal, amount: Decimal) -> int:
    """How many steps (a power of ten) make the amount, cut to whole ones."""
    return int(amount.scaleb(-step.adjusted()))


def all_tiers(quotes: Sequence[Quote], needed: Iterable[str], steps: Mapping[str, Decimal]) -> list[Tier]:
    """Every tier of every line of the needed goods (numbered in their order), however many packs it goes to."""
    number_of = {item: number for number, item in enumerate(needed)}
    tiers, first = [], 0
    for supplier, quote in enumerate(quotes):
        for number, line in enumerate(quote.lines, start=first):
            if line.item in number_of:
                tiers += _tiers(line, number, number_of[line.item], supplier, steps[line.item], haul(quote, line))
        first += len(quote.lines)
    return tiers


def _tiers(line: QuoteLine, number: int, item: int, supplier: int, step: Decimal, per_pack: Fraction) -> list[Tier]:
    pack = in_step(step, line.pack_size)
    most = UNLIMITED if line.available is None else in_step(step, line.available) // pack
    breaks = sorted(line.breaks, key=lambda price: price.start)
    starts = [-(-in_step(step, price.start) // pack) for price in breaks]
    pack_numerator, pack_denominator = line.pack_size.as_integer_ratio()
    tiers = []
    for place, price in enumerate(breaks):
        lo = max(1, starts[place])
        hi = most if place + 1 == len(breaks) else min(most, starts[place + 1] - 1)
        if lo <= hi:
            numerator, denominator = price.unit_price.as_integer_ratio()
            num, den = numerator * pack_numerator * 100, denominator * pack_denominator
            common = gcd(num, den)
            tiers.append(Tier(number, item, supplier, pack, lo, hi, num // common, den // common, per_pack))
    return tiers


def _by_supplier(tiers: Iterable[Tier]) -> dict[int, list[Tier]]:
    groups: dict[int, list[Tier]] = defaultdict(list)
    for tier in tiers:
        groups[tier.supplier].append(tier)
    return groups


def _line_values(tiers: Iterable[Tier]) -> dict[int, int]:
    """The most that each line can cost."""
    values: dict[int, int] = defaultdict(int)
    for tier in tiers:
        values[tier.line] = max(values[tier.line], tier.cost(tier.hi))
    return values


def _most_value(tiers: Iterable[Tier]) -> int:
    return sum(_line_values(tiers).values())


def _supply(tiers: Sequence[Tier], terms: Sequence[Terms], goods: int) -> list[int]:
    """The most that can be bought of each good, in steps, from orders that reach their minimum."""
    supply = [0] * goods
    for supplier, group in _by_supplier(tiers).items():
        of_item: dict[int, list[Tier]] = defaultdict(list)
        for tier in group:
            of_item[tier.item].append(tier)
        minimum = terms[supplier].minimum
        most = _most_value(group) if minimum else 0
        for item, own in of_item.items():
            supply[item] += _most_quantity(own, minimum - most + _most_value(own) if minimum else 0)
    return supply


def _most_quantity(tiers: Sequence[Tier], value: int) -> int:
    """The most steps of one good from one supplier when these lines must be worth `value`."""
    tops: dict[int, list[tuple[int, int]]] = defaultdict(lambda: [(0, 0)])
    for tier in tiers:
        tops[tier.line].append((tier.hi * tier.pack, tier.cost(tier.hi)))
    widest = [max(choices) for choices in tops.values()]
    if value <= 0 or sum(worth for _, worth in widest) >= value:
        return sum(quantity for quantity, _ in widest)
    # Only where a later break is so much cheaper that buying more is worth less.
    return max(
        sum(quantity for quantity, _ in chosen)
        for chosen in product(*tops.values())
        if sum(worth for _, worth in chosen) >= value
    )


def _reduced(
    problem: AwardProblem,
    names: Sequence[str],
    required: Sequence[int],
    tiers: Sequence[Tier],
    terms: tuple[Terms, ...],
    unserved: tuple[Unserved, ...],
    unit: int,
) -> Market:
    """The market with goods renumbered, quantities in the coarsest step, and no more packs than can be of use."""
    divisor = [0] * len(names)
    for tier in tiers:
        divisor[tier.item] = gcd(divisor[tier.item], tier.pack)
    kept = [item for item, amount in enumerate(required) if amount]
    place = {item: number for number, item in enumerate(kept)}
    needed = [-(-required[item] // divisor[item]) for item in kept]
    reduced = []
    for tier in tiers:
        if tier.item in place:
            number, pack = place[tier.item], tier.pack // divisor[tier.item]
            useful = max(tier.lo, -(-needed[number] // pack))
            worth = tier.packs_worth(terms[tier.supplier].threshold)
            if worth < UNLIMITED:
                useful = max(useful, worth)
            hi = min(tier.hi, useful)
            reduced.append(
                Tier(tier.line, number, tier.supplier, pack, tier.lo, hi, tier.num, tier.den, tier.haul)
            )  # fmt: skip
    return Market(
        problem, tuple(names[item] for item in kept), tuple(needed), tuple(reduced), terms, unserved, unit
    )  # fmt: skip
