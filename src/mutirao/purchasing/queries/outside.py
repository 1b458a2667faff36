# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rounds bought from suppliers outside the network: the territory asks, to see what could be made inside."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from mutirao.purchasing.models import Allocation, ReceiptLine
from mutirao.territory.core.chain import Bought

Lines = dict[tuple[int, int], tuple[Decimal, int]]


def bought_outside(since: dt.date) -> list[Bought]:
    """Goods received since a day from suppliers that are no enterprise of the network, in three queries.

    Quantities that could be used (received − damaged − returned), the bill's value less credits, in minor units. Where
    a round bought a good both outside and inside, each enterprise is taken to have had the same part of both.
    """
    received = ReceiptLine.objects.filter(receipt__received_on__gte=since, received__gt=0)
    outside = _lines(received.filter(receipt__order__supplier__enterprise__isnull=True))
    if not outside:
        return []
    inside = _lines(received.filter(receipt__order__supplier__enterprise__isnull=False))
    asked: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    granted = Allocation.objects.filter(
        stage=Allocation.Stage.RECEIVED, good_id__in={good for good, _product in outside}, granted__gt=0
    ).values_list("good_id", "good__product_id", "participation__enterprise_id", "granted")
    for good, product, enterprise, quantity in granted:
        from_outside = outside[good, product][0]
        in_all = from_outside + inside.get((good, product), (Decimal(0), 0))[0]
        if in_all > 0:
            part = (quantity * from_outside / in_all).quantize(Decimal("0.000001"))
            asked[product][enterprise] += part
    totals: dict[int, tuple[Decimal, int]] = defaultdict(lambda: (Decimal(0), 0))
    for (_good, product), (quantity, value) in outside.items():
        totals[product] = (totals[product][0] + quantity, totals[product][1] + value)
    return [Bought(product, *totals[product], asked=dict(asked[product])) for product in sorted(totals)]


def _lines(rows: QuerySet[ReceiptLine]) -> Lines:
    """(good, product) → usable quantity and value."""
    sums = (
        rows.values_list("order_line__good_id", "order_line__good__product_id")
        .annotate(
            usable=Sum(F("received") - F("damaged") - F("returned")),
            value=Sum(F("billed_minor") - F("credited_minor")),
        )
        .order_by()
    )
    return {(good, product): (usable, value) for good, product, usable, value in sums}
