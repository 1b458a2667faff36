# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup of the whole installation, made while it runs: one ZIP file, under a passphrase if wanted.

The database is copied first, in one moment; then the files. A kept file never changes and is never given another's name
(`kernel.uploads.kept_below`), so every file that the copy speaks of is there or was deleted since; files that came
later do no harm. The manifest comes last and names each part's fingerprint. docs/formats/backup.md describes the file.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.db import connections
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.site.keeping import cipher
from mutirao.site.keeping.place import (
    DatabaseRefused,
    KeepingError,
    Place,
    contents,
    disk_full,
    need_space,
    program,
    sqlite_contents,
)

FORMAT = 1
NAME = re.compile(r"mutirao-\d{8}-\d{6}(-\d+)?\.zip(\.cifrado)?")
MANIFEST = "manifest.json"
_BITE = 1 << 20
_PACKED_ALREADY = (".jpg", ".jpeg", ".png", ".webp", ".pdf", ".zip", ".xlsx", ".ods", ".ogg", ".mp3", ".m4a", ".gz")


class NoSuchPlace(KeepingError):
    message = _("A pasta %(place)s não existe ou não deixa gravar.")
    next_step = _("Crie a pasta, ou escolha outra com --to.")


class AlreadyThere(KeepingError):
    message = _("O arquivo %(place)s já existe e não será trocado.")
    next_step = _("Escolha outro nome com --to.")


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    file: Path
    manifest: dict[str, Any]
    dropped: list[Path]
    """Older ones that were deleted, because only so many are kept."""


def back_up(place: Place, to: Path | None = None, *, passphrase: str = "", keep: int | None = None) -> Made:
    """Back the installation up into a folder or to a file; the file appears when it is whole, readable by its owner.

    `keep`: how many backups of the folder are kept, this one included. Raises: KeepingError.
    """
    file = _file_for(place, to, encrypted=bool(passphrase))
    size = sum(path.stat().st_size for _name, path in place.files())
    if place.vendor == "sqlite":
        size += 2 * place.sqlite_file.stat().st_size  # the copy, and the copy packed
    need_space(file.parent, size)
    part = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            manifest = _write(place, out, passphrase, file.parent)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(part, file)  # unlike a renaming, never in the place of another file
        except FileExistsError:
            raise AlreadyThere(place=file) from None
        except OSError:  # a file system without links
            part.replace(file)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise disk_full(file.parent, size) from None
        raise
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise disk_full(file.parent, size) from None
        raise
    finally:
        part.unlink(missing_ok=True)
    return Made(file, manifest, _drop_old(file, keep) if keep else [])


def _file_for(place: Place, to: Path | None, *, encrypted: bool) -> Path:
    if to is None:
        to = place.data / "backups"
        to.mkdir(mode=0o700, exist_ok=True)
    if to.is_dir() and not os.access(to, os.W_OK | os.X_OK):
        raise NoSuchPlace(place=to)
    if to.is_dir():
        moment = clock.now().astimezone(dt.UTC)
        ending = ".zip.cifrado" if encrypted else ".zip"
        names = (f"mutirao-{moment:%Y%m%d-%H%M%S}{more}{ending}" for more in ("", *(f"-{n}" for n in range(2, 100))))
        file = next(path for name in names if not (path := to / name).exists())
    else:
        file = to
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise NoSuchPlace(place=file.parent)
    if file.exists():
        raise AlreadyThere(place=file)
    return file


def _drop_old(newest: Path, keep: int) -> list[Path]:
    """Delete the oldest backups of a folder; files with other names are nobody's business."""
    ours = sorted(path for path in newest.parent.iterdir() if NAME.fullmatch(path.name))
    old = [path for path in ours[:-keep] if path != newest]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def _write(place: Place, out: IO[bytes], passphrase: str, folder: Path) -> dict[str, Any]:
    sink: Any = cipher.Writer(out, passphrase) if passphrase else out
    parts: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        with _database_copy(place, folder) as (name, copy, held):
            parts[name] = _add(archive, name, copy)
        for below, path in place.files():
            try:
                parts[f"data/{below}"] = _add(archive, f"data/{below}", path)
            except FileNotFoundError:
                continue  # deleted since the folder was listed
        manifest = {
            "format": FORMAT,
            "program": "mutirao",
            "made_at": clock.now().astimezone(dt.UTC).isoformat(timespec="seconds"),
            "database": {"vendor": place.vendor, "part": name},
            **held,
            "parts": parts,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True))
    if passphrase:
        sink.close()
    return manifest


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, Any]:
    """Put a file into the archive; its fingerprint is of the very bytes that were written."""
    info = zipfile.ZipInfo(name, date_time=clock.now().timetuple()[:6])
    packed = path.suffix.lower() in _PACKED_ALREADY
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while bite := source.read(_BITE):
            digest.update(bite)
            size += len(bite)
            target.write(bite)
    return {"sha256": digest.hexdigest(), "size": size}


@contextmanager
def _database_copy(place: Place, folder: Path) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """(name in the archive, the copy, what it holds): one moment of the database, while others go on writing."""
    with tempfile.TemporaryDirectory(prefix=".mutirao-backup-", dir=folder) as temporary:
        if place.vendor == "sqlite":
            copy = Path(temporary) / "database.sqlite3"
            copy_sqlite(place.sqlite_file, copy)
            yield copy.name, copy, sqlite_contents(copy)
        else:
            copy = Path(temporary) / "database.dump"
            yield copy.name, copy, _dump_postgres(place, copy)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database in one read transaction by its own backup function; writers are not held up."""
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=20)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without companions


def _dump_postgres(place: Place, target: Path) -> dict[str, Any]:
    """Dump the database by pg_dump, in the very snapshot in which the heads and rows are counted."""
    pg_dump = program("pg_dump")
    connection = connections["default"].copy()
    connection.settings_dict = {**connection.settings_dict, **place.database}
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, no shell
                [pg_dump, "--format=custom", "--no-owner", "--no-privileges", "--snapshot", snapshot, "--file", target],
                env=place.postgres_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode != 0:
                if "No space left" in done.stderr:
                    raise OSError(errno.ENOSPC, done.stderr)
                raise DatabaseRefused(said=(done.stderr.strip().splitlines() or [""])[0])
            held = contents(cursor, "postgresql")
            cursor.execute("ROLLBACK")
            return held
    finally:
        connection.close()
