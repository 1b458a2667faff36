# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quotes as they are read: side by side at the quantity needed, and what to look at twice."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch, QuerySet

from mutirao.catalogue.models import Supplier
from mutirao.kernel.core.money import line_cost_minor
from mutirao.kernel.errors import NotFound
from mutirao.purchasing.models import PriceBreak, PurchaseRound, Quote, QuoteLine
from mutirao.purchasing.queries.needs import ConsolidatedGood, consolidated
from mutirao.purchasing.queries.packs import GoodToOrder, orders_by_rule, smallest_packs

ZERO = Decimal(0)
FAR_OFF = Decimal("0.3")
"""A price that differs from the last one by more than this part is looked at twice."""


def quotes_of(round_: PurchaseRound) -> QuerySet[Quote]:
    """The round's standing quotes with suppliers, lines and breaks, by supplier."""
    rows: QuerySet[Quote] = (
        Quote.objects.filter(round=round_, is_withdrawn=False)
        .select_related("supplier")
        .prefetch_related(_lines())
        .order_by("supplier__name")
    )
    return rows


def _lines() -> Prefetch:  # type: ignore[type-arg]
    return Prefetch(
        "lines",
        QuoteLine.objects.select_related("good__product").order_by("good__position", "good_id", "pk"),
        to_attr="offers",
    )


def quote_for(round_: PurchaseRound, quote_id: int) -> Quote:
    """One quote of a round, with supplier and lines, withdrawn or not. Raises: NotFound."""
    rows = Quote.objects.filter(round=round_, pk=quote_id).select_related("supplier").prefetch_related(_lines())
    found: Quote | None = rows.first()
    if found is None:
        raise NotFound
    found.round = round_
    return found


def earlier_quote(round_: PurchaseRound, supplier: Supplier) -> Quote | None:
    """The supplier's last quote in another round, to begin a new one from."""
    found: Quote | None = (
        Quote.objects.filter(supplier=supplier, round__number__lt=round_.number)
        .select_related("round", "supplier")
        .prefetch_related(_lines())
        .order_by("-round__number", "is_withdrawn", "-pk")
        .first()
    )
    return found


def breaks_of(quotes: list[Quote]) -> dict[int, list[PriceBreak]]:
    """The price breaks of several quotes, by line id, from the smallest quantity on; one query."""
    found: dict[int, list[PriceBreak]] = defaultdict(list)
    rows = PriceBreak.objects.filter(line__quote__in=[quote.pk for quote in quotes]).order_by("line", "from_quantity")
    for step in rows:
        found[step.line_id].append(step)
    return found


def suppliers_to_quote(round_: PurchaseRound) -> QuerySet[Supplier]:
    """Suppliers in use that have no quote in the round, by name."""
    rows: QuerySet[Supplier] = Supplier.objects.filter(is_active=True).exclude(
        pk__in=Quote.objects.filter(round=round_, is_withdrawn=False).values("supplier")
    )
    return rows


# --- side by side ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """What a supplier's line gives for what the round orders of a good: whole packs, as far as available.

    `unit_price` is that of the break which `buys` reaches, None below the first break; `cost_minor` pays what it buys,
    freight apart.
    """

    line_id: int
    brand: str
    pack_size: Decimal
    available: Decimal | None
    buys: Decimal
    unit_price: Decimal | None
    cost_minor: int | None
    covers: bool
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One supplier's offers for one good; none when it did not quote it."""

    quote_id: int
    supplier: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class ComparedGood:
    """A good with every supplier's offers for what the round orders of it by its rule of packs (`ordered`)."""

    good: ConsolidatedGood
    ordered: Decimal
    pack_size: Decimal
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the round orders another quantity than was asked for."""
        return self.ordered != self.good.quantity

    @property
    def is_quoted(self) -> bool:
        """Whether anybody offers it."""
        return any(cell.offers for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The goods of a round against its quotes, in the order of both."""

    quotes: list[Quote]
    goods: list[ComparedGood]
    doubts: dict[int, list[Doubt]] = field(default_factory=dict)

    @property
    def needed_but_not_quoted(self) -> list[ConsolidatedGood]:
        """Goods that somebody needs and nobody offers."""
        return [row.good for row in self.goods if row.good.quantity and not row.is_quoted]


def comparison(round_: PurchaseRound, *, today: dt.date) -> Comparison:
    """All quotes side by side, the cheapest way to cover each need marked. Seven queries."""
    quotes = list(quotes_of(round_))
    steps = breaks_of(quotes)
    lines: dict[tuple[int, int], list[QuoteLine]] = defaultdict(list)
    for quote in quotes:
        for line in offers_in(quote):
            lines[line.good_id, quote.pk].append(line)
    needed = consolidated(round_)
    orders = orders_by_rule(round_, smallest_packs(round_, today=today))
    goods = []
    for good in needed:
        order = orders.get(good.good_id)
        ordered = order.ordered if order else ZERO
        cells = [
            Cell(
                quote.pk,
                quote.supplier.name,
                tuple(_offer(line, steps[line.pk], ordered, round_.currency) for line in lines[good.good_id, quote.pk]),
            )
            for quote in quotes
        ]
        pack_size = order.pack_size if order else Decimal(1)
        goods.append(ComparedGood(good, ordered, pack_size, _mark_best(cells)))
    by_id = {good.good_id: good for good in needed}
    found = {quote.pk: doubts_about(quote, steps, by_id, orders, today=today) for quote in quotes}
    return Comparison(quotes, goods, found)


def offers_in(quote: Quote) -> list[QuoteLine]:
    """The lines of a quote from this module's queries."""
    lines: list[QuoteLine] = quote.offers  # type: ignore[attr-defined]
    return lines


def price_at(steps: list[PriceBreak], quantity: Decimal) -> Decimal | None:
    """The unit price of the highest break that a quantity reaches; None below the first."""
    reached: Decimal | None = None
    for step in steps:
        if step.from_quantity <= quantity:
            reached = step.unit_price
    return reached


def _offer(line: QuoteLine, steps: list[PriceBreak], ordered: Decimal, currency: str) -> Offer:
    buys = _whole_packs(ordered, line.pack_size)
    if line.available is not None and buys > line.available:
        buys = line.available // line.pack_size * line.pack_size
    price = price_at(steps, buys)
    # Nothing is ordered of it: show the first price.
    if price is None and not ordered and steps:
        price = steps[0].unit_price
    return Offer(
        line_id=line.pk,
        brand=line.brand,
        pack_size=line.pack_size,
        available=line.available,
        buys=buys,
        unit_price=price,
        cost_minor=None if price is None else line_cost_minor(buys, price, currency),
        covers=buys >= ordered and price is not None,
    )


def _whole_packs(quantity: Decimal, pack_size: Decimal) -> Decimal:
    return (quantity / pack_size).to_integral_value(rounding=ROUND_CEILING) * pack_size


def _mark_best(cells: list[Cell]) -> tuple[Cell, ...]:
    """Mark the offers that cover the need at the least cost; where none covers it, those at the least unit price."""
    offers = [offer for cell in cells for offer in cell.offers if offer.unit_price is not None and offer.buys]
    covering = [offer for offer in offers if offer.covers]

    def price(offer: Offer) -> Any:
        return offer.cost_minor if covering else offer.unit_price

    if not offers:
        return tuple(cells)
    least = min(price(offer) for offer in covering or offers)
    best = {offer.line_id for offer in covering or offers if price(offer) == least}
    return tuple(
        replace(cell, offers=tuple(_marked(offer) if offer.line_id in best else offer for offer in cell.offers))
        for cell in cells
    )


def _marked(offer: Offer) -> Offer:
    return Offer(
        offer.line_id, offer.brand, offer.pack_size, offer.available, offer.buys, offer.unit_price, offer.cost_minor,
        offer.covers, is_best=True,
    )  # fmt: skip


# --- to be looked at twice -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that may be right but should be looked at; words are made by the page.

    Codes: expired {until}; expires_before_deadline {until}; far_off {product, price, last_price, percent};
    pack_beyond_need {product, pack, needed, unit}; dearer_from {product, from, unit}; no_need_reaches {product, from,
    unit}; free {product}.
    """

    code: str
    params: dict[str, Any]


def doubts_about(
    quote: Quote,
    steps: dict[int, list[PriceBreak]],
    needed: dict[int, ConsolidatedGood],
    orders: Mapping[int, GoodToOrder],
    *,
    today: dt.date,
) -> list[Doubt]:
    """What to look at twice in a quote; quotes of more than one line give more than one warning."""
    found: list[Doubt] = []
    if quote.valid_until is not None and quote.valid_until < today:
        found.append(Doubt("expired", {"until": quote.valid_until}))
    for line in offers_in(quote):
        order = orders.get(line.good_id)
        ordered = order.ordered if order else ZERO
        found += _doubts_about_line(line, steps.get(line.pk, []), needed[line.good_id], ordered)
    return found


def _doubts_about_line(
    line: QuoteLine, steps: list[PriceBreak], good: ConsolidatedGood, ordered: Decimal
) -> list[Doubt]:
    found: list[Doubt] = []
    named = {"product": good.name, "unit": good.unit}
    if good.quantity and line.pack_size > good.quantity + good.tolerance:
        found.append(Doubt("pack_beyond_need", {**named, "pack": line.pack_size, "needed": good.quantity}))
    price = price_at(steps, _whole_packs(ordered, line.pack_size)) if steps else None
    if ordered and steps and price is None:
        found.append(Doubt("no_need_reaches", {**named, "from": steps[0].from_quantity}))
    price = price if price is not None else (steps[0].unit_price if steps else None)
    if price is not None and good.last_price and abs(price - good.last_price) > good.last_price * FAR_OFF:
        percent = (price / good.last_price - 1) * 100
        found.append(
            Doubt("far_off", {**named, "price": price, "last_price": good.last_price, "percent": percent.quantize(1)})
        )
    if any(step.unit_price == 0 for step in steps):
        found.append(Doubt("free", named))
    for lower, higher in pairwise(steps):
        if higher.unit_price > lower.unit_price:
            found.append(Doubt("dearer_from", {**named, "from": higher.from_quantity}))
    return found
