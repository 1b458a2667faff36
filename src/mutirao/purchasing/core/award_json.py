# SPDX-License-Identifier: AGPL-3.0-or-later
"""The award as JSON: money and quantities travel as decimal strings."""

from __future__ import annotations

from typing import Any

from mutirao.purchasing.core.amounts import ZERO, plain
from mutirao.purchasing.core.award.problem import (
    ONE,
    AwardProblem,
    AwardResult,
    ItemNeed,
    Order,
    PriceBreak,
    Quote,
    QuoteLine,
)
from mutirao.purchasing.core.award.solve import award
from mutirao.purchasing.core.award.timer import Clock
from mutirao.purchasing.core.reading import PRICE_PLACES, Node


def solve_award(document: Node, *, time_limit: float, clock: Clock | None = None) -> dict[str, Any]:
    """The answer to an award document. Raises: BadData when the document cannot be used."""
    return as_document(award(read_problem(document), time_limit=time_limit, clock=clock))


def read_problem(document: Node) -> AwardProblem:
    """The award problem in a document. Raises: BadData when the document cannot be used."""
    fields = document.fields(("needs", "quotes"), ("max_suppliers", "cost_per_supplier"))
    return AwardProblem(
        needs=tuple(_need(node) for node in fields["needs"].items()),
        quotes=_quotes(fields["quotes"]),
        max_suppliers=fields["max_suppliers"].whole(minimum=1) if "max_suppliers" in fields else None,
        cost_per_supplier=_cents(fields, "cost_per_supplier"),
    )


def as_document(result: AwardResult) -> dict[str, Any]:
    """The answer in plain values for JSON. `gap` is a number (null where there is no split)."""
    return {
        "status": result.status.value,
        "gap": result.gap,
        "total": money(result.total),
        "goods": money(result.goods),
        "freight": money(result.freight),
        "orders": [_order(order) for order in result.orders],
        "unserved": [{"item": need.item, "quantity": plain(need.quantity)} for need in result.unserved],
    }


def money(cents: int) -> str:
    """Cents as a decimal string: 1234 → "12.34"."""
    return f"{cents // 100}.{cents % 100:02d}"


def _order(order: Order) -> dict[str, Any]:
    return {
        "supplier": order.supplier,
        "goods": money(order.goods),
        "freight": money(order.freight),
        "lines": [
            {
                "item": line.item,
                "packs": line.packs,
                "quantity": plain(line.quantity),
                "unit_price": plain_price(line.unit_price),
                "cost": money(line.cost),
            }
            for line in order.lines
        ],
    }


def _need(node: Node) -> ItemNeed:
    fields = node.fields(("item", "quantity"))
    return ItemNeed(fields["item"].text(), fields["quantity"].quantity())


def _quotes(node: Node) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    seen: set[str] = set()
    for each in node.items():
        quote = _quote(each)
        if quote.supplier in seen:
            each.refuse("supplier_twice", name=quote.supplier)
        seen.add(quote.supplier)
        quotes.append(quote)
    return tuple(quotes)


def _quote(node: Node) -> Quote:
    fields = node.fields(
        ("supplier", "lines"), ("minimum_order", "freight", "free_freight_from", "freight_per_kg", "preference")
    )
    preference = fields["preference"].whole() if "preference" in fields else 0
    if preference > 99:
        fields["preference"].refuse("too_large", limit="100")
    return Quote(
        supplier=fields["supplier"].text(),
        lines=tuple(_line(line) for line in fields["lines"].items()),
        minimum_order=_cents(fields, "minimum_order"),
        freight=_cents(fields, "freight"),
        freight_per_kg=fields["freight_per_kg"].number(PRICE_PLACES) if "freight_per_kg" in fields else ZERO,
        free_freight_from=fields["free_freight_from"].cents() if "free_freight_from" in fields else None,
        preference=preference,
    )


def _line(node: Node) -> QuoteLine:
    fields = node.fields(("item", "breaks"), ("pack_size", "available", "unit_weight"))
    breaks: list[PriceBreak] = []
    for each in fields["breaks"].items():
        step = _break(each)
        if any(step.start == other.start for other in breaks):
            each.refuse("break_twice", start=plain(step.start))
        breaks.append(step)
    if not breaks:
        fields["breaks"].refuse("no_breaks")
    return QuoteLine(
        item=fields["item"].text(),
        breaks=tuple(breaks),
        pack_size=fields["pack_size"].quantity(positive=True) if "pack_size" in fields else ONE,
        available=fields["available"].quantity() if "available" in fields else None,
        unit_weight=fields["unit_weight"].quantity() if "unit_weight" in fields else ZERO,
    )


def _break(node: Node) -> PriceBreak:
    fields = node.fields(("from", "unit_price"))
    return PriceBreak(fields["from"].quantity(), fields["unit_price"].number(PRICE_PLACES))


def _cents(fields: dict[str, Node], name: str) -> int:
    return fields[name].cents() if name in fields else 0


def plain_price(price: Any) -> str:
    """A unit price with two decimal places at least: "4.50", "0.034"."""
    text = plain(price)
    places = len(text.partition(".")[2])
    return f"{price:.2f}" if places < 2 else text
