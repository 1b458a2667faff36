# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories
from tests.ledger import makers
from tests.ledger.makers import MARCH, legs, posted

from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotFound
from mutirao.ledger import operations, queries
from mutirao.ledger.core.chart import NetworkAccount as N
from mutirao.ledger.core.entries import COOPERATIVE, NON_COOPERATIVE, LegSpec
from mutirao.ledger.models import Book
from mutirao.network.models import Enterprise


def figures(book: Book, actor: Actor, **dates: Any) -> dict[str, tuple[int, ...]]:
    balance = queries.trial_balance(book, actor=actor, **dates)
    assert balance.holds
    return {
        row.purpose: (f.opening, f.cooperative, f.non_cooperative, f.debit, f.credit, f.closing)
        for group in balance.groups
        for row in group.rows
        if (f := row.figures) != type(f)()
    }


def test_trial_balance_by_dates_and_act_types(book: Book, coordinator: Actor) -> None:
    posted(book, 1_000, date=dt.date(2026, 1, 31))
    posted(book, 200, date=dt.date(2026, 2, 1))
    posted(book, date=dt.date(2026, 2, 28), lines=legs(-50, act_type=NON_COOPERATIVE))
    posted(book, 7, date=dt.date(2026, 3, 1))
    makers.drafted(book, date=dt.date(2026, 2, 10))
    february = {"since": dt.date(2026, 2, 1), "upto": dt.date(2026, 2, 28)}
    assert figures(book, coordinator, **february) == {
        "bank": (1_000, 200, -50, 200, 50, 1_150),
        "grants": (-1_000, -200, 50, 50, 200, -1_150),
    }
    assert figures(book, coordinator) == {
        "bank": (0, 1_207, -50, 1_207, 50, 1_157),
        "grants": (0, -1_207, 50, 50, 1_207, -1_157),
    }
    assert figures(book, coordinator, upto=dt.date(2025, 1, 1)) == {}


def test_trial_balance_takes_two_queries(book: Book, coordinator: Actor) -> None:
    operations.post_entries(book, [makers.spec() for _number in range(50)], actor=coordinator)
    with CaptureQueriesContext(connection) as context:
        queries.trial_balance(book, actor=coordinator, since=dt.date(2026, 1, 1))
    assert len(context) == 2


def test_an_account_out_of_use_is_shown_while_it_has_lines(book: Book, coordinator: Actor) -> None:
    posted(book)
    book.accounts.filter(purpose__in=["grants", "losses"]).update(is_active=False)
    shown = {row.purpose for group in queries.trial_balance(book, actor=coordinator).groups for row in group.rows}
    assert "grants" in shown
    assert "losses" not in shown


def test_account_ledger_runs_from_the_opening(book: Book, coordinator: Actor) -> None:
    late = posted(book, 30, date=dt.date(2026, 3, 2))
    early = posted(book, 1, date=dt.date(2026, 1, 2))
    middle = posted(book, 20, date=dt.date(2026, 2, 2))
    bank = book.accounts.get(purpose="bank")
    ledger = queries.account_ledger(bank, actor=coordinator, since=dt.date(2026, 2, 1))
    assert (ledger.opening_minor, ledger.closing_minor) == (1, 51)
    assert [(line.entry, line.running_minor) for line in ledger.lines] == [(middle, 21), (late, 51)]
    until = queries.account_ledger(bank, actor=coordinator, upto=dt.date(2026, 2, 2))
    assert [(line.entry, line.running_minor) for line in until.lines] == [(early, 1), (middle, 21)]
    assert until.closing_minor == 21


def receivable(enterprise: Enterprise, amount: int, other: str = N.JOINT_PURCHASES) -> list[LegSpec]:
    return [LegSpec(N.RECEIVABLE, amount, COOPERATIVE, enterprise.pk), LegSpec(other, -amount, COOPERATIVE)]


def test_statement_counts_what_is_owed_held_and_advanced(book: Book, coordinator: Actor) -> None:
    honey, bread = factories.enterprise(), factories.enterprise()
    posted(book, lines=receivable(honey, 500), date=dt.date(2026, 1, 5))
    posted(book, lines=receivable(bread, 900))
    credit = [LegSpec(N.BANK, 80, COOPERATIVE, honey.pk), LegSpec(N.ENTERPRISE_CREDITS, -80, COOPERATIVE, honey.pk)]
    posted(book, lines=credit)
    found = queries.statement_of(honey, actor=coordinator, since=dt.date(2026, 2, 1))
    assert (found.ledger.opening_minor, found.ledger.closing_minor, found.own_minor) == (500, 420, None)
    assert [(line.account.purpose, line.running_minor) for line in found.ledger.lines] == [("enterprise_credits", 420)]
    assert found.agree
    assert queries.standings([honey.pk, bread.pk]) == {honey.pk: 420, bread.pk: 900}


def test_statement_is_held_against_the_enterprises_own_book(book: Book, coordinator: Actor) -> None:
    honey = factories.enterprise()
    posted(book, lines=receivable(honey, 500))
    own = makers.book_of(honey)
    posted(own, 500, lines=legs(500, "inputs", "network_payable"))
    assert queries.statement_of(honey, actor=coordinator).agree
    posted(own, 80, lines=legs(80, "network_credit", "inputs"))
    found = queries.statement_of(honey, actor=coordinator)
    assert (found.own_minor, found.agree) == (420, False)


def test_the_journal_says_what_each_entry_moves(book: Book, coordinator: Actor) -> None:
    first, second = posted(book, 70), posted(book, 30, date=dt.date(2026, 1, 1))
    assert list(queries.journal_entries(book, actor=coordinator)) == [first, second]
    assert queries.debits_of([first, second]) == {first.pk: 70, second.pk: 30}
    assert queries.count_lines(book, actor=coordinator) == 4
    assert queries.count_lines(book, actor=coordinator, since=MARCH, account=book.accounts.get(purpose="bank")) == 1


def test_who_sees_which_books(network: Any, book: Book) -> None:
    honey, bread = factories.enterprise(name="Mel"), factories.enterprise(name="Pão")
    books = {name: makers.book_of(owner) for name, owner in (("honey", honey), ("bread", bread))}
    for role in ("coordination", "purchasing", "treasury", "accountant", "council"):
        actor = factories.actor(network, role)
        assert list(queries.books_visible_to(actor)) == [book, books["honey"], books["bread"]]
    for role in ("enterprise_coordinator", "enterprise_member"):
        assert list(queries.books_visible_to(factories.actor(network, role, honey))) == [books["honey"]]
    nobody = Actor(name="Ninguém", network_id=network.pk)
    assert not queries.books_visible_to(nobody).exists()
    elsewhere = factories.actor(factories.network(), "accountant")
    assert not queries.books_visible_to(elsewhere).exists()


def test_a_member_of_another_enterprise_reads_nothing(network: Any, book: Book) -> None:
    honey, bread = factories.enterprise(), factories.enterprise()
    own = makers.book_of(honey)
    entry = posted(own, lines=legs(credit="sales"), source=("x", 1))
    actor = factories.actor(network, "enterprise_coordinator", bread)
    for read in (
        lambda: queries.trial_balance(own, actor=actor),
        lambda: queries.trial_balance(book, actor=actor),
        lambda: queries.account_ledger(own.accounts.first(), actor=actor),
        lambda: queries.statement_of(honey, actor=actor),
        lambda: queries.periods_of(own, actor=actor),
        lambda: queries.journal_entries(own, actor=actor),
        lambda: list(queries.journal(own, actor=actor)),
    ):
        with pytest.raises(NotFound):
            read()
    assert entry not in queries.entries_visible_to(actor)


def test_books_of_another_network_are_out_of_reach(network: Any, book: Book) -> None:
    stranger = factories.actor(factories.network(), "accountant")
    with pytest.raises(NotFound):
        queries.trial_balance(book, actor=stranger)
    other = factories.network()
    with tenancy.activated(other):
        assert queries.book_of(other) is None
        assert makers.book_of(other) != book
        assert not queries.entries_visible_to(factories.actor(other, "accountant")).exists()


def test_last_date_and_drafts(book: Book) -> None:
    assert queries.last_date(book) is None
    posted(book, date=dt.date(2026, 5, 1))
    posted(book, date=MARCH)
    draft = makers.drafted(book)
    assert queries.last_date(book) == dt.date(2026, 5, 1)
    assert queries.drafts_of(book) == [draft]
