# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is to be bought and what suppliers offer, and the answer: who delivers what at which cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from mutirao.purchasing.core.amounts import LARGEST, ZERO, require_amount

ONE = Decimal(1)
PRICE_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class ItemNeed:
    """How much of a good is needed by all together, in the good's own unit."""

    item: str
    quantity: Decimal

    def __post_init__(self) -> None:
        require_amount("quantity", self.quantity)


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From `start` units on, every unit of the line costs `unit_price` (major units, six decimal places)."""

    start: Decimal
    unit_price: Decimal

    def __post_init__(self) -> None:
        require_amount("start of a price break", self.start)
        require_amount("unit price", self.unit_price)
        if self.unit_price % PRICE_STEP:
            raise ValueError(f"a unit price has six decimal places at most: {self.unit_price}")


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One good as one supplier sells it: in whole packs, up to what is available, cheaper from a volume on.

    Below the first break the line cannot be bought. `unit_weight` is in kg, for freight by weight. `key` is the
    caller's own mark and comes back in the order.
    """

    item: str
    breaks: tuple[PriceBreak, ...]
    pack_size: Decimal = ONE
    available: Decimal | None = None
    unit_weight: Decimal = ZERO
    key: str = ""

    def __post_init__(self) -> None:
        require_amount("pack size", self.pack_size)
        require_amount("unit weight", self.unit_weight)
        if not self.pack_size:
            raise ValueError("the pack size must be more than zero")
        if self.available is not None:
            require_amount("available quantity", self.available)
        if not self.breaks:
            raise ValueError(f"{self.item} has no price")
        if len({price.start for price in self.breaks}) < len(self.breaks):
            raise ValueError(f"{self.item} has two prices from the same quantity on")

    def unit_price(self, quantity: Decimal) -> Decimal | None:
        """The price of each unit when `quantity` is bought, or None below the first break."""
        reached = [price for price in self.breaks if price.start <= quantity]
        return max(reached, key=lambda price: price.start).unit_price if reached else None


@dataclass(frozen=True, slots=True)
class Quote:
    """All that one supplier offers. Money is in minor units (cents).

    An order reaches `minimum_order` in goods or is not placed. Freight is `freight` and `freight_per_kg` (major
    units) × weight, and nothing from goods worth `free_freight_from` on. `preference` is the percentage by which
    the network counts this supplier's goods as cheaper than they are (a solidarity or local supplier).
    """

    supplier: str
    lines: tuple[QuoteLine, ...]
    minimum_order: int = 0
    freight: int = 0
    freight_per_kg: Decimal = ZERO
    free_freight_from: int | None = None
    preference: int = 0

    def __post_init__(self) -> None:
        for amount in (self.minimum_order, self.freight, self.free_freight_from or 0):
            require_minor("amount of money", amount)
        require_amount("freight per kg", self.freight_per_kg)
        if not 0 <= self.preference < 100:
            raise ValueError(f"a preference is a percentage from 0 to 99, not {self.preference}")


@dataclass(frozen=True, slots=True)
class AwardProblem:
    """Needs (the same good named twice adds up), quotes (one a supplier), and the network's own weights.

    `cost_per_supplier` (minor units) is what one more order costs the network in work and trips; it is weighed,
    not paid to anybody.
    """

    needs: tuple[ItemNeed, ...]
    quotes: tuple[Quote, ...]
    max_suppliers: int | None = None
    cost_per_supplier: int = 0

    def __post_init__(self) -> None:
        require_minor("cost per supplier", self.cost_per_supplier)
        if self.max_suppliers is not None and self.max_suppliers < 1:
            raise ValueError(f"at least one supplier must be allowed, not {self.max_suppliers}")
        if len({quote.supplier for quote in self.quotes}) < len(self.quotes):
            raise ValueError("a supplier has two quotes: put the lines together in one")


class Status(StrEnum):
    """What is known of an answer: proved least, best found with its gap, proved impossible, or out of time."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is: a code and its parameters, made into words where people read them."""

    code: str
    params: Mapping[str, str | int | Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What is bought of one line: whole packs; `cost` = quantity × unit price, half up to the minor unit."""

    item: str
    packs: int
    quantity: Decimal
    unit_price: Decimal
    cost: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """An order to one supplier, in minor units."""

    supplier: str
    goods: int
    freight: int
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class Unserved:
    """What is needed of a good beyond all that the quotes together can supply."""

    item: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class AwardResult:
    """The split of goods among suppliers. `total` = `goods` + `freight` = the sum over the orders, minor units.

    `gap` is the share of the weighed cost by which a better split could still be cheaper (0.0 when proved
    optimal, None when there is no split). `weighed` is what was made least, in minor units: goods after
    preferences, freight, cost per supplier.
    """

    status: Status
    gap: float | None
    weighed: Decimal
    orders: tuple[Order, ...]
    unserved: tuple[Unserved, ...]

    @property
    def goods(self) -> int:
        """Cost of all goods, minor units."""
        return sum(order.goods for order in self.orders)

    @property
    def freight(self) -> int:
        """Cost of all freight, minor units."""
        return sum(order.freight for order in self.orders)

    @property
    def total(self) -> int:
        """Landed cost, minor units."""
        return self.goods + self.freight


def require_minor(name: str, amount: int) -> None:
    """Raises: ValueError when `amount` is no whole number of minor units from zero to a trillion."""
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise ValueError(f"the {name} is a whole number of minor units, not {amount!r}")
    if not 0 <= amount < LARGEST * 100:
        raise ValueError(f"the {name} must not be negative nor reach {LARGEST * 100:f} minor units: {amount}")
