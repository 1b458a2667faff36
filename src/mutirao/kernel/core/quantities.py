# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exact quantities with a unit, and conversions between units of one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

QUANTITY_PLACES = 6
"""Digits after the comma that a quantity keeps in the database."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: `factor` of the dimension's base unit (gram, millilitre, piece, millimetre, minute)."""

    code: str
    dimension: str
    factor: Decimal
    places: int
    """Digits after the comma that make sense when typed or shown."""


_UNITS = (
    Unit("g", "mass", Decimal(1), 0),
    Unit("kg", "mass", Decimal(1000), 3),
    Unit("t", "mass", Decimal(1_000_000), 3),
    Unit("ml", "volume", Decimal(1), 0),
    Unit("l", "volume", Decimal(1000), 3),
    Unit("m3", "volume", Decimal(1_000_000), 3),
    Unit("un", "count", Decimal(1), 0),
    Unit("dz", "count", Decimal(12), 2),
    Unit("mil", "count", Decimal(1000), 3),
    Unit("m", "length", Decimal(1000), 2),
    Unit("cm", "length", Decimal(10), 1),
    Unit("m2", "area", Decimal(1), 2),
    Unit("h", "time", Decimal(60), 2),
    Unit("min", "time", Decimal(1), 0),
    # Containers hold what the product says they hold; they convert to nothing by themselves.
    Unit("cx", "container:cx", Decimal(1), 0),
    Unit("sc", "container:sc", Decimal(1), 0),
    Unit("pct", "container:pct", Decimal(1), 0),
    Unit("frd", "container:frd", Decimal(1), 0),
    Unit("mc", "container:mc", Decimal(1), 0),
)
UNITS: dict[str, Unit] = {unit.code: unit for unit in _UNITS}

# As written on Brazilian invoices and in spreadsheets; folded to lower case without accents or dots.
_ALIASES: dict[str, str] = {
    "grama": "g", "gramas": "g", "gr": "g", "quilo": "kg", "quilos": "kg", "kilo": "kg", "klg": "kg", "kgs": "kg",
    "quilograma": "kg", "tonelada": "t", "ton": "t", "mililitro": "ml", "litro": "l", "litros": "l", "lt": "l",
    "lts": "l", "unidade": "un", "unidades": "un", "und": "un", "unid": "un", "uni": "un", "pc": "un", "peca": "un",
    "pecas": "un", "frc": "un", "frasco": "un", "duzia": "dz", "duzias": "dz", "milheiro": "mil", "metro": "m",
    "metros": "m", "mt": "m", "hora": "h", "horas": "h", "minuto": "min", "caixa": "cx", "caixas": "cx", "saco": "sc",
    "saca": "sc", "sacos": "sc", "pacote": "pct", "pacotes": "pct", "pt": "pct", "fardo": "frd", "fardos": "frd",
    "fd": "frd", "maco": "mc", "macos": "mc", "ltr": "l", "ltrs": "l", "grm": "g", "grs": "g", "quil": "kg",
    "mls": "ml", "duz": "dz", "dza": "dz", "milh": "mil", "unit": "un", "pca": "un", "pcs": "un", "frs": "un",
    "pote": "un", "potes": "un", "vidro": "un", "vidros": "un", "lata": "un", "latas": "un", "garrafa": "un",
    "garrafas": "un", "bandeja": "un", "bandejas": "un", "bdj": "un", "pcte": "pct", "pac": "pct", "cxa": "cx",
    "sca": "sc", "fdo": "frd", "far": "frd", "molho": "mc", "molhos": "mc",
}  # fmt: skip


def find_unit(written: str) -> Unit | None:
    """The unit that a person means by what they wrote ("KLG", "Dúzia", "und."), or None."""
    folded = written.strip().lower().rstrip(".")
    for accented, plain in (("ú", "u"), ("á", "a"), ("ç", "c"), ("ã", "a"), ("³", "3"), ("²", "2")):
        folded = folded.replace(accented, plain)
    return UNITS.get(_ALIASES.get(folded, folded))


def unit(code: str) -> Unit:
    """The unit of a code. Raises: ValueError for an unknown code."""
    try:
        return UNITS[code]
    except KeyError:
        raise ValueError(f"unknown unit {code!r}") from None


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact amount of something in a unit."""

    amount: Decimal
    unit_code: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise TypeError(f"a quantity is a finite decimal, not {self.amount!r}")
        unit(self.unit_code)

    def to(self, code: str) -> Quantity:
        """The same quantity in another unit of its dimension, exact.

        Raises: ValueError when the units measure different things or the result has no finite decimal form.
        """
        here, there = unit(self.unit_code), unit(code)
        if here.dimension != there.dimension:
            raise ValueError(f"{here.code} does not convert to {there.code}")
        ratio = Fraction(self.amount) * Fraction(here.factor) / Fraction(there.factor)
        return Quantity(_exact_decimal(ratio), code)

    def _same(self, other: Quantity) -> None:
        if self.unit_code != other.unit_code:
            raise ValueError(f"{self.unit_code} and {other.unit_code} do not add up; convert first")

    def __add__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.amount + other.amount, self.unit_code)

    def __sub__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.amount - other.amount, self.unit_code)


def _exact_decimal(ratio: Fraction) -> Decimal:
    denominator = ratio.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        raise ValueError(f"{ratio} has no finite decimal form")
    return Decimal(ratio.numerator) / Decimal(ratio.denominator)
