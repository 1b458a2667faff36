# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the bytes of an uploaded file to sheets of cells, whatever was sent; see workbook_reader for the why."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.core import tabular
from mutirao.kernel.core.tabular import BrokenCell, Cell
from mutirao.kernel.errors import DomainError, Words

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 300
TIMEOUT_SECONDS = 60
_AT_A_TIME = BoundedSemaphore(2)
"""Each reader may take a gigabyte; the others wait."""
_READER = Path(__file__).with_name("workbook_reader.py")

_WHY: dict[str, tuple[Words, Words]] = {
    "empty": (_("O arquivo está vazio."), _("Confira se é o arquivo certo e se foi salvo antes de enviar.")),
    "too_many_sheets": (
        _("O arquivo tem abas demais: as primeiras estão vazias, e as outras %(left)s não foram abertas."),
        _("Salve só a aba que interessa num arquivo e envie esse."),
    ),
    "too_large": (
        _("O arquivo tem %(size)s MB; o limite é de %(limit)s MB."),
        _("Envie só a aba que interessa, ou divida em dois arquivos."),
    ),
    "too_many_rows": (
        _("A planilha tem %(rows)s linhas; o limite é de %(limit)s."),
        _("Divida em dois arquivos e envie um depois do outro."),
    ),
    "too_many_columns": (
        _("A planilha tem mais de %(limit)s colunas."),
        _("Confira se o arquivo é o certo e apague as colunas que sobram."),
    ),
    "password": (
        _("A planilha está protegida por senha."),
        _("Abra-a no seu programa, tire a senha, salve e envie de novo."),
    ),
    "zip_bomb": (
        _("O arquivo é pequeno por fora e enorme por dentro: não pode ser aberto com segurança."),
        _("Copie os dados para uma planilha nova e envie essa."),
    ),
    "too_heavy": (
        _("A planilha é pesada demais para ser aberta: deve ter células preenchidas muito longe umas das outras."),
        _("Copie só a tabela para uma planilha nova e envie essa."),
    ),
    "far_row": (
        _("Há um valor perdido na linha %(row)s da aba “%(sheet)s”, muito longe da tabela."),
        _("Apague essa linha, salve e envie de novo."),
    ),
    "broken": (
        _("O arquivo está danificado ou incompleto e não pôde ser aberto."),
        _("Abra-o no seu programa, salve de novo como XLSX ou ODS e envie."),
    ),
    "pdf": (
        _("Isto é um PDF, não uma planilha."),
        _("Peça a planilha de onde o PDF saiu, ou copie a tabela para uma planilha."),
    ),
    "html": (
        _("Isto é uma página da internet com nome de planilha."),
        _("Abra-a no seu programa de planilhas, salve como XLSX ou ODS e envie."),
    ),
    "image": (
        _("Isto é uma imagem, não uma planilha."),
        _("Use o modelo desta página e digite os dados nele."),
    ),
    "document": (
        _("Isto é um documento de texto, não uma planilha."),
        _("Copie a tabela para uma planilha e envie-a em XLSX, ODS ou CSV."),
    ),
    "not_text": (
        _("O arquivo não é uma planilha que se reconheça."),
        _("Envie em XLSX, ODS ou CSV."),
    ),
    "open_quote": (
        _("Há aspas abertas na linha %(line)s que nunca se fecham."),
        _("Feche ou apague essas aspas, ou envie a planilha em XLSX ou ODS."),
    ),
    "long_cell": (
        _("Há um texto comprido demais perto da linha %(line)s."),
        _("Veja se faltam aspas por ali, ou envie a planilha em XLSX ou ODS."),
    ),
    "broken_line": (
        _("A linha %(line)s não pôde ser separada em colunas."),
        _("Corrija essa linha, ou envie a planilha em XLSX ou ODS."),
    ),
}


class UnreadableFile(DomainError):
    """The file cannot be read; `code` says why."""

    code = "unreadable_file"
    status = 422
    field = "file"

    def __init__(self, why: str, **params: Any) -> None:
        super().__init__(**params)
        self.why = why
        self.message, self.next_step = _WHY[why]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as it stands in the file; row 1 is `rows[0]`."""

    name: str
    rows: list[list[Cell]]
    first_column: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file read: its sheets and what it was taken for."""

    sheets: list[Sheet]
    format: str
    """csv, xlsx, xlsb, ods, xls."""
    encoding: str = ""
    delimiter: str = ""
    garbled: bool = False
    sheets_left: int = 0
    """Sheets that were not opened: a file has at most so many that are."""


def read_workbook(content: bytes, known_titles: Collection[str] = frozenset()) -> Workbook:
    """The sheets of a file in XLSX, ODS, XLS or CSV; the name of the file does not matter.

    `known_titles` (folded) help to find a CSV's delimiter. Raises: UnreadableFile.
    """
    if len(content) > MAX_BYTES:
        size = f"{len(content) / 1024 / 1024:.0f}"
        raise UnreadableFile("too_large", size=size, limit=MAX_BYTES // 1024 // 1024)
    if not content:
        raise UnreadableFile("empty")
    if kind := _foreign_kind(content):
        raise UnreadableFile(kind)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return _read_binary(content)
    return _read_text(content, known_titles)


def _foreign_kind(content: bytes) -> str:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF"):
        return "pdf"
    if head[:14].lower().startswith((b"<!doctype html", b"<html", b"<table", b"<meta ")) or b"<html" in head.lower():
        return "html"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")):
        return "image"
    if head.startswith(b"{\\rtf"):
        return "document"
    return "broken" if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")) else ""


def _read_text(content: bytes, known_titles: Collection[str]) -> Workbook:
    try:
        text, encoding = tabular.decode(content)
        table = tabular.read_delimited(text, known_titles)
    except tabular.UnreadableTable as error:
        raise UnreadableFile(error.code, **error.params) from None
    rows = table.rows
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    _check_size(sum(1 for row in rows if any(cell is not None for cell in row)), max(map(len, rows), default=0))
    return Workbook([Sheet("", rows)], "csv", encoding, table.delimiter, tabular.looks_garbled(text[:50_000]))


def _check_size(rows: int, columns: int) -> None:
    # A few rows more than the limit are titles and remarks above the table.
    if rows > MAX_ROWS + tabular.MAX_HEADER_DEPTH:
        raise UnreadableFile("too_many_rows", rows=rows, limit=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)


def _read_binary(content: bytes) -> Workbook:
    try:
        with _AT_A_TIME:
            done = _open_apart(content)
    except subprocess.TimeoutExpired:
        raise UnreadableFile("too_heavy") from None
    if done.returncode != 0:
        # Killed for its memory or its time, or the reader gave itself up: the file asks for too much.
        raise UnreadableFile("too_heavy")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise _refused(answer["error"], answer["params"])
    sheets = []
    for sheet in answer["sheets"]:
        _check_size(
            sum(1 for row in sheet["rows"] if row) + sheet["rows_left"], max(map(len, sheet["rows"]), default=0)
        )
        if sheet["rows"]:
            rows = [[_decode(cell) for cell in row] for row in sheet["rows"]]
            sheets.append(Sheet(sheet["name"], rows, sheet["first_column"], sheet["hidden"]))
    if not sheets and answer["sheets_left"]:
        raise UnreadableFile("too_many_sheets", left=answer["sheets_left"])
    if not sheets:
        raise UnreadableFile("empty")
    return Workbook(sheets, answer["kind"], sheets_left=answer["sheets_left"])


def _open_apart(content: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - our own program, no shell, the file on standard input
        [sys.executable, "-I", str(_READER), str(MAX_ROWS + tabular.MAX_HEADER_DEPTH)],
        input=content,
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
    )


def _refused(code: str, params: dict[str, Any]) -> UnreadableFile:
    if code == "other_kind":
        return UnreadableFile("document" if params["kind"] in ("docx", "odt") else "not_text")
    return UnreadableFile(code, **{name: params[name] for name in ("row", "sheet") if name in params})


def _decode(cell: str | None) -> Cell:
    if cell is None:
        return None
    kind, value = cell[0], cell[1:]
    if kind == "s":
        return value
    if kind == "n":
        return Decimal(value)
    if kind == "d":
        return dt.date.fromisoformat(value)
    if kind == "t":
        return dt.time.fromisoformat(value)
    return value == "1" if kind == "b" else BrokenCell(value)
