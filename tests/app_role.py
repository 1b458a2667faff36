# SPDX-License-Identifier: AGPL-3.0-or-later
"""On PostgreSQL the tests act as an installation does: as a role that owns no table, so that row-level security binds.

Migrations, triggers and emptying are the owner's: `as_owner()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

ROLE = "mutirao_program"

_GRANTS = f"""
DO $$ BEGIN
  CREATE ROLE {ROLE} LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA public TO {ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {ROLE};
"""


def _take_role(connection: Any, **_more: Any) -> None:
    if connection.vendor == "postgresql":
        connection.connection.execute(f"SET ROLE {ROLE}")


def begin() -> None:
    """From now on every connection acts as the program's role; called once the test database is migrated."""
    if connection.vendor != "postgresql":
        return
    connection.ensure_connection()
    connection.connection.execute(_GRANTS)
    connection_created.connect(_take_role)
    _take_role(connection)


def plain(sql: str) -> str:
    """A statement as it was meant: without what tells PostgreSQL the active network."""
    return re.sub(r"^SELECT set_config\('mutirao\.network', '\w*', true\); ", "", sql)


def end() -> None:
    """The owner again, who may drop the database."""
    if connection.vendor == "postgresql":
        connection_created.disconnect(_take_role)
        connection.close()


@contextmanager
def as_owner() -> Iterator[None]:
    """What only the tables' owner may do."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    connection.connection.execute("RESET ROLE")
    try:
        yield
    finally:
        connection.connection.execute(f"SET ROLE {ROLE}")


@contextmanager
def new_connections_as_owner() -> Iterator[None]:
    """Connections opened meanwhile are the owner's, as those of the commands that back up and restore."""
    connection_created.disconnect(_take_role)
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            connection_created.connect(_take_role)
