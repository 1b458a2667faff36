# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever is sent is read or refused in words; nothing that is sent can stop the server."""

from __future__ import annotations

import datetime as dt
import struct
import time
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutirao.kernel.core.tabular import BrokenCell, column_letter
from mutirao.network.importing import reading
from mutirao.network.importing.reading import UnreadableFile, read_workbook
from tests.importing.files import made, ods, xlsx, zipped


def why_not(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_workbook(content)
    assert "%(" not in str(refused.value)
    assert refused.value.advice()
    return refused.value.why


def answer_to(content: bytes) -> str:
    """What the file was taken for, or why it was not read; anything else is a fault."""
    try:
        return read_workbook(content).format
    except UnreadableFile as refused:
        return str(refused)


def test_a_workbook_brings_numbers_dates_and_flags_as_such() -> None:
    content = xlsx([["a", None, "c"], [1.5, dt.date(2026, 3, 2), True], [24415000103, 0.1 + 0.2, dt.time(7, 30)]])
    book = read_workbook(content)
    assert book.format == "xlsx"
    assert book.sheets[0].rows == [
        ["a", None, "c"],
        [Decimal("1.5"), dt.date(2026, 3, 2), True],
        [Decimal(24415000103), Decimal("0.3"), dt.time(7, 30)],
    ]


def test_the_open_format_is_read() -> None:
    book = read_workbook(ods([["Nome", "Preço"], [], ["Pão", 12.5]]))
    assert book.format == "ods"
    assert book.sheets[0].rows == [["Nome", "Preço"], [], ["Pão", Decimal("12.5")]]


def test_rows_keep_their_numbers_below_empty_ones_and_columns_their_letters() -> None:
    def write(sheet: Any) -> None:
        sheet["C4"], sheet["D6"] = "Nome", 3

    sheet = read_workbook(made(write)).sheets[0]
    assert (sheet.first_column, len(sheet.rows)) == (2, 6)
    assert (sheet.rows[3], sheet.rows[5]) == (["Nome"], [None, Decimal(3)])


def test_errors_of_formulas_and_formulas_never_calculated_are_not_taken_for_empty() -> None:
    def write(sheet: Any) -> None:
        sheet.append(["a", "b", "c"])
        sheet.append(["=1+1", None, "x"])
        sheet["B2"].value, sheet["B2"].data_type = "#DIV/0!", "e"

    assert read_workbook(made(write)).sheets[0].rows[1] == [BrokenCell(""), BrokenCell("#DIV/0!"), "x"]


def test_hidden_sheets_are_known_as_such() -> None:
    def write(sheet: Any) -> None:
        sheet.append(["à vista"])
        other = sheet.parent.create_sheet("Guardada")
        other.append(["x"])
        other.sheet_state = "hidden"

    assert [(sheet.name, sheet.hidden) for sheet in read_workbook(made(write)).sheets] == [
        ("Sheet", False),
        ("Guardada", True),
    ]


# --- what is refused, in words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"%PDF-1.7 \xe2\xe3", "pdf"),
        (b"<!DOCTYPE html><html><table><tr><td>x", "html"),
        (b"\xef\xbb\xbf<html xmlns:o='x'><body>", "html"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
        (b"{\\rtf1\\ansi", "document"),
        (b"\x1f\x8b\x08\x00", "broken"),
        (bytes(range(256)) * 10, "not_text"),
        (b"PK\x03\x04" + bytes(range(256)) * 4, "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 8, "broken"),
        (zipped({"word/document.xml": "<w/>"}), "document"),
        (zipped({"foto.jpg": b"x"}), "not_text"),
        (xlsx([["a"]])[:2000], "broken"),
        (xlsx([]), "empty"),
        (ods([["a"]], encrypted=True), "password"),
        (b'a;b\n"x;1\n2;3\n', "open_quote"),
        (b"x" * (10 * 1024 * 1024 + 1), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(content: bytes, why: str) -> None:
    assert why_not(content) == why


def test_a_workbook_with_a_password_is_called_so() -> None:
    # Office wraps an encrypted workbook in the older container, with a stream of this name.
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    assert why_not(header + "EncryptedPackage".encode("utf-16-le") + bytes(512)) == "password"


def test_too_many_rows_and_columns_are_refused_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 50)
    rows = [["Nome", "Qtd"], *(["x", 1] for _ in range(300))]
    for content in (xlsx(rows), "\n".join(f"{a};{b}" for a, b in rows).encode()):
        with pytest.raises(UnreadableFile) as refused:
            read_workbook(content)
        assert "301" in str(refused.value)
    assert why_not(xlsx([["x"] * 400])) == "too_many_columns"
    assert why_not(b";".join([b"x"] * 400)) == "too_many_columns"


# --- files made to do harm -------------------------------------------------------------------------------------------


def test_two_cells_far_apart_do_not_take_the_memory_of_the_server() -> None:
    def write(sheet: Any) -> None:
        sheet["A1"], sheet["XFD1048576"] = "x", "y"

    content = made(write)
    assert len(content) < 6_000
    assert why_not(content) == "too_heavy"


def test_a_value_lost_at_the_foot_of_the_sheet_is_named_with_its_row() -> None:
    def write(sheet: Any) -> None:
        sheet.append(["Nome", "Qtd"])
        sheet["B900000"] = 1

    with pytest.raises(UnreadableFile) as refused:
        read_workbook(made(write))
    assert "900000" in str(refused.value)


def test_a_small_archive_that_unpacks_to_a_gigabyte_is_refused_quickly() -> None:
    bomb = zipped({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b" " * 300_000_000})
    assert len(bomb) < 400_000
    start = time.monotonic()
    assert why_not(bomb) == "zip_bomb"
    assert time.monotonic() - start < 20


def test_an_archive_that_lies_about_its_size_is_refused_too() -> None:
    bomb = bytearray(zipped({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b" " * 300_000_000}))
    claimed = struct.pack("<I", 300_000_000)
    while (at := bomb.find(claimed)) >= 0:
        bomb[at : at + 4] = struct.pack("<I", 1000)
    assert why_not(bytes(bomb)) in ("zip_bomb", "broken")


def shared_text(text: str, rows: int, columns: int) -> bytes:
    """A workbook that holds one text once, and shows it in every cell."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    row = "".join(f'<c r="{column_letter(index)}%d" t="s"><v>0</v></c>' for index in range(columns))
    lines = "".join(f'<row r="{number}">{row % ((number,) * columns)}</row>' for number in range(1, rows + 1))
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package.replace("relationships", "content-types")}"></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}">'
            f'<Relationship Id="a" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
            '<sheet name="P" sheetId="1" r:id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">'
            f'<Relationship Id="a" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="b" Type="{relation}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>{text}</t></si></sst>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
        }
    )


def test_one_long_text_shown_in_very_many_cells_does_not_fill_the_memory() -> None:
    assert read_workbook(shared_text("x", 2, 2)).sheets[0].rows == [["x", "x"], ["x", "x"]]
    content = shared_text("x" * 30_000, 200, 100)
    assert len(content) < 100_000
    assert why_not(content) == "too_heavy"


def test_repeated_cells_of_the_open_format_do_not_take_the_memory_either() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert why_not(ods([], body=row)) in ("too_heavy", "broken", "too_many_rows", "too_many_columns")


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=1, max_size=600))
def test_random_bytes_behind_a_known_beginning_are_answered(tail: bytes) -> None:
    for head in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"Nome;"):
        assert answer_to(head + tail)


WHOLE = cache(lambda: xlsx([["Nome", "Qtd"], ["Pão", 1]]))
"""One workbook for all examples: it has its time in it, and so another length now and then."""


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_workbook_with_damaged_bytes_is_answered(data: st.DataObject) -> None:
    content = bytearray(WHOLE())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert answer_to(bytes(content))
