# SPDX-License-Identifier: AGPL-3.0-or-later
"""A program of its own that reads one workbook from standard input and prints its cells as JSON.

A spreadsheet of five kilobytes can make any reader ask for half a terabyte of memory (two cells far apart are enough),
and a reader written in Rust then ends the whole process. So the reading is done apart, with little memory and little
time, and the server goes on whatever the file holds. Only the standard library and the reader are imported here.

Answer: {"kind", "sheets": [{"name", "hidden", "first_column", "rows": [[cell, …], …], "rows_left": n}],
"sheets_left": n} or {"error": code, "params": {…}}. A cell is null or a string with a letter in front: s text,
n number, d date, t time, b flag (1 or 0), e error of a formula.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import lzma
import re
import sys
import zipfile
import zlib
from contextlib import suppress
from decimal import Decimal
from typing import Any

import python_calamine

MEMORY = 1 << 30
SECONDS = 30
UNPACKED_LIMIT = 200 * 1024 * 1024
ENTRIES_LIMIT = 2_000
MAX_SHEETS = 20
MAX_COLUMNS = 301
"""One more than is allowed, so that the one too many is seen."""
MAX_CHARACTERS = 50_000_000
"""All cells together; a text named once in the file may stand in a million cells."""
MAX_GAP = 50_000
"""Empty rows between two full ones; more come from a value lost at the foot of the sheet."""
UNPACKING_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
)  # fmt: skip


class Refused(Exception):
    """The file is not read; `code` and `params` say why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def main() -> int:
    """Read, answer on standard output, return 0 whether the file was good or refused."""
    max_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    limit_resources()
    try:
        answer = read(sys.stdin.buffer.read(), max_rows)
    except Refused as refused:
        answer = {"error": refused.code, "params": refused.params}
    except MemoryError:
        answer = {"error": "too_heavy", "params": {}}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")))
    sys.stdout.flush()
    return 0


def limit_resources() -> None:
    """At most so much memory and processor time, and no core dump; where the system knows such limits."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover
        return
    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        value = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        with suppress(ValueError, OSError):  # a system that does not know this limit
            resource.setrlimit(what, (value, value))


def read(content: bytes, max_rows: int) -> dict[str, Any]:
    """The kind and the sheets of a workbook. Raises: Refused."""
    kind, broken = "xls", dict[str, dict[tuple[int, int], str]]()
    if content.startswith(b"PK"):
        kind, broken = look_into_zip(content)
    elif "EncryptedPackage".encode("utf-16-le") in content[: 1 << 20]:
        raise Refused("password")
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheets = [
            read_sheet(book, meta, max_rows, broken.get(meta.name, {}))
            for meta in book.sheets_metadata[:MAX_SHEETS]
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError:
        raise Refused("password") from None
    except python_calamine.CalamineError as error:
        raise Refused("broken", detail=str(error)[:200]) from None
    if sum(len(cell) for sheet in sheets for row in sheet["rows"] for cell in row if cell) > MAX_CHARACTERS:
        raise Refused("too_heavy")
    return {"kind": kind, "sheets": sheets, "sheets_left": max(0, len(book.sheets_metadata) - MAX_SHEETS)}


def look_into_zip(content: bytes) -> tuple[str, dict[str, dict[tuple[int, int], str]]]:
    """Refuse what is no spreadsheet or would unpack to too much; find the cells whose formula has no value."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, EOFError):
        raise Refused("broken", detail="zip") from None
    if len(entries) > ENTRIES_LIMIT:
        raise Refused("zip_bomb")
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("password")
    kind = (
        "xlsx" if "xl/workbook.xml" in names
        else "xlsb" if "xl/workbook.bin" in names
        else "ods" if "content.xml" in names
        else ""
    )  # fmt: skip
    if not kind:
        raise Refused("other_kind", kind="docx" if "word/document.xml" in names else "zip")
    parts = unpack(archive, entries)
    if kind == "ods":
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise Refused("password")
        if b"office:spreadsheet" not in parts["content.xml"]:
            raise Refused("other_kind", kind="odt")
    return kind, broken_cells(parts) if kind == "xlsx" else {}


def unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """The parts that are looked into; every part is unpacked and counted, for what the list says may be a lie."""
    kept, left = {}, UNPACKED_LIMIT
    for entry in entries:
        keep = entry.filename.endswith((".xml", ".rels")) and (
            entry.filename.startswith(("xl/workbook", "xl/_rels/", "xl/worksheets/", "META-INF/"))
            or entry.filename == "content.xml"
        )
        chunks = []
        entry.file_size = 1 << 62  # read to the real end, not to the size that is claimed
        try:
            with archive.open(entry) as part:
                while chunk := part.read(1 << 16):
                    left -= len(chunk)
                    if left < 0:
                        raise Refused("zip_bomb")
                    if keep:
                        chunks.append(chunk)
        except UNPACKING_ERRORS:
            raise Refused("broken", detail="zip") from None
        if keep:
            kept[entry.filename] = b"".join(chunks)
    return kept


_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>(.{0,20000}?)</(?:\w+:)?c>", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def attribute(tag: bytes, name: bytes) -> str:
    """An XML attribute of a tag, with the five entities resolved."""
    found = re.search(rb"\s(?:\w+:)?" + name + rb'="([^"]*)"', tag)
    text = found[1].decode("utf-8", "replace") if found else ""
    for entity, mark in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, mark)
    return text


def broken_cells(parts: dict[str, bytes]) -> dict[str, dict[tuple[int, int], str]]:
    """Sheet → (row, column) → shown error; "" for a formula that was never calculated. calamine calls both empty."""
    targets = {
        attribute(tag, b"Id"): attribute(tag, b"Target")
        for tag in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b""))
    }
    found: dict[str, dict[tuple[int, int], str]] = {}
    for tag in _SHEET.findall(parts["xl/workbook.xml"]):
        target = targets.get(attribute(tag, b"id"), "")
        xml = parts.get(target.lstrip("/") if target.startswith("/") else f"xl/{target}", b"")
        if b't="e"' not in xml and not _FORMULA.search(xml):
            continue
        cells = found.setdefault(attribute(tag, b"name"), {})
        for attributes, inside in _CELL.findall(xml):
            head, value = b" " + attributes, _VALUE.search(inside)
            if b't="e"' in head:
                text = value[1].decode("utf-8", "replace") if value else "#N/A"
            elif _FORMULA.search(inside) and b't="str"' not in head and not (value and value[1]):
                text = ""
            else:
                continue
            if place := re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", attribute(head, b"r")):
                column = 0
                for letter in place[1]:
                    column = column * 26 + ord(letter) - 64
                cells[int(place[2]) - 1, column - 1] = text
    return found


def read_sheet(book: Any, meta: Any, max_rows: int, broken: dict[tuple[int, int], str]) -> dict[str, Any]:
    """One sheet's rows from the top, without the empty ones at the end."""
    sheet = book.get_sheet_by_name(meta.name)
    first_column = sheet.start[1] if sheet.start else 0
    rows: list[list[str | None]] = []
    full, left, empty = 0, 0, 0
    for number, cells in enumerate(sheet.iter_rows()):
        line = [encode(cell) for cell in cells[:MAX_COLUMNS]]
        if broken:
            for column in range(first_column, first_column + len(line)):
                if (text := broken.get((number, column))) is not None:
                    line[column - first_column] = "e" + text
        while line and line[-1] is None:
            line.pop()
        if not line:
            empty += 1
            continue
        # Past the limit the rows are only counted, so that the answer can name how many there are.
        full += 1
        if full > max_rows + 100:
            left += 1
            continue
        if empty > MAX_GAP:
            raise Refused("far_row", row=number + 1, sheet=meta.name)
        rows.extend([] for _ in range(empty))
        empty = 0
        rows.append(line)
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return {"name": meta.name, "hidden": hidden, "first_column": first_column, "rows": rows, "rows_left": left}


def encode(cell: Any) -> str | None:
    """A cell as a string with its kind in front; floats as the fifteen digits that spreadsheet programs keep."""
    if cell == "" or cell is None:
        return None
    if isinstance(cell, str):
        text = cell.strip()
        return "s" + text if text else None
    if isinstance(cell, bool):
        return "b1" if cell else "b0"
    if isinstance(cell, float | int):
        number = Decimal(f"{cell:.15g}")
        return "n" + format(number.normalize() if number else Decimal(0), "f")
    if isinstance(cell, dt.datetime):
        return "d" + cell.date().isoformat()
    if isinstance(cell, dt.date):
        return "d" + cell.isoformat()
    if isinstance(cell, dt.time):
        return "t" + cell.isoformat("minutes")
    return "s" + str(cell)


if __name__ == "__main__":
    sys.exit(main())
