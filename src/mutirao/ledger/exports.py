# SPDX-License-Identifier: AGPL-3.0-or-later
"""A book taken out of the house: as a spreadsheet, as CSV, as a Beancount file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from mutirao.kernel import clock, sources
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.money import Money
from mutirao.kernel.core.text import fold
from mutirao.kernel.forms import decimal_comma
from mutirao.kernel.sheets import Cell, write_csv, write_xlsx
from mutirao.ledger import queries
from mutirao.ledger.core import beancount
from mutirao.ledger.errors import TooLongForSheet
from mutirao.ledger.models import Account, Book, Line

BEANCOUNT_TYPE = "text/plain; charset=utf-8"
XLSX_LINES = 50_000


def file_stem(book: Book, account: Account | None = None) -> str:
    """A file name for an export, without its ending: "livro-maos-da-terra"."""
    words = fold(f"{book.name} {account.code if account else ''}")
    plain = "".join(mark if mark.isascii() and mark.isalnum() else "-" for mark in words)
    return "livro-" + "-".join(part for part in plain.split("-") if part)[:60]


def columns() -> list[str]:
    """Column names of the journal."""
    return [
        _("Data"), _("Número"), _("Histórico"), _("Conta"), _("Nome da conta"), _("Débito"), _("Crédito"),
        _("Tipo de ato"), _("Empreendimento"), _("Detalhe"), _("Origem"), _("Estorna o nº"),
    ]  # fmt: skip


def journal_rows(
    book: Book, *, actor: Actor, since: dt.date | None, upto: dt.date | None, account: Account | None = None
) -> Iterator[list[Cell]]:
    """The journal as rows under `columns`; amounts in major units, exact. Raises: NotFound."""
    lines = list(queries.journal(book, actor=actor, since=since, upto=upto, account=account))
    links = sources.describe({(line.source_kind, line.source_id) for line in lines}, slug=book.network.slug)
    acts = {str(value): str(words) for value, words in Line.ActType.choices}
    for line in lines:
        major: Decimal = Money(abs(line.amount_minor), book.currency).major
        source = links.get((line.source_kind, line.source_id)) if line.source_id is not None else None
        yield [
            line.date, line.number, line.memo, line.code, line.account_name,
            major if line.amount_minor > 0 else None, major if line.amount_minor < 0 else None,
            acts[line.act_type], line.partner, line.line_memo, source.label if source else None, line.reverses_number,
        ]  # fmt: skip


def journal_csv(
    book: Book, *, actor: Actor, since: dt.date | None, upto: dt.date | None, account: Account | None = None
) -> bytes:
    """The journal as CSV in the reader's habits of comma and semicolon. Raises: NotFound."""
    rows = journal_rows(book, actor=actor, since=since, upto=upto, account=account)
    return write_csv(columns(), rows, decimal_comma=decimal_comma())


def journal_xlsx(
    book: Book, *, actor: Actor, since: dt.date | None, upto: dt.date | None, account: Account | None = None
) -> bytes:
    """The journal and, for a whole book, its trial balance as a spreadsheet of two sheets.

    Raises: NotFound, TooLongForSheet past XLSX_LINES lines, which would keep the server busy for too long.
    """
    if queries.count_lines(book, actor=actor, since=since, upto=upto, account=account) > XLSX_LINES:
        raise TooLongForSheet(limit=XLSX_LINES)
    rows = journal_rows(book, actor=actor, since=since, upto=upto, account=account)
    sheets: list[tuple[str, list[str], Iterator[list[Cell]]]] = [(_("Diário"), columns(), rows)]
    if account is None:
        titles = [
            _("Conta"), _("Nome"), _("Saldo anterior"), _("Débitos"), _("Créditos"), _("Atos cooperativos"),
            _("Atos não cooperativos"), _("Saldo"),
        ]  # fmt: skip
        sheets.append((_("Balancete"), titles, _balance_rows(book, actor=actor, since=since, upto=upto)))
    return write_xlsx(sheets)


def _balance_rows(book: Book, *, actor: Actor, since: dt.date | None, upto: dt.date | None) -> Iterator[list[Cell]]:
    balance = queries.trial_balance(book, actor=actor, since=since, upto=upto)
    for row in (row for group in balance.groups for row in group.rows):
        f = row.figures
        amounts = (f.opening, f.debit, f.credit, f.cooperative, f.non_cooperative, f.closing)
        yield [row.code, row.name, *(Money(minor, book.currency).major for minor in amounts)]


def beancount_file(book: Book, *, actor: Actor, since: dt.date | None = None, upto: dt.date | None = None) -> str:
    """The book as a Beancount file that ends with its trial balance as assertions. Raises: NotFound."""
    last = upto or max(clock.today(), queries.last_date(book) or dt.date.min)
    balance = queries.trial_balance(book, actor=actor, since=since, upto=last)
    rows = [row for group in balance.groups for row in group.rows]
    described = beancount.ExportBook(
        title=book.name,
        currency=book.currency,
        accounts=[beancount.ExportAccount(row.account_id, row.code, row.name, row.kind) for row in rows],
        since=since,
        upto=last,
        opening={row.account_id: row.figures.opening for row in rows},
        closing={row.account_id: row.figures.closing for row in rows},
    )
    lines = queries.journal(book, actor=actor, since=since, upto=last)
    return "\n".join(beancount.render(described, _entries(lines))) + "\n"


def _entries(lines: Iterator[queries.JournalLine]) -> Iterator[beancount.ExportEntry]:
    for _entry_id, group in groupby(lines, key=lambda line: line.entry_id):
        own = list(group)
        head = own[0]
        yield beancount.ExportEntry(
            date=head.date,
            number=head.number,
            memo=head.memo,
            postings=[
                beancount.ExportPosting(
                    line.account_id, line.amount_minor, line.act_type, line.partner or "", line.line_memo
                )
                for line in own
            ],
            source_kind=head.source_kind,
            source_id=head.source_id,
            reverses=head.reverses_number,
        )
