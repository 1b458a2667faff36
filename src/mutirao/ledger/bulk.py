# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting many rows into a table at the price of the database itself.

One INSERT from arrays of values on PostgreSQL (COPY is not to be had under row-level security), one prepared INSERT on
SQLite.

Building a model instance for every line costs about ten times what the database needs for it (bench/ledger.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, cast

from django.db import connection, models

from mutirao.ledger.models import Book, Entry

_AT_ONCE = 20_000
"""Rows a statement on PostgreSQL."""


def batched(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    """The rows in lists of at most `size`."""
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` fresh ids for rows of a model, ascending. On SQLite the transaction must already be the writer's."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + count))


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as values of `fields` (attribute names, such as "book_id"), in that order."""
    table = connection.ops.quote_name(model._meta.db_table)
    column_of = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    columns = ", ".join(connection.ops.quote_name(column_of[name]) for name in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            type_of = {field.attname: field.db_type(connection) for field in model._meta.concrete_fields}
            arrays = ", ".join(f"%s::{type_of[name]}[]" for name in fields)
            statement = f"INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays})"  # noqa: S608 - our own table
            for part in batched(rows, _AT_ONCE):
                cursor.execute(statement, [list(values) for values in zip(*part, strict=True)])
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names of our own tables and columns
            # Django takes any iterable here; its type stubs ask for a sequence.
            cast(Any, ([_for_sqlite(value) for value in row] for row in rows)),
        )


def mark_posted(book: Book, first: int, ids: Sequence[int], moment: dt.datetime) -> None:
    """Turn drafts of a book, numbered from `first` on without a gap in the order of `ids`, into posted entries.

    One statement on PostgreSQL, checked once. On SQLite each row is checked by itself and must find its predecessor
    posted: there the rows are taken in their order, whatever way the planner would choose.
    """
    table, state = Entry._meta.db_table, Entry.State.POSTED.value
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} SET state = %s, posted_at = %s"  # noqa: S608 - our own table
                " WHERE book_id = %s AND number BETWEEN %s AND %s",
                [state, moment, book.pk, first, first + len(ids) - 1],
            )
            return
        cursor.executemany(
            f"UPDATE {table} SET state = %s, posted_at = %s WHERE id = %s",  # noqa: S608 - our own table
            [(state, _for_sqlite(moment), pk) for pk in ids],
        )


def mark_posted_in_books(marked: Sequence[tuple[Book, int, Sequence[int]]], moment: dt.datetime) -> None:
    """As `mark_posted` for many books, each with its first number and the ids of its drafts in their order."""
    if connection.vendor == "postgresql":
        for book, first, ids in marked:
            mark_posted(book, first, ids, moment)
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {Entry._meta.db_table} SET state = %s, posted_at = %s WHERE id = %s",  # noqa: S608 - our own table
            [(Entry.State.POSTED.value, _for_sqlite(moment), pk) for _book, _first, ids in marked for pk in ids],
        )


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value
