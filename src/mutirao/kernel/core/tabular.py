# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables as they come from other programs: encodings, delimiters, title rows, numbers and dates of a whole column.

Pure: bytes and cells in, values or a problem's code out. Nothing is guessed silently: what a column was taken for is
part of the answer, and what could mean two things is named.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from mutirao.kernel.core.numbers import date_order, decimal_mark, parse_date, parse_decimal
from mutirao.kernel.core.text import fold


@dataclass(frozen=True, slots=True)
class BrokenCell:
    """A cell whose own program could not say its value: `#N/A`, `#DIV/0!`, or a formula never calculated ("")."""

    shown: str


Cell: TypeAlias = "str | bool | Decimal | dt.date | dt.time | BrokenCell | None"
"""What a cell may hold once read; None is an empty cell."""

DELIMITERS = (";", ",", "\t", "|")
MAX_HEADER_DEPTH = 40
"""How many rows from the top the titles are looked for."""


class UnreadableTable(ValueError):
    """The bytes are no table; `code` and `params` say why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


# --- text ------------------------------------------------------------------------------------------------------------

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was read in.

    A byte order mark decides; else UTF-8 where it fits, else Windows-1252 (which Latin-1 is a part of).
    Raises: UnreadableTable "empty" or "not_text".
    """
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableTable("empty")
    encodings = [name for mark, name in _BOMS if content.startswith(mark)][:1]
    if not encodings and b"\x00" in content[:4096]:
        # UTF-16 without its mark: in mostly Latin text every other byte is zero.
        odd, even = content[1:4096:2].count(0), content[0:4096:2].count(0)
        encodings = ["utf-16-le" if odd > even else "utf-16-be"]
    for encoding in encodings or ["utf-8", "cp1252", "latin-1"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:20_000]
        if len(_CONTROL.findall(sample)) > len(sample) // 1000:
            break
        if not text.strip("\ufeff \t\r\n"):
            raise UnreadableTable("empty")
        return text, encoding
    raise UnreadableTable("not_text")


def looks_garbled(text: str) -> bool:
    """Whether UTF-8 was once read as Latin-1 and written again: "feijÃ£o" for "feijão"."""
    return re.search(r"Ã[£§©¡³ªºµ¢­\u0080-\u00bf]|Â[ºª°]", text) is not None


@dataclass(frozen=True, slots=True)
class Delimited:
    """A delimited text as rows of cells; `rows[0]` is the first row of the file, empty rows included."""

    rows: list[list[Cell]]
    delimiter: str


def read_delimited(text: str, known: Collection[str] = frozenset()) -> Delimited:
    """The rows of a text whose columns are parted by one of ; , tab |.

    The delimiter is the one whose first rows show most titles out of `known` (folded, see `fold_title`), then the one
    that parts most rows into equally many columns. A first line "sep=;" decides alone.
    Raises: UnreadableTable "open_quote" (line), "long_cell" (line).
    """
    text = text.removeprefix("\ufeff")
    first, _, rest = text.partition("\n")
    if match := re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE):
        # The line stays as an empty row, so that rows keep the numbers other programs give them.
        return Delimited([[], *_parse(_lines(rest), match[1])], match[1])
    lines = _lines(text)
    sample = lines[:200]
    best = max(DELIMITERS, key=lambda mark: (*_score(sample, mark, known), -DELIMITERS.index(mark)))
    if _score(sample, best, known)[1] == 0:
        best = "\x1f"  # one column: commas inside the text belong to it
    return Delimited(_parse(lines, best), "" if best == "\x1f" else best)


def _lines(text: str) -> list[str]:
    """The lines with their ends kept, parted only where csv parts them: not at form feeds and the like."""
    return list(io.StringIO(text, newline=""))


def _score(sample: Sequence[str], mark: str, known: Collection[str]) -> tuple[int, int, int]:
    try:
        rows = list(csv.reader(sample, delimiter=mark))
    except csv.Error:
        return 0, 0, 0
    titles = max(
        (len({fold_title(cell) for cell in row} & set(known)) for row in rows[:MAX_HEADER_DEPTH] if len(row) > 1),
        default=0,
    )
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, often = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    full = sum(1 for row in rows if row)
    # One stray comma in a list of names does not make two columns of it.
    return titles, often if often * 2 >= full else 0, width


def _parse(lines: Sequence[str], delimiter: str) -> list[list[Cell]]:
    for strict in (True, False):
        reader = csv.reader(lines, delimiter=delimiter, strict=strict)
        try:
            return [[_clean(cell) for cell in row] for row in reader]
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise UnreadableTable("open_quote", line=str(_open_quote_line(lines, delimiter))) from None
            if "field larger" in str(error):
                raise UnreadableTable("long_cell", line=str(reader.line_num)) from None
            if not strict:
                raise UnreadableTable("broken_line", line=str(reader.line_num)) from None
    raise AssertionError  # pragma: no cover - the second turn returns or raises


def _open_quote_line(lines: Sequence[str], delimiter: str) -> int:
    """The line in which the quote that is never closed was opened."""
    last_start, reader = 1, csv.reader(lines, delimiter=delimiter)
    for _row in reader:
        if reader.line_num < len(lines):
            last_start = reader.line_num + 1
    return last_start


def _clean(cell: str) -> str | None:
    return cell.strip() or None


# --- titles ----------------------------------------------------------------------------------------------------------


def fold_title(text: object) -> str:
    """A column's title for comparing: "Quantidade (kg)*" → "quantidade", "Preço_unitário:" → "preco unitario"."""
    if not isinstance(text, str):
        return ""
    whole = fold(text.replace("_", " "))
    without = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", whole)
    return " ".join(re.sub(r"[^\w]+", " ", without).split()) or " ".join(re.sub(r"[^\w]+", " ", whole).split())


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table's columns are: field → column; the titles that found no field, and those that came second."""

    header: int
    """Index of the title row."""
    columns: dict[str, int]
    titles: list[str]
    unknown: list[int]
    doubled: dict[int, str] = field(default_factory=dict)
    """Columns whose title means a field that another column already fills."""
    recognised: bool = True
    """Whether any title was recognised; otherwise the first row with text was taken for the titles."""


def find_layout(rows: Sequence[Sequence[Cell]], titles: Mapping[str, Sequence[str]]) -> Layout | None:
    """Find the title row among the first rows and match its titles; None for a table without any text.

    `titles` gives each field's folded titles, best first: where two columns fit one field, the better title wins,
    then the column further left. The row with most fields is the title row, the earlier of equals.
    """
    best: tuple[int, int, dict[str, int]] | None = None
    for index, row in enumerate(rows[:MAX_HEADER_DEPTH]):
        found = match_titles(row, titles)
        if found and (best is None or len(found) > best[0]):
            best = (len(found), index, found)
    if best is None:
        first = next((i for i, row in enumerate(rows) if any(isinstance(cell, str) for cell in row)), None)
        if first is None:
            return None
        return _layout(rows[first], first, {}, titles, recognised=False)
    return _layout(rows[best[1]], best[1], best[2], titles, recognised=True)


def match_titles(row: Sequence[Cell], titles: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Field → column for the titles of one row."""
    folded = [fold_title(cell) for cell in row]
    found: dict[str, int] = {}
    taken: set[int] = set()
    for name, wanted in titles.items():
        for title in wanted:
            column = next((i for i, cell in enumerate(folded) if cell == title and i not in taken), None)
            if column is not None:
                found[name] = column
                taken.add(column)
                break
    return found


def _layout(
    row: Sequence[Cell], header: int, found: dict[str, int], titles: Mapping[str, Sequence[str]], *, recognised: bool
) -> Layout:
    used = set(found.values())
    means = {title: name for name, wanted in titles.items() for title in wanted}
    unknown, doubled = [], {}
    for index, cell in enumerate(row):
        if cell is None or index in used:
            continue
        if (name := means.get(fold_title(cell))) is not None:
            doubled[index] = name
        else:
            unknown.append(index)
    return Layout(header, found, [_title(cell) for cell in row], unknown, doubled, recognised)


def _title(cell: Cell) -> str:
    return "" if cell is None else " ".join(shown(cell).split())[:80]


def column_letter(index: int) -> str:
    """The name spreadsheet programs give a column: 0 → A, 27 → AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- columns of numbers and dates ------------------------------------------------------------------------------------

Mark = Literal[",", "."]


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How the texts of a column write numbers.

    `mark` is the decimal mark; None where the column shows both ways, so that a number which could be either is
    refused. `example` is a number that could be either and was read by this style; `because` says what decided: the
    "column" itself, the "file", the "language", the "limits" of what the column holds, or a "person".
    """

    mark: Mark | None
    because: str = "column"
    example: str = ""
    currency: str = "BRL"
    """Whose sign may stand beside a number."""


def number_style(texts: Iterable[str], *, otherwise: Mark, because: str = "language") -> NumberStyle:
    """The style of a column from all its texts; `otherwise` where they show nothing."""
    seen: Counter[str] = Counter()
    example = ""
    for text in texts:
        mark = decimal_mark(text)
        if mark == "?":
            example = example or text.strip()
        elif mark is not None:
            seen[mark] += 1
    if seen["."] and seen[","]:
        return NumberStyle(None, "column", example)
    if seen["."] or seen[","]:
        return NumberStyle("," if seen[","] else ".", "column", example)
    return NumberStyle(otherwise, because, example)


class CellProblem(ValueError):
    """A cell that cannot be read as what its column holds; `code` and `params` say why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


BLANKS = frozenset({"", "-", "–", "—", "--", "r$ -", "r$ –"})
"""Texts that stand for an empty cell in a column of numbers or dates; accounting formats write zero as a dash."""
_CUT_NUMBER = re.compile(r"\d([.,]\d+)?e\+?\d+", re.IGNORECASE)
_BROKEN = re.compile(
    r"#(N/A|N/D|REF!|DIV/0!|VALUE!|VALOR!|NAME\?|NOME\?|NUM!|NÚM!|NULL!|NULO!|ERROR!|ERRO!)|Err:\d{3}", re.IGNORECASE
)


def shown(cell: Cell) -> str:
    """A cell as its reader would quote it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "VERDADEIRO" if cell else "FALSO"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, dt.date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, dt.time):
        return cell.strftime("%H:%M")
    return cell.shown if isinstance(cell, BrokenCell) else cell


def check_whole(cell: Cell) -> None:
    """Raises: CellProblem "broken_cell" for a formula's error, "not_calculated" for a formula without value."""
    if isinstance(cell, BrokenCell):
        raise CellProblem("broken_cell" if cell.shown else "not_calculated", value=cell.shown)
    if isinstance(cell, str) and _BROKEN.fullmatch(cell):
        raise CellProblem("broken_cell", value=cell)


def read_number(cell: Cell, style: NumberStyle) -> Decimal | None:
    """The number of a cell, None for an empty one. Raises: CellProblem "not_a_number", "either", or as check_whole."""
    check_whole(cell)
    if cell is None or (isinstance(cell, str) and fold(cell) in BLANKS):
        return None
    if isinstance(cell, Decimal):
        return cell
    if not isinstance(cell, str):
        raise CellProblem("not_a_number", value=shown(cell))
    if style.mark is None and decimal_mark(cell) == "?":
        raise CellProblem("either", value=cell)
    try:
        return parse_decimal(cell, decimal_comma=style.mark != ".", currency=style.currency)
    except ValueError:
        raise CellProblem("not_a_number", value=cell) from None


@dataclass(frozen=True, slots=True)
class DateStyle:
    """Whether day or month comes first in a column's texts; None where it shows both, as with numbers."""

    day_first: bool | None
    because: str = "column"
    example: str = ""


def date_style(texts: Iterable[str], *, otherwise: bool = True) -> DateStyle:
    """The order of day and month from all the texts of a column; `otherwise` where they show nothing."""
    seen: set[str] = set()
    example = ""
    for text in texts:
        order = date_order(text)
        if order == "?":
            example = example or text.strip()
        elif order is not None:
            seen.add(order)
    if len(seen) == 2:
        return DateStyle(None, "column", example)
    if seen:
        return DateStyle("day" in seen, "column", example)
    return DateStyle(otherwise, "language", example)


def read_date(cell: Cell, style: DateStyle) -> dt.date | None:
    """The date of a cell, None for an empty one. Raises: CellProblem "not_a_date", "either_date", or as check_whole."""
    check_whole(cell)
    if cell is None or (isinstance(cell, str) and fold(cell) in BLANKS):
        return None
    if isinstance(cell, dt.date):
        return cell
    if not isinstance(cell, str):
        raise CellProblem("not_a_date", value=shown(cell))
    if style.day_first is None and date_order(cell) == "?":
        raise CellProblem("either_date", value=cell)
    try:
        return parse_date(cell, day_first=style.day_first is not False)
    except ValueError:
        raise CellProblem("not_a_date", value=cell) from None


def read_text(cell: Cell, *, longest: int | None = None) -> str | None:
    """The text of a cell on one line, None for an empty one.

    A whole number that the spreadsheet keeps as a number comes without ".0". An apostrophe that an export put before
    a formula's sign is taken off again. Raises: CellProblem "too_long", "cut_number", or as check_whole.
    """
    check_whole(cell)
    if cell is None:
        return None
    text = " ".join(_CONTROL.sub("", shown(cell)).split())
    if text.startswith("'") and text[1:].startswith(_FORMULA_SIGNS):
        text = text[1:]
    if longest is not None and len(text) > longest:
        raise CellProblem("too_long", limit=longest, length=len(text))
    return text or None


def read_code(cell: Cell) -> str | None:
    """The text of a cell that holds a code of digits (tax id, goods code, phone).

    Raises: CellProblem "cut_number" where the program shortened it ("5,34E+13"), or as read_text.
    """
    text = read_text(cell)
    if text is not None and _CUT_NUMBER.fullmatch(text):
        raise CellProblem("cut_number", value=text)
    return text


_FORMULA_SIGNS = ("=", "+", "-", "@")
_YES = frozenset({"s", "sim", "x", "v", "verdadeiro", "y", "yes", "true", "1", "ok", "si", "oui", "vrai", "verdadero"})
_NO = frozenset({"n", "nao", "f", "falso", "no", "false", "0", "non", "faux"})


def read_flag(cell: Cell) -> bool | None:
    """Yes or no, None for an empty cell. Raises: CellProblem "not_a_flag", or as check_whole."""
    check_whole(cell)
    if cell is None or isinstance(cell, bool):
        return cell
    word = fold(shown(cell))
    if word in BLANKS:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    raise CellProblem("not_a_flag", value=shown(cell))
