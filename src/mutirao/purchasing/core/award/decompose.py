# SPDX-License-Identifier: AGPL-3.0-or-later
"""Large award problems: prices that give a bound, candidates they ask for, good splits, and the gap between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mutirao.purchasing.core.award.bound import Orders, Prices, Relaxation, Verified
from mutirao.purchasing.core.award.deliver import deliver, lifted
from mutirao.purchasing.core.award.market import Market
from mutirao.purchasing.core.award.pool import Pool, Tariff, first_candidates, purchase_of
from mutirao.purchasing.core.award.search import CLOSED, PAID, WAIVED, Modes, Plan, Search
from mutirao.purchasing.core.award.settle import Purchase, settle
from mutirao.purchasing.core.award.timer import Timer

_FIRST_ROUNDS = 200
_ROUNDS = 800
_CYCLES = 4
_STARTS = (1.0, 1.5, 0.7)
"""How many suppliers local search begins with, as a share of those in the bound's own split."""
_KICKS = 10
"""Suppliers whose place in the best plan is turned round, to search on from there."""
_DELIVERED = 5
"""Plans that are worked out to the last pack; the cheapest is the answer."""


@dataclass(frozen=True, slots=True)
class Decomposed:
    """The best purchase found (None when there is none) and what nothing can be below, in weighed units."""

    purchase: Purchase | None
    bound: float
    regret: tuple[float, ...] = ()
    """By tier: what a split that uses it weighs more than `regret_over`, at the least. Empty where not known."""
    regret_over: float = 0.0


def decompose(market: Market, serving: Sequence[int], timer: Timer) -> Decomposed:
    """A good split and a bound, within the timer's limit as far as that goes.

    `serving` are suppliers who can serve everything and are no more than may be ordered from.
    """
    return _Decomposition(market, serving, timer).run()


class _Decomposition:
    """The work on one market: pool, prices, plans, the bound."""

    def __init__(self, market: Market, serving: Sequence[int], timer: Timer) -> None:
        self.market, self.timer = market, timer
        tariff = Tariff.of(market)
        self.pool = Pool(tariff, first_candidates(tariff))
        self.orders = Orders.of(self.pool)
        self.relaxation = Relaxation(self.pool, self.orders)
        self.bound = 0.0
        self.verified: Verified | None = None
        self.serving = np.zeros(len(market.terms), dtype=np.int8)
        self.serving[list(serving)] = PAID

    def run(self) -> Decomposed:
        """Prices, plans, better prices with the candidates they ask for, better plans, and the best one delivered."""
        cheapest = float(self.pool.cost[self.pool.item_start].sum())
        prices = self.relaxation.improve(self.relaxation.start(), 1.05 * cheapest, _FIRST_ROUNDS)
        plan = self._planned(Search(self.pool, self.orders, lambda: self.timer.past(0.25)), prices, None)
        prices = self._priced(prices, plan)
        search = Search(self.pool, self.orders, lambda: self.timer.past(0.85))
        plan = self._planned(search, prices, plan)
        plan = self._kicked(search, prices, plan)
        purchases = [self._delivered(each) for each in (plan, *search.ranked(_DELIVERED))]
        best = self._least([each for each in purchases if each is not None])
        if self.verified is None:
            return Decomposed(best, self.bound)
        return Decomposed(best, self.bound, tuple(self.verified.regret.tolist()), self.verified.bound)

    def _planned(self, search: Search, prices: Prices, known: Plan | None) -> Plan:
        """The best plan that local search finds from a known one, and from what the prices suggest."""
        starts = [_suggested(prices, self.orders, share) for share in _STARTS]
        if known is not None:
            starts.insert(0, known.modes)
        free = np.ones(len(self.orders.opening), dtype=bool)
        best = search.improve(search.judged(starts[0], prices.pull), free)
        for modes in (*starts[1:], self.serving):
            if modes is self.serving and not best.lacking:
                break
            if best.lacking or not search.enough():
                plan = search.improve(search.judged(modes, prices.pull), free)
                best = plan if plan.better_than(best) else best
        return best

    def _kicked(self, search: Search, prices: Prices, best: Plan) -> Plan:
        """The best plan found from plans that differ from the best one in a supplier the prices are least sure of."""
        for supplier in np.argsort(np.abs(prices.reduced), kind="stable")[:_KICKS].tolist():
            if search.enough():
                break
            modes = best.modes.copy()
            modes[supplier] = PAID if modes[supplier] == CLOSED else CLOSED
            if int((modes > CLOSED).sum()) > self.orders.limit:
                continue
            free = np.ones(len(modes), dtype=bool)
            free[supplier] = False
            plan = search.improve(search.judged(modes, best.pull), free)
            best = plan if plan.better_than(best) else best
        return best

    def _priced(self, prices: Prices, plan: Plan) -> Prices:
        """Prices whose bound holds for all purchases: the pool gets the candidates that they ask for and it lacks."""
        for cycle in range(_CYCLES):
            prices = self.relaxation.improve(prices, plan.cost, _ROUNDS)
            self.verified = self.relaxation.verified(prices)
            self.bound = max(self.bound, self.verified.bound)
            better = self.verified.better
            if not better or self.timer.past(0.6) or cycle + 1 == _CYCLES:
                break
            old, self.pool = self.pool, self.pool.with_more(better)
            self.relaxation = Relaxation(self.pool, self.orders)
            prices = self.relaxation.carried(prices, old)
        return prices

    def _delivered(self, plan: Plan) -> Purchase | None:
        """The cheapest exact purchase by a plan: with every minimum held, and with freight waived as planned too."""
        if plan.lacking:
            return None
        purchase = purchase_of(self.market, deliver(self.pool, self.orders, plan))
        minimums = {supplier: terms.minimum for supplier, terms in enumerate(self.market.terms)}
        waivers = {s: terms.threshold for s, terms in enumerate(self.market.terms) if plan.modes[s] == WAIVED}
        tried = [lifted(self.market.tiers, purchase, wanted) for wanted in (minimums, minimums | waivers)]
        return self._least([each for each in tried if each is not None and self.market.holds(each)])

    def _least(self, purchases: Sequence[Purchase]) -> Purchase | None:
        problem = self.market.problem
        return min(purchases, key=lambda purchase: self.market.weigh(settle(problem, purchase)), default=None)


def _suggested(prices: Prices, orders: Orders, share: float) -> Modes:
    """Orders to the suppliers in the bound's own split, or to `share` times as many."""
    count = min(orders.limit, max(1, round(share * int((prices.reduced < 0).sum()))))
    chosen = np.argsort(prices.reduced, kind="stable")[:count]
    can = np.isfinite(orders.free_from)
    waived = can & (prices.pull * (np.where(can, orders.free_from, 0) - orders.minimum) < orders.saved)
    modes = np.zeros(len(prices.reduced), dtype=np.int8)
    modes[chosen] = np.where(waived[chosen], WAIVED, PAID)
    return modes
