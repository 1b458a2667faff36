# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worked tables of docs/algorithms/award.md, computed again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.purchasing.core.tables import rows

from mutirao.purchasing.core.award.problem import AwardProblem, ItemNeed, PriceBreak, Quote, QuoteLine, Status
from mutirao.purchasing.core.award.solve import award


def minor(amount: str) -> int:
    return int(Decimal(amount) * 100)


def breaks(cell: str) -> tuple[PriceBreak, ...]:
    pairs = [part.split(":") for part in cell.split(",")]
    return tuple(PriceBreak(Decimal(start.strip()), Decimal(price.strip())) for start, price in pairs)


@pytest.mark.parametrize("row", rows("award.md", "needed", "pack"), ids=str)
def test_documented_order_to_one_supplier(row):
    line = QuoteLine(
        "good",
        breaks(row["prices"]),
        pack_size=Decimal(row["pack"]),
        available=Decimal(row["available"]) if row["available"] else None,
    )
    quote = Quote(
        "supplier",
        (line,),
        minimum_order=minor(row["minimum"]),
        freight=minor(row["freight"]),
        free_freight_from=minor(row["free from"]) if row["free from"] else None,
    )
    result = award(AwardProblem((ItemNeed("good", Decimal(row["needed"])),), (quote,)))
    assert result.status == Status.OPTIMAL
    (order,) = result.orders
    assert [(line.packs, line.quantity) for line in order.lines] == [(int(row["packs"]), Decimal(row["quantity"]))]
    assert (order.goods, order.freight) == (minor(row["goods"]), minor(row["freight paid"]))
    assert sum(lacking.quantity for lacking in result.unserved) == Decimal(row["unserved"])


@pytest.mark.parametrize("row", rows("award.md", "preference of A", "cost per supplier"), ids=str)
def test_documented_split_between_two_suppliers(row):
    first = (
        QuoteLine("flour", breaks("0: 3.00, 15: 2.50")),
        QuoteLine("sugar", breaks("0: 5.00")),
    )
    problem = AwardProblem(
        (ItemNeed("flour", Decimal(15)), ItemNeed("sugar", Decimal(10))),
        (
            Quote("A", first, freight=500, preference=int(row["preference of A"])),
            Quote("B", (QuoteLine("sugar", breaks("0: 4.00")),), freight=200),
        ),
        max_suppliers=int(row["greatest number"]) if row["greatest number"] else None,
        cost_per_supplier=minor(row["cost per supplier"]),
    )
    result = award(problem)
    said = "; ".join(f"{order.supplier}: {', '.join(line.item for line in order.lines)}" for order in result.orders)
    assert (said, result.total) == (row["orders"], minor(row["total"]))
