# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each enterprise would have paid buying alone, from the same quotes, with packs, minimums and freight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from mutirao.purchasing.core.award.alone import buy_alone
from mutirao.purchasing.core.award.problem import ItemNeed
from mutirao.purchasing.models import Allocation, PurchaseRound, Quote
from mutirao.purchasing.queries.award import core_quotes, quotes_in_force, quotes_of
from mutirao.purchasing.queries.settings import settings_of
from mutirao.purchasing.queries.sharing import needs_by_good


@dataclass(frozen=True, slots=True)
class Alone:
    """Costs by participation id in minor units; those who could not buy everything alone are in `not_possible`."""

    costs: Mapping[int, int]
    not_possible: frozenset[int]


def alone_by_participation(round_: PurchaseRound) -> Alone:
    """What each would pay alone for what it asked, by the quick rule: the same on every machine, and soon."""
    asked: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for good_id, needs in needs_by_good(round_).items():
        for need in needs:
            asked[int(need.who)][good_id] = need.quantity
    return _alone(round_, asked, quotes_in_force(round_), prove=False)


def alone_costs(round_: PurchaseRound) -> dict[int, int]:
    """What each would have paid alone for what it was granted in the end, minor units by participation id."""
    granted: dict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = Allocation.objects.filter(good__round=round_, stage=Allocation.Stage.RECEIVED, granted__gt=0)
    for participation_id, good_id, amount in rows.values_list("participation_id", "good_id", "granted"):
        granted[participation_id][good_id] = amount
    # The quotes that the round bought by, though their validity may have ended since.
    return dict(_alone(round_, granted, quotes_of(round_), prove=True).costs)


def _alone(
    round_: PurchaseRound,
    amounts: Mapping[int, Mapping[int, Decimal]],
    rows: list[Quote],
    *,
    prove: bool,
) -> Alone:
    goods = {good_id for of_one in amounts.values() for good_id in of_one}
    quotes = core_quotes(rows, settings=settings_of(round_.network_id), goods=goods)
    if not quotes:
        return Alone({}, frozenset(amounts))
    needs = {
        str(pk): [ItemNeed(str(good_id), amount) for good_id, amount in of_one.items()]
        for pk, of_one in amounts.items()
    }
    results = buy_alone(quotes, needs, prove=prove)
    costs = {int(pk): found.total for pk, found in results.items() if found.orders and not found.unserved}
    return Alone(costs, frozenset(amounts) - frozenset(costs))
