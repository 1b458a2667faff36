# SPDX-License-Identifier: AGPL-3.0-or-later
"""Good splits of large problems: which orders to place and with freight paid or waived, by local search.

A plan says for each supplier: no order, an order that reaches its minimum, or an order that reaches the value from
which freight is waived. Once that is settled, what remains is one candidate for each good and a value that each order
must reach; pricing that value (`pull`, see `bound`) gives a lower bound on the plan's cost which is nearly exact when
goods are many, and plans are compared by it. Who delivers what is then left to a program (see `deliver`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mutirao.purchasing.core.award.bound import Orders
from mutirao.purchasing.core.award.pool import Bools, Floats, Pool

Enough = Callable[[], bool]
"""Whether the time is up."""

Modes = npt.NDArray[np.int8]
CLOSED, PAID, WAIVED = 0, 1, 2

_GLANCE = 6
_LOOK = 300
"""Subgradient steps for a first and for a full judgement of a plan."""
_PATIENCE = 8
_SWAPS_TRIED = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """A mode for each supplier; the goods nobody then serves, what it costs at the least, and the pulls for that."""

    modes: Modes
    lacking: int
    cost: float
    pull: Floats

    def better_than(self, other: Plan) -> bool:
        """Serving more goods comes first, then the cost."""
        return (self.lacking, self.cost) < (other.lacking, other.cost - 1e-6 * abs(other.cost))


class Search:
    """Local search over plans."""

    def __init__(self, pool: Pool, orders: Orders, enough: Enough) -> None:
        self.pool, self.orders, self.enough = pool, orders, enough
        self.waivable = np.isfinite(orders.free_from)
        most = np.zeros(pool.links)
        np.maximum.at(most, pool.entry_link, pool.entry_worth)
        self._most = np.maximum(1.0, np.bincount(pool.link_supplier, most, len(orders.opening)))
        self._seen: dict[bytes, Plan] = {}

    def improve(self, plan: Plan, free: Bools) -> Plan:
        """The best plan that changing the free suppliers one or two at a time leads to."""
        while not self.enough():
            better = self._first_better(plan, self._changes(plan, free)) or self._first_better(
                plan, self._exchanges(plan, free)
            )
            if better is None:
                return plan
            plan = better
        return plan

    def judged(self, modes: Modes, pull: Floats) -> Plan:
        """A plan judged in full, from the given pulls on."""
        key = modes.tobytes()
        if key not in self._seen:
            self._seen[key] = self._judge(modes, pull, _LOOK, np.inf)
        return self._seen[key]

    def ranked(self, count: int) -> list[Plan]:
        """The best plans judged in full so far that serve all goods."""
        complete = [plan for plan in self._seen.values() if not plan.lacking]
        return sorted(complete, key=lambda plan: plan.cost)[:count]

    def _first_better(self, plan: Plan, changes: Iterator[Modes]) -> Plan | None:
        """Glance at all changes, then look at the promising ones, the most promising first."""
        glances = []
        for modes in changes:
            if self.enough():
                break
            if modes.tobytes() not in self._seen:
                glance = self._judge(modes, plan.pull, _GLANCE, plan.cost if not plan.lacking else np.inf)
                if glance.better_than(plan):
                    glances.append(glance)
        for glance in sorted(glances, key=lambda each: (each.lacking, each.cost)):
            full = self.judged(glance.modes, glance.pull)
            if full.better_than(plan):
                return full
            if self.enough():
                break
        return None

    def _options(self, supplier: int) -> tuple[int, ...]:
        return (CLOSED, PAID, WAIVED) if self.waivable[supplier] else (CLOSED, PAID)

    def _changes(self, plan: Plan, free: Bools) -> Iterator[Modes]:
        """Every other mode of every free supplier."""
        full = int((plan.modes > CLOSED).sum()) >= self.orders.limit
        for supplier in np.flatnonzero(free).tolist():
            for mode in self._options(supplier):
                if mode != plan.modes[supplier] and not (full and plan.modes[supplier] == CLOSED):
                    yield _with(plan.modes, {supplier: mode})

    def _exchanges(self, plan: Plan, free: Bools) -> Iterator[Modes]:
        """One order for another, the most promising new ones only."""
        closed = np.flatnonzero(free & (plan.modes == CLOSED)).tolist()
        placed = np.flatnonzero(free & (plan.modes > CLOSED)).tolist()
        openings = []
        for supplier in closed:
            for mode in self._options(supplier)[1:]:
                if not self.enough():
                    glance = self._judge(_with(plan.modes, {supplier: mode}), plan.pull, 1, np.inf)
                    openings.append((glance.lacking, glance.cost, supplier, mode))
        for _, _, supplier, mode in sorted(openings)[:_SWAPS_TRIED]:
            for other in placed:
                yield _with(plan.modes, {supplier: mode, other: CLOSED})

    def _judge(self, modes: Modes, pull: Floats, steps: int, hopeless: float) -> Plan:
        """What a plan costs at the least, by so many subgradient steps; fewer when `hopeless` is reached."""
        orders, opened = self.orders, modes > CLOSED
        fixed = float(orders.opening[opened].sum() - orders.saved[modes == WAIVED].sum())
        threshold = np.where(modes == WAIVED, np.where(self.waivable, orders.free_from, 0), orders.minimum) * opened
        # Whatever is bought, every order costs its threshold.
        best_cost, best_pull = fixed + float(threshold @ orders.factor), pull
        goods = _OpenGoods(self.pool, modes)
        if not goods.count:
            return Plan(modes, goods.lacking, best_cost, pull)
        pull = np.where(threshold > 0, pull, 0)
        step, way, idle = 1.0, np.zeros_like(pull), 0
        for _ in range(steps):
            least, reached = goods.bought_at(pull)
            value = least + fixed + float(pull @ threshold)
            idle = 0 if value > best_cost + 1e-5 * abs(best_cost) else idle + 1
            if value > best_cost:
                best_cost, best_pull, step = value, pull, min(1.0, step * 1.2)
            else:
                step *= 0.7
            lack = np.where((pull <= 0) & (threshold < reached), 0, threshold - reached) * opened
            if idle > _PATIENCE or best_cost >= hopeless or not lack.any():
                break
            # Each pull on the scale of its own supplier: what is lacking of the most that could be bought there.
            way = 0.5 * way + lack / self._most
            pull = np.clip(pull + step * 0.3 * way * orders.factor, 0, 0.999 * orders.factor)
        return Plan(modes, goods.lacking, best_cost, best_pull)


class _OpenGoods:
    """The candidates that a plan's orders can deliver."""

    def __init__(self, pool: Pool, modes: Modes) -> None:
        blocked = np.add.reduceat(modes[pool.entry_supplier] == CLOSED, pool.start)
        numbers = np.flatnonzero(blocked == 0)
        self.count = len(numbers)
        item = pool.item[numbers]
        self._item_start = np.flatnonzero(np.diff(item, prepend=-1))
        self.lacking = len(pool.item_start) - len(self._item_start)
        self._item_size = np.diff(np.append(self._item_start, self.count))
        self._size = pool.size[numbers]
        self._start = np.cumsum(self._size) - self._size
        self._places = np.arange(self.count)
        entries = pool.entries_of(numbers)
        self._supplier = pool.entry_supplier[entries]
        self._suppliers = len(modes)
        self._worth = pool.entry_worth[entries]
        self._cost = pool.entry_cost[entries] + np.where(modes[self._supplier] == PAID, pool.entry_haul[entries], 0)

    def bought_at(self, pull: Floats) -> tuple[float, Floats]:
        """The least priced cost of all goods, and the value that each supplier then delivers."""
        priced = np.add.reduceat(self._cost - pull[self._supplier] * self._worth, self._start)
        least = np.minimum.reduceat(priced, self._item_start)
        at_least = priced <= np.repeat(least, self._item_size)
        chosen = np.minimum.reduceat(np.where(at_least, self._places, self.count), self._item_start)
        sizes = self._size[chosen]
        entries = np.arange(int(sizes.sum())) + np.repeat(self._start[chosen] - np.cumsum(sizes) + sizes, sizes)
        reached: Floats = np.bincount(self._supplier[entries], self._worth[entries], self._suppliers).astype(np.float64)
        return float(least.sum()), reached


def _with(modes: Modes, changes: dict[int, int]) -> Modes:
    changed = modes.copy()
    for supplier, mode in changes.items():
        changed[supplier] = mode
    return changed
