# SPDX-License-Identifier: AGPL-3.0-or-later
"""Database triggers written once for both databases, as migration operations."""

from __future__ import annotations

import re

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.special import RunPython

_CREATE = re.compile(r"^\s*CREATE\s+TRIGGER\s+(\w+)", re.IGNORECASE)


class Triggers(RunPython):
    """Create triggers from one SQL text for each database; dropped again when the migration is undone.

    `sqlite` and `postgresql` are lists of statements; `drop_sqlite` and `drop_postgresql` undo them. `created` names
    the triggers of each database, so that `./mutirao check` can tell whether they are in place.
    """

    def __init__(
        self,
        *,
        sqlite: list[str],
        postgresql: list[str],
        drop_sqlite: list[str],
        drop_postgresql: list[str],
    ) -> None:
        def forwards(apps: object, schema_editor: object) -> None:
            _execute(schema_editor, {"sqlite": sqlite, "postgresql": postgresql})

        def backwards(apps: object, schema_editor: object) -> None:
            _execute(schema_editor, {"sqlite": drop_sqlite, "postgresql": drop_postgresql})

        super().__init__(forwards, backwards)
        self.created = {"sqlite": _names(sqlite), "postgresql": _names(postgresql)}


def _names(statements: list[str]) -> set[str]:
    return {match[1] for statement in statements for match in _CREATE.finditer(statement)}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that the applied migrations made and the database no longer has."""
    loader = MigrationLoader(connection)
    expected: set[str] = set()
    for key in loader.applied_migrations:
        migration = loader.disk_migrations.get(key)
        for operation in migration.operations if migration else ():
            if isinstance(operation, Triggers):
                expected |= operation.created[connection.vendor]
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        # 'O' fires as usual; a trigger that somebody switched off counts as missing.
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return sorted(expected - {row[0] for row in cursor.fetchall()})


def _execute(schema_editor: object, statements: dict[str, list[str]]) -> None:
    vendor = schema_editor.connection.vendor  # type: ignore[attr-defined]
    for statement in statements[vendor]:
        # No parameters: a percent sign in the SQL stands for itself.
        schema_editor.execute(statement, params=None)  # type: ignore[attr-defined]
