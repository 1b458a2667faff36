# SPDX-License-Identifier: AGPL-3.0-or-later
"""Candidate purchases of each good (one line, or two for a good split), priced before any model is built."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mutirao.purchasing.core.award.market import Market, Tier

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PAIRS_KEPT = 24
"""Splits over two lines that are kept for each good, the cheapest first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to buy all that is required of a good: packs by the number of the tier they are bought in."""

    item: int
    packs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Tariff:
    """The market's tiers as arrays. `per_pack` is the weighed cost of a pack, unrounded; `worth` its value in goods.

    Freight by weight is in `per_pack` where it is never waived, else in `haul` (weighed).
    """

    market: Market
    item: Ints
    supplier: Ints
    line: Ints
    pack: Ints
    lo: Ints
    hi: Ints
    reach: Ints
    """As `hi`, but on through the line's further tiers where those are cheaper: more never pays there."""
    worth: Floats
    per_pack: Floats
    haul: Floats
    rounding: Floats
    """Half a weighed minor unit where a pack does not cost whole minor units: what rounding can take off a line."""

    @classmethod
    def of(cls, market: Market) -> Tariff:
        """The arrays of a market; packs beyond what covers a whole need are cut off."""
        tiers, terms = market.tiers, market.terms
        enough = [max(tier.lo, -(-market.required[tier.item] // tier.pack)) for tier in tiers]
        worth = np.array([tier.num / tier.den for tier in tiers])
        haul = np.array([float(tier.haul) * market.unit for tier in tiers])
        waivable = np.array([terms[tier.supplier].free_from is not None for tier in tiers], dtype=bool)
        factor = np.array([terms[tier.supplier].factor for tier in tiers], dtype=np.float64)
        return cls(
            market,
            _ints(tier.item for tier in tiers),
            _ints(tier.supplier for tier in tiers),
            _ints(tier.line for tier in tiers),
            _ints(tier.pack for tier in tiers),
            _ints(tier.lo for tier in tiers),
            _ints(min(tier.hi, most) for tier, most in zip(tiers, enough, strict=True)),
            _ints(min(reach, most) for reach, most in zip(_reaches(tiers), enough, strict=True)),
            worth,
            worth * factor + np.where(waivable, 0, haul),
            np.where(waivable, haul, 0),
            np.array([0.5 if tier.den > 1 else 0 for tier in tiers]) * factor,
        )


def _reaches(tiers: Sequence[Tier]) -> list[int]:
    """For each tier, the last pack up to which its price is no less than what the line really costs."""
    reaches = [tier.hi for tier in tiers]
    for place in range(len(tiers) - 2, -1, -1):
        now, later = tiers[place], tiers[place + 1]
        if now.line == later.line and later.lo == now.hi + 1 and later.num * now.den <= now.num * later.den:
            reaches[place] = reaches[place + 1]
    return reaches


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def first_candidates(tariff: Tariff) -> list[Candidate]:
    """For each good: the cheapest single line of each supplier, and the best splits over two lines."""
    groups: list[list[int]] = [[] for _ in tariff.market.items]
    for number, item in enumerate(tariff.item.tolist()):
        groups[item].append(number)
    found: list[Candidate] = []
    for item, group in enumerate(groups):
        own, required = np.array(group, dtype=np.int64), tariff.market.required[item]
        found += _of_item(tariff, item, own, required) or [_filled(tariff, item, own, required)]
    return found


def _filled(tariff: Tariff, item: int, own: Ints, required: int) -> Candidate:
    """A purchase over as many lines as it takes, each as far as it goes, the cheapest rate first."""
    most = {int(tariff.line[tier]): int(tier) for tier in own[np.argsort(tariff.hi[own], kind="stable")]}
    rate = {tier: tariff.per_pack[tier] / tariff.pack[tier] for tier in most.values()}
    packs: dict[int, int] = {}
    for tier in sorted(rate, key=lambda each: (rate[each], each)):
        if required <= 0:
            break
        needed = -(-required // int(tariff.pack[tier]))
        packs[tier] = min(int(tariff.hi[tier]), max(int(tariff.lo[tier]), needed))
        required -= packs[tier] * int(tariff.pack[tier])
    return Candidate(item, tuple(sorted(packs.items())))


def _of_item(tariff: Tariff, item: int, own: Ints, required: int) -> list[Candidate]:
    supplier, pack, lo, hi = tariff.supplier[own], tariff.pack[own], tariff.lo[own], tariff.hi[own]
    price = tariff.per_pack[own]
    packs = np.maximum(lo, -(-required // pack))
    cost = np.where(packs <= hi, price * packs, np.inf)
    best: dict[int, int] = {}
    for place in np.argsort(cost, kind="stable").tolist():
        if cost[place] < np.inf:
            best.setdefault(int(supplier[place]), place)
    found = [Candidate(item, ((int(own[place]), int(packs[place])),)) for place in best.values()]
    alone = np.full(int(supplier.max()) + 1, np.inf)
    for number, place in best.items():
        alone[number] = cost[place]
    return found + _pairs(tariff, item, own, required, alone)


def _pairs(tariff: Tariff, item: int, own: Ints, required: int, alone: Floats) -> list[Candidate]:
    """A line as far as it goes without covering the need (or just to its tier), and another one for the rest."""
    supplier, line, pack, lo = tariff.supplier[own], tariff.line[own], tariff.pack[own], tariff.lo[own]
    hi, price = tariff.hi[own], tariff.per_pack[own]
    most = np.minimum(hi, -(-required // pack) - 1)
    firsts = np.flatnonzero(most >= lo)
    first = np.concatenate([firsts, firsts])
    taken = np.concatenate([most[firsts], lo[firsts]])
    rest = required - taken * pack[first]
    packs = np.maximum(lo[None, :], -(-rest[:, None] // pack[None, :]))
    allowed = (packs <= hi[None, :]) & (line[None, :] != line[first][:, None])
    cost = np.where(allowed, packs * price[None, :], np.inf) + (taken * price[first])[:, None]
    # A split that is dearer than one of its suppliers alone is of no use.
    limit = np.minimum(alone[supplier[first]][:, None], alone[supplier][None, :])
    rows, columns = np.nonzero((cost < limit) & (cost < np.inf))
    found: list[Candidate] = []
    seen: set[tuple[int, int]] = set()
    for place in np.argsort(cost[rows, columns], kind="stable").tolist():
        row, column = int(rows[place]), int(columns[place])
        one, two = int(supplier[first[row]]), int(supplier[column])
        if (min(one, two), max(one, two)) in seen:
            continue
        seen.add((min(one, two), max(one, two)))
        split = sorted([(int(own[first[row]]), int(taken[row])), (int(own[column]), int(packs[row, column]))])
        found.append(Candidate(item, tuple(split)))
        if len(found) == PAIRS_KEPT:
            break
    return found


class Pool:
    """Candidates as arrays, by good and then by cost; `entry_*` has one row for each supplier of a candidate."""

    def __init__(self, tariff: Tariff, candidates: Iterable[Candidate]) -> None:
        self.tariff = tariff
        listed = list(dict.fromkeys(candidates))
        costs = [sum(packs * tariff.per_pack[tier] for tier, packs in each.packs) for each in listed]
        order = sorted(range(len(listed)), key=lambda place: (listed[place].item, costs[place]))
        self.candidates = [listed[place] for place in order]
        self.cost = np.array([costs[place] for place in order], dtype=np.float64)
        self.item = _ints(each.item for each in self.candidates)
        goods = len(tariff.market.items)
        self.item_start = np.searchsorted(self.item, np.arange(goods))
        self.item_size = np.diff(np.append(self.item_start, len(self.candidates)))
        self._make_entries()

    def _make_entries(self) -> None:
        worth, per_pack, haul = self.tariff.worth, self.tariff.per_pack, self.tariff.haul
        supplier_of = self.tariff.supplier.tolist()
        rows: list[tuple[int, int, float, float, float]] = []
        starts: list[int] = []
        for number, each in enumerate(self.candidates):
            starts.append(len(rows))
            sums: dict[int, list[float]] = {}
            for tier, packs in each.packs:
                entry = sums.setdefault(supplier_of[tier], [0.0, 0.0, 0.0])
                entry[0] += packs * worth[tier]
                entry[1] += packs * per_pack[tier]
                entry[2] += packs * haul[tier]
            rows.extend((number, supplier, a, b, c) for supplier, (a, b, c) in sums.items())
        self.start = np.array(starts, dtype=np.int64)
        self.entry_candidate = _ints(row[0] for row in rows)
        self.entry_supplier = _ints(row[1] for row in rows)
        self.entry_worth = np.array([row[2] for row in rows])
        self.entry_cost = np.array([row[3] for row in rows])
        self.entry_haul = np.array([row[4] for row in rows])
        self.size = np.diff(np.append(self.start, len(rows)))
        suppliers = len(self.tariff.market.terms)
        pairs = self.item[self.entry_candidate] * suppliers + self.entry_supplier
        links, self.entry_link = np.unique(pairs, return_inverse=True)
        self.link_supplier = links % suppliers
        self.link_of = {int(pair): number for number, pair in enumerate(links)}
        self.links = len(links)

    def __len__(self) -> int:
        return len(self.candidates)

    def entries_of(self, chosen: Ints) -> Ints:
        """The entries of the chosen candidates."""
        sizes = self.size[chosen]
        offsets: Ints = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return offsets + np.repeat(self.start[chosen], sizes)

    def with_more(self, candidates: Sequence[Candidate]) -> Pool:
        """A pool that also holds the given candidates."""
        return Pool(self.tariff, [*self.candidates, *candidates])


def purchase_of(market: Market, candidates: Iterable[Candidate]) -> dict[int, int]:
    """Packs of each line when these candidates are bought."""
    purchase: dict[int, int] = defaultdict(int)
    tiers: Sequence[Tier] = market.tiers
    for each in candidates:
        for tier, packs in each.packs:
            purchase[tiers[tier].line] += packs
    return dict(purchase)
