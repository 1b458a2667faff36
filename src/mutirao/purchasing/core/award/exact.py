# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole award problem as one mixed integer program: every line, every tier, every number of packs.

It proves small problems optimal. For larger ones its relaxation is too weak (see `bound` and `search`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from mutirao.purchasing.core.award.market import Market, Tier
from mutirao.purchasing.core.award.mip import Program
from mutirao.purchasing.core.award.settle import Purchase, rounded

_LISTED = 8
"""Up to so many numbers of packs are listed one by one where a line's cost needs rounding."""


@dataclass(frozen=True, slots=True)
class Range:
    """From `lo` to `hi` packs of a tier; `covers` when `lo` already serves the whole need for the good."""

    tier: Tier
    lo: int
    hi: int
    covers: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The best purchase found (None when there is none) and what nothing can be below, in weighed minor units."""

    purchase: Purchase | None
    bound: float
    infeasible: bool


def ranges(market: Market) -> Iterator[Range]:
    """Every tier cut where it begins to serve the whole need, so that the relaxation knows the difference."""
    for tier in market.tiers:
        enough = -(-market.required[tier.item] // tier.pack)
        if tier.lo < enough:
            yield from _listed(tier, tier.lo, min(tier.hi, enough - 1), covers=False)
        if tier.hi >= enough:
            yield from _listed(tier, max(tier.lo, enough), tier.hi, covers=True)


def _listed(tier: Tier, lo: int, hi: int, *, covers: bool) -> Iterator[Range]:
    if tier.den > 1 and hi - lo < _LISTED:
        yield from (Range(tier, packs, packs, covers) for packs in range(lo, hi + 1))
    else:
        yield Range(tier, lo, hi, covers)


def prove(market: Market, *, time_limit: float, start: Purchase | None = None) -> Proof:
    """The least split by branch and bound, as far as `time_limit` seconds go, from a known purchase on."""
    model = _Model(market)
    solution = model.program.solve(time_limit, within=0.5, start=None if start is None else model.values_of(start))
    purchase = None if solution.values is None else model.purchase_of(solution.values)
    return Proof(purchase, solution.bound, solution.infeasible)


class _Model:
    def __init__(self, market: Market) -> None:
        self.market = market
        self.program = Program()
        self.chosen: list[tuple[Range, int, int | None, int | None]] = []  # range, on, extra packs, its cost
        self.orders: dict[int, tuple[int, int | None]] = {}  # supplier: on, freight waived
        self.hauls: dict[int, int] = {}
        self.worth: dict[int, list[tuple[int, float]]] = defaultdict(list)
        self.haul: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
        self.ons_of_line: dict[int, list[int]] = defaultdict(list)
        self.cover: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for each in ranges(market):
            self._add_range(each)
        for item, required in enumerate(market.required):
            self.program.row(self.cover[item], lower=required)
        for supplier in sorted(self.worth):
            self._add_supplier(supplier)
        lines = {each.tier.line: each.tier.supplier for each, *_ in self.chosen}
        for line, supplier in lines.items():
            terms = [(on, 1.0) for on in self.ons_of_line[line]]
            self.program.row([*terms, (self.orders[supplier][0], -1.0)], upper=0)
        if market.problem.max_suppliers is not None:
            self.program.row([(on, 1.0) for on, _ in self.orders.values()], upper=market.problem.max_suppliers)

    def _add_range(self, each: Range) -> None:
        program, tier = self.program, each.tier
        factor, span = self.market.terms[tier.supplier].factor, each.hi - each.lo
        per_pack = tier.num / tier.den
        rounded = tier.den > 1 and span > 0
        base = 0 if rounded else tier.cost(each.lo)
        on = program.column(base * factor)
        extra = program.column(0 if rounded else per_pack * factor, span) if span else None
        cost = program.column(factor, tier.cost(each.hi)) if rounded else None
        packs = [(on, float(each.lo))] + ([] if extra is None else [(extra, 1.0)])
        if extra is not None:
            program.row([(extra, 1.0), (on, -float(span))], upper=0)
        if cost is not None:
            exact = [(column, -count * per_pack) for column, count in packs]
            program.row([(cost, 1.0), *exact, (on, -0.5)], upper=0)
            program.row([(cost, 1.0), *exact, (on, 0.5 - 0.5 / tier.den)], lower=0)
            self.worth[tier.supplier].append((cost, 1.0))
        else:
            self.worth[tier.supplier].append((on, float(base)))
            if extra is not None:
                self.worth[tier.supplier].append((extra, per_pack))
        if each.covers:
            self.cover[tier.item].append((on, float(self.market.required[tier.item])))
        else:
            self.cover[tier.item].extend((column, count * tier.pack) for column, count in packs)
        if tier.haul:
            self.haul[tier.supplier].extend((column, Fraction(count) * tier.haul) for column, count in packs)
        self.ons_of_line[tier.line].append(on)
        self.chosen.append((each, on, extra, cost))

    def _add_supplier(self, supplier: int) -> None:
        program, market, terms = self.program, self.market, self.market.terms[supplier]
        on = program.column((terms.freight + market.problem.cost_per_supplier) * market.unit)
        waived = None
        worth = self.worth[supplier]
        if terms.free_from is not None:
            waived = program.column(-terms.freight * market.unit)
            program.row([(waived, 1.0), (on, -1.0)], upper=0)
            # One row for both: the minimum without, the higher of the two with freight waived.
            step = max(0, terms.free_from - terms.minimum)
            program.row([*worth, (on, -float(terms.minimum)), (waived, -float(step))], lower=0)
        elif terms.minimum:
            program.row([*worth, (on, -float(terms.minimum))], lower=0)
        if self.haul[supplier]:
            self._add_haul(supplier, waived)
        self.orders[supplier] = on, waived

    def _add_haul(self, supplier: int, waived: int | None) -> None:
        """Freight by weight as a whole number of minor units, rounded half up, nothing where freight is waived."""
        weights = self.haul[supplier]
        most = self._most_haul(supplier)
        finest = lcm(*(weight.denominator for _, weight in weights))
        freight = self.program.column(self.market.unit, float(most + 1))
        row = [(freight, 1.0)] + [(column, -float(weight)) for column, weight in weights]
        if waived is not None:
            row.append((waived, float(most + 1)))
        self.program.row(row, lower=-0.5 + 0.5 / finest)
        self.hauls[supplier] = freight

    def _most_haul(self, supplier: int) -> int:
        most: dict[int, Fraction] = defaultdict(Fraction)
        for tier in self.market.tiers:
            if tier.supplier == supplier:
                most[tier.line] = max(most[tier.line], tier.hi * tier.haul)
        return int(sum(most.values(), Fraction(0))) + 1

    def purchase_of(self, values: list[float]) -> dict[int, int]:
        """Packs of each line in a solution."""
        purchase: dict[int, int] = {}
        for each, on, extra, _ in self.chosen:
            if values[on] > 0.5:
                purchase[each.tier.line] = each.lo + (0 if extra is None else round(values[extra]))
        return purchase

    def values_of(self, purchase: Purchase) -> list[float]:
        """The solution that a purchase is."""
        values = [0.0] * len(self.program)
        goods: dict[int, int] = defaultdict(int)
        haul: dict[int, Fraction] = defaultdict(Fraction)
        for each, on, extra, cost in self.chosen:
            packs, tier = purchase.get(each.tier.line, 0), each.tier
            if each.lo <= packs <= each.hi:
                values[on] = 1.0
                if extra is not None:
                    values[extra] = float(packs - each.lo)
                if cost is not None:
                    values[cost] = float(tier.cost(packs))
                goods[tier.supplier] += tier.cost(packs)
                haul[tier.supplier] += packs * tier.haul
        for supplier, worth in goods.items():
            on, waived = self.orders[supplier]
            values[on] = 1.0
            free_from = self.market.terms[supplier].free_from
            if waived is not None and free_from is not None and worth >= free_from:
                values[waived] = 1.0
            elif supplier in self.hauls:
                values[self.hauls[supplier]] = float(rounded(haul[supplier]))
        return values
