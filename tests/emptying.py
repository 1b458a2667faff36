# SPDX-License-Identifier: AGPL-3.0-or-later
"""Emptying the database after a test that committed, while the triggers of books and audit trail stand aside.

Only here: the program itself has no way around its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from tests import app_role

_empty = TransactionTestCase._fixture_teardown


@contextmanager
def triggers_aside() -> Iterator[None]:
    """The triggers of the database are off inside and as before afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            tables = [row[0] for row in cursor.fetchall()]
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            rows = cursor.fetchall()
            off = [f"DROP TRIGGER {name}" for name, _sql in rows]
            on = [sql for _name, sql in rows]
        _run(cursor, off)
        try:
            yield
        finally:
            _run(cursor, on)


def _run(cursor: Any, statements: list[str]) -> None:
    for statement in statements:
        cursor.execute(statement)


def _fixture_teardown(self: TransactionTestCase) -> None:
    with app_role.as_owner(), triggers_aside():
        _empty(self)


def install() -> None:
    """Let every committing test be cleaned up so; called once by conftest.py."""
    TransactionTestCase._fixture_teardown = _fixture_teardown  # type: ignore[method-assign]
