# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several at once: processes that post to one book on either database, and raw races on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import IntegrityError, connection, connections
from tests import factories
from tests.ledger import makers

from mutirao.kernel import clock, tenancy
from mutirao.ledger.models import Book, Entry, Period

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)
WORKER = """
import datetime as dt, sys
import django
django.setup()
from mutirao.kernel import tenancy
from mutirao.kernel.actors import system
from mutirao.ledger import operations
from mutirao.ledger.core.entries import LegSpec
from mutirao.network.models import Network
network_id, name, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with tenancy.activated(network_id):
    actor = system(network_id, why=name)
    for number in range(count):
        book = operations.open_book(Network.objects.get(pk=network_id), actor=actor)
        legs = [LegSpec("bank", 5, "cooperative"), LegSpec("grants", -5, "cooperative")]
        date = dt.date(2026, 1 + number % 3, 5)
        operations.post_entry(book, date=date, memo=name, lines=legs, actor=actor, key=f"shared-{number}")
        operations.post_entry(book, date=date, memo=name, lines=legs, actor=actor)
"""


@pytest.fixture
def committed(transactional_db: None) -> Iterator[Any]:
    """A network that other connections see."""
    made = factories.network()
    with tenancy.activated(made), clock.at(NOW):
        yield made
        if not connection.get_autocommit():  # a test that failed halfway
            connection.rollback()
            connection.set_autocommit(True)


def test_processes_that_post_at_once_leave_no_gap_and_no_double(committed: Any, tmp_path: Path) -> None:
    """Four processes open the book and post: numbers run on, each shared key is posted once."""
    count, environment = 8, {**os.environ, "PYTHONPATH": str(ROOT / "src"), "MUTIRAO_DATA": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "mutirao.site.settings"
    file = tmp_path / "mutirao.sqlite3"
    if connection.vendor == "sqlite":
        environment.pop("DATABASE_URL", None)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
    else:
        at = connection.settings_dict
        user = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
        # The throw-away cluster listens on a socket in a folder: its path has slashes.
        where = quote(str(at["HOST"]), safe="") + (f":{at['PORT']}" if at["PORT"] else "")
        environment["DATABASE_URL"] = f"postgres://{user}@{where}/{at['NAME']}"
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(committed.pk), f"worker {place}", str(count)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for place in range(4)
    ]
    ends = [(worker.communicate(timeout=240)[1], worker.returncode) for worker in workers]
    assert [code for _words, code in ends] == [0, 0, 0, 0], ends
    posted = "SELECT number, state FROM ledger_entry ORDER BY number"
    if connection.vendor == "sqlite":
        with sqlite3.connect(file) as stored:
            rows = stored.execute(posted).fetchall()
        stored.close()
    else:
        with connection.cursor() as cursor:
            cursor.execute(posted)
            rows = cursor.fetchall()
    assert rows == [(number, "posted") for number in range(1, count + 4 * count + 1)]


# Raw races. Two transactions each; the second must wait for the first and then decide by what it left.


@pytest.fixture
def draft(committed: Any) -> Entry:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite every transaction is the only writer")
    book = makers.book_of(committed)
    Period.objects.create(book=book, starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 3, 31))
    return makers.drafted(book)


class Other(threading.Thread):
    """Does one thing on a connection of its own; `problem` is what came of it."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._act, self.problem = act, None
        self.start()

    def run(self) -> None:
        try:
            with tenancy.unscoped("plain SQL on a connection of its own"):
                self._act()
        except IntegrityError as problem:
            self.problem = problem
        finally:
            connections.close_all()

    def waits(self) -> bool:
        self.join(0.7)
        return self.is_alive()

    def end(self) -> Exception | None:
        self.join(20)
        assert not self.is_alive()
        return self.problem


def sql(statement: str, *values: Any) -> Callable[[], None]:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return act


def post(entry: Entry, number: int) -> Callable[[], None]:
    change = "UPDATE ledger_entry SET state = 'posted', number = %s, posted_at = now() WHERE id = %s"
    return sql(change, number, entry.pk)


def close(book: Book) -> Callable[[], None]:
    return sql("UPDATE ledger_period SET closed_at = now() WHERE book_id = %s", book.pk)


def begin() -> None:
    connection.set_autocommit(False)


def commit() -> None:
    connection.commit()
    connection.set_autocommit(True)


def add_line(entry: Entry) -> Callable[[], None]:
    account = entry.lines.first().account_id
    return sql(
        "INSERT INTO ledger_line (network_id, entry_id, account_id, amount_minor, act_type, memo)"
        " VALUES (%s, %s, %s, 7, 'cooperative', '')",
        entry.network_id, entry.pk, account,
    )  # fmt: skip


@pytest.mark.postgres
def test_a_line_under_way_holds_the_posting_which_then_sees_it(draft: Entry) -> None:
    begin()
    add_line(draft)()
    other = Other(post(draft, 1))
    assert other.waits()
    commit()
    assert "adds up to zero" in str(other.end())


@pytest.mark.postgres
def test_a_posting_under_way_holds_the_line_which_then_is_refused(draft: Entry) -> None:
    begin()
    post(draft, 1)()
    other = Other(add_line(draft))
    assert other.waits()
    commit()
    assert "drafts only" in str(other.end())


@pytest.mark.postgres
def test_a_closing_under_way_holds_the_posting_which_then_is_refused(draft: Entry) -> None:
    begin()
    close(draft.book)()
    other = Other(post(draft, 1))
    assert other.waits()
    commit()
    assert "no open period" in str(other.end())


@pytest.mark.postgres
def test_a_posting_under_way_holds_the_closing(draft: Entry) -> None:
    begin()
    post(draft, 1)()
    other = Other(close(draft.book))
    assert other.waits()
    commit()
    assert other.end() is None
    assert Period.objects.get().is_closed


@pytest.mark.postgres
def test_a_number_under_way_is_not_skipped_over(draft: Entry) -> None:
    second = makers.drafted(draft.book)
    begin()
    post(draft, 1)()
    assert "numbers follow" in str(Other(post(second, 2)).end())
    twin = Other(post(second, 1))
    assert twin.waits()
    commit()
    assert "entry_one_number" in str(twin.end())


@pytest.mark.postgres
def test_two_overlapping_periods_are_not_made_at_once(draft: Entry) -> None:
    statement = "INSERT INTO ledger_period (network_id, book_id, starts_on, ends_on) VALUES (%s, %s, %s, %s)"
    own = (draft.network_id, draft.book_id)
    begin()
    sql(statement, *own, dt.date(2026, 5, 1), dt.date(2026, 5, 31))()
    other = Other(sql(statement, *own, dt.date(2026, 5, 15), dt.date(2026, 6, 15)))
    assert other.waits()
    commit()
    assert "do not overlap" in str(other.end())
