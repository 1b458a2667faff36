# SPDX-License-Identifier: AGPL-3.0-or-later
"""Installations of their own: a data folder and a database file that nobody else uses."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from mutirao.site.keeping.place import Place

SQLITE = "django.db.backends.sqlite3"


def empty_place(folder: Path) -> Place:
    """A data folder as a first start makes it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret_key").write_text("another")
    return Place(folder, {"ENGINE": SQLITE, "NAME": str(folder / "mutirao.sqlite3")})


def filled_place(folder: Path) -> Place:
    """What the test's own database holds at this moment, as a file, with keys and photos beside it."""
    place = empty_place(folder)
    with closing(sqlite3.connect(place.sqlite_file)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    (folder / "secret_key").write_text("the secret")
    (folder / "vapid_key.pem").write_bytes(b"a key")
    for name in ("receipts/2026/03/a.jpg", "receipts/2026/03/b.jpg"):
        path = folder / "media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 50)
    (folder / "imports").mkdir()
    (folder / "imports" / "x.bin").write_bytes(b"between preview and confirmation")
    return place


def rows(place: Place, sql: str) -> list[Any]:
    """What a query finds in an installation's database file."""
    with closing(sqlite3.connect(place.sqlite_file)) as connection_:
        return connection_.execute(sql).fetchall()
