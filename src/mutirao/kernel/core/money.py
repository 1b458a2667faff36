# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money as integer minor units with a currency. Nothing monetary ever passes through a float."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mutirao.kernel.core.sharing import Weight, share_out

MINOR_DIGITS: dict[str, int] = {
    "BRL": 2,
    "USD": 2,
    "EUR": 2,
    "ARS": 2,
    "UYU": 2,
    "MXN": 2,
    "CAD": 2,
    "PYG": 0,
    "CLP": 0,
}
"""Digits after the comma of each currency in use. Source: ISO 4217, table A.1."""


def minor_digits(currency: str) -> int:
    """Digits after the comma of a currency (2 for BRL). Raises: ValueError for a currency not in use here."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise ValueError(f"unknown currency {currency!r}") from None


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `minor` units (cents for BRL) of `currency` (ISO 4217)."""

    minor: int
    currency: str = "BRL"

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError(f"money is a whole number of minor units, not {self.minor!r}")
        minor_digits(self.currency)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str = "BRL") -> Money:
        """Money from major units, rounded half up to the minor unit. Raises: TypeError for a float."""
        if isinstance(amount, float):
            raise TypeError("nothing monetary passes through a float")
        scaled = Decimal(amount).scaleb(minor_digits(currency))
        return cls(int(scaled.to_integral_value(rounding=ROUND_HALF_UP)), currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str = "BRL") -> Money:
        """The sum of amounts of one currency; zero of `currency` for none."""
        result = cls(0, currency)
        for amount in amounts:
            result = result + amount
        return result

    @property
    def major(self) -> Decimal:
        """The amount in major units (reais), exact."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def share_out(self, weights: Sequence[Weight]) -> list[Money]:
        """Shares in proportion to `weights` by largest remainder: they add up to the cent."""
        return [Money(part, self.currency) for part in share_out(self.minor, weights)]

    def __str__(self) -> str:
        return f"{self.major:.{minor_digits(self.currency)}f} {self.currency}"


def line_cost_minor(quantity: Decimal, unit_price: Decimal, currency: str = "BRL") -> int:
    """Cost of a line in minor units: quantity × unit price (major units per unit), rounded half up."""
    return Money.of(quantity * unit_price, currency).minor
