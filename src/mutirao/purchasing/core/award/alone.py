# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each enterprise would pay buying alone, from the same quotes: packs, minimums and freight all to itself.

An enterprise alone is an award problem of its own, but there may be thousands. So all are first solved by a quick
rule: one line a good, suppliers added, dropped and exchanged while that is cheaper. Its cost is never too low, and a
bound says how much too high it may be. Then, while time lasts, small ones are proved one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from mutirao.purchasing.core.award.deliver import lifted
from mutirao.purchasing.core.award.market import Tier, all_tiers, in_step, steps_of
from mutirao.purchasing.core.award.pool import Bools, Floats, Ints
from mutirao.purchasing.core.award.problem import AwardProblem, AwardResult, ItemNeed, Order, Quote, Status, Unserved
from mutirao.purchasing.core.award.settle import order_of
from mutirao.purchasing.core.award.solve import award
from mutirao.purchasing.core.award.timer import Clock, Timer

PROVED = 300
"""An enterprise is worth proving up to so many tiers of the goods that it needs."""
_SECONDS_EACH = 2.0
_FAR = 2**52
_PASSES = 12


def buy_alone(
    quotes: Sequence[Quote],
    needs: Mapping[str, Sequence[ItemNeed]],
    *,
    prove: bool = True,
    time_limit: float = 20.0,
    clock: Clock | None = None,
) -> dict[str, AwardResult]:
    """For each enterprise what its own needs cost it alone, by enterprise, in the order given.

    The network's weights (preferences, a limit or a cost of suppliers) are not looked at: nobody alone has them. A
    minimum order is reached by buying more than is needed, as in any award. `time_limit` holds, with a clock, for what
    is proved after the quick rule; without one, all small enterprises are proved. Without `prove` only those that the
    quick rule finds nothing for are solved.
    """
    timer = Timer(time_limit, clock)
    plain = tuple(replace(quote, preference=0) for quote in quotes)
    offers = _Offers(plain, needs)
    results = {who: offers.bought(own) for who, own in needs.items()}
    for who, own in needs.items():
        if results[who].status == Status.OPTIMAL or timer.past(1.0):
            continue
        problem = AwardProblem(tuple(own), _wanted(plain, own))
        size = sum(len(line.breaks) for quote in problem.quotes for line in quote.lines)
        if (prove and size <= PROVED) or results[who].status == Status.UNKNOWN:
            results[who] = _better(results[who], award(problem, time_limit=_SECONDS_EACH, clock=clock))
    return results


def _wanted(quotes: Sequence[Quote], needs: Sequence[ItemNeed]) -> tuple[Quote, ...]:
    """The quotes with the lines of needed goods only."""
    items = {need.item for need in needs if need.quantity}
    cut = [replace(quote, lines=tuple(line for line in quote.lines if line.item in items)) for quote in quotes]
    return tuple(quote for quote in cut if quote.lines)


def _better(one: AwardResult, other: AwardResult) -> AwardResult:
    """The cheaper of two answers to one problem; with the smaller gap where they cost the same."""
    if not other.orders and one.orders:
        return one
    if not one.orders or other.total < one.total:
        return other
    return min(one, other, key=lambda each: (each.total, each.gap if each.gap is not None else 1.0))


@dataclass(frozen=True, slots=True)
class _Bought:
    """One enterprise's table: cost of each good from each supplier (infinite where none), and the tier and packs."""

    cost: Floats
    floor: Floats
    tier: Ints
    packs: Ints


class _Offers:
    """All quotes as arrays, for any enterprise's needs."""

    def __init__(self, quotes: tuple[Quote, ...], needs: Mapping[str, Sequence[ItemNeed]]) -> None:
        quantities: dict[str, set[Decimal]] = defaultdict(set)
        for own in needs.values():
            for need in own:
                quantities[need.item].add(need.quantity)
        self.quotes = quotes
        self.step = steps_of(quantities, quotes)
        self.number = {item: place for place, item in enumerate(quantities)}
        self.tiers = all_tiers(quotes, quantities, self.step)
        self.place_of = [(s, place) for s, quote in enumerate(quotes) for place in range(len(quote.lines))]
        groups: list[list[int]] = [[] for _ in quantities]
        self.of_cell: dict[tuple[int, int], list[Tier]] = defaultdict(list)
        for number, tier in enumerate(self.tiers):
            groups[tier.item].append(number)
            self.of_cell[tier.item, tier.supplier].append(tier)
        self.of_item = [np.array(group, dtype=np.int64) for group in groups]
        tiers = self.tiers
        self.supplier = np.array([tier.supplier for tier in tiers], dtype=np.int64)
        self.pack = np.array([min(tier.pack, _FAR) for tier in tiers], dtype=np.int64)
        self.lo = np.array([min(tier.lo, _FAR) for tier in tiers], dtype=np.int64)
        self.hi = np.array([min(tier.hi, _FAR) for tier in tiers], dtype=np.int64)
        self.price = np.array([tier.num / tier.den for tier in tiers], dtype=np.float64)
        haul = [float(tier.haul) if quotes[tier.supplier].free_freight_from is None else 0.0 for tier in tiers]
        self.haul = np.array(haul, dtype=np.float64)
        self.minimum = np.array([quote.minimum_order for quote in quotes], dtype=np.float64)
        self.freight = np.array([quote.freight for quote in quotes], dtype=np.float64)
        free = [np.inf if quote.free_freight_from is None else quote.free_freight_from for quote in quotes]
        self.free_from = np.maximum(self.minimum, np.array(free, dtype=np.float64))

    def bought(self, needs: Sequence[ItemNeed]) -> AwardResult:
        """One enterprise by the quick rule: UNKNOWN where that finds nothing."""
        wanted: dict[str, Decimal] = defaultdict(Decimal)
        for need in needs:
            wanted[need.item] += need.quantity
        unserved, items, steps = [], [], []
        for item, quantity in wanted.items():
            if quantity and len(self.of_item[self.number[item]]):
                items.append(self.number[item])
                steps.append(in_step(self.step[item], quantity))
            elif quantity:
                unserved.append(Unserved(item, quantity))
        if not items:
            return AwardResult(Status.OPTIMAL, 0.0, Decimal(0), (), tuple(unserved))
        table = self._table(items, np.array(steps, dtype=np.int64))
        if not np.isfinite(table.cost).any(axis=1).all():
            return AwardResult(Status.UNKNOWN, None, Decimal(0), (), tuple(unserved))
        chosen = self._chosen(table.cost)
        orders = self._orders(items, table, chosen)
        if orders is None:
            return AwardResult(Status.UNKNOWN, None, Decimal(0), (), tuple(unserved))
        total = sum(order.goods + order.freight for order in orders)
        bound = self._bound(table) - 0.5 * (len(items) + len(self.quotes))
        proved = total - max(0.0, bound) < 1
        gap = 0.0 if proved else (total - max(0.0, bound)) / total
        status = Status.OPTIMAL if proved else Status.FEASIBLE
        return AwardResult(status, gap, Decimal(total), orders, tuple(unserved))

    def _table(self, items: list[int], steps: Ints) -> _Bought:
        own = [self.of_item[item] for item in items]
        tiers = np.concatenate(own)
        row = np.repeat(np.arange(len(items)), [len(group) for group in own])
        need = steps[row]
        lo, pack, supplier = self.lo[tiers], self.pack[tiers], self.supplier[tiers]
        packs = np.maximum(lo, -(-need // pack))
        cost = np.where(packs <= self.hi[tiers], packs * (self.price[tiers] + self.haul[tiers]), np.inf)
        share = np.where(lo * pack >= need, lo, need / pack)
        least = share * (self.price[tiers] + self.haul[tiers])
        shape = (len(items), len(self.quotes))
        cell = row * shape[1] + supplier
        table = _Bought(np.full(shape, np.inf), np.full(shape, np.inf), np.zeros(shape, int), np.zeros(shape, int))
        order = np.argsort(-cost, kind="stable")  # of several lines for one cell the cheapest is written last
        table.cost.flat[cell[order]] = cost[order]
        table.tier.flat[cell[order]] = tiers[order]
        table.packs.flat[cell[order]] = packs[order]
        np.minimum.at(table.floor.reshape(-1), cell, least)
        return table

    def _order_cost(self, goods: Floats, supplier: Ints) -> Floats:
        """Orders with freight, lifted to the minimum or to where freight is waived; the last axis is `supplier`."""
        minimum, free_from = self.minimum[supplier], self.free_from[supplier]
        lifted_to = np.maximum(goods, minimum)
        paid = np.where(lifted_to >= free_from, lifted_to, lifted_to + self.freight[supplier])
        cost: Floats = np.where(goods > 0, np.minimum(paid, np.maximum(goods, free_from)), 0)
        return cost

    def _chosen(self, cost: Floats) -> Ints:
        """The supplier of each good: from few suppliers on, one added, dropped or exchanged at a time."""
        opened = self._first(cost)
        value = self._value(cost, opened)
        while True:
            changes = [self._with_one_more(cost, opened)]
            for supplier in np.flatnonzero(opened).tolist():
                without = opened.copy()
                without[supplier] = False
                changes += [(self._value(cost, without), without), self._with_one_more(cost, without)]
            least, change = min(changes, key=lambda each: each[0])
            if not least < value - 1e-6:
                break
            value, opened = least, change
        return np.asarray(np.argmin(np.where(opened, cost, np.inf), axis=1), dtype=np.int64)

    def _first(self, cost: Floats) -> Bools:
        """Few suppliers who have everything: each time the one with the least cost for a good that is still lacking."""
        opened = np.zeros(cost.shape[1], dtype=bool)
        lacking = np.ones(len(cost), dtype=bool)
        everybody = np.arange(cost.shape[1])
        while lacking.any():
            has = np.isfinite(cost) & lacking[:, None]
            count = has.sum(axis=0)
            each = self._order_cost(np.where(has, cost, 0.0).sum(axis=0), everybody) / np.maximum(1, count)
            best = int(np.argmin(np.where(count > 0, each, np.inf)))
            opened[best] = True
            lacking &= ~has[:, best]
        return opened

    def _value(self, cost: Floats, opened: Bools) -> float:
        """What everything costs from these suppliers; infinite where they lack a good."""
        placed = np.flatnonzero(opened)
        if not len(placed):
            return float("inf")
        least, place = cost[:, placed].min(axis=1), cost[:, placed].argmin(axis=1)
        if not np.isfinite(least).all():
            return float("inf")
        goods = np.bincount(place, least, len(placed)).astype(np.float64)
        return float(self._order_cost(goods, placed).sum())

    def _with_one_more(self, cost: Floats, opened: Bools) -> tuple[float, Bools]:
        """The best supplier to add: what everything then costs, and the suppliers."""
        placed, free = np.flatnonzero(opened), np.flatnonzero(~opened)
        if not len(free):
            return float("inf"), opened
        offered = cost[:, free]
        least = cost[:, placed].min(axis=1) if len(placed) else np.full(len(cost), np.inf)
        moves = offered < least[:, None]
        total = self._order_cost(np.where(moves, offered, 0.0).sum(axis=0), free)
        total[(~np.isfinite(least)[:, None] & ~moves).any(axis=0)] = np.inf
        if len(placed):
            current = np.where(np.isfinite(least), least, 0.0)
            holder = np.zeros((len(placed), len(cost)))
            holder[cost[:, placed].argmin(axis=1), np.arange(len(cost))] = current
            total += self._order_cost((holder @ ~moves).T, placed).sum(axis=1)
        best = int(np.argmin(total))
        with_it = opened.copy()
        with_it[free[best]] = True
        return float(total[best]), with_it

    def _orders(self, items: list[int], table: _Bought, chosen: Ints) -> tuple[Order, ...] | None:
        """The exact orders, with more packs where a minimum is not reached or where waived freight pays for them."""
        rows = np.arange(len(chosen))
        purchase = {
            self.tiers[tier].line: packs
            for tier, packs in zip(table.tier[rows, chosen].tolist(), table.packs[rows, chosen].tolist(), strict=True)
        }
        orders = []
        for supplier in sorted(set(chosen.tolist())):
            quote = self.quotes[supplier]
            packs = {line: count for line, count in purchase.items() if self.place_of[line][0] == supplier}
            tiers = [tier for item in items for tier in self.of_cell.get((item, supplier), ())]
            wanted = {quote.minimum_order, max(quote.minimum_order, quote.free_freight_from or 0)}
            tried = [self._order(quote, tiers, packs, threshold, supplier) for threshold in sorted(wanted)]
            possible = [order for order in tried if order is not None]
            if not possible:
                return None
            orders.append(min(possible, key=lambda order: order.goods + order.freight))
        return tuple(orders)

    def _order(
        self, quote: Quote, tiers: list[Tier], packs: dict[int, int], threshold: int, supplier: int
    ) -> Order | None:
        more = lifted(tiers, packs, {supplier: threshold})
        if more is None:
            return None
        return order_of(quote, {self.place_of[line][1]: count for line, count in more.items()})

    def _bound(self, table: _Bought) -> float:
        """What no purchase costs less than: goods at their floor, and what orders add to it.

        Of an order, at most all goods at that supplier's floor are of use; so it adds at least what lifting that value
        to the minimum and freight add. Which orders are placed is bounded by dual ascent. Source: Erlenkotter, "A
        dual-based procedure for uncapacitated facility location", 1978.
        """
        useful = np.where(np.isfinite(table.floor), table.floor, 0).sum(axis=0)
        adds = self._order_cost(useful, np.arange(len(useful))) - useful
        floor = table.floor
        value = floor.min(axis=1)
        left = adds.copy()
        for step in range(_PASSES):
            for good in np.argsort(value, kind="stable").tolist():
                # What a value is above a floor is taken from what that order adds; it may rise until one is used up.
                level = np.maximum(value[good], floor[good])
                rise = max(0.0, float((level + left).min()) - value[good]) / (_PASSES - step)
                left -= np.maximum(0, value[good] + rise - level)
                value[good] += rise
        return float(value.sum())
