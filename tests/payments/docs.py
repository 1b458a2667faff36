# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables and examples of docs/formats, read so that the tests compute them again."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs" / "formats"


def table(text: str, *columns: str) -> list[dict[str, str]]:
    """The rows of the one table in `text` with exactly these columns. Raises: LookupError when there is none."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if cells(line) == list(columns):
            rows = []
            for row in lines[at + 2 :]:
                if not row.startswith("|"):
                    break
                rows.append(dict(zip(columns, cells(row), strict=True)))
            return rows
    raise LookupError(f"no table with the columns {columns}")


def cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip().split("|")[1:-1]]


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def bank_examples() -> list[tuple[str, str, list[dict[str, str]]]]:
    """Bank, its CSV, and the lines that are to be read from it."""
    found = []
    for part in read("bank-csv.md").split("\n### ")[1:]:
        csv = re.search(r"```csv\n(.*?)```", part, re.DOTALL)
        assert csv is not None
        found.append((part.split("\n")[0], csv[1], table(part, "row", "date", "amount", "reference")))
    return found
