# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bank statements as Brazilian banks export them to CSV, read into dated lines of money in and money out.

Columns are found by the words of their titles, below any rows that come before them; see docs/formats/bank-csv.md.
Every line has a reference under which it is taken in once: the bank's own identification where there is one, else a
digest of what the line says and which of several equal lines it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from mutirao.kernel.core.money import Money
from mutirao.kernel.core.tabular import (
    Cell,
    CellProblem,
    DateStyle,
    Layout,
    NumberStyle,
    UnreadableTable,
    date_style,
    decode,
    find_layout,
    fold_title,
    number_style,
    read_date,
    read_delimited,
    read_number,
    shown,
)
from mutirao.kernel.core.text import fold

TITLES: dict[str, tuple[str, ...]] = {
    "on": (
        "data", "data lancamento", "data do lancamento", "data mov", "data movimento", "data do movimento",
        "data movimentacao", "data da movimentacao", "data transacao", "data da transacao", "data operacao",
        "data da operacao", "data e hora", "data hora", "data credito", "data contabil", "dt", "dt movimento",
        "dt lancamento", "date", "release date",
    ),
    "amount": (
        "valor", "valor r", "valor lancamento", "valor do lancamento", "valor transacao", "valor da transacao",
        "valor movimentacao", "valor liquido", "quantia", "montante", "amount", "value", "transaction net amount",
    ),
    "credit": (
        "credito", "creditos", "valor credito", "credito r", "entrada", "entradas", "valor entrada", "recebimentos",
        "recebido", "credit",
    ),
    "debit": (
        "debito", "debitos", "valor debito", "debito r", "saida", "saidas", "valor saida", "pagamentos", "pago",
        "debit",
    ),
    "sign": (
        "d c", "c d", "dc", "cd", "deb cred", "cred deb", "debito credito", "credito debito", "entrada saida",
        "natureza", "sinal", "tipo lancamento", "tipo de lancamento", "tipo operacao", "tipo de operacao",
        "tipo transacao", "tipo de transacao", "tipo movimento", "tipo", "inf",
    ),
    "bank_id": (
        "identificador", "id transacao", "id da transacao", "codigo da transacao", "codigo transacao",
        "codigo de transacao", "id operacao", "end to end", "endtoend", "endtoendid", "end to end id", "e2e", "id e2e",
        "e2eid", "autenticacao", "codigo de autenticacao", "reference id", "id",
    ),
    "document": (
        "documento", "n documento", "no documento", "nr documento", "num documento", "numero documento",
        "numero do documento", "n do documento", "nr doc", "no doc", "doc", "docto", "dcto", "n docto", "nsu",
    ),
    "balance": (
        "saldo", "saldos", "saldo r", "saldo do dia", "saldo atual", "saldo parcial", "partial balance", "balance",
    ),
}  # fmt: skip
"""Titles, folded, by what they hold; the first of two that fit wins. All other columns are text of the line."""

_SIGNS = {
    **dict.fromkeys(("c", "cred", "credito", "entrada", "e", "recebido", "recebimento", "+"), 1),
    **dict.fromkeys(("d", "deb", "debito", "saida", "s", "enviado", "pagamento", "-"), -1),
}
_BALANCE_WORD = r"(anterior|inicial|final|atual|parcial|total|disponivel|bloqueado|do|no|em|dia|conta|[\d/]+)"
_SUM_WORD = r"(geral|do dia|do periodo|de creditos|de debitos)"
_NO_MOVEMENT = re.compile(rf"(s a l d o|saldos?|sdo)( {_BALANCE_WORD})*|(total|totais|subtotal)( {_SUM_WORD})?")
"""A balance or a sum in the place of a movement: nothing else stands in that cell."""
_E2E = re.compile(r"\bE\d{20}[A-Za-z0-9]{11}\b")
"""Identification that every Pix bears: E, the payer's bank (8), date and time (12), 11 more. Source: Banco Central do
Brasil, Catálogo de Mensagens do SPI, EndToEndId."""
_LEAST_ID = 12
"""Shorter texts in an identification column are numbers of documents, which banks use again."""
MOST_LINES = 20_000


class UnreadableStatement(ValueError):
    """The file is no statement; `code` says why: empty, not_text, broken, no_columns, no_lines, too_many."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line: `row` counts the file's rows from one; `amount_minor` is above zero for money that came in."""

    row: int
    on: dt.date
    text: str
    amount_minor: int
    document: str = ""
    bank_id: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that bears an amount and cannot be read; `code` is a cell's problem, `shown` what stands there."""

    row: int
    code: str
    shown: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """The lines of a file in its order, the rows that could not be read, and which column was taken for what."""

    lines: tuple[BankLine, ...]
    problems: tuple[RowProblem, ...]
    columns: dict[str, str]


def read_bank_csv(content: bytes, currency: str = "BRL") -> BankFile:
    """Read a statement: encoding, delimiter, title row and the way of writing numbers and dates are found from it.

    Raises: UnreadableStatement.
    """
    try:
        text, _encoding = decode(content)
        rows = read_delimited(text, {title for titles in TITLES.values() for title in titles}).rows
    except UnreadableTable as problem:
        raise UnreadableStatement(problem.code if problem.code in ("empty", "not_text") else "broken") from None
    if len(rows) > MOST_LINES:
        raise UnreadableStatement("too_many", most=str(MOST_LINES))
    layout = find_layout(rows, TITLES)
    if layout is None or not _is_statement(layout):
        raise UnreadableStatement("no_columns")
    reader = _Reader(rows[layout.header + 1 :], layout, currency)
    lines, problems = reader.read()
    if not lines and not problems:
        raise UnreadableStatement("no_lines")
    columns = {field: layout.titles[at] for field, at in layout.columns.items()}
    return BankFile(tuple(with_references(lines)), tuple(problems), columns)


def _is_statement(layout: Layout) -> bool:
    found = set(layout.columns)
    return "on" in found and bool(found & {"amount", "credit", "debit"})


class _Reader:
    """Reads rows below a title row, each column in the one style that all its texts show."""

    def __init__(self, rows: Sequence[Sequence[Cell]], layout: Layout, currency: str) -> None:
        self.rows, self.columns, self.currency = rows, layout.columns, currency
        self.first_row = layout.header + 2
        self.date_titles = set(TITLES["on"])
        money = [name for name in ("amount", "credit", "debit") if name in self.columns]
        bare = [_split_sign(self.cell(row, name))[0] for name in money for row in rows]
        self.numbers: NumberStyle = replace(number_style(bare, otherwise=","), currency=currency)
        self.dates: DateStyle = date_style(_iso_day(self.cell(row, "on")) for row in rows)
        apart = {self.columns[name] for name in ("on", "amount", "credit", "debit", "balance") if name in self.columns}
        self.apart = apart

    def cell(self, row: Sequence[Cell], name: str) -> str:
        at = self.columns.get(name)
        return shown(row[at]).strip() if at is not None and at < len(row) else ""

    def text(self, row: Sequence[Cell]) -> str:
        """All that the row says besides date, amounts and balance."""
        return " · ".join(dict.fromkeys(self.parts(row)))

    def parts(self, row: Sequence[Cell]) -> list[str]:
        parts = [" ".join(shown(cell).split()) for at, cell in enumerate(row) if at not in self.apart]
        return [part for part in parts if part]

    def moves_nothing(self, row: Sequence[Cell]) -> bool:
        """Whether the row is a balance or a sum."""
        return any(_NO_MOVEMENT.fullmatch(fold(part)) for part in self.parts(row))

    def read(self) -> tuple[list[BankLine], list[RowProblem]]:
        lines: list[BankLine] = []
        problems: list[RowProblem] = []
        above = False
        for number, row in enumerate(self.rows, start=self.first_row):
            if above and self.goes_on(row):
                lines[-1] = replace(lines[-1], text=f"{lines[-1].text} · {self.text(row)}")
                continue
            above = False
            day = self.cell(row, "on")
            if not day or fold_title(day) in self.date_titles:
                continue
            try:
                line = self.line(number, row)
            except CellProblem as problem:
                problems.append(RowProblem(number, problem.code, str(problem.params.get("value", day))))
            else:
                if line is not None:
                    lines.append(line)
                    above = True
        return lines, problems

    def goes_on(self, row: Sequence[Cell]) -> bool:
        """Whether a row without date and amount continues the line above: some banks put the payer there."""
        bare = not any(self.cell(row, name) for name in ("on", "amount", "credit", "debit"))
        return bare and bool(self.text(row)) and not self.moves_nothing(row)

    def line(self, number: int, row: Sequence[Cell]) -> BankLine | None:
        """The line of a row; None for balances and rows that move nothing."""
        if self.moves_nothing(row):
            return None
        amount = self.amount(row)
        if not amount:
            return None
        day = _iso_day(self.cell(row, "on"))
        on = read_date(day, self.dates)
        if on is None:
            raise CellProblem("not_a_date", value=day)
        return BankLine(
            number, on, self.text(row), amount, document=self.cell(row, "document"), bank_id=self.cell(row, "bank_id")
        )

    def amount(self, row: Sequence[Cell]) -> int:
        """What the row moves in minor units; below zero for money that went out."""
        total = 0
        for name in ("amount", "credit", "debit"):
            bare, sign = _split_sign(self.cell(row, name))
            value = read_number(bare or None, self.numbers)
            if value is None or not value:
                continue
            minor = self.minor(value, self.cell(row, name))
            if name == "debit":
                minor = -abs(minor)
            elif sign:
                minor = sign * abs(minor)
            elif name == "amount" and (column := _SIGNS.get(fold(self.cell(row, "sign")), 0)):
                minor = column * abs(minor)
            total += minor
        return total

    def minor(self, value: Decimal, text: str) -> int:
        money = Money.of(value, self.currency)
        if money.major != value:
            raise CellProblem("not_cents", value=text)
        return money.minor


def _split_sign(text: str) -> tuple[str, int]:
    """An amount's text without the letter or sign behind it ("12,00 D", "12,00 (+)"), and what that sign means."""
    match = re.fullmatch(r"(.*\d)\s*(?:([CD])|\(([+-])\))", text.strip(), re.IGNORECASE)
    if match is None:
        return text.strip(), 0
    return match[1].strip(), _SIGNS[(match[2] or match[3]).lower()]


def _iso_day(text: str) -> str:
    """Eight bare digits as a date with the year first: "20260302" → "2026-03-02"."""
    return re.sub(r"^(20\d{2})(\d{2})(\d{2})$", r"\1-\2-\3", text)


def with_references(lines: Iterable[BankLine]) -> list[BankLine]:
    """The lines with the reference under which each is taken in once.

    An identification in the line counts before what it says; equal ones are numbered in the order of the file, so that
    two equal payments of one day stay two and the same file again brings the same references.
    """
    seen: Counter[str] = Counter()
    done = []
    for line in lines:
        own = _own_reference(line)
        seen[own] += 1
        done.append(replace(line, reference=own if seen[own] == 1 else f"{own}#{seen[own]}"))
    return done


def _own_reference(line: BankLine) -> str:
    direction = "" if line.amount_minor > 0 else "-"
    if match := _E2E.search(f"{line.bank_id} {line.document} {line.text}"):
        return f"{direction}pix:{match.group()}"
    if len(re.sub(r"[^0-9A-Za-z]", "", line.bank_id)) >= _LEAST_ID and re.search(r"\d", line.bank_id):
        return f"{direction}id:{line.bank_id.lower()}"[:100]
    said = "|".join((line.on.isoformat(), str(line.amount_minor), fold(line.document), fold(line.text)))
    return "sha:" + sha256(said.encode()).hexdigest()[:40]


def totals(lines: Iterable[BankLine]) -> dict[str, int]:
    """Money in and money out of the lines, both as amounts above zero, in minor units."""
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums["in" if line.amount_minor > 0 else "out"] += abs(line.amount_minor)
    return {"in": sums["in"], "out": sums["out"]}
