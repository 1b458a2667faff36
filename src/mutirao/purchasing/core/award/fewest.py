# SPDX-License-Identifier: AGPL-3.0-or-later
"""How few suppliers can serve everything: what a limit on their number must allow."""

from __future__ import annotations

from collections import defaultdict

from mutirao.purchasing.core.award.market import Market
from mutirao.purchasing.core.award.mip import Program

_SECONDS = 10.0


def serving_suppliers(market: Market) -> list[int] | None:
    """Suppliers within the problem's limit who have enough of everything; None when there are none such.

    Minimums are not looked at: what comes back is where to look for a split, and None is proved. Without a limit,
    everybody.
    """
    limit = market.problem.max_suppliers
    everybody = sorted({tier.supplier for tier in market.tiers})
    if limit is None or limit >= len(everybody):
        return everybody
    program = Program()
    column = {supplier: program.column(1.0) for supplier in everybody}
    for item, capacities in enumerate(_capacities(market)):
        required = market.required[item]
        program.row([(column[s], min(1.0, most / required)) for s, most in capacities.items()], lower=1 - 1e-9)
    program.row([(each, 1.0) for each in column.values()], upper=limit)
    solution = program.solve(_SECONDS, within=len(everybody))
    if solution.infeasible:
        return None
    if solution.values is None:
        return everybody[:limit]
    return [supplier for supplier in everybody if solution.values[column[supplier]] > 0.5]


def _capacities(market: Market) -> list[dict[int, int]]:
    """The most steps of each good that each supplier has."""
    of_line: dict[tuple[int, int, int], int] = defaultdict(int)
    for tier in market.tiers:
        key = tier.item, tier.supplier, tier.line
        of_line[key] = max(of_line[key], tier.hi * tier.pack)
    capacities: list[dict[int, int]] = [defaultdict(int) for _ in market.items]
    for (item, supplier, _), most in of_line.items():
        capacities[item][supplier] += most
    return capacities
