# SPDX-License-Identifier: AGPL-3.0-or-later
"""What everybody owes for a joint purchase, to the cent, each amount in parts that can be asked "why?".

Goods: the cost of each order line (as billed, credits taken off) is shared by what everyone was granted of the good;
so all pay the same for one unit of it, whichever supplier it came from, and what nobody takes of a pack is paid by
those who take the good. Freight and other expenses of an order are shared among those who get something of that order,
fees of the round among all who get anything. Each by largest remainder, ties to the earlier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from mutirao.kernel.core.sharing import share_out, whole_weights
from mutirao.purchasing.core.amounts import finest_step, in_steps

_THOUSANDTH = Decimal("0.001")
"""Grams of a kilogram: what a part of an order line is told in, unless the quantities themselves are finer."""


class ShareRule(StrEnum):
    """By what freight and fees are shared."""

    VALUE = "value"
    WEIGHT = "weight"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class LineCost:
    """One line of an order: `quantity` that can be shared (in the good's unit) and its `cost` in minor units."""

    line: str
    order: str
    good: str
    quantity: Decimal
    cost: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What one enterprise gets of a good, and what it had `asked` for (quantity in the good's unit)."""

    who: str
    good: str
    granted: Decimal
    asked: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One enterprise's part of one order line: `quantity` of it, `goods` and `freight` in minor units.

    The quantities of an enterprise's parts of a good are together what it was granted. Where several lines brought the
    good, each counts in proportion to what it brought: nobody weighs that, so it is told in thousandths.
    """

    who: str
    line: str
    quantity: Decimal
    goods: int
    freight: int


@dataclass(frozen=True, slots=True)
class CostShares:
    """Parts by line, fees by enterprise. The sums are the costs that went in, to the cent."""

    parts: tuple[Part, ...]
    fees: Mapping[str, int]

    def total(self, who: str) -> int:
        """Everything one enterprise owes, in minor units."""
        return sum(part.goods + part.freight for part in self.parts if part.who == who) + self.fees.get(who, 0)

    def totals(self) -> dict[str, int]:
        """Everything each enterprise owes, in minor units."""
        result: dict[str, int] = defaultdict(int)
        for part in self.parts:
            result[part.who] += part.goods + part.freight
        for who, fee in self.fees.items():
            result[who] += fee
        return dict(result)


@dataclass(slots=True)
class _Piece:
    who: str
    line: LineCost
    quantity: Decimal
    granted: Decimal
    kilograms: Fraction
    """What this line weighs of one unit granted."""
    goods: int = 0
    freight: int = 0

    @property
    def weight(self) -> Fraction:
        return Fraction(self.granted) * self.kilograms


def share_costs(
    lines: Sequence[LineCost],
    grants: Sequence[Grant],
    *,
    order_expenses: Mapping[str, int] | None = None,
    freight_rule: ShareRule = ShareRule.VALUE,
    fees: int = 0,
    fee_rule: ShareRule = ShareRule.VALUE,
    unit_weights: Mapping[str, Decimal] | None = None,
) -> CostShares:
    """Share goods, freight and fees among enterprises.

    `order_expenses`: freight and other expenses of each order, minor units. `unit_weights`: kilograms of one unit of
    each good; by weight, a good of unknown weight weighs nothing. A line that nobody gets anything of (all spoilt) is
    paid by those who had asked for the good. Where a rule has nothing to go by (no value, no weight), the amount is
    shared equally among the same enterprises.

    Raises: ValueError for an order with expenses and no line, or a line of which nobody asked anything.
    """
    by_good: dict[str, list[Grant]] = defaultdict(list)
    for grant in grants:
        by_good[grant.good].append(grant)
    weights = unit_weights or {}
    siblings: dict[str, list[LineCost]] = defaultdict(list)
    for line in lines:
        siblings[line.good].append(line)
    pieces = [piece for line in lines for piece in _pieces(line, siblings[line.good], by_good[line.good], weights)]
    _share_expenses(pieces, order_expenses or {}, freight_rule)
    shared_fees = _share_fees(pieces, fees, fee_rule)
    parts = tuple(Part(piece.who, piece.line.line, piece.quantity, piece.goods, piece.freight) for piece in pieces)
    return CostShares(parts=parts, fees=shared_fees)


def _pieces(
    line: LineCost, siblings: Sequence[LineCost], grants: Sequence[Grant], unit_weights: Mapping[str, Decimal]
) -> list[_Piece]:
    takers = [grant for grant in grants if grant.granted > 0]
    spoilt = not takers
    if spoilt:
        takers = [grant for grant in grants if grant.asked > 0]
    if not takers:
        raise ValueError(f"nobody asked for {line.good}")
    by_what = [grant.asked if spoilt else grant.granted for grant in takers]
    goods = share_out(line.cost, by_what)
    position = siblings.index(line)
    kilograms = _part_brought(siblings, position) * Fraction(unit_weights.get(line.good, 0))
    counted = [Decimal(0)] * len(takers) if spoilt else _counted(takers, siblings, position)
    return [
        _Piece(grant.who, line, quantity, Decimal(0) if spoilt else grant.granted, kilograms, goods=cost)
        for grant, quantity, cost in zip(takers, counted, goods, strict=True)
    ]


def _part_brought(siblings: Sequence[LineCost], position: int) -> Fraction:
    """What part of a good one of its lines brought; when nothing of it came, the first counts for all."""
    came = sum(Fraction(line.quantity) for line in siblings)
    return Fraction(siblings[position].quantity) / came if came else Fraction(position == 0)


def _counted(takers: Sequence[Grant], siblings: Sequence[LineCost], position: int) -> list[Decimal]:
    """How much of what each gets of a good is counted to one of the lines that brought it."""
    granted = [grant.granted for grant in takers]
    if len(siblings) == 1:
        return granted
    came = [line.quantity for line in siblings]
    weights = whole_weights(came) if any(came) else [int(place == 0) for place in range(len(came))]
    step = min(_THOUSANDTH, finest_step([*granted, *came]))
    return [share_out(in_steps(amount, step), weights)[position] * step for amount in granted]


def _share_expenses(pieces: Sequence[_Piece], expenses: Mapping[str, int], rule: ShareRule) -> None:
    by_order: dict[str, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        by_order[piece.line.order].append(piece)
    for order, amount in expenses.items():
        if amount and not by_order[order]:
            raise ValueError(f"order {order} has expenses and no line")
        if amount:
            for piece, part in zip(by_order[order], _by_rule(amount, by_order[order], rule), strict=True):
                piece.freight = part


def _by_rule(amount: int, pieces: Sequence[_Piece], rule: ShareRule) -> list[int]:
    """An amount over pieces; equally means equally among enterprises, each one's part then over its pieces."""
    if rule is ShareRule.VALUE and any(piece.goods for piece in pieces):
        return share_out(amount, [piece.goods for piece in pieces])
    if rule is ShareRule.WEIGHT and any(piece.weight for piece in pieces):
        return share_out(amount, [piece.weight for piece in pieces])
    of_each: dict[str, list[int]] = defaultdict(list)
    for index, piece in enumerate(pieces):
        of_each[piece.who].append(index)
    result = [0] * len(pieces)
    for mine, part in zip(of_each.values(), share_out(amount, [1] * len(of_each)), strict=True):
        values = [pieces[index].goods for index in mine]
        for index, value in zip(mine, share_out(part, values if any(values) else [1] * len(mine)), strict=True):
            result[index] = value
    return result


def _share_fees(pieces: Sequence[_Piece], fees: int, rule: ShareRule) -> dict[str, int]:
    shared: dict[str, int] = dict.fromkeys((piece.who for piece in pieces), 0)
    if fees and not pieces:
        raise ValueError("there are fees and nobody to pay them")
    for piece, part in zip(pieces, _by_rule(fees, pieces, rule) if fees else [0] * len(pieces), strict=True):
        shared[piece.who] += part
    return shared
