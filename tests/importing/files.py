# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small spreadsheets made in the tests themselves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import openpyxl


def csv_bytes(text: str, encoding: str = "utf-8") -> bytes:
    """Lines without the indentation of the test, in an encoding."""
    lines = [line.strip() for line in text.strip("\n").split("\n")]
    return "\n".join(lines).encode(encoding)


def xlsx(
    rows: Sequence[Sequence[Any]], *, sheet: str = "Plan1", also: dict[str, Sequence[Sequence[Any]]] | None = None
) -> bytes:
    """A workbook as a spreadsheet program writes it; `also` gives further sheets."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    for name, others in (also or {}).items():
        extra = book.create_sheet(name)
        for row in others:
            extra.append(list(row))
    return saved(book)


def made(write: Callable[[Any], None]) -> bytes:
    """A workbook whose one sheet `write` fills as it likes."""
    book = openpyxl.Workbook()
    write(book.active)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods(rows: Sequence[Sequence[Any]], *, table: str = "Planilha1", encrypted: bool = False, body: str = "") -> bytes:
    """A workbook in the open format, as LibreOffice writes it; `body` replaces the rows by XML of one's own."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_NAMES} office:version="1.3">'
        "<office:body>"
        f'<office:spreadsheet><table:table table:name="{table}">{body or "".join(map(_ods_row, rows))}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    secret = "<manifest:encryption-data/>" if encrypted else ""
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{secret}'
        "</manifest:file-entry></manifest:manifest>"
    )
    return zipped({"mimetype": _ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": manifest})


def _ods_row(row: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float | Decimal):
        shown = str(value).replace(".", ",")
        return _ods_typed(f'"float" office:value="{value}"', shown)
    return _ods_typed('"string"', escape(str(value)))


def _ods_typed(kind: str, shown: str) -> str:
    return f"<table:table-cell office:value-type={kind}><text:p>{shown}</text:p></table:table-cell>"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """An archive of the named parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()
