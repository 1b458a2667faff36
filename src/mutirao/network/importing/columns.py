# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a column may hold: how its cells are read, all together, and how a value is shown again.

`prepare` looks at the whole column first, so that "1.234" is read the same way in every row, and says what it decided.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from mutirao.kernel import formats
from mutirao.kernel.core import quantities, tabular
from mutirao.kernel.core.numbers import decimal_mark
from mutirao.kernel.core.tabular import Cell, CellProblem, DateStyle, Mark, NumberStyle
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import Words
from mutirao.network.core import tax_ids
from mutirao.network.importing.words import number_remark


@dataclass(frozen=True, slots=True)
class Reading:
    """How one column is read: a function for a cell, and what to tell about it."""

    read: Callable[[Cell], Any]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """What decides where a column shows nothing: the file's other columns, then the reader's language; or a person."""

    mark: Mark = ","
    mark_because: str = "language"
    day_first: bool = True
    day_because: str = "language"
    currency: str = "BRL"
    """The network's: its sign may stand beside a number."""


class ColumnType:
    """Base: a column read cell by cell."""

    numeric: ClassVar[bool] = False
    dated: ClassVar[bool] = False

    def prepare(self, title: str, cells: Sequence[Cell], habits: Habits) -> Reading:
        return Reading(self.read)

    def read(self, cell: Cell) -> Any:
        """The value of a cell, None for an empty one. Raises: CellProblem."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """A value as the preview shows it."""
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Text(ColumnType):
    """A line of text of at most `longest` letters."""

    longest: int = 240

    def read(self, cell: Cell) -> str | None:
        return tabular.read_text(cell, longest=self.longest)


@dataclass(frozen=True, slots=True)
class Code(ColumnType):
    """Digits and letters that are no number: a telephone, a document's number."""

    longest: int = 60

    def read(self, cell: Cell) -> str | None:
        text = tabular.read_code(cell)
        if text is not None and len(text) > self.longest:
            raise CellProblem("too_long", limit=self.longest, length=len(text))
        return text


def texts_of(cells: Iterable[Cell]) -> list[str]:
    """The cells that are text: what their program already took for a number or a date is settled."""
    return [cell for cell in cells if isinstance(cell, str)]


@dataclass(frozen=True, slots=True)
class Number(ColumnType):
    """A number with at most `places` digits after the comma (rounded to them if `rounding`)."""

    minimum: Decimal | None = Decimal(0)
    maximum: Decimal | None = Decimal(10) ** 9
    places: int = quantities.QUANTITY_PLACES
    above_zero: bool = False
    rounding: bool = False
    numeric: ClassVar[bool] = True

    def prepare(self, title: str, cells: Sequence[Cell], habits: Habits) -> Reading:
        texts = texts_of(cells)
        if habits.mark_because == "person":
            style = NumberStyle(habits.mark, "person", currency=habits.currency)
        else:
            found = tabular.number_style(texts, otherwise=habits.mark, because=habits.mark_because)
            style = self._within_limits(replace(found, currency=habits.currency), texts)
        remarks = []
        if style.example and style.mark is not None:
            remarks.append(number_remark(title, style.example, self._plain(style.example, style)))
        return Reading(lambda cell: self.check(tabular.read_number(cell, style)), tuple(remarks))

    def _within_limits(self, style: NumberStyle, texts: Sequence[str]) -> NumberStyle:
        """Where the column itself shows nothing: the other reading, if only that one keeps within the limits.

        "-47.886" as a longitude divides, whatever the language: no place lies at 47 thousand degrees.
        """
        if not style.example or style.because == "column" or style.mark is None:
            return style
        other: Mark = "." if style.mark == "," else ","
        turned = NumberStyle(other, "limits", style.example, style.currency)
        doubtful = [text for text in texts if decimal_mark(text) == "?"]
        return turned if not self._fits(doubtful, style) and self._fits(doubtful, turned) else style

    def _fits(self, texts: Sequence[str], style: NumberStyle) -> bool:
        try:
            for text in texts:
                self.check(tabular.read_number(text, style))
        except CellProblem:
            return False
        return True

    def _plain(self, text: str, style: NumberStyle) -> Decimal:
        number = tabular.read_number(text, style)
        return Decimal(0) if number is None else number

    def check(self, number: Decimal | None) -> Any:
        """The number within its limits. Raises: CellProblem."""
        if number is None:
            return None
        if self.above_zero and number <= 0:
            raise CellProblem("not_positive", value=number)
        if self.minimum is not None and number < self.minimum:
            raise CellProblem("below", value=number, limit=self.minimum)
        if self.maximum is not None and number > self.maximum:
            raise CellProblem("above", value=number, limit=self.maximum)
        step = Decimal(1).scaleb(-self.places)
        if number % step:
            if not self.rounding:
                raise CellProblem("places" if self.places else "not_whole", value=number, places=self.places)
            number = number.quantize(step, ROUND_HALF_UP)
        return number

    def read(self, cell: Cell) -> Any:
        return self.check(tabular.read_number(cell, NumberStyle(",")))

    def show(self, value: Any) -> str:
        return "" if value is None else formats.number(Decimal(value))


@dataclass(frozen=True, slots=True)
class Whole(Number):
    """A whole number, as int."""

    places: int = 0

    def check(self, number: Decimal | None) -> int | None:
        checked = Number.check(self, number)
        return None if checked is None else int(checked)


@dataclass(frozen=True, slots=True)
class Day(ColumnType):
    """A date."""

    dated: ClassVar[bool] = True

    def prepare(self, title: str, cells: Sequence[Cell], habits: Habits) -> Reading:
        texts = texts_of(cells)
        if habits.day_because == "person":
            style = DateStyle(habits.day_first, "person")
        else:
            style = tabular.date_style(texts, otherwise=habits.day_first)
        remarks = []
        if style.example and style.day_first is not None and (day := tabular.read_date(style.example, style)):
            words = _("Coluna %(column)s: lendo %(text)s como %(date)s.")
            remarks.append(words % {"column": title, "text": style.example, "date": formats.date(day, "long")})
        return Reading(lambda cell: tabular.read_date(cell, style), tuple(remarks))

    def read(self, cell: Cell) -> dt.date | None:
        return tabular.read_date(cell, DateStyle(day_first=True))

    def show(self, value: Any) -> str:
        return "" if value is None else formats.date(value)


@dataclass(frozen=True, slots=True)
class Flag(ColumnType):
    """Yes or no."""

    def read(self, cell: Cell) -> bool | None:
        return tabular.read_flag(cell)

    def show(self, value: Any) -> str:
        return "" if value is None else _("sim") if value else _("não")


@dataclass(frozen=True, slots=True)
class Choice(ColumnType):
    """One of a few codes, by its label or another word for it."""

    labels: Mapping[str, Words]
    also: Mapping[str, str] = field(default_factory=dict)
    """Folded word → code."""

    def prepare(self, title: str, cells: Sequence[Cell], habits: Habits) -> Reading:
        words = self._words()
        return Reading(lambda cell: self._read(cell, words))

    def _words(self) -> dict[str, str]:
        """Every word for a code: a sheet filled in in one language is read in all."""
        words, here = dict(self.also), {fold(str(label)): code for code, label in self.labels.items()}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                words |= {fold(str(label)): code for code, label in self.labels.items()}
        return {**words, **here, **{code: code for code in self.labels}}

    def read(self, cell: Cell) -> str | None:
        return self._read(cell, self._words())

    def _read(self, cell: Cell, words: Mapping[str, str]) -> str | None:
        text = tabular.read_text(cell)
        if text is None:
            return None
        if (code := words.get(fold(text))) is not None:
            return code
        raise CellProblem("not_a_choice", value=text, choices=", ".join(str(label) for label in self.labels.values()))

    def show(self, value: Any) -> str:
        return "" if value is None else str(self.labels.get(value, value))


@dataclass(frozen=True, slots=True)
class UnitCode(ColumnType):
    """A unit of measure as invoices and people write it: KG, klg, Dúzia, und."""

    def read(self, cell: Cell) -> str | None:
        text = tabular.read_text(cell)
        if text is None:
            return None
        found = quantities.find_unit(text)
        if found is None:
            raise CellProblem("not_a_unit", value=text, choices=", ".join(quantities.UNITS))
        return found.code


@dataclass(frozen=True, slots=True)
class TaxNumber(ColumnType):
    """A CNPJ or CPF in any writing, as TaxId. The zeros that a spreadsheet ate in front are put back where the check
    digits then hold, and only there."""

    def read(self, cell: Cell) -> tax_ids.TaxId | None:
        text = tabular.read_code(cell)
        if text is None or fold(text) in tabular.BLANKS:
            return None
        try:
            plain: tax_ids.TaxId | None = tax_ids.parse(text)
            why = ""
        except ValueError as error:
            plain, why = None, str(error)
        padded = self._with_zeros(text)
        if plain and padded:
            raise CellProblem("tax_id_either", value=text)
        if found := plain or padded:
            return found
        raise CellProblem(f"tax_id_{why}", value=text)

    @staticmethod
    def _with_zeros(text: str) -> tax_ids.TaxId | None:
        """What the digits are once lost zeros stand in front again. Numbers typed with punctuation lost none."""
        if not (text.isascii() and text.isdigit()):
            return None
        for length, lost in ((tax_ids.CNPJ_LENGTH, 6), (tax_ids.CPF_LENGTH, 3)):
            if length - lost <= len(text) < length:
                try:
                    return tax_ids.parse(text.zfill(length))
                except ValueError:
                    continue
        return None

    def show(self, value: Any) -> str:
        return "" if value is None else tax_ids.veiled(value.number)


_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")


@dataclass(frozen=True, slots=True)
class Email(ColumnType):
    """An e-mail address, in lower case."""

    def read(self, cell: Cell) -> str | None:
        text = tabular.read_text(cell, longest=254)
        if text is None:
            return None
        if not _EMAIL.fullmatch(text):
            raise CellProblem("not_an_email", value=text)
        return text.lower()


@dataclass(frozen=True, slots=True)
class GoodsCode(ColumnType):
    """An NCM code of 8 digits; the zero that a spreadsheet ate in front is put back."""

    def read(self, cell: Cell) -> str | None:
        text = tabular.read_code(cell)
        if text is None or fold(text) in tabular.BLANKS:
            return None
        digits = re.sub(r"[.\s]", "", text)
        if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 8):
            raise CellProblem("not_ncm", value=text)
        return digits.zfill(8)
