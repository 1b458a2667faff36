# SPDX-License-Identifier: AGPL-3.0-or-later
"""The least landed cost: branch and bound on the whole where that is small enough, decomposition where it is not.

Small problems go into one program and are proved. For larger ones the decomposition gives a good split and a bound
quickly; up to a middle size branch and bound then goes on from that split for the time that is left.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import isinf

from mutirao.purchasing.core.award.decompose import Decomposed, decompose
from mutirao.purchasing.core.award.exact import prove
from mutirao.purchasing.core.award.fewest import serving_suppliers
from mutirao.purchasing.core.award.market import Market, read_market
from mutirao.purchasing.core.award.problem import AwardProblem, AwardResult, Status
from mutirao.purchasing.core.award.settle import Purchase, settle
from mutirao.purchasing.core.award.timer import Clock, Timer

SMALL = 500
"""Up to so many tiers the whole problem goes into one program at once."""
MEDIUM = 6000
"""Up to so many tiers it does after the decomposition."""
_FIRST_SHARE = 0.4
"""What the decomposition gets of the time limit when branch and bound is to follow."""
_PRECISE = 2**50
"""Numbers up to which floating point counts packs one by one."""


def award(problem: AwardProblem, *, time_limit: float = 20.0, clock: Clock | None = None) -> AwardResult:
    """The split of goods among suppliers with the least weighed landed cost that is found in `time_limit` seconds.

    Without a clock only the branch and bound is held to the limit. The answer says whether it is proved optimal,
    and otherwise the gap within which the least cost lies.
    """
    timer = Timer(time_limit, clock)
    market = read_market(problem)
    if not market.items:
        return as_result(market, {}, bound=0.0)
    serving = serving_suppliers(market)
    if serving is None:
        return no_result(market, Status.INFEASIBLE)
    precise = _is_precise(market)
    best = Decomposed(None, 0.0)
    if len(market.tiers) <= SMALL or not precise:
        proof = prove(market, time_limit=time_limit / 2)
        if proof.infeasible:
            return no_result(market, Status.INFEASIBLE)
        best = _better(market, best, Decomposed(proof.purchase, proof.bound))
    if precise and not _is_proved(market, best):
        to_follow = len(market.tiers) <= MEDIUM
        found = decompose(market, serving, timer.part(_FIRST_SHARE if to_follow else 1.0))
        best = _better(market, found, best)
        if to_follow and not _is_proved(market, best):
            best = _better(market, best, _searched_on(market, best, max(1.0, timer.left())))
    if best.purchase is None:
        return no_result(market, Status.INFEASIBLE if isinf(best.bound) else Status.UNKNOWN)
    return as_result(market, best.purchase, bound=best.bound)


def _searched_on(market: Market, known: Decomposed, time_limit: float) -> Decomposed:
    """Branch and bound from a known split on, without the tiers that no better split can use."""
    if known.purchase is None:
        proof = prove(market, time_limit=time_limit)
        return Decomposed(proof.purchase, proof.bound)
    weighed = _weighed(market, known.purchase)
    kept = tuple(
        tier
        for tier, regret in zip(market.tiers, known.regret or [0.0] * len(market.tiers), strict=True)
        if known.regret_over + regret < weighed or tier.lo <= known.purchase.get(tier.line, 0) <= tier.hi
    )
    proof = prove(replace(market, tiers=kept), time_limit=time_limit, start=known.purchase)
    # What was left out weighs no less than the known split.
    return Decomposed(proof.purchase, min(proof.bound, weighed))


def _is_precise(market: Market) -> bool:
    return max(*market.required, *(tier.hi * max(tier.pack, tier.num) for tier in market.tiers)) <= _PRECISE


def _better(market: Market, one: Decomposed, other: Decomposed) -> Decomposed:
    """The cheaper purchase that really holds, and the higher bound."""
    purchases = [each for each in (one.purchase, other.purchase) if each is not None and market.holds(each)]
    best = min(purchases, key=lambda purchase: _weighed(market, purchase), default=None)
    return replace(one, purchase=best, bound=max(one.bound, other.bound))


def _weighed(market: Market, purchase: Purchase) -> int:
    return market.weigh(settle(market.problem, purchase))


def _is_proved(market: Market, found: Decomposed) -> bool:
    """Weighed costs are whole units, so a purchase less than one unit above the bound is the least."""
    return found.purchase is not None and _weighed(market, found.purchase) - found.bound < 1


def as_result(market: Market, purchase: Purchase, *, bound: float) -> AwardResult:
    """The answer that a purchase is, where no split weighs less than `bound` (in weighed units)."""
    orders = settle(market.problem, purchase)
    weighed = market.weigh(orders)
    proved = weighed - bound < 1
    gap = 0.0 if proved else (weighed - max(0.0, bound)) / weighed
    status = Status.OPTIMAL if proved else Status.FEASIBLE
    return AwardResult(status, gap, Decimal(weighed) / market.unit, orders, market.unserved)


def no_result(market: Market, status: Status) -> AwardResult:
    """The answer that there is no split, or that none was found."""
    return AwardResult(status, None, Decimal(0), (), market.unserved)
