# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many books at once stand as if each had been opened and posted to by itself (M1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import app_role, factories
from tests.ledger import makers
from tests.ledger.makers import MARCH

from mutirao.kernel.models import AuditEntry
from mutirao.ledger import operations
from mutirao.ledger.core.chart import EnterpriseAccount as E
from mutirao.ledger.core.entries import COOPERATIVE, EntrySpec, LegSpec
from mutirao.ledger.errors import EntryDoesNotBalance, PeriodIsClosed
from mutirao.ledger.models import Account, Book, Entry, Line, Period
from mutirao.network.models import Network

pytestmark = pytest.mark.usefixtures("noon")


def owed(amount: int, key: str | None = None, date: dt.date = MARCH, short: int = 0) -> EntrySpec:
    lines = [LegSpec(E.INPUTS, amount, COOPERATIVE), LegSpec(E.NETWORK_PAYABLE, short - amount, COOPERATIVE)]
    return EntrySpec(date, "Rodada 1", lines, ("purchasing.round", 1), key)


def plain(book: Book) -> Any:
    accounts = list(Account.objects.filter(book=book).order_by("code").values_list("code", "name", "kind", "purpose"))
    lines = list(
        Line.objects.filter(entry__book=book)
        .order_by("entry__number", "pk")
        .values_list("entry__number", "entry__memo", "entry__state", "account__purpose", "amount_minor", "act_type")
    )
    return accounts, lines, list(Period.objects.filter(book=book).values_list("starts_on", "ends_on"))


def test_many_books_stand_as_if_each_was_opened_and_posted_to_by_itself(network: Network) -> None:
    actor = makers.by_system(network.pk)
    alone, *others = [factories.enterprise() for _ in range(4)]
    book = operations.open_book(alone, actor=actor)
    operations.post_entries(book, [owed(100, "a"), owed(50, "b")], actor=actor)
    books = operations.open_books(others, actor=actor)
    operations.post_across([(one, [owed(100, "a"), owed(50, "b")]) for one in books.values()], actor=actor)
    assert [plain(one) for one in books.values()] == [plain(book)] * 3
    acts = list(AuditEntry.objects.values_list("act", flat=True))
    assert (acts.count("ledger.book_opened"), acts.count("ledger.entries_posted")) == (4, 4)


def test_books_that_stand_go_on_with_their_numbers_and_keys(network: Network) -> None:
    actor = makers.by_system(network.pk)
    enterprises = [factories.enterprise() for _ in range(3)]
    first = operations.open_book(enterprises[0], actor=actor)
    operations.post_entries(first, [owed(100, "a")], actor=actor)
    books = operations.open_books(enterprises, actor=actor)
    assert books[enterprises[0].pk] == first
    for _again in range(2):
        operations.post_across(
            [(book, [owed(100, "a"), owed(70, f"c{key}")]) for key, book in books.items()], actor=actor
        )
    found = Entry.objects.order_by("book", "number").values_list("book", "number", "key")
    assert [(number, key[0]) for _book, number, key in found] == [(1, "a"), (2, "c")] * 3


def test_one_that_does_not_balance_stops_all(network: Network) -> None:
    actor = makers.by_system(network.pk)
    one, two = operations.open_books([factories.enterprise(), factories.enterprise()], actor=actor).values()
    with pytest.raises(EntryDoesNotBalance):
        operations.post_across([(one, [owed(100)]), (two, [owed(100, short=1)])], actor=actor)
    assert not Entry.objects.exists()


def test_a_closed_month_of_one_stops_all(network: Network) -> None:
    actor = makers.by_system(network.pk)
    one, two = operations.open_books([factories.enterprise(), factories.enterprise()], actor=actor).values()
    january = dt.date(2026, 1, 20)
    operations.post_entries(two, [owed(1, date=january)], actor=actor)
    operations.close_period(Period.objects.get(book=two), actor=factories.actor(network, "accountant"))
    with pytest.raises(PeriodIsClosed):
        operations.post_across([(one, [owed(100, date=january)]), (two, [owed(100, date=january)])], actor=actor)
    assert Entry.objects.count() == 1


def test_statements_do_not_grow_with_the_books(network: Network) -> None:
    actor = makers.by_system(network.pk)

    def statements(count: int) -> int:
        enterprises = [factories.enterprise() for _ in range(count)]
        with CaptureQueriesContext(connection) as seen:
            books = operations.open_books(enterprises, actor=actor)
            operations.post_across([(book, [owed(100, "a")]) for book in books.values()], actor=actor)
        return len([query for query in seen if app_role.plain(query["sql"]).startswith("SELECT")])

    statements(1)
    assert statements(2) == statements(8)
