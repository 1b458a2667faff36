# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database keeps the books by itself: every test here goes past the operations with plain SQL."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests import app_role, factories
from tests.ledger import makers

from mutirao.kernel import tenancy, triggers
from mutirao.ledger.models import Account, Book, Entry, Line, Period

MARCH, APRIL = makers.MARCH, dt.date(2026, 4, 10)
NOW = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)


def sql(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_plain(value) for value in values])
        return cursor.rowcount


def _plain(value: Any) -> Any:
    if connection.vendor == "sqlite" and isinstance(value, dt.date):
        return value.isoformat()
    return value


@contextmanager
def refused(words: str = "ledger: "):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        yield


def post(entry: Entry, number: int = 1) -> int:
    return sql(
        "UPDATE ledger_entry SET state = 'posted', number = %s, posted_at = %s WHERE id = %s", number, NOW, entry.pk
    )


@pytest.fixture
def draft(book: Book) -> Entry:
    Period.objects.create(book=book, starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 3, 31))
    return makers.drafted(book)


def test_a_balanced_draft_is_posted(draft: Entry) -> None:
    assert post(draft) == 1
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("posted", 1)


def test_an_entry_is_born_a_draft(draft: Entry) -> None:
    with refused("born a draft"):
        sql(
            "INSERT INTO ledger_entry"
            " (network_id, book_id, number, date, memo, state, source_kind, created_at, posted_at)"
            " VALUES (%s, %s, 1, %s, 'x', 'posted', '', %s, %s)",
            draft.network_id, draft.book_id, MARCH, NOW, NOW,
        )  # fmt: skip


def test_a_lone_leg_is_not_posted(draft: Entry) -> None:
    sql("DELETE FROM ledger_line WHERE entry_id = %s AND amount_minor < 0", draft.pk)
    with refused("two lines"):
        post(draft)


def test_an_empty_entry_is_not_posted(draft: Entry) -> None:
    sql("DELETE FROM ledger_line WHERE entry_id = %s", draft.pk)
    with refused("two lines"):
        post(draft)


def test_legs_that_do_not_add_up_are_not_posted(draft: Entry) -> None:
    sql("UPDATE ledger_line SET amount_minor = 101 WHERE entry_id = %s AND amount_minor > 0", draft.pk)
    with refused("adds up to zero"):
        post(draft)


def test_a_line_of_zero_is_not_kept(draft: Entry) -> None:
    with refused("line_not_zero"):
        sql("UPDATE ledger_line SET amount_minor = 0 WHERE entry_id = %s", draft.pk)


def test_an_account_of_another_book_is_not_posted_to(draft: Entry) -> None:
    other = makers.book_of(factories.enterprise())
    account = Account.objects.get(book=other, purpose="bank")
    sql("UPDATE ledger_line SET account_id = %s WHERE entry_id = %s AND amount_minor > 0", account.pk, draft.pk)
    with refused("of the entry's book"):
        post(draft)


def test_a_line_of_another_network_is_not_posted(draft: Entry) -> None:
    with tenancy.unscoped("what the network's own guard would already refuse"):
        sql("UPDATE ledger_line SET network_id = %s WHERE entry_id = %s", factories.network().pk, draft.pk)
        with refused("of the entry's book"):
            post(draft)


def test_an_entry_of_another_network_than_its_book_is_not_posted(draft: Entry) -> None:
    other = factories.network().pk
    with tenancy.unscoped("what the network's own guard would already refuse"):
        sql("UPDATE ledger_line SET network_id = %s WHERE entry_id = %s", other, draft.pk)
        sql("UPDATE ledger_entry SET network_id = %s WHERE id = %s", other, draft.pk)
        with refused("network of its book"):
            post(draft)


def test_no_period_no_posting(draft: Entry) -> None:
    sql("UPDATE ledger_entry SET date = %s WHERE id = %s", APRIL, draft.pk)
    with refused("no open period"):
        post(draft)


def test_a_closed_period_gets_no_entry(draft: Entry) -> None:
    sql("UPDATE ledger_period SET closed_at = %s", NOW)
    with refused("no open period"):
        post(draft)


def test_an_open_period_of_another_book_does_not_help(draft: Entry) -> None:
    sql("UPDATE ledger_period SET closed_at = %s", NOW)
    other = makers.book_of(factories.enterprise())
    Period.objects.create(book=other, starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 3, 31))
    with refused("no open period"):
        post(draft)


def test_a_posted_entry_has_a_number(draft: Entry) -> None:
    with refused("numbers follow|entry_posted_has_number"):
        sql("UPDATE ledger_entry SET state = 'posted', posted_at = %s WHERE id = %s", NOW, draft.pk)


@pytest.mark.parametrize("number", [2, 0, -1])
def test_the_first_number_of_a_book_is_one(draft: Entry, number: int) -> None:
    with refused("numbers follow|entry_from_1"):
        post(draft, number)


def test_numbers_have_no_gap_and_no_twin(draft: Entry) -> None:
    post(draft)
    second = makers.drafted(draft.book)
    with refused("numbers follow"):
        post(second, 3)
    with refused("not displaced|entry_one_number"):
        post(second, 1)
    assert post(second, 2) == 1


@pytest.mark.parametrize(
    "change",
    [
        "memo = 'outro'",
        "state = 'draft'",
        "date = '2026-03-03'",
        "number = 7",
        "source_id = 1",
        "key = 'k'",
        "id = id + 1000",
        "posted_at = NULL",
    ],
)
def test_a_posted_entry_never_changes(draft: Entry, change: str) -> None:
    post(draft)
    with refused("never changes|not displaced"):
        sql(f"UPDATE ledger_entry SET {change} WHERE id = %s", draft.pk)


def test_a_posted_entry_is_never_deleted(draft: Entry) -> None:
    post(draft)
    with refused("never"):
        sql("DELETE FROM ledger_entry WHERE id = %s", draft.pk)


def test_a_draft_changes_and_goes(draft: Entry) -> None:
    sql("UPDATE ledger_entry SET memo = 'outro' WHERE id = %s", draft.pk)
    sql("DELETE FROM ledger_line WHERE entry_id = %s", draft.pk)
    assert sql("DELETE FROM ledger_entry WHERE id = %s", draft.pk) == 1


def test_a_posted_entry_takes_no_further_line(draft: Entry) -> None:
    line = draft.lines.first()
    post(draft)
    with refused("drafts only"):
        sql(
            "INSERT INTO ledger_line (network_id, entry_id, account_id, amount_minor, act_type, memo)"
            " VALUES (%s, %s, %s, 5, 'cooperative', '')",
            draft.network_id, draft.pk, line.account_id,
        )  # fmt: skip


def test_a_line_needs_an_entry_that_is_there(draft: Entry) -> None:
    with refused("drafts only"):
        sql(
            "INSERT INTO ledger_line (network_id, entry_id, account_id, amount_minor, act_type, memo)"
            " VALUES (%s, 987654321, %s, 5, 'cooperative', '')",
            draft.network_id, draft.lines.first().account_id,
        )  # fmt: skip


@pytest.mark.parametrize("change", ["amount_minor = amount_minor * 2", "memo = 'x'", "act_type = 'non_cooperative'"])
def test_lines_of_a_posted_entry_never_change(draft: Entry, change: str) -> None:
    post(draft)
    with refused("never change|drafts only"):
        sql(f"UPDATE ledger_line SET {change} WHERE entry_id = %s", draft.pk)


def test_a_line_does_not_move_into_or_out_of_a_posted_entry(draft: Entry) -> None:
    other = makers.drafted(draft.book)
    post(draft)
    with refused("drafts only|never change"):
        sql("UPDATE ledger_line SET entry_id = %s WHERE entry_id = %s", draft.pk, other.pk)
    with refused("drafts only|never change"):
        sql("UPDATE ledger_line SET entry_id = %s WHERE entry_id = %s", other.pk, draft.pk)


def test_lines_of_a_posted_entry_are_never_deleted(draft: Entry) -> None:
    post(draft)
    with refused("never"):
        sql("DELETE FROM ledger_line WHERE entry_id = %s", draft.pk)


def test_periods_of_a_book_do_not_overlap(draft: Entry) -> None:
    with refused("do not overlap"):
        sql(
            "INSERT INTO ledger_period (network_id, book_id, starts_on, ends_on) VALUES (%s, %s, %s, %s)",
            draft.network_id, draft.book_id, dt.date(2026, 3, 31), dt.date(2026, 4, 30),
        )  # fmt: skip
    Period.objects.create(book=draft.book, starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2026, 4, 30))


def test_a_period_keeps_its_days(draft: Entry) -> None:
    with refused("keeps its book and its days"):
        sql("UPDATE ledger_period SET ends_on = %s", dt.date(2026, 3, 15))


def test_a_period_that_holds_entries_is_never_deleted(draft: Entry) -> None:
    post(draft)
    with refused("holds entries"):
        sql("DELETE FROM ledger_period")


def test_an_empty_period_may_go(draft: Entry) -> None:
    assert sql("DELETE FROM ledger_period") == 1


def test_an_account_in_use_keeps_book_and_kind(draft: Entry) -> None:
    account = draft.lines.first().account
    other = makers.book_of(factories.enterprise())
    with refused("keeps its book and its kind"):
        sql("UPDATE ledger_account SET book_id = %s, code = 'x', purpose = NULL WHERE id = %s", other.pk, account.pk)
    with refused("keeps its book and its kind"):
        sql("UPDATE ledger_account SET kind = 'expense' WHERE id = %s", account.pk)
    assert sql("UPDATE ledger_account SET name = 'Banco do Povo', code = '1.1.7' WHERE id = %s", account.pk) == 1


def test_a_book_keeps_its_currency_and_its_owner(draft: Entry) -> None:
    for change in ("currency = 'EUR'", f"enterprise_id = {factories.enterprise().pk}"):
        with refused("keeps its owner"):
            sql(f"UPDATE ledger_book SET {change} WHERE id = %s", draft.book_id)


def reversal_of(entry: Entry, amount: int = -100, **fields: Any) -> Entry:
    return makers.drafted(entry.book, amount=amount, reverses=entry, **fields)


def test_a_reversal_mirrors_what_it_reverses(draft: Entry) -> None:
    post(draft)
    with refused("mirrors"), transaction.atomic():
        post(reversal_of(draft, amount=-99), 2)
    assert post(reversal_of(draft), 2) == 1


def test_a_reversal_of_a_draft_or_of_a_reversal_is_not_posted(draft: Entry) -> None:
    with refused("mirrors"), transaction.atomic():
        post(reversal_of(draft), 1)
    post(draft)
    reversal = reversal_of(draft)
    post(reversal, 2)
    with refused("mirrors"):
        post(reversal_of(reversal, amount=100), 3)


def test_an_entry_is_reversed_once(draft: Entry) -> None:
    post(draft)
    post(reversal_of(draft), 2)
    with refused("not displaced|reverses"):
        reversal_of(draft)


def test_a_reversal_stays_in_its_book(draft: Entry) -> None:
    post(draft)
    other = makers.book_of(factories.enterprise())
    Period.objects.create(book=other, starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 3, 31))
    stranger = Entry.objects.create(book=other, date=MARCH, memo="x", reverses=draft)
    makers.line_of(stranger, -100, "bank")
    makers.line_of(stranger, 100, "sales")
    with refused("mirrors"):
        post(stranger)


def test_many_are_posted_in_one_statement_or_none(draft: Entry) -> None:
    drafts = [makers.drafted(draft.book, number=number) for number in range(1, 6)]
    Line.objects.filter(entry=drafts[3], amount_minor__gt=0).update(amount_minor=7)
    statement = "UPDATE ledger_entry SET state = 'posted', posted_at = %s WHERE number BETWEEN 1 AND 5"
    with refused("adds up to zero"):
        sql(statement, NOW)
    assert not Entry.objects.filter(state="posted").exists()
    Line.objects.filter(entry=drafts[3], amount_minor__gt=0).update(amount_minor=100)
    assert sql(statement, NOW) == 5


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["entry", "line", "period", "account", "book"])
def test_the_books_are_never_emptied(draft: Entry, table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's; on SQLite it is a DELETE, refused above")
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # what this transaction wrote is no reason to refuse
    with app_role.as_owner(), pytest.raises(DatabaseError, match="never emptied"), transaction.atomic():
        sql(f"TRUNCATE ledger_{table} CASCADE")


def test_a_posted_row_is_not_replaced(draft: Entry) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("OR REPLACE is SQLite's")
    sql("UPDATE ledger_entry SET key = 'k' WHERE id = %s", draft.pk)
    line = draft.lines.first()
    post(draft)
    for pk, number, key in ((draft.pk, None, None), (draft.pk + 50, 1, None), (draft.pk + 50, None, "k")):
        with refused("not displaced"):
            sql(
                "INSERT OR REPLACE INTO ledger_entry"
                " (id, network_id, book_id, number, key, date, memo, state, source_kind, created_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, 'x', 'draft', '', %s)",
                pk, draft.network_id, draft.book_id, number, key, MARCH, NOW,
            )  # fmt: skip
    other = makers.drafted(draft.book)
    for change in (f"id = {draft.pk}", "number = 1", "key = 'k'"):
        with refused("not displaced"):
            sql(f"UPDATE OR REPLACE ledger_entry SET {change} WHERE id = %s", other.pk)
    with refused("drafts only"):
        sql(
            "INSERT OR REPLACE INTO ledger_line (id, network_id, entry_id, account_id, amount_minor, act_type, memo)"
            " VALUES (%s, %s, %s, %s, 5, 'cooperative', '')",
            line.pk, draft.network_id, other.pk, line.account_id,
        )  # fmt: skip
    with refused("never change"):
        sql("UPDATE OR REPLACE ledger_line SET id = %s WHERE entry_id = %s AND amount_minor > 0", line.pk, other.pk)


def test_every_trigger_is_in_place_and_a_missing_one_is_named(db: None) -> None:
    assert triggers.missing(connection) == []
    with app_role.as_owner(), transaction.atomic():
        sql("DROP TRIGGER ledger_entry_kept" + (" ON ledger_entry" if connection.vendor == "postgresql" else ""))
        assert triggers.missing(connection) == ["ledger_entry_kept"]
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_the_triggers_can_be_undone_and_made_again() -> None:
    with app_role.as_owner():
        undone_and_made_again()


def undone_and_made_again() -> None:
    call_command("migrate", "ledger", "0001", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ledger_%%'"
            if connection.vendor == "postgresql"
            else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_%%'"
        )
        assert cursor.fetchall() == []
    call_command("migrate", "ledger", verbosity=0)
    assert triggers.missing(connection) == []
    with tenancy.unscoped("test"):
        assert not Entry.objects.exists()
