# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cheapest way to buy one good at given prices, over every number of packs of every line at once.

Prices here are those of a Lagrangian: what a pack counts once the terms of orders are priced in, and a charge for
buying the good from a supplier at all. The answer is exact for goods of up to MOST_CELLS table cells; beyond, a
valid bound below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mutirao.purchasing.core.award.pool import Bools, Candidate, Floats, Ints, Tariff

MOST_CELLS = 400_000
"""Quantity steps × tiers up to which a good's table is filled."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What each good costs at least, and better candidates than were known."""

    least: Floats
    better: list[Candidate]
    regret: Floats
    """By tier: what a purchase that holds it costs more than the good's least, at the least."""


def price_goods(tariff: Tariff, per_pack: Floats, charge: Floats, known: Floats) -> Priced:
    """The least cost of each good at `per_pack` and `charge` (by tier), where `known` is reached already.

    Tiers that no split over several lines could use and stay below `known` are set aside first; most goods need
    no table at all.
    """
    item, required = tariff.item, np.array(tariff.market.required, dtype=np.int64)
    need = required[item]
    covering = np.maximum(tariff.lo, -(-need // tariff.pack))
    alone = np.where(covering <= tariff.hi, per_pack * covering + charge, np.inf)
    least = np.minimum(known, _least_by(item, alone, len(required)))
    floor = _floor(tariff, per_pack, charge, need, np.ones(len(item), dtype=bool))
    useful = _useful(tariff, per_pack, charge, least, need)
    better: list[Candidate] = []
    for good, own in _groups(item, useful):
        if len(set(tariff.line[own].tolist())) == 1:
            continue  # no split, and the line alone is in `least`
        value, packs = _cheapest(tariff, own, per_pack[own], charge[own], int(required[good]))
        if value < least[good] - 1e-6:
            least[good] = value
            if packs:
                better.append(Candidate(good, tuple(sorted(packs.items()))))
    # A line alone that is better than all that was known is a candidate too.
    for good in np.flatnonzero(least < known - 1e-6).tolist():
        own = np.flatnonzero(item == good)
        place = own[int(np.argmin(alone[own]))]
        if alone[place] <= least[good]:
            better.append(Candidate(good, ((int(place), int(covering[place])),)))
    return Priced(least, better, np.maximum(0, floor - least[item]))


def _least_by(item: Ints, values: Floats, goods: int) -> Floats:
    least = np.full(goods, np.inf)
    np.minimum.at(least, item, values)
    return least


def _floor(tariff: Tariff, per_pack: Floats, charge: Floats, need: Ints, others: Bools) -> Floats:
    """What a purchase that holds a tier costs at the least, with the rest of the need at the best rate of others."""
    part = tariff.lo * tariff.pack
    rate = np.where(part >= need, per_pack * tariff.lo / need, per_pack / tariff.pack)
    best_rate = _least_by(tariff.item, np.where(others, rate, np.inf), int(tariff.item.max()) + 1)[tariff.item]
    rest = np.maximum(0, need - part)
    floor: Floats = per_pack * tariff.lo + charge + np.where(rest > 0, best_rate, 0) * rest
    return floor


def _useful(tariff: Tariff, per_pack: Floats, charge: Floats, least: Floats, need: Ints) -> Bools:
    """Tiers that a purchase below `least` could hold."""
    useful = np.ones(len(tariff.item), dtype=bool)
    for _ in range(3):
        floor = _floor(tariff, per_pack, charge, need, useful)
        now = useful & (floor < least[tariff.item] - 1e-6)
        if now.sum() == useful.sum():
            break
        useful = now
    return useful


def _groups(item: Ints, useful: Bools) -> Iterator[tuple[int, Ints]]:
    places = np.flatnonzero(useful)
    if not len(places):
        return
    places = places[np.argsort(item[places], kind="stable")]
    goods, starts = np.unique(item[places], return_index=True)
    yield from zip(goods.tolist(), np.split(places, starts[1:]), strict=True)


def _cheapest(tariff: Tariff, own: Ints, price: Floats, charge: Floats, required: int) -> tuple[float, dict[int, int]]:
    pack = tariff.pack[own]
    step = int(np.gcd.reduce(pack))
    need = -(-required // step)
    if need * len(own) > MOST_CELLS:
        return _rate_bound(tariff, own, price, required), {}
    table = _Table(need)
    for supplier in dict.fromkeys(tariff.supplier[own].tolist()):
        at = np.flatnonzero(tariff.supplier[own] == supplier)
        table.open(float(charge[at[0]]))
        for line in dict.fromkeys(tariff.line[own[at]].tolist()):
            tiers = at[tariff.line[own[at]] == line]
            table.add_line(
                [
                    _Step(
                        number := int(own[t]),
                        int(pack[t]) // step,
                        int(tariff.lo[number]),
                        int(tariff.hi[number]),
                        int(tariff.reach[number]),
                        float(price[t]),
                    )
                    for t in tiers.tolist()
                ]
            )
        table.close()
    return table.result()


def _rate_bound(tariff: Tariff, own: Ints, price: Floats, required: int) -> float:
    """What the need costs at least when every line sold fractions of its packs at its best price."""
    part = tariff.lo[own] * tariff.pack[own]
    rate = np.where(part >= required, price * tariff.lo[own] / required, price / tariff.pack[own])
    most = np.minimum(required, tariff.hi[own] * tariff.pack[own])
    total, rest = 0.0, required
    seen: set[int] = set()
    for place in np.argsort(rate, kind="stable").tolist():
        line = int(tariff.line[own[place]])
        if line in seen:
            continue
        seen.add(line)
        limit = max(int(most[other]) for other in np.flatnonzero(tariff.line[own] == line).tolist())
        total += float(rate[place]) * min(rest, limit)
        rest -= min(rest, limit)
        if rest == 0:
            return total
    return float("inf")


class _Step(NamedTuple):
    """A tier in the steps of a table: `lo` to `hi` packs; counting on to `reach` changes no least cost."""

    number: int
    pack: int
    lo: int
    hi: int
    reach: int
    price: float


class _Table:
    """Least cost of covering 0..need steps with the lines added so far, each used in one tier or not at all."""

    def __init__(self, need: int) -> None:
        self._need = need
        first = np.full(need + 1, np.inf)
        first[0] = 0.0
        self._stages: list[tuple[str, Floats, list[_Step]]] = [("start", first, [])]
        self._before_supplier = first

    def open(self, charge: float) -> None:
        """Begin a supplier, who costs `charge` once used."""
        self._before_supplier = self._stages[-1][1]
        self._stages.append(("open", self._before_supplier + charge, []))

    def add_line(self, tiers: list[_Step]) -> None:
        """Allow one tier of a line, or none."""
        before = self._stages[-1][1]
        after = before
        for tier in tiers:
            after = np.minimum(after, self._through(before, tier))
        self._stages.append(("line", after, tiers))

    def close(self) -> None:
        """End a supplier: what is cheaper without them stays without them."""
        self._stages.append(("close", np.minimum(self._stages[-1][1], self._before_supplier), []))

    def _through(self, before: Floats, tier: _Step) -> Floats:
        """For each cell: the least of price × packs + before[what is left to cover] over lo..reach packs."""
        most = max(tier.lo, -(-self._need // tier.pack))
        unbounded = tier.reach >= most
        padding = tier.lo if unbounded else tier.reach
        # A column for each residue; in the first rows nothing is left to cover.
        rows = padding + self._need // tier.pack + 1
        cells = np.full(rows * tier.pack, np.inf)
        cells[: padding * tier.pack] = before[0]
        cells[padding * tier.pack : padding * tier.pack + self._need + 1] = before
        slope = tier.price * np.arange(rows)[:, None]
        grid = cells.reshape(rows, tier.pack) - slope
        # Row k may come from rows k - reach .. k - lo; unbounded, from all up to k - lo.
        least = np.minimum.accumulate(grid) if unbounded else _sliding_least(grid, tier.reach - tier.lo + 1)
        result: Floats = (least[: rows - padding] + slope[padding:]).ravel()[: self._need + 1]
        return result

    def result(self) -> tuple[float, dict[int, int]]:
        """The least cost of covering the whole need, and the packs of each tier that do it."""
        left, packs = self._need, {}
        value = float(self._stages[-1][1][left])
        place = len(self._stages) - 1
        if value == np.inf:
            return value, {}
        while place > 0:
            kind, now, tiers = self._stages[place]
            before = self._stages[place - 1][1]
            if kind == "close" and before[left] > now[left]:
                while self._stages[place][0] != "open":
                    place -= 1
            elif kind == "line":
                best, number, count, covered = float(before[left]), -1, 0, 0
                for tier in tiers:
                    counts = np.arange(tier.lo, min(tier.hi, max(tier.lo, -(-left // tier.pack))) + 1)
                    costs = tier.price * counts + before[np.maximum(0, left - counts * tier.pack)]
                    at = int(np.argmin(costs))
                    if costs[at] < best:
                        best, number, count, covered = float(costs[at]), tier.number, int(counts[at]), tier.pack
                if number >= 0:
                    packs[number] = count
                    left = max(0, left - count * covered)
            place -= 1
        return value, packs


def _sliding_least(grid: Floats, width: int) -> Floats:
    """The least of each `width` rows on end, by doubling."""
    size = 1
    while size * 2 <= width:
        grid = np.minimum(grid[size:], grid[:-size])
        size *= 2
    if size < width:
        extra = width - size
        grid = np.minimum(grid[extra:], grid[:-extra])
    return grid
