# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a workbook to the rows of a kind: which sheet, where the titles are, which column is which field, and every
cell read as its column says. Nothing is dropped silently: what was left out is in the remarks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from mutirao.kernel import forms, tenancy
from mutirao.kernel.core import tabular
from mutirao.kernel.core.numbers import date_order, decimal_mark
from mutirao.kernel.core.tabular import Cell, CellProblem, Layout, Mark
from mutirao.kernel.core.text import fold
from mutirao.network.importing.columns import Habits, Reading, texts_of
from mutirao.network.importing.plans import Problem, Row
from mutirao.network.importing.reading import MAX_COLUMNS, MAX_ROWS, Sheet, Workbook
from mutirao.network.importing.registry import Column, ImportKind
from mutirao.network.importing.words import cell_words
from mutirao.network.models import Network

NOT_IMPORTED = -1
"""In a mapping: this field is not taken from any column."""
_SUMS = frozenset({"total", "totais", "total geral", "subtotal", "grand total"})

_LONGEST_NOISE = 80


@dataclass(frozen=True, slots=True)
class Options:
    """What a person decided about reading a file; everything empty: find out."""

    sheet: str = ""
    mapping: Mapping[str, int] = field(default_factory=dict)
    """Field → index of its column, or NOT_IMPORTED."""
    numbers: str = ""
    """The decimal mark: "," or "."."""
    dates: str = ""
    """ "day" or "month": what comes first."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"sheet": self.sheet, "mapping": dict(self.mapping), "numbers": self.numbers, "dates": self.dates}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Options:
        """From JSON; what makes no sense is left out."""
        mapping = {str(name): int(index) for name, index in dict(kept.get("mapping") or {}).items()}
        numbers, dates = kept.get("numbers", ""), kept.get("dates", "")
        return cls(
            sheet=str(kept.get("sheet") or ""),
            mapping=mapping,
            numbers=numbers if numbers in (",", ".") else "",
            dates=dates if dates in ("day", "month") else "",
        )


@dataclass(frozen=True, slots=True)
class UnusedColumn:
    """A column that is not brought in, and why."""

    index: int
    title: str
    reason: str


@dataclass(slots=True)
class Understanding:
    """A file understood as one kind: its rows, what is wrong with them, and how it was read."""

    kind: ImportKind
    sheet: Sheet | None
    layout: Layout | None
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unused: list[UnusedColumn] = field(default_factory=list)
    seen: int = 0
    """Rows with data, good or not."""
    fields: tuple[str, ...] = ()
    """The fields that a table without a layout of columns brings: a matrix."""

    @property
    def used_columns(self) -> list[Column]:
        """The kind's columns that the file has."""
        found = self.layout.columns if self.layout else self.fields
        return [column for column in self.kind.columns if column.field in found]


def understand(book: Workbook, kind: ImportKind, options: Options) -> Understanding:
    """The rows of `kind` in a workbook, as the options and the file itself say."""
    sheet, layout = _choose(book, kind, options)
    if sheet is None or layout is None:
        nothing = Understanding(kind, None, None, remarks=about_sheets_left(book))
        nothing.problems.append(Problem(_("Não há nenhuma tabela no arquivo: falta a linha de títulos.")))
        return nothing
    layout = _mapped(layout, kind, options)
    result = Understanding(kind, sheet, layout)
    result.unused = _unused(layout, kind, sheet)
    _tell_about_file(result, book, sheet, layout)
    if missing := _missing(layout, kind):
        result.problems += missing
        return result
    _read_rows(result, book, sheet, layout, options)
    if not result.seen and not result.problems:
        result.problems.append(Problem(_("Não há nenhuma linha com dados abaixo dos títulos.")))
    return result


def _choose(book: Workbook, kind: ImportKind, options: Options) -> tuple[Sheet | None, Layout | None]:
    """The sheet that was asked for, else the one whose titles fit best; shown sheets before hidden ones."""
    titles = kind.titles()
    found = [(sheet, tabular.find_layout(sheet.rows, titles)) for sheet in book.sheets]
    if options.sheet:
        wanted = fold(options.sheet)
        found = [(sheet, layout) for sheet, layout in found if fold(sheet.name) == wanted] or found
    best: tuple[Sheet | None, Layout | None] = (None, None)
    best_score = (-1, -1)
    for sheet, layout in found:
        if layout is None:
            continue
        score = (len(layout.columns), 0 if sheet.hidden else 1)
        if score > best_score:
            best, best_score = (sheet, layout), score
    return best


def _mapped(layout: Layout, kind: ImportKind, options: Options) -> Layout:
    """The layout with what a person said about its columns."""
    if not options.mapping:
        return layout
    columns = dict(layout.columns)
    known = {column.field for column in kind.columns}
    for name, index in options.mapping.items():
        if name not in known:
            continue
        columns = {other: at for other, at in columns.items() if other != name and at != index}
        if 0 <= index < MAX_COLUMNS:
            columns[name] = index
    used = set(columns.values())
    # A column without a title can be chosen too.
    titles = layout.titles + [""] * (max(used, default=0) + 1 - len(layout.titles))
    unknown = [index for index, title in enumerate(titles) if title and index not in used]
    return Layout(layout.header, columns, titles, unknown, {}, layout.recognised)


def _unused(layout: Layout, kind: ImportKind, sheet: Sheet) -> list[UnusedColumn]:
    unused = []
    for index in sorted([*layout.unknown, *layout.doubled]):
        title = layout.titles[index]
        if (name := layout.doubled.get(index)) is not None:
            taken = layout.titles[layout.columns[name]] if name in layout.columns else ""
            reason = _("outra coluna já traz %(field)s: “%(taken)s”") % {
                "field": kind.column(name).label, "taken": taken,
            }  # fmt: skip
        elif (aside := kind.left_aside.get(tabular.fold_title(title))) is not None:
            reason = str(aside)
        else:
            reason = _("não reconhecida")
        unused.append(UnusedColumn(index, title or tabular.column_letter(sheet.first_column + index), reason))
    return unused


def _missing(layout: Layout, kind: ImportKind) -> list[Problem]:
    missing = [column for column in kind.columns if column.required and column.field not in layout.columns]
    if not layout.columns:
        words = _("Não encontrei a linha de títulos. Esperava títulos como: %(titles)s.")
        return [Problem(words % {"titles": ", ".join(str(column.label) for column in kind.columns[:6])})]
    words = _("Falta a coluna %(column)s. Se ela existe com outro nome, diga abaixo qual é.")
    return [Problem(words % {"column": column.label}) for column in missing]


def _tell_about_file(result: Understanding, book: Workbook, sheet: Sheet, layout: Layout) -> None:
    result.remarks += about_sheets_left(book)
    if book.encoding in ("cp1252", "latin-1"):
        result.remarks.append(_("As letras acentuadas foram lidas no jeito antigo do Windows (cp1252)."))
    if book.garbled:
        result.remarks.append(
            _("O arquivo parece ter letras trocadas (“Ã§” no lugar de “ç”). Confira os nomes antes de confirmar.")
        )
    others = [other.name for other in book.sheets if other is not sheet and not _is_notes(other)]
    if others:
        words = _("Foi lida a aba “%(sheet)s”. Ficaram de fora: %(others)s.")
        result.remarks.append(words % {"sheet": sheet.name, "others": ", ".join(f"“{name}”" for name in others)})
    above = sum(1 for row in sheet.rows[: layout.header] if any(cell is not None for cell in row))
    if above and layout.recognised:
        words = _("Os títulos estão na linha %(row)s; o que vem antes não é importado.")
        result.remarks.append(words % {"row": layout.header + 1})
    if not layout.recognised and layout.columns:
        words = _("A linha %(row)s foi tomada como a linha de títulos.")
        result.remarks.append(words % {"row": layout.header + 1})


def about_sheets_left(book: Workbook) -> list[str]:
    """What to say of sheets that were not opened, because the file has so many."""
    if not book.sheets_left:
        return []
    words = _("O arquivo tem abas demais: as %(left)s últimas não foram abertas. Se precisa de uma delas, envie-a só.")
    return [words % {"left": book.sheets_left}]


def notes_sheet() -> str:
    """Name of the template's own sheet of notes, in the reader's language."""
    return _("Como preencher")


def _is_notes(sheet: Sheet) -> bool:
    names = {fold("Como preencher"), fold("How to fill in")}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.add(fold(notes_sheet()))
    return fold(sheet.name) in names


def _read_rows(result: Understanding, book: Workbook, sheet: Sheet, layout: Layout, options: Options) -> None:
    kind = result.kind
    lines = _without_noise(result, layout, list(enumerate(sheet.rows[layout.header + 1 :], start=layout.header + 2)))
    if len(lines) > MAX_ROWS:
        words = _("A tabela tem %(rows)s linhas; o limite é de %(limit)s. Divida em dois arquivos.")
        result.problems.append(Problem(words % {"rows": len(lines), "limit": MAX_ROWS}))
        return
    columns = [kind.column(name) for name, _index in sorted(layout.columns.items(), key=lambda item: item[1])]
    titles = {column.field: layout.titles[layout.columns[column.field]] or str(column.label) for column in columns}
    cells = {column.field: [_at(row, layout.columns[column.field]) for _number, row in lines] for column in columns}
    habits = habits_of(columns, cells, options)
    readings = {}
    for column in columns:
        readings[column.field] = column.type.prepare(titles[column.field], cells[column.field], habits)
        result.remarks += readings[column.field].remarks
    required = {column.field for column in columns if column.required}
    width = max([len(layout.titles), *(index + 1 for index in layout.columns.values())])
    plan = [(column.field, layout.columns[column.field], readings[column.field]) for column in columns]
    stray = 0
    for number, row in lines:
        result.seen += 1
        problems, values, broken = _read_row(number, row, plan, required, titles)
        beyond = sum(1 for cell in row[width:] if cell is not None)
        if beyond and book.format == "csv":
            words = _(
                "há %(extra)s colunas a mais do que títulos; confira se o texto tem o separador “%(mark)s” no meio."
            )
            problems.append(Problem(words % {"extra": beyond, "mark": book.delimiter}, number))
        elif beyond:
            stray += 1
        result.problems += problems
        if not broken & required:
            result.rows.append(Row(number, values, titles, broken))
    if stray:
        result.remarks.append(
            _("Há valores sem título à direita da tabela em %(rows)s linha(s); não são importados.") % {"rows": stray}
        )


def _read_row(
    number: int,
    row: Sequence[Cell],
    plan: Sequence[tuple[str, int, Reading]],
    required: set[str],
    titles: Mapping[str, str],
) -> tuple[list[Problem], dict[str, Any], frozenset[str]]:
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    broken: set[str] = set()
    for name, index, reading in plan:
        try:
            value = reading.read(row[index] if index < len(row) else None)
            if value is None and name in required:
                raise CellProblem("missing")
        except CellProblem as problem:
            problems.append(Problem(cell_words(problem), number, titles[name]))
            broken.add(name)
            value = None
        values[name] = value
    return problems, values, frozenset(broken)


def _at(row: Sequence[Cell], index: int) -> Cell:
    return row[index] if index < len(row) else None


def is_sum(text: str) -> bool:
    """Whether a row or a column with this title adds up the others."""
    return len(text) <= _LONGEST_NOISE and fold(text).rstrip(": ") in _SUMS


def habits_of(columns: Sequence[Column], cells: Mapping[str, Sequence[Cell]], options: Options) -> Habits:
    """What decides for columns that show nothing themselves: the file's other columns, else the language."""
    comma = forms.decimal_comma()
    mark: Mark = "," if comma else "."
    because = "language"
    seen = Counter(
        decimal_mark(text) for column in columns if column.type.numeric for text in texts_of(cells[column.field])
    )
    if bool(seen[","]) != bool(seen["."]):
        mark, because = ("," if seen[","] else "."), "file"
    if options.numbers:
        mark, because = ("," if options.numbers == "," else "."), "person"
    orders = {date_order(text) for column in columns if column.type.dated for text in texts_of(cells[column.field])} & {
        "day",
        "month",
    }
    day_first, day_because = ("day" in orders, "file") if len(orders) == 1 else (True, "language")
    if options.dates:
        day_first, day_because = options.dates == "day", "person"
    return Habits(mark, because, day_first, day_because, _currency())


def _currency() -> str:
    """That of the active network; Brazil's for the installation's own lists."""
    network_id = tenancy.active_network_id()
    found = Network.objects.filter(pk=network_id).values_list("currency", flat=True).first() if network_id else None
    return found or "BRL"


Line = tuple[int, Sequence[Cell]]


def _without_noise(result: Understanding, layout: Layout, lines: Sequence[tuple[int, Sequence[Cell]]]) -> list[Line]:
    """The rows that carry data: empty ones, repeated titles, sums and the template's example are left out, and said."""
    wanted = sorted(layout.columns.values())
    titles = [fold(title) for title in layout.titles if title]
    is_example = _example_test(result.kind, layout)
    kept: list[Line] = []
    for number, row in lines:
        cells = [_at(row, index) for index in wanted]
        if all(cell is None for cell in cells):
            # Something may stand beside the table; a row without any of its columns is not of the table.
            continue
        first = next((tabular.shown(cell) for cell in cells if isinstance(cell, str)), "")
        folded = fold(first) if len(first) <= _LONGEST_NOISE else ""
        if folded in titles and [fold(tabular.shown(cell)) for cell in row if cell is not None] == titles:
            continue
        if is_sum(folded):
            result.remarks.append(_("A linha %(row)s parece ser uma soma e não é importada.") % {"row": number})
            continue
        if is_example(row):
            words = _("A linha %(row)s é o exemplo do modelo e não é importada.")
            result.remarks.append(words % {"row": number})
            continue
        kept.append((number, row))
    return kept


def _example_test(kind: ImportKind, layout: Layout) -> Callable[[Sequence[Cell]], bool]:
    """A test for the template's example row: every cell as the example has it."""
    expected = [
        (index, column) for column in kind.columns
        if column.example and (index := layout.columns.get(column.field)) is not None
    ]  # fmt: skip
    # A file of one or two columns could say the same by chance, and mean it.
    if len(expected) < min(3, len([column for column in kind.columns if column.example])):
        return lambda row: False
    return lambda row: bool(expected) and all(_is_example(_at(row, index), column) for index, column in expected)


def _is_example(cell: Cell, column: Column) -> bool:
    if fold(tabular.shown(cell)) == fold(column.example):
        return True
    if not (column.type.numeric or column.type.dated) or isinstance(cell, str):
        return False
    try:
        return bool(column.type.read(cell) == column.type.read(column.example))
    except CellProblem:
        return False
