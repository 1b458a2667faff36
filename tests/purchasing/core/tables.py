# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worked tables and examples of docs/algorithms, read so that the tests compute them again."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[3] / "docs" / "algorithms"


def rows(document: str, *columns: str) -> list[dict[str, str]]:
    """All rows of the tables in `document` whose header starts with exactly these columns.

    Raises: LookupError when there is none, so that a renamed column cannot silence a test.
    """
    found: list[dict[str, str]] = []
    header: list[str] | None = None
    for line in (DOCS / document).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else None
        if cells is None:
            header = None
        elif header is None:
            header = cells
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells) and header[: len(columns)] == list(columns):
            found.append(dict(zip(header, cells, strict=True)))
    if not found:
        raise LookupError(f"{document} has no table with the columns {columns}")
    return found


def examples(document: str) -> list[Any]:
    """The JSON blocks of `document`, in order."""
    text = (DOCS / document).read_text(encoding="utf-8")
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


def decimals(cell: str) -> list[Decimal]:
    """The numbers of a cell such as "3, 1.5, 2"."""
    return [Decimal(part) for part in cell.split(",") if part.strip()]
