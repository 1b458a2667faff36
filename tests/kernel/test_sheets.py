# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from mutirao.kernel.sheets import write_csv, write_xlsx


def test_formulas_in_cells_stay_text() -> None:
    evil = '=HYPERLINK("http://x";"y")'
    book = load_workbook(BytesIO(write_xlsx([("Pedidos: [1]", ["Nome"], [[evil], ["-2+3"]])])))
    sheet = book.worksheets[0]
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", evil)
    text = write_csv(["Nome"], [[evil], ["@x"], ["-2+3"]]).decode("utf-8-sig")
    assert [line[:2] for line in text.split("\r\n")[1:4]] == ["\"'", "'@", "'-"]


def test_numbers_and_dates_arrive_as_such() -> None:
    data = write_xlsx([("A", ["Quantidade", "Dia"], [[Decimal("12.345"), dt.date(2026, 3, 2)]])])
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[1] == [12.345, dt.date(2026, 3, 2)]


def test_csv_writes_the_decimal_comma_and_negative_numbers_plainly() -> None:
    assert write_csv(["x"], [[Decimal("-1.50"), None]]) == "x\r\n-1,50;\r\n".encode("utf-8-sig")
    assert write_csv(["x"], [[Decimal("1.50")]], decimal_comma=False) == "x\r\n1.50\r\n".encode("utf-8-sig")
