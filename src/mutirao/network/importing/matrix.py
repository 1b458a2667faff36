# SPDX-License-Identifier: AGPL-3.0-or-later
"""A table with a thing in each row and another in each column, such as enterprises against goods, read as the rows of
the list form: one for each filled cell, with the row and the column of the file, so that what is wrong is told there.

It is looked for where a file does not have the list form's titles. Empty cells say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from mutirao.kernel.core import tabular
from mutirao.kernel.core.tabular import MAX_HEADER_DEPTH, Cell, CellProblem
from mutirao.kernel.core.text import fold
from mutirao.network.importing.layout import Options, Understanding, habits_of, is_sum
from mutirao.network.importing.plans import Problem, Row
from mutirao.network.importing.reading import MAX_ROWS, Sheet, Workbook
from mutirao.network.importing.registry import Context, ImportKind
from mutirao.network.importing.words import cell_words

LEAST_KNOWN = 1
"""Columns of a title row that must be known things for it to be a matrix."""


@dataclass(frozen=True, slots=True)
class MatrixForm:
    """How a kind's list is laid out as a matrix."""

    row_field: str
    """The list's field that stands in front of each row: the enterprise."""
    column_field: str
    """The field that stands above each column: the product."""
    value_field: str
    """The field in the cells: the quantity."""
    known: Callable[[Context], Mapping[str, Mapping[str, str]]]
    """Folded title of a column → the fields that it stands for: {"arroz (kg)": {"product": "Arroz", "unit": "kg"}}."""
    second_field: str = ""
    """A second value, in a column of its own: the tolerance."""
    second_words: tuple[str, ...] = ()
    """Folded words which, behind a known title, make a column that of the second value."""


@dataclass(slots=True)
class _Head:
    """The title row of a matrix: where what stands."""

    sheet: Sheet
    at: int
    first: int = 0
    """The column of `row_field`."""
    values: dict[int, Mapping[str, str]] = field(default_factory=dict)
    seconds: dict[int, Mapping[str, str]] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    """The list's other fields: place, remark."""
    strange: dict[int, str] = field(default_factory=dict)


def understand_matrix(
    book: Workbook, kind: ImportKind, options: Options, context: Context, listed: Understanding
) -> Understanding | None:
    """The rows of a file in matrix form; None where it is none. `listed` is what the list form made of the file."""
    form = kind.matrix
    if (
        form is None
        or context.target is None
        or not _lacks_titles(listed)
        or options.mapping.get(form.column_field, -1) >= 0
    ):
        return None
    head = _find_head(book, kind, form, form.known(context), options)
    if head is None:
        return None
    result = Understanding(kind, head.sheet, None)
    result.fields = (form.row_field, form.column_field, form.value_field, *([form.second_field] * bool(head.seconds)))
    result.remarks.append(
        _("A planilha foi lida como tabela cruzada: uma linha por empreendimento, uma coluna por produto.")
    )
    others = [sheet.name for sheet in book.sheets if sheet is not head.sheet]
    if others:
        words = _("Foi lida a aba “%(sheet)s”. Ficaram de fora: %(others)s.")
        names = ", ".join(f"“{name}”" for name in others)
        result.remarks.append(words % {"sheet": head.sheet.name, "others": names})
    for index, title in head.strange.items():
        words = _("“%(title)s” não está na lista da rodada. Acrescente-o à rodada, ou apague a coluna.")
        if _has_values(head, index):
            result.problems.append(Problem(words % {"title": title}, head.at + 1, title))
    _read(result, head, form, options)
    if not result.seen and not result.problems:
        result.problems.append(Problem(_("Não há nenhuma linha com dados abaixo dos títulos.")))
    return result


def _lacks_titles(listed: Understanding) -> bool:
    columns = listed.layout.columns if listed.layout else {}
    return any(column.required and column.field not in columns for column in listed.kind.columns)


def _find_head(
    book: Workbook, kind: ImportKind, form: MatrixForm, known: Mapping[str, Mapping[str, str]], options: Options
) -> _Head | None:
    """The title row with most known columns, shown sheets before hidden ones, the first of equals."""
    sheets = [sheet for sheet in book.sheets if not options.sheet or fold(sheet.name) == fold(options.sheet)]
    best: tuple[tuple[int, int], _Head] | None = None
    for sheet in sheets or book.sheets:
        for at, row in enumerate(sheet.rows[:MAX_HEADER_DEPTH]):
            head = _head_of(sheet, at, row, kind, form, known)
            score = (len(head.values), 0 if sheet.hidden else 1)
            if score[0] >= LEAST_KNOWN and (best is None or score > best[0]):
                best = (score, head)
    return best[1] if best else None


def _head_of(
    sheet: Sheet,
    at: int,
    row: Sequence[Cell],
    kind: ImportKind,
    form: MatrixForm,
    known: Mapping[str, Mapping[str, str]],
) -> _Head:
    head = _Head(sheet, at)
    titles = kind.titles()
    passed = {form.column_field, form.value_field, form.second_field}
    by_title = {title: name for name, words in titles.items() if name not in passed for title in words}
    row_column: int | None = None
    for index, cell in enumerate(row):
        text = " ".join(tabular.shown(cell).split()) if isinstance(cell, str) else ""
        if not text:
            continue
        folded = fold(text)
        if (found := known.get(folded)) is not None:
            head.values[index] = found
        elif (second := _second(folded, form, known)) is not None:
            head.seconds[index] = second
        elif (name := by_title.get(tabular.fold_title(text))) is not None:
            if name == form.row_field and row_column is None:
                row_column = index
            elif name not in head.others:
                head.others[name] = index
        elif not is_sum(text):
            head.strange[index] = text
    if row_column is None:
        # "Grupos", "Quem", or nothing at all above the names: the first column in front of the goods.
        row_column = next((index for index in sorted(head.strange) if index < min(head.values, default=0)), 0)
        head.strange.pop(row_column, None)
    head.first = row_column
    return head


def _second(folded: str, form: MatrixForm, known: Mapping[str, Mapping[str, str]]) -> Mapping[str, str] | None:
    for words in form.second_words:
        if folded.endswith(words):
            return known.get(folded[: -len(words)].rstrip(" :-–,("))
        if folded.endswith(f"{words})"):
            return known.get(folded[: -len(words) - 1].rstrip(" :-–,("))
    return None


def _has_values(head: _Head, index: int) -> bool:
    return any(index < len(row) and row[index] is not None for row in head.sheet.rows[head.at + 1 :])


def _read(result: Understanding, head: _Head, form: MatrixForm, options: Options) -> None:
    kind = result.kind
    lines = []
    for number, row in enumerate(head.sheet.rows[head.at + 1 :], start=head.at + 2):
        named = _at(row, head.first)
        if all(_at(row, index) is None for index in (head.first, *head.values, *head.seconds)):
            continue
        if isinstance(named, str) and is_sum(named):
            result.remarks.append(_("A linha %(row)s parece ser uma soma e não é importada.") % {"row": number})
            continue
        lines.append((number, row))
    if len(lines) * max(1, len(head.values)) > MAX_ROWS * 10:
        words = _("A tabela é grande demais: %(rows)s linhas por %(columns)s colunas. Divida em dois arquivos.")
        result.problems.append(Problem(words % {"rows": len(lines), "columns": len(head.values)}))
        return
    titles = head.sheet.rows[head.at]
    numbers = {index: kind.column(form.value_field) for index in head.values}
    numbers |= {index: kind.column(form.second_field) for index in head.seconds}
    cells = {index: [_at(row, index) for _number, row in lines] for index in numbers}
    every = [cell for index in numbers for cell in cells[index]]
    habits = habits_of([kind.column(form.value_field)], {form.value_field: every}, options)
    # All cells of a matrix are of one kind: one column's writing decides for all of them.
    reading = kind.column(form.value_field).type.prepare(str(kind.column(form.value_field).label), every, habits)
    result.remarks += reading.remarks
    texts = {name: kind.column(name) for name in (form.row_field, *head.others)}
    places = {form.row_field: head.first, **head.others}
    said = {name: _title(titles, at, str(texts[name].label)) for name, at in places.items()}
    for number, row in lines:
        result.seen += 1
        shared: dict[str, Any] = {}
        for name, at in places.items():
            try:
                shared[name] = texts[name].type.read(_at(row, at))
                if shared[name] is None and name == form.row_field:
                    raise CellProblem("missing")
            except CellProblem as problem:
                result.problems.append(Problem(cell_words(problem), number, said[name]))
                shared[name] = None
        if shared[form.row_field] is None:
            continue
        seconds = {
            tuple(sorted(fields.items())): (at, _value(result, reading.read, row, at, number, titles))
            for at, fields in head.seconds.items()
        }
        for at, fields in head.values.items():
            value = _value(result, reading.read, row, at, number, titles)
            title = _title(titles, at, "")
            second_at, second = seconds.get(tuple(sorted(fields.items())), (at, None))
            if value is None and second is None:
                continue
            values = {**shared, **fields, form.value_field: Decimal(0) if value is None else value}
            where = {**said, form.column_field: title, form.value_field: title, "unit": title}
            if form.second_field:
                values[form.second_field] = second
                where[form.second_field] = _title(titles, second_at, title)
            result.rows.append(Row(number, values, where))


def _value(
    result: Understanding,
    read: Callable[[Cell], Any],
    row: Sequence[Cell],
    at: int,
    number: int,
    titles: Sequence[Cell],
) -> Any:
    try:
        return read(_at(row, at))
    except CellProblem as problem:
        result.problems.append(Problem(cell_words(problem), number, _title(titles, at, "")))
        return None


def _title(titles: Sequence[Cell], at: int, otherwise: str) -> str:
    cell = _at(titles, at)
    return " ".join(tabular.shown(cell).split())[:80] if cell is not None else otherwise


def _at(row: Sequence[Cell], index: int) -> Cell:
    return row[index] if index < len(row) else None
