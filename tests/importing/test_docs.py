# SPDX-License-Identifier: AGPL-3.0-or-later
"""What docs/formats/import.md says of kinds, columns and numbers is what the program does."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from mutirao.kernel.core.tabular import CellProblem, number_style, read_number
from mutirao.network.importing.registry import kinds

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "formats" / "import.md").read_text("utf-8")


def tables(text: str) -> list[list[str]]:
    """The cells of every row of the tables in a text, without headings."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if "|" in line]
    return [row for row in rows if len(row) > 2 and not set(row[0]) <= set("-: ")]


def section(title: str) -> str:
    return re.split(r"\n#{2,3} ", TEXT.partition(f"# {title}\n")[2])[0]


def test_every_kind_is_described_with_its_columns() -> None:
    for kind in kinds():
        told = [(row[0], row[1], row[2] == "yes") for row in tables(section(kind.code))[1:]]
        assert told == [(str(column.label), column.field, column.required) for column in kind.columns], kind.code


def test_every_kind_is_in_the_technicians_page() -> None:
    page = (DOCS / "tecnicos" / "importar.md").read_text("utf-8")
    for kind in kinds():
        assert re.search(rf"^\| {kind.code}\b", page, re.MULTILINE), kind.code


NUMBERS = [(row[0], row[1]) for row in tables(section("Numbers"))[1:]]


@pytest.mark.parametrize(("column", "answer"), NUMBERS)
def test_the_table_of_numbers_is_true(column: str, answer: str) -> None:
    style = number_style([text.strip() for text in column.split("·")], otherwise=",")
    if answer == "refused":
        with pytest.raises(CellProblem):
            read_number("1.234", style)
    else:
        assert read_number("1.234", style) == Decimal(answer)


def test_the_table_of_numbers_was_found() -> None:
    assert len(NUMBERS) == 6


def test_no_two_columns_of_a_kind_share_a_title() -> None:
    for kind in kinds():
        said = Counter(title for titles in kind.titles().values() for title in titles)
        said.update(list(kind.left_aside))
        assert [title for title, often in said.items() if often > 1] == [], kind.code
