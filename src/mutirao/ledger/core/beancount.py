# SPDX-License-Identifier: AGPL-3.0-or-later
"""A book as a Beancount file, so that anybody can check it with a program that is not ours.

Source: Beancount Language Syntax (account names, strings, metadata, balance assertions). The dialect used here is
described in docs/formats/beancount.md.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mutirao.kernel.core.money import Money, minor_digits
from mutirao.ledger.core.chart import ASSET, EQUITY, EXPENSE, INCOME, LIABILITY

ROOTS: Mapping[str, str] = {
    ASSET: "Assets",
    LIABILITY: "Liabilities",
    EQUITY: "Equity",
    INCOME: "Income",
    EXPENSE: "Expenses",
}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
_NOT_IN_LINKS = re.compile(r"[^A-Za-z0-9_/.]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class ExportAccount:
    """An account of the book; `key` is what postings call it by."""

    key: int
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ExportPosting:
    """One line of an entry, debit positive, in minor units."""

    account: int
    amount_minor: int
    act_type: str
    partner: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """One posted entry; `reverses` is the number of the entry that it undoes."""

    date: dt.date
    number: int
    memo: str
    postings: Sequence[ExportPosting]
    source_kind: str = ""
    source_id: int | None = None
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class ExportBook:
    """What is exported: entries dated `since` to `upto`, and the balances by account before and after them.

    Without `since` the export begins with the book, and `opening` is empty.
    """

    title: str
    currency: str
    accounts: Sequence[ExportAccount]
    since: dt.date | None
    upto: dt.date
    opening: Mapping[int, int]
    closing: Mapping[int, int]


def account_names(accounts: Iterable[ExportAccount]) -> dict[int, str]:
    """Beancount names by key: root of the kind, code and folded name; the code makes each the book's only one.

    "1.1.2", "Empréstimos & créditos" of an asset → "Assets:1-1-2-Emprestimos-creditos".
    """
    names: dict[int, str] = {}
    taken: set[str] = set()
    for account in accounts:
        name = f"{ROOTS[account.kind]}:{_component(f'{account.code} {account.name}', otherwise=str(account.key))}"
        if name in taken:
            name = f"{name}-{account.key}"
        taken.add(name)
        names[account.key] = name
    return names


def _component(text: str, *, otherwise: str) -> str:
    """Letters without accents, digits and single hyphens, beginning with a capital or a digit."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = _NOT_IN_NAMES.sub("-", "".join(mark for mark in decomposed if not unicodedata.combining(mark))).strip("-")
    if not plain:
        return otherwise
    return plain[0].upper() + plain[1:]


def quoted(text: str) -> str:
    """A Beancount string: one line, quotation marks and backslashes escaped."""
    line = _CONTROL.sub(" ", text).strip()
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def amount(minor: int, currency: str) -> str:
    """Minor units as "-1234.56 BRL"."""
    return f"{Money(minor, currency).major:.{minor_digits(currency)}f} {currency}"


def render(book: ExportBook, entries: Iterable[ExportEntry]) -> Iterator[str]:
    """The lines of the file: accounts, what stood before, every entry, and the balances that must come out.

    The balance assertions repeat the trial balance at the end of `upto`: a checker that adds up the entries and comes
    to anything else says so. `entries` are in the order of their dates.
    """
    names = account_names(book.accounts)
    earliest = book.since - dt.timedelta(days=1) if book.since else None
    yield ";; Mutirão"
    yield f'option "title" {quoted(book.title)}'
    yield f'option "operating_currency" "{book.currency}"'
    yield ""
    pending = iter(entries)
    first = next(pending, None)
    born = earliest or (first.date if first else book.upto)
    for account in book.accounts:
        yield f"{born} open {names[account.key]} {book.currency}"
        yield f"  code: {quoted(account.code)}"
        yield f"  name: {quoted(account.name)}"
    if any(book.opening.values()):
        yield ""
        yield f'{born} * "Saldos anteriores"'
        for key, minor in book.opening.items():
            if minor:
                yield f"  {names[key]}  {amount(minor, book.currency)}"
    if first is not None:
        yield from _entry_lines(first, names, book.currency)
    for entry in pending:
        yield from _entry_lines(entry, names, book.currency)
    yield ""
    after = book.upto + dt.timedelta(days=1)
    for account in book.accounts:
        yield f"{after} balance {names[account.key]}  {amount(book.closing.get(account.key, 0), book.currency)}"


def _entry_lines(entry: ExportEntry, names: Mapping[int, str], currency: str) -> Iterator[str]:
    has_source = entry.source_kind and entry.source_id is not None
    link = f" ^{_NOT_IN_LINKS.sub('-', entry.source_kind)}-{entry.source_id}" if has_source else ""
    yield ""
    yield f"{entry.date} * {quoted(entry.memo)}{link}"
    yield f"  number: {entry.number}"
    if has_source:
        yield f"  source: {quoted(f'{entry.source_kind} {entry.source_id}')}"
    if entry.reverses is not None:
        yield f"  reverses: {entry.reverses}"
    for posting in entry.postings:
        yield f"  {names[posting.account]}  {amount(posting.amount_minor, currency)}"
        yield f"    act: {quoted(posting.act_type)}"
        if posting.partner:
            yield f"    partner: {quoted(posting.partner)}"
        if posting.memo:
            yield f"    memo: {quoted(posting.memo)}"
