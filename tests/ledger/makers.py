# SPDX-License-Identifier: AGPL-3.0-or-later
"""Books and entries for the ledger's tests, with plain values."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from mutirao.kernel.actors import Actor, system
from mutirao.ledger import operations
from mutirao.ledger.core.entries import COOPERATIVE, EntrySpec, LegSpec
from mutirao.ledger.models import Account, Book, Entry

MARCH = dt.date(2026, 3, 2)
_numbers = count(1)


def by_system(network_id: int) -> Actor:
    return system(network_id, why="Teste")


def book_of(owner: Any) -> Book:
    network_id = owner.pk if getattr(owner, "is_tenant", False) else owner.network_id
    return operations.open_book(owner, actor=by_system(network_id))


def legs(amount: int = 100, debit: Any = "bank", credit: Any = "grants", act_type: str = COOPERATIVE) -> list[LegSpec]:
    """Two legs that balance."""
    return [LegSpec(debit, amount, act_type), LegSpec(credit, -amount, act_type)]


def posted(book: Book, amount: int = 100, date: dt.date = MARCH, **fields: Any) -> Entry:
    values = {"memo": f"Lançamento {next(_numbers)}", "lines": legs(amount), **fields}
    return operations.post_entry(book, date=date, actor=by_system(book.network_id), **values)


def spec(amount: int = 100, date: dt.date = MARCH, **fields: Any) -> EntrySpec:
    return EntrySpec(**{"date": date, "memo": "Lançamento", "lines": legs(amount), **fields})


def drafted(book: Book, date: dt.date = MARCH, amount: int = 100, **fields: Any) -> Entry:
    """A balanced draft, written past the operations."""
    entry = Entry.objects.create(book=book, date=date, memo="Rascunho", **fields)
    for purpose, value in (("bank", amount), ("grants", -amount)):
        line_of(entry, value, purpose)
    return entry


def line_of(entry: Entry, amount: int, purpose: str = "bank", **fields: Any) -> Any:
    account = Account.objects.get(book=entry.book, purpose=purpose)
    return entry.lines.create(
        **{
            "network_id": entry.network_id,
            "account": account,
            "amount_minor": amount,
            "act_type": COOPERATIVE,
            **fields,
        }
    )
