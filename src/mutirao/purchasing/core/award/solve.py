# SPDX-License-Identifier: AGPL-3.0-or-later
"""The least landed cost: the whole problem at once where it is small, by decomposition where it is large."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from mutirao.purchasing.core.award.exact import prove
from mutirao.purchasing.core.award.market import Market, read_market
from mutirao.purchasing.core.award.problem import AwardProblem, AwardResult, Status
from mutirao.purchasing.core.award.settle import Purchase, settle

Clock = Callable[[], float]
"""Seconds that only grow, such as time.monotonic."""


def award(problem: AwardProblem, *, time_limit: float = 20.0, clock: Clock | None = None) -> AwardResult:
    """The split of goods among suppliers with the least weighed landed cost that is found in `time_limit` seconds.

    Without a clock only the branch and bound is held to the limit. The answer says whether it is proved optimal,
    and otherwise the gap within which the least cost lies.
    """
    market = read_market(problem)
    if not market.items:
        return as_result(market, {}, bound=0.0)
    proof = prove(market, time_limit=time_limit)
    if proof.infeasible:
        return no_result(market, Status.INFEASIBLE)
    if proof.purchase is None or not market.holds(proof.purchase):
        return no_result(market, Status.UNKNOWN)
    return as_result(market, proof.purchase, bound=proof.bound)


def as_result(market: Market, purchase: Purchase, *, bound: float) -> AwardResult:
    """The answer that a purchase is, where no split weighs less than `bound` (in weighed units).

    Weighed costs are whole units, so a purchase less than one unit above the bound is the least.
    """
    orders = settle(market.problem, purchase)
    weighed = market.weigh(orders)
    proved = weighed - bound < 1
    gap = 0.0 if proved else (weighed - max(0.0, bound)) / weighed
    status = Status.OPTIMAL if proved else Status.FEASIBLE
    return AwardResult(status, gap, Decimal(weighed) / market.unit, orders, market.unserved)


def no_result(market: Market, status: Status) -> AwardResult:
    """The answer that there is no split, or that none was found."""
    return AwardResult(status, None, Decimal(0), (), market.unserved)
