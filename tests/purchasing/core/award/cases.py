# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small award problems with everything in them that quotes can hold."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from mutirao.purchasing.core.award.problem import AwardProblem, ItemNeed, PriceBreak, Quote, QuoteLine

PACKS = [Decimal(1), Decimal(2), Decimal(3), Decimal(5), Decimal("0.5"), Decimal("2.5")]
WEIGHTS = [Decimal(0), Decimal("0.37")]


@st.composite
def problems(draw, goods=3, suppliers=4, lines=2):
    """Breaks in any order of price, first breaks above one, odd prices, short supply, minimums, waived freight."""
    items = [f"good {place}" for place in range(draw(st.integers(1, goods)))]
    halves = st.integers(0, 24).map(lambda value: Decimal(value) / 2)
    needs = tuple(ItemNeed(item, draw(halves)) for item in items)
    names = [f"supplier {place}" for place in range(draw(st.integers(1, suppliers)))]
    quotes = tuple(draw(_quotes(name, items, lines)) for name in names)
    return AwardProblem(
        needs,
        quotes,
        max_suppliers=draw(st.sampled_from([None, None, 1, 2])),
        cost_per_supplier=draw(st.sampled_from([0, 0, 150])),
    )


@st.composite
def _quotes(draw, name, items, lines):
    return Quote(
        supplier=name,
        lines=tuple(draw(_lines(draw(st.sampled_from(items)))) for _ in range(draw(st.integers(1, lines)))),
        minimum_order=draw(st.sampled_from([0, 0, 1]) | st.integers(100, 1500)),
        freight=draw(st.just(0) | st.integers(50, 900)),
        freight_per_kg=draw(st.sampled_from([Decimal(0), Decimal(0), Decimal("0.35")])),
        free_freight_from=draw(st.none() | st.integers(0, 2500)),
        preference=draw(st.sampled_from([0, 0, 0, 10])),
    )


@st.composite
def _lines(draw, item):
    starts = draw(st.lists(st.integers(0, 14), min_size=1, max_size=3, unique=True))
    if draw(st.booleans()):
        starts[0] = min(1, *starts[1:], 1)
    scale = draw(st.sampled_from([100, 100, 1000]))
    prices = st.just(0) | st.integers(scale, 4 * scale) | st.integers(scale, 4 * scale)
    return QuoteLine(
        item=item,
        breaks=tuple(PriceBreak(Decimal(start), Decimal(draw(prices)) / scale) for start in sorted(set(starts))),
        pack_size=draw(st.sampled_from(PACKS)),
        available=draw(st.none() | st.integers(0, 15).map(Decimal)),
        unit_weight=draw(st.sampled_from(WEIGHTS)),
    )
