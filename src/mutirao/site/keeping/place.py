# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where an installation lives: its data folder and its database, and what of both must not be lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError

LEFT_OUT = {
    "static": "made anew from the program",
    "imports": "spreadsheets between preview and confirmation, kept for a day",
    "exports": "files made to be fetched once",
    "backups": "backups themselves",
    "mail": "letters already sent, with sign-in codes in them",
    "cache": "made anew",
    "run": "locks and process numbers",
}
"""What a backup leaves out of the data folder, and why; everything else is taken, also what nobody thought of."""
_PASSING = (".restoring-", ".replaced-", ".secret_key.")
_PASSING_FILES = {
    "static-unfinished",
    "example-pending",
    "launch.json",
    "launch.json.new",
    "prepare.log",
    "restore-pending.json",
}


class KeepingError(DomainError):
    """A backup, restore or export could not be done; the words say why and what to do."""

    code = "keeping"


class DiskFull(KeepingError):
    message = _("Não há espaço em %(place)s: são precisos %(needed)s MB e há %(free)s MB livres.")
    next_step = _("Libere espaço ou escolha outro lugar com --to; nada ficou pela metade.")


class ProgramMissing(KeepingError):
    message = _("Falta o programa %(program)s do PostgreSQL nesta máquina.")
    next_step = _("Instale-o (apt-get install postgresql-client), da versão do servidor ou mais nova, e repita.")


class DatabaseRefused(KeepingError):
    message = _("O PostgreSQL não aceitou: %(said)s")
    next_step = _("Confira DATABASE_URL e os direitos desse usuário no banco de dados.")


@dataclass(frozen=True, slots=True)
class Place:
    """An installation: its folder and the settings of its database."""

    data: Path
    database: dict[str, Any]

    @classmethod
    def here(cls) -> Place:
        """This installation."""
        return cls(Path(settings.DATA), dict(settings.DATABASES["default"]))

    @property
    def vendor(self) -> str:
        """sqlite or postgresql."""
        return "sqlite" if self.database["ENGINE"].endswith("sqlite3") else "postgresql"

    @property
    def sqlite_file(self) -> Path:
        """The database file of SQLite."""
        return Path(str(self.database["NAME"])).absolute()

    def files(self) -> Iterator[tuple[str, Path]]:
        """(name below the data folder, path) of every file that must not be lost, the database apart."""
        own = {self.sqlite_file, *sqlite_companions(self.sqlite_file)} if self.vendor == "sqlite" else set()
        for top in sorted(self.data.iterdir()):
            if top.name in LEFT_OUT or top.name in _PASSING_FILES or top.name.startswith(_PASSING):
                continue
            for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
                if path.is_file() and not path.is_symlink() and path.absolute() not in own:
                    name = path.relative_to(self.data).as_posix()
                    if not path.name.startswith(".") and not name.endswith((".lock", ".part")):
                        yield name, path

    def postgres_environment(self) -> dict[str, str]:
        """How PostgreSQL's own programs reach the database; the password is not shown in the list of processes."""
        named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
        given = {name: str(self.database[key]) for name, key in named.items() if self.database.get(key)}
        options = self.database.get("OPTIONS", {})
        given |= {f"PG{name.upper()}": str(options[name]) for name in ("sslmode", "sslrootcert") if name in options}
        return {**os.environ, "PGCONNECT_TIMEOUT": "10", **given}


def sqlite_companions(file: Path) -> list[Path]:
    """The files that SQLite keeps beside a database."""
    return [file.with_name(file.name + suffix) for suffix in ("-wal", "-shm", "-journal")]


def program(name: str) -> str:
    """Where one of PostgreSQL's programs is. Raises: ProgramMissing."""
    found = shutil.which(name)
    if not found:
        newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
        if not newest:
            raise ProgramMissing(program=name)
        found = str(newest[-1])
    return found


def need_space(folder: Path, needed: int) -> None:
    """Raises: DiskFull when a folder has no room for so many bytes and a little more."""
    free = shutil.disk_usage(folder).free
    if free < needed + (8 << 20):
        raise disk_full(folder, needed)


def disk_full(folder: Path, needed: int) -> DiskFull:
    """The words for a disk that is full."""
    return DiskFull(place=folder, needed=-(-needed >> 20) + 8, free=shutil.disk_usage(folder).free >> 20)


# --- what a database holds -------------------------------------------------------------------------------------------


class _Cursor(Protocol):
    def execute(self, sql: str, /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


def contents(cursor: _Cursor, vendor: str) -> dict[str, Any]:
    """The audit trails' heads, the rows of each table a network, and the migrations, as plain data for the manifest."""
    tables = _tables(cursor, vendor)
    heads: dict[str, Any] = {}
    if "kernel_audithead" in tables:
        cursor.execute("SELECT network_id, sequence, digest FROM kernel_audithead ORDER BY network_id")
        heads = {
            str(network): {"sequence": sequence, "digest": digest} for network, sequence, digest in cursor.fetchall()
        }
    rows: dict[str, dict[str, int]] = {}
    for table, column in sorted(_counted().items()):
        if table not in tables:
            continue
        cursor.execute(f'SELECT {column}, COUNT(*) FROM "{table}" GROUP BY 1 ORDER BY 1')  # noqa: S608 - our own names
        rows[table] = {str("" if network is None else network): count for network, count in cursor.fetchall()}
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return {"audit_heads": heads, "rows": rows, "migrations": [f"{app}.{name}" for app, name in cursor.fetchall()]}


def _tables(cursor: _Cursor, vendor: str) -> set[str]:
    cursor.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if vendor == "sqlite"
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    )
    return {row[0] for row in cursor.fetchall()}


def _counted() -> dict[str, str]:
    """Table → the column that says its network, or an empty text."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            columns = {field.column for field in model._meta.concrete_fields}
            found[model._meta.db_table] = "network_id" if "network_id" in columns else "''"
    return found


def sqlite_contents(file: Path) -> dict[str, Any]:
    """What a SQLite file holds. Raises: sqlite3.DatabaseError when it is damaged."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(str(found))
        return contents(connection.cursor(), "sqlite")
