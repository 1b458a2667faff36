# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ordered row locks that really lock on both databases.

PostgreSQL: `SELECT … FOR UPDATE`, rows sorted by table and key, so that two operations wanting the same rows take
them in the same order. SQLite: every transaction begins IMMEDIATE (see settings), which makes it the only writer;
what remains is to read the rows again inside the transaction, which `lock` does as well.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeVar, cast

from django.db import connection, models

from mutirao.kernel.errors import NotFound

M = TypeVar("M", bound=models.Model)


def lock(row: M) -> M:
    """The row read afresh and locked until the transaction ends. Raises: NotFound when it is gone."""
    return cast(M, lock_all([row])[0])


def lock_all(rows: list[Any]) -> list[Any]:
    """The rows read afresh and locked, in the order given; taken in the order of table and key.

    Raises: NotFound when one is gone; RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("locks are taken inside an operation")
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for row in rows:
        wanted[type(row)].add(row.pk)
    found: dict[tuple[type[models.Model], Any], models.Model] = {}
    for model in sorted(wanted, key=lambda model: model._meta.db_table):
        # The tenant filter of `objects` is kept on purpose: a row of another network is not found.
        manager = cast(Any, model)._default_manager
        for row in manager.select_for_update(of=("self",)).filter(pk__in=wanted[model]).order_by("pk"):
            found[model, row.pk] = row
    try:
        return [found[type(row), row.pk] for row in rows]
    except KeyError:
        raise NotFound from None
