# SPDX-License-Identifier: AGPL-3.0-or-later
"""What else could be done: everything from one supplier, or a split that people drew by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mutirao.purchasing.core.amounts import ZERO
from mutirao.purchasing.core.award.market import read_market
from mutirao.purchasing.core.award.problem import AwardProblem, AwardResult, Order, Quote, Reason, Status
from mutirao.purchasing.core.award.settle import order_of
from mutirao.purchasing.core.award.solve import award
from mutirao.purchasing.core.award.timer import Clock


@dataclass(frozen=True, slots=True)
class SingleSupplier:
    """Everything possible from one supplier; `complete` when that serves all that the quotes can serve together."""

    supplier: str
    result: AwardResult
    complete: bool


def best_single_supplier(
    problem: AwardProblem, *, time_limit: float = 20.0, clock: Clock | None = None
) -> SingleSupplier | None:
    """The supplier who serves the most goods in full, of those the one who weighs least; None when nobody can.

    `time_limit` is for each supplier.
    """
    best: SingleSupplier | None = None
    together = {need.item: need.quantity for need in read_market(problem).unserved}
    for quote in problem.quotes:
        alone = replace(problem, quotes=(quote,), max_suppliers=None)
        result = award(alone, time_limit=time_limit, clock=clock)
        if not result.orders:
            continue
        complete = {need.item: need.quantity for need in result.unserved} == together
        found = SingleSupplier(quote.supplier, result, complete)
        if best is None or _rank(found) < _rank(best):
            best = found
    return best


def _rank(single: SingleSupplier) -> tuple[int, Decimal]:
    return len(single.result.unserved), single.result.weighed


@dataclass(frozen=True, slots=True)
class ManualLine:
    """Packs that somebody decided to buy of a supplier's line; `key` tells lines of the same good apart."""

    supplier: str
    item: str
    packs: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class ManualSplit:
    """What a split drawn by hand costs, and everything that is wrong with it (nothing: it can be ordered).

    Problems: unknown_supplier, unknown_line, below_first_break, beyond_available, minimum_not_reached,
    too_many_suppliers, short. What cannot be priced (the first three) is left out of the cost.
    """

    result: AwardResult
    problems: tuple[Reason, ...]


def evaluate_manual_split(problem: AwardProblem, purchases: Sequence[ManualLine]) -> ManualSplit:
    """The cost and the problems of a split drawn by hand. Raises: ValueError for a negative number of packs."""
    if any(line.packs < 0 for line in purchases):
        raise ValueError("nobody buys a negative number of packs")
    problems: list[Reason] = []
    packs = _packs_by_quote(problem, purchases, problems)
    orders = []
    for quote in problem.quotes:
        if order := _order(quote, packs[quote.supplier], problems):
            orders.append(order)
    market = read_market(problem)
    if problem.max_suppliers is not None and len(orders) > problem.max_suppliers:
        problems.append(Reason("too_many_suppliers", {"suppliers": len(orders), "limit": problem.max_suppliers}))
    problems.extend(_shortages(problem, orders, {need.item: need.quantity for need in market.unserved}))
    status = Status.INFEASIBLE if problems else Status.FEASIBLE
    weighed = Decimal(market.weigh(orders)) / market.unit
    return ManualSplit(AwardResult(status, None, weighed, tuple(orders), market.unserved), tuple(problems))


def _packs_by_quote(
    problem: AwardProblem, purchases: Sequence[ManualLine], problems: list[Reason]
) -> dict[str, dict[int, int]]:
    """Packs of each quote's lines, numbered within it."""
    quotes = {quote.supplier: quote for quote in problem.quotes}
    packs: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for wanted in purchases:
        if not wanted.packs:
            continue
        quote = quotes.get(wanted.supplier)
        if quote is None:
            problems.append(Reason("unknown_supplier", {"supplier": wanted.supplier}))
            continue
        places = [
            place
            for place, line in enumerate(quote.lines)
            if line.item == wanted.item and (not wanted.key or line.key == wanted.key)
        ]
        if len(places) != 1:
            problems.append(Reason("unknown_line", {"supplier": wanted.supplier, "item": wanted.item}))
            continue
        packs[wanted.supplier][places[0]] += wanted.packs
    return packs


def _order(quote: Quote, packs: dict[int, int], problems: list[Reason]) -> Order | None:
    priced = {}
    for place, count in packs.items():
        line = quote.lines[place]
        quantity = count * line.pack_size
        names: dict[str, str | int | Decimal] = {"supplier": quote.supplier, "item": line.item, "quantity": quantity}
        if line.unit_price(quantity) is None:
            first = min(price.start for price in line.breaks)
            problems.append(Reason("below_first_break", {**names, "from": first}))
            continue
        if line.available is not None and quantity > line.available:
            problems.append(Reason("beyond_available", {**names, "available": line.available}))
        priced[place] = count
    if not priced:
        return None
    order = order_of(quote, priced)
    if order.goods < quote.minimum_order:
        params: dict[str, str | int | Decimal] = {
            "supplier": quote.supplier,
            "goods": order.goods,
            "minimum": quote.minimum_order,
        }
        problems.append(Reason("minimum_not_reached", params))
    return order


def _shortages(problem: AwardProblem, orders: Sequence[Order], unserved: dict[str, Decimal]) -> list[Reason]:
    """What is needed and could be supplied but is not bought."""
    short: dict[str, Decimal] = defaultdict(Decimal)
    for need in problem.needs:
        short[need.item] += need.quantity
    for order in orders:
        for line in order.lines:
            short[line.item] -= line.quantity
    missing = {item: quantity - unserved.get(item, ZERO) for item, quantity in short.items()}
    return [Reason("short", {"item": item, "quantity": quantity}) for item, quantity in missing.items() if quantity > 0]
