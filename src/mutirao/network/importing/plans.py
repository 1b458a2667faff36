# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an import would do: one change for each thing in the file, and every problem that stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

MAX_LISTED = 500
"""Problems listed one by one; beyond it they are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, with its row as spreadsheet programs number it and the title of its column."""

    message: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        where = self.where()
        return f"{where}: {self.message}" if where else self.message

    def where(self) -> str:
        """ "Linha 7, coluna Quantidade"; empty for what concerns the whole file."""
        if self.row is None:
            return _("Coluna %(column)s") % {"column": self.column} if self.column else ""
        if not self.column:
            return _("Linha %(row)s") % {"row": self.row}
        return _("Linha %(row)s, coluna %(column)s") % {"row": self.row, "column": self.column}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as understood. A field without column is absent from `values`; one whose cell is empty is None.

    So is one whose cell could not be read (`broken`): the row is planned all the same, so that what else is wrong
    with it is told in one go.
    """

    number: int
    values: Mapping[str, Any]
    titles: Mapping[str, str]
    """Field → title of its column in the file."""
    broken: frozenset[str] = frozenset()

    def get(self, name: str) -> Any:
        """The value of a field; None where cell or column is missing."""
        return self.values.get(name)

    def problem(self, name: str, message: str) -> Problem:
        """A problem with one field of this row."""
        return Problem(message, self.number, self.titles.get(name, ""))


class Fate(StrEnum):
    """What becomes of a thing in the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a changed thing, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one thing: its first row, what to call it, what differs; `payload` is the importer's own."""

    fate: Fate
    row: int
    label: str
    differences: tuple[Difference, ...] = ()
    payload: Any = None


@dataclass(slots=True)
class ImportPlan:
    """Everything an import would do, or why it cannot."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def of(self, fate: Fate) -> list[Change]:
        """The changes of one fate, in the file's order."""
        return [change for change in self.changes if change.fate == fate]

    @property
    def new(self) -> list[Change]:
        return self.of(Fate.NEW)

    @property
    def changed(self) -> list[Change]:
        return self.of(Fate.CHANGED)

    @property
    def unchanged(self) -> list[Change]:
        return self.of(Fate.UNCHANGED)

    @property
    def counts(self) -> dict[str, int]:
        """How many are new, changed, unchanged."""
        return {fate.value: len(self.of(fate)) for fate in Fate}


def difference_words(row_label: str, before: str, after: str) -> Difference:
    """A difference, with a word where a side is empty."""
    return Difference(row_label, before or _("(vazio)"), after or _("(vazio)"))
