# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of each good a round really orders: its needs together, by the packs it comes in and the round's minimum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Min, Q, Sum
from django.db.models.functions import Coalesce

from mutirao.purchasing.core.allocation import Need, packs_to_order
from mutirao.purchasing.models import PurchaseRound, QuoteLine, RoundGood
from mutirao.purchasing.queries.needs import exact

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class GoodToOrder:
    """How a good's needs become an order by the packs it comes in; quantities in the good's unit."""

    good_id: int
    pack_size: Decimal
    asked: Decimal
    tolerance: Decimal
    ordered: Decimal


def smallest_packs(round_: PurchaseRound, *, today: dt.date) -> dict[int, Decimal]:
    """The smallest pack in which each good is offered by a quote in force, by good id."""
    rows = (
        QuoteLine.objects.filter(quote__round=round_, quote__is_withdrawn=False)
        .filter(Q(quote__valid_until=None) | Q(quote__valid_until__gte=today))
        .order_by()
        .values_list("good_id")
        .annotate(smallest=Min("pack_size"))
    )
    return {good_id: exact(smallest) for good_id, smallest in rows}


def orders_by_rule(round_: PurchaseRound, smallest: Mapping[int, Decimal]) -> dict[int, GoodToOrder]:
    """What to order of each good that somebody needs: packs are the good's own, else the smallest that is quoted
    (`smallest`, by good id). One query: how many packs are bought depends on the sums alone."""
    counts = Q(needs__participation__state="answered", needs__quantity__gt=0)
    rows = RoundGood.objects.filter(round=round_).annotate(
        asked=Coalesce(Sum("needs__quantity", filter=counts), ZERO),
        extra=Coalesce(Sum("needs__tolerance", filter=counts), ZERO),
    )
    found = {}
    for good in rows:
        if not good.asked:
            continue
        pack_size = good.pack_size if good.pack_size != 1 else smallest.get(good.pk, good.pack_size)
        asked, extra = exact(good.asked), exact(good.extra)
        packs = packs_to_order(pack_size, [Need("all", asked, extra)], minimum_packs=good.minimum_packs)
        found[good.pk] = GoodToOrder(good.pk, pack_size, asked, extra, packs * pack_size)
    return found
