# SPDX-License-Identifier: AGPL-3.0-or-later
"""Database triggers written once for both databases, as migration operations."""

from __future__ import annotations

from django.db.migrations.operations.special import RunPython


class Triggers(RunPython):
    """Create triggers from one SQL text for each database; dropped again when the migration is undone.

    `sqlite` and `postgresql` are lists of statements; `drop_sqlite` and `drop_postgresql` undo them.
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


def _execute(schema_editor: object, statements: dict[str, list[str]]) -> None:
    vendor = schema_editor.connection.vendor  # type: ignore[attr-defined]
    for statement in statements[vendor]:
        # No parameters: a percent sign in the SQL stands for itself.
        schema_editor.execute(statement, params=None)  # type: ignore[attr-defined]
