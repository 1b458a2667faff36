# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database as it was right after the migrations, kept once and put back after each journey.

A journey commits for real, and what it commits cannot be deleted row by row: posted entries are immutable by trigger.
Putting the whole back is also faster, and keeps the rows that migrations wrote.
"""

from __future__ import annotations

import sqlite3
from typing import Protocol

import psycopg
from django.db import connection, connections


class Snapshot(Protocol):
    def restore(self) -> None: ...


class SQLiteSnapshot:
    def __init__(self) -> None:
        self._path = connection.settings_dict["NAME"]
        self._kept = sqlite3.connect(":memory:")
        connections.close_all()
        with sqlite3.connect(self._path) as live:
            live.backup(self._kept)
        live.close()

    def restore(self) -> None:
        connections.close_all()
        live = sqlite3.connect(self._path, timeout=20)
        self._kept.backup(live)
        live.close()


class PostgreSQLSnapshot:
    def __init__(self) -> None:
        self._name = connection.settings_dict["NAME"]
        self._kept = f"{self._name}_kept"
        self._copy(self._name, self._kept)

    def restore(self) -> None:
        self._copy(self._kept, self._name)

    def _copy(self, template: str, name: str) -> None:
        connections.close_all()
        parameters = {**connection.get_connection_params(), "dbname": "postgres"}
        parameters.pop("cursor_factory", None)
        parameters.pop("context", None)
        with psycopg.connect(**parameters, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                (template,),
            )
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def take() -> Snapshot:
    """Keep the present state of the test database."""
    return SQLiteSnapshot() if connection.vendor == "sqlite" else PostgreSQLSnapshot()
