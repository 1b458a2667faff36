# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of the list of municipalities, reference data of the whole installation: from the command line only."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.kernel import sheets
from mutirao.kernel.core.tabular import Cell, CellProblem, read_code
from mutirao.network.core.places import STATE_BY_CODE
from mutirao.network.importing.columns import ColumnType, Number, Text
from mutirao.network.importing.plans import Change, Difference, Fate, ImportPlan, Row, difference_words
from mutirao.network.importing.registry import Column, Context, ImportKind, register
from mutirao.network.models import Municipality
from mutirao.network.operations.municipalities import import_municipalities

_CODE_BY_STATE = {state: code for code, state in STATE_BY_CODE.items()}


class _IbgeCode(ColumnType):
    """Seven digits, of which the first two are the state's."""

    def read(self, cell: Cell) -> int | None:
        text = read_code(cell)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) == 7 and int(text[:2]) in STATE_BY_CODE):
            raise CellProblem("not_ibge", value=text)
        return int(text)


class _State(ColumnType):
    """A state by IBGE's code or its two letters, as letters."""

    def read(self, cell: Cell) -> str | None:
        text = read_code(cell)
        if text is None:
            return None
        found = STATE_BY_CODE.get(int(text)) if text.isascii() and text.isdigit() else text.upper()
        if found not in _CODE_BY_STATE:
            raise CellProblem("not_a_state", value=text)
        return found


COLUMNS = (
    Column(
        "ibge_code", gettext_lazy("Código IBGE"), _IbgeCode(), ("codigo", "cod ibge", "ibge", "ibge code"),
        required=True,
    ),
    Column("name", gettext_lazy("Nome"), Text(80), ("municipio", "nome do municipio", "municipality"), required=True),
    Column(
        "latitude", gettext_lazy("Latitude"), Number(Decimal(-90), Decimal(90), places=5, rounding=True), ("lat",),
        required=True,
    ),
    Column(
        "longitude", gettext_lazy("Longitude"), Number(Decimal(-180), Decimal(180), places=5, rounding=True),
        ("lon", "lng", "long"), required=True,
    ),
    Column(
        "state", gettext_lazy("UF"), _State(), ("codigo uf", "sigla uf", "estado", "state"),
        help=gettext_lazy("Sigla ou código do IBGE. Sem a coluna, vale o começo do código do município."),
    ),
)  # fmt: skip
_TYPES = {column.field: column.type for column in COLUMNS}


def plan_municipalities(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the rows would do to the list of municipalities."""
    plan = ImportPlan()
    known = {row.ibge_code: row for row in Municipality.objects.all()}
    seen: dict[int, int] = {}
    for row in rows:
        code = row.get("ibge_code")
        if code in seen:
            plan.problems.append(
                row.problem("ibge_code", _("este código já está na linha %(row)s.") % {"row": seen[code]})
            )
            continue
        seen[code] = row.number
        state = STATE_BY_CODE[code // 100_000]
        if row.get("state") not in (None, state):
            words = _("o código %(code)s é de %(state)s.")
            plan.problems.append(row.problem("state", words % {"code": code, "state": state}))
            continue
        plan.changes.append(_change(row, known.get(code)))
    return plan


def _change(row: Row, known: Municipality | None) -> Change:
    values: dict[str, Any] = {name: row.get(name) for name in ("ibge_code", "name", "latitude", "longitude")}
    told: list[Difference] = []
    if known is not None:
        for name in ("name", "latitude", "longitude"):
            if getattr(known, name) != values[name]:
                show = _TYPES[name].show
                label = str(next(column.label for column in COLUMNS if column.field == name))
                told.append(difference_words(label, show(getattr(known, name)), show(values[name])))
    fate = Fate.NEW if known is None else Fate.CHANGED if told else Fate.UNCHANGED
    return Change(fate, row.number, values["name"], tuple(told), values)


def apply_municipalities(plan: ImportPlan, context: Context) -> None:
    """Hand what is new or different to the operation, in the form it reads."""
    rows = [
        [
            str(change.payload["ibge_code"]), change.payload["name"], change.payload["latitude"],
            change.payload["longitude"], str(change.payload["ibge_code"] // 100_000),
        ]
        for change in (*plan.new, *plan.changed)
    ]  # fmt: skip
    titles = ["codigo_ibge", "nome", "latitude", "longitude", "codigo_uf"]
    import_municipalities(sheets.write_csv(titles, rows, decimal_comma=False), actor=context.actor)


MUNICIPALITIES = register(
    ImportKind(
        code="municipalities",
        label=gettext_lazy("Municípios"),
        purpose=gettext_lazy("A lista de municípios do IBGE, para todas as redes da instalação."),
        columns=COLUMNS,
        plan=plan_municipalities,
        apply=apply_municipalities,
        acts=(),
        aliases=("municipios",),
        of_installation=True,
        order=90,
    )
)
