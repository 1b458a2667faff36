# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money as integer minor units with a currency. Nothing monetary ever passes through a float."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mutirao.kernel.core.sharing import Weight, share_out

_TWO_DIGITS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW"
)
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"

MINOR_DIGITS: dict[str, int] = {
    code: digits for digits, codes in ((2, _TWO_DIGITS), (0, _NO_DIGITS), (3, _THREE_DIGITS)) for code in codes.split()
}
"""Digits after the comma of each currency. Source: ISO 4217, table A.1.

Fixed here and not asked of a library: what is stored in minor units must mean the same after every update.
"""


def minor_digits(currency: str) -> int:
    """Digits after the comma of a currency (2 for BRL). Raises: ValueError for one that is none."""
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
