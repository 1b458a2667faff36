# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who delivers what, to the last pack, once it is settled which orders are placed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from mutirao.purchasing.core.award.bound import Orders
from mutirao.purchasing.core.award.market import Tier
from mutirao.purchasing.core.award.pool import Candidate, Floats, Ints, Pool
from mutirao.purchasing.core.award.search import CLOSED, PAID, WAIVED, Plan

_CHOICES = 6
"""Candidates of each good that are chosen among, the best by priced cost."""
_DEAR = 3.0
"""What may be lost, at the most, for each minor unit that lifts an order; else packs that nobody needs are bought."""


@dataclass(frozen=True, slots=True)
class Choices:
    """A few candidates of each good, what they cost under a plan, and what each adds to each placed order."""

    numbers: Ints
    good: Ints
    cost: Floats
    worth: Floats
    """Candidates × placed orders, minor units."""
    placed: Ints
    threshold: Floats
    factor: Floats

    @classmethod
    def of(cls, pool: Pool, orders: Orders, plan: Plan) -> Choices:
        """The choices of a plan that serves all goods."""
        numbers = _best_few(pool, plan)
        placed = np.flatnonzero(plan.modes > CLOSED)
        column = np.full(len(plan.modes), -1)
        column[placed] = np.arange(len(placed))
        row = np.full(len(pool), -1)
        row[numbers] = np.arange(len(numbers))
        entries = pool.entries_of(numbers)
        supplier, rows = pool.entry_supplier[entries], row[pool.entry_candidate[entries]]
        worth = np.zeros((len(numbers), len(placed)))
        worth[rows, column[supplier]] = pool.entry_worth[entries]
        cost = pool.cost[numbers].copy()
        np.add.at(cost, rows, np.where(plan.modes[supplier] == PAID, pool.entry_haul[entries], 0))
        waived = plan.modes[placed] == WAIVED
        threshold = np.where(waived, orders.free_from[placed], orders.minimum[placed])
        return cls(numbers, pool.item[numbers], cost, worth, placed, threshold, orders.factor[placed])


def _best_few(pool: Pool, plan: Plan) -> Ints:
    blocked = np.add.reduceat(plan.modes[pool.entry_supplier] == CLOSED, pool.start)
    priced = np.add.reduceat(pool.entry_cost - plan.pull[pool.entry_supplier] * pool.entry_worth, pool.start)
    order = np.lexsort((priced, pool.item))
    order = order[blocked[order] == 0]
    ranks = np.arange(len(order)) - np.searchsorted(pool.item[order], pool.item[order])
    return np.asarray(order[ranks < _CHOICES], dtype=np.int64)


def deliver(pool: Pool, orders: Orders, plan: Plan) -> list[Candidate]:
    """A candidate for every good from the plan's orders.

    Where what is needed is not worth an order's threshold, the difference is left; buying more packs then makes it
    good. Raises: ValueError when the plan cannot serve all goods.
    """
    if plan.lacking:
        raise ValueError(f"{plan.lacking} goods cannot be served by this plan")
    choices = Choices.of(pool, orders, plan)
    return [pool.candidates[choices.numbers[place]] for place in _choose(choices).tolist()]


def _choose(choices: Choices) -> Ints:
    """A choice for each good: the best by priced cost, exchanged at the least loss until orders reach thresholds."""
    first = np.flatnonzero(np.diff(choices.good, prepend=-1))
    chosen = first.copy()
    threshold = choices.threshold + (choices.threshold > 0)  # a minor unit more, for costs that are rounded
    for _ in range(4 * len(chosen)):
        worth = choices.worth[chosen].sum(axis=0)
        lack = np.maximum(0, threshold - worth)
        change = choices.worth - choices.worth[chosen][choices.good]
        loss = choices.cost - choices.cost[chosen][choices.good]
        harmless = ((worth + change >= threshold) | (change >= 0)).all(axis=1)
        gain = np.minimum(change, lack).clip(min=0).sum(axis=1)
        if lack.any():
            rate = np.where(harmless & (gain > 0), loss / np.maximum(gain, 1e-9), np.inf)
            # Losing more than the difference itself is worth is no way to reach a threshold.
            rate[rate > _DEAR * choices.factor.max()] = np.inf
        if not lack.any() or not np.isfinite(rate.min()):
            rate = np.where(harmless & (loss < -1e-6), loss, np.inf)
        best = int(np.argmin(rate))
        if not np.isfinite(rate[best]):
            break
        chosen[choices.good[best]] = best
    return chosen


def lifted(tiers: Iterable[Tier], purchase: Mapping[int, int], thresholds: Mapping[int, int]) -> dict[int, int] | None:
    """The purchase with more packs wherever an order is worth less than its threshold; None where that cannot be."""
    of_supplier: dict[int, list[Tier]] = defaultdict(list)
    for tier in tiers:
        of_supplier[tier.supplier].append(tier)
    more = dict(purchase)
    for supplier, threshold in thresholds.items():
        while missing := _missing(threshold, of_supplier[supplier], more):
            step = _smallest_step(of_supplier[supplier], more, missing)
            if step is None:
                return None
            more[step[0]] = step[1]
    return more


def _missing(threshold: int, tiers: list[Tier], purchase: dict[int, int]) -> int:
    """What an order lacks to its threshold; nothing for an order that is not placed."""
    if not any(purchase.get(tier.line) for tier in tiers):
        return 0
    worth = sum(tier.cost(packs) for tier in tiers if tier.lo <= (packs := purchase.get(tier.line, 0)) <= tier.hi)
    return max(0, threshold - worth)


def _smallest_step(tiers: list[Tier], purchase: dict[int, int], missing: int) -> tuple[int, int] | None:
    """The line and its new packs that add `missing` at the least cost, or as much of it as one line can."""
    current = {
        tier.line: tier.cost(packs) for tier in tiers if tier.lo <= (packs := purchase.get(tier.line, 0)) <= tier.hi
    }
    best: tuple[bool, int, int, int] | None = None
    for tier in tiers:
        now, held = current.get(tier.line, 0), purchase.get(tier.line, 0)
        packs = min(tier.hi, max(tier.lo, held, tier.packs_worth(now + missing)))
        more = tier.cost(packs) - now
        if packs > held and more > 0:
            rank = (more < missing, more if more >= missing else -more, tier.line, packs)
            best = rank if best is None else min(best, rank)
    return None if best is None else (best[2], best[3])
