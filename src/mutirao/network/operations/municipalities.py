# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of municipalities, brought in whole from a table of IBGE's codes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.core import tabular
from mutirao.kernel.errors import DomainError, SeveralProblems
from mutirao.kernel.work import operation, record
from mutirao.network.core.places import STATE_BY_CODE, fold_place
from mutirao.network.models import Municipality
from mutirao.network.operations.people import require_operator

COLUMNS = ("codigo_ibge", "nome", "latitude", "longitude", "codigo_uf")
PROBLEMS_SHOWN = 50
NAME_LENGTH = 80
PLACES = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class MunicipalitiesImported:
    """How many municipalities the file had, and how many of them were new or changed."""

    total: int
    added: int
    changed: int


class BadMunicipality(DomainError):
    """A row that cannot be; `message` says in which column and why."""

    code = "bad_municipality"
    status = 422


@operation
def import_municipalities(content: bytes, *, actor: Actor) -> MunicipalitiesImported:
    """Add the municipalities of a file and correct those that differ; all or nothing, repeatable.

    `content` is a CSV with the columns codigo_ibge, nome, latitude, longitude, codigo_uf; others are left aside.
    Raises: OperatorsOnly; SeveralProblems, one for each bad row with its line number in words.
    """
    require_operator(actor)
    rows, problems = _read(content)
    if problems:
        more = len(problems) - PROBLEMS_SHOWN
        shown = problems[:PROBLEMS_SHOWN]
        if more > 0:
            shown.append(BadMunicipality(_("E mais %(count)s linhas com problemas."), count=more))
        raise SeveralProblems(shown)
    known = {row.ibge_code: _values(row) for row in Municipality.objects.all()}
    fresh = [row for row in rows if row.ibge_code not in known]
    changed = [row for row in rows if row.ibge_code in known and known[row.ibge_code] != _values(row)]
    Municipality.objects.bulk_create(
        fresh + changed,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["ibge_code"],
        update_fields=["name", "folded", "state", "latitude", "longitude"],
    )
    if fresh or changed:
        record(
            actor, "network.municipalities_imported", (fresh + changed)[0],
            total=len(rows), added=len(fresh), changed=len(changed),
        )  # fmt: skip
    return MunicipalitiesImported(len(rows), len(fresh), len(changed))


def _values(row: Municipality) -> tuple[str, str, str, Decimal, Decimal]:
    return row.name, row.folded, row.state, row.latitude, row.longitude


def _read(content: bytes) -> tuple[list[Municipality], list[DomainError]]:
    if not content.strip():
        return [], [BadMunicipality(_("O arquivo não tem nenhuma linha."))]
    try:
        text, _encoding = tabular.decode(content)
    except tabular.UnreadableTable:
        return [], [BadMunicipality(_("O arquivo não é uma tabela de texto (CSV)."))]
    try:
        numbered = list(_numbered(text))
    except csv.Error as error:
        return [], [BadMunicipality(_("O arquivo não é uma tabela que se possa ler: %(why)s."), why=error)]
    if not numbered:
        return [], [BadMunicipality(_("O arquivo não tem nenhuma linha."))]
    missing = [column for column in COLUMNS if column not in numbered[0][1]]
    if missing:
        return [], [BadMunicipality(_("Faltam colunas no arquivo: %(columns)s."), columns=", ".join(missing))]
    rows: dict[int, Municipality] = {}
    problems: list[DomainError] = []
    for line, values in numbered:
        try:
            row = _municipality(values)
            if row.ibge_code in rows:
                raise _Bad("codigo_ibge", str(_("este código já apareceu antes")))
        except _Bad as bad:
            words = _("Linha %(line)s, coluna %(column)s: %(why)s.")
            problems.append(BadMunicipality(words, line=line, column=bad.column, why=bad.why))
        else:
            rows[row.ibge_code] = row
    return list(rows.values()), problems


def _numbered(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    for values in reader:
        yield reader.line_num, {(title or "").strip().lower(): value or "" for title, value in values.items() if title}


class _Bad(Exception):
    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column, self.why = column, why


def _municipality(values: Mapping[str, str]) -> Municipality:
    code = values["codigo_ibge"].strip()
    if not (code.isascii() and code.isdigit() and len(code) == 7):
        raise _Bad("codigo_ibge", str(_("um código do IBGE tem 7 algarismos; veio “%(value)s”")) % {"value": code})
    state_code = values["codigo_uf"].strip()
    state = STATE_BY_CODE.get(int(state_code)) if state_code.isascii() and state_code.isdigit() else None
    if state is None or not code.startswith(f"{int(state_code):02}"):
        raise _Bad("codigo_uf", str(_("“%(value)s” não é o código da UF deste município")) % {"value": state_code})
    name = " ".join(values["nome"].split())
    if not name or len(name) > NAME_LENGTH:
        raise _Bad("nome", str(_("falta o nome, ou ele é longo demais")))
    return Municipality(
        ibge_code=int(code),
        name=name,
        folded=fold_place(name),
        state=state,
        latitude=_degrees(values, "latitude", 90),
        longitude=_degrees(values, "longitude", 180),
    )


def _degrees(values: Mapping[str, str], column: str, limit: int) -> Decimal:
    typed = values[column].strip()
    try:
        degrees = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        degrees = Decimal("NaN")
    if not degrees.is_finite() or abs(degrees) > limit:
        raise _Bad(column, str(_("“%(value)s” não é um grau de %(column)s")) % {"value": typed, "column": column})
    return degrees.quantize(PLACES)
