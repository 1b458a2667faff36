# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files to fill in: one for each kind, with titles, an example row and notes; made from the columns themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mutirao.kernel import forms, sheets
from mutirao.network.importing.layout import notes_sheet
from mutirao.network.importing.registry import Column, ImportKind

TYPES = {"xlsx": sheets.XLSX_TYPE, "csv": sheets.CSV_TYPE}


def model_file(kind: ImportKind, form: str) -> bytes:
    """The model of a kind as "xlsx" or "csv". Raises: KeyError for another form."""
    titles = [f"{column.label} *" if column.required else str(column.label) for column in kind.columns]
    if form == "csv":
        return sheets.write_csv(titles, [_example(kind, typed=False)], decimal_comma=forms.decimal_comma())
    if form != "xlsx":
        raise KeyError(form)
    notes_columns = [_("Coluna"), _("Precisa?"), _("O que é"), _("Exemplo")]
    return sheets.write_xlsx(
        [
            (str(kind.label), titles, [_example(kind, typed=True)]),
            (notes_sheet(), notes_columns, [*_about_columns(kind.columns), *_about_kind(kind)]),
        ]
    )


def file_name(kind: ImportKind, form: str) -> str:
    """What the model is called when it is saved."""
    name = kind.aliases[0] if kind.aliases and get_language() == "pt-br" else kind.code
    return f"{_('modelo')}-{name}.{form}"


def _example(kind: ImportKind, *, typed: bool) -> Sequence[sheets.Cell]:
    row: list[sheets.Cell] = []
    for column in kind.columns:
        if column.example and typed and (column.type.numeric or column.type.dated):
            row.append(column.type.read(column.example))
        else:
            row.append(column.example or None)
    return row


def _about_columns(columns: Sequence[Column]) -> list[Sequence[sheets.Cell]]:
    return [
        [str(column.label), _("sim") if column.required else _("não"), str(column.help), column.example]
        for column in columns
    ]


def _about_kind(kind: ImportKind) -> list[Sequence[sheets.Cell]]:
    sentences = [
        _("A linha de exemplo pode ficar: ela não é importada."),
        *(str(note) for note in kind.notes),
        _("Importar a mesma planilha de novo não duplica nada."),
    ]
    return [[], *([sentence] for sentence in sentences)]
