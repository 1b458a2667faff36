# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file would do, without doing it: read, understand, plan."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mutirao.network.importing.layout import Options, Understanding, understand
from mutirao.network.importing.matrix import understand_matrix
from mutirao.network.importing.plans import MAX_LISTED, ImportPlan, Problem
from mutirao.network.importing.reading import Workbook, read_workbook
from mutirao.network.importing.registry import Context, ImportKind

SHOWN_ROWS = 8


@dataclass(slots=True)
class Preview:
    """A file as it was understood, and what importing it would do."""

    kind: ImportKind
    book: Workbook
    understanding: Understanding
    plan: ImportPlan

    @property
    def problems(self) -> list[Problem]:
        """Everything that stands in the way, by row."""
        # What follows from a cell that could not be read is not told twice.
        cells = {
            (problem.row, problem.column) for problem in self.understanding.problems if problem.row and problem.column
        }
        follow = [problem for problem in self.plan.problems if (problem.row, problem.column) not in cells]
        found = [*self.understanding.problems, *follow]
        titles = self.understanding.layout.titles if self.understanding.layout else []
        order = {title: at for at, title in reversed(list(enumerate(titles)))}
        return sorted(
            found, key=lambda problem: (problem.row is not None, problem.row or 0, order.get(problem.column, -1))
        )

    @property
    def listed_problems(self) -> list[Problem]:
        """The problems that are shown one by one."""
        return self.problems[:MAX_LISTED]

    @property
    def remarks(self) -> list[str]:
        """How the file was read, and what the plan has to tell; each sentence once."""
        return list(dict.fromkeys([*self.understanding.remarks, *self.plan.remarks]))

    @property
    def can_apply(self) -> bool:
        """Whether nothing stands in the way and there is something to do."""
        return not self.problems and bool(self.plan.new or self.plan.changed)

    @property
    def nothing_to_do(self) -> bool:
        """Whether everything in the file is there already."""
        return not self.problems and not self.plan.new and not self.plan.changed

    def sample(self) -> list[tuple[int, list[str]]]:
        """The first rows as understood: number, and a text for each used column."""
        columns = self.understanding.used_columns
        return [
            (row.number, [column.type.show(row.get(column.field)) for column in columns])
            for row in self.understanding.rows[:SHOWN_ROWS]
        ]

    @property
    def how_read(self) -> str:
        """One line on the file's form: "CSV, separado por “;”", "XLSX, aba “Pedidos”"."""
        if self.book.format == "csv":
            mark = {";": "“;”", ",": "“,”", "\t": _("tabulação"), "|": "“|”"}.get(self.book.delimiter)
            return _("CSV, colunas separadas por %(mark)s") % {"mark": mark} if mark else "CSV"
        name = self.understanding.sheet.name if self.understanding.sheet else ""
        return _("%(format)s, aba “%(sheet)s”") % {"format": self.book.format.upper(), "sheet": name}


def prepare(kind: ImportKind, content: bytes, options: Options, context: Context) -> Preview:
    """What importing the file would do in the active network. Raises: UnreadableFile."""
    book = read_workbook(content, kind.known_titles())
    understanding = understand(book, kind, options)
    understanding = understand_matrix(book, kind, options, context, understanding) or understanding
    plan = kind.plan(understanding.rows, context) if understanding.rows else ImportPlan()
    if understanding.fields:
        # A row of a matrix is many of the list: what is wrong with its head is told once.
        told = {(problem.row, problem.column): problem for problem in reversed(plan.problems)}
        plan.problems = [problem for problem in plan.problems if told[problem.row, problem.column] is problem]
    return Preview(kind, book, understanding, plan)
