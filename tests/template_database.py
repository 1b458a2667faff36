# SPDX-License-Identifier: AGPL-3.0-or-later
"""A migrated SQLite database kept between runs, so that a test run need not walk through every migration again.

The copy is known by what the migrations and the kernel code they use say; any change there makes a new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.core.management.commands import migrate
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "databases"

_migrate = migrate.Command.handle


@cache
def _kept() -> Path:
    source = ROOT / "src" / "mutirao"
    said = hashlib.sha256(django.__version__.encode())
    for path in sorted({*source.glob("*/migrations/*.py"), *source.glob("kernel/*.py"), Path(__file__)}):
        said.update(path.read_bytes())
    return FOLDER / f"{said.hexdigest()[:24]}.sqlite3"


def _handle(self: migrate.Command, *arguments: Any, **options: Any) -> Any:
    fresh = connection.vendor == "sqlite" and not connection.introspection.table_names()
    if fresh and _kept().is_file():
        # Read only: another run may put a newer copy in its place meanwhile.
        with contextlib.closing(sqlite3.connect(f"{_kept().as_uri()}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)
        return None
    result = _migrate(self, *arguments, **options)
    if fresh and not options.get("app_label"):
        _keep()
    return result


def _keep() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-3]:
        old.unlink(missing_ok=True)
    temporary = FOLDER / f"{os.getpid()}.part"
    with contextlib.closing(sqlite3.connect(temporary)) as copy:
        connection.connection.backup(copy)
    temporary.replace(_kept())


def install() -> None:
    """Let new SQLite databases of the tests begin as that copy; called once by conftest.py."""
    migrate.Command.handle = _handle  # type: ignore[method-assign]
