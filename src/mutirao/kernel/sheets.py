# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables written as spreadsheets. Text that a spreadsheet would take for a formula is made harmless.

Source: OWASP, CSV Injection: cells beginning with = + - @ tab or carriage return are prefixed by an apostrophe in CSV;
in XLSX they are written as text, which a spreadsheet never evaluates.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | Decimal | dt.date | dt.datetime | None


def write_xlsx(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """An XLSX file with one sheet for each (title, column names, rows). Decimals keep their exact digits."""
    book = Workbook(write_only=True)
    for title, columns, rows in sheets:
        sheet = book.create_sheet(_sheet_title(title))
        sheet.freeze_panes = "A2"
        for number, name in enumerate(columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = max(12, min(44, len(name) + 4))
        sheet.append([_xlsx_cell(sheet, name, bold=True) for name in columns])
        for row in rows:
            sheet.append([_xlsx_cell(sheet, value) for value in row])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, decimal_comma: bool = True) -> bytes:
    """A CSV file (UTF-8 with mark; semicolons and the decimal comma where the reader's language writes it)."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";" if decimal_comma else ",", lineterminator="\r\n")
    writer.writerow([csv_cell(name, decimal_comma) for name in columns])
    writer.writerows([csv_cell(value, decimal_comma) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _sheet_title(title: str) -> str:
    return "".join(" " if character in "[]:*?/\\" else character for character in title)[:31] or "1"


def _xlsx_cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    plain = value is None or isinstance(value, int | Decimal)
    if not bold and (plain or (isinstance(value, str) and not value.startswith("="))):
        return value  # written as it is: a third of the work that a cell object makes
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.replace(tzinfo=None)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # never "f": text stays text, whatever it begins with
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        cell.number_format = "dd/mm/yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell


def csv_cell(value: Cell, decimal_comma: bool) -> str:
    """A value as it stands in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.replace(".", ",") if decimal_comma else text
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return f"'{value}" if value.startswith(_DANGEROUS) else value
