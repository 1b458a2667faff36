# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing a backup back: into an empty installation, or in the place of another that is backed up first.

Everything is unpacked beside and checked (fingerprints, the database, the heads of the audit trails) before anything is
touched; then whole files and folders change places by renaming. From there on a note in the data folder says what is to
be done, so that a restore that was stopped is ended, not left half-done, by whatever starts next (`finish`).
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutirao.site.keeping import cipher
from mutirao.site.keeping.backup import FORMAT, MANIFEST, Made, back_up
from mutirao.site.keeping.place import (
    DatabaseRefused,
    KeepingError,
    Place,
    contents,
    disk_full,
    need_space,
    program,
    sqlite_companions,
    sqlite_contents,
)

PENDING = "restore-pending.json"
_BITE = 1 << 20
_MOST_MANIFEST = 64 << 20


class NotABackup(KeepingError):
    message = _("O arquivo %(file)s não é uma cópia de segurança do Mutirão, ou está danificado: %(what)s.")
    next_step = _("Confira se veio inteiro, ou use uma cópia anterior. Nada foi mudado.")


class Tampered(KeepingError):
    message = _("A cópia de segurança foi alterada ou está danificada: %(what)s.")
    next_step = _("Use outra cópia. Nada foi mudado.")


class NeedsPassphrase(KeepingError):
    message = _("Esta cópia de segurança está cifrada.")
    next_step = _("Diga a senha com --passphrase-file ARQUIVO ou na variável MUTIRAO_BACKUP_PASSPHRASE.")


class WrongPassphrase(KeepingError):
    message = _("A senha não abre esta cópia de segurança.")
    next_step = _("Confira a senha e repita. Nada foi mudado.")


class NotEmpty(KeepingError):
    message = _("Esta instalação já tem dados.")
    next_step = _("Restaure em uma instalação vazia, ou use --replace: guarda-se antes uma cópia do que está aqui.")


class InUse(KeepingError):
    message = _("O Mutirão está aberto nesta instalação.")
    next_step = _("Pare-o (Ctrl+C, ou systemctl stop mutirao-web mutirao-worker) e repita.")


class OpenSessions(InUse):
    message = _("O banco de dados %(database)s está aberto por outros: %(who)s.")
    next_step = _(
        "Pare os serviços (systemctl stop mutirao-web mutirao-worker pgbouncer), feche os programas citados e repita. "
        "Um que ficou esquecido se encerra com: SELECT pg_terminate_backend(NÚMERO);"
    )


class OtherDatabase(KeepingError):
    message = _("A cópia é de um banco %(of)s, e esta instalação usa %(here)s.")
    next_step = _("Ajuste DATABASE_URL para o mesmo tipo de banco e repita.")


class NewerProgram(KeepingError):
    message = _("A cópia foi feita por uma versão mais nova do programa.")
    next_step = _("Atualize o Mutirão desta máquina e repita.")


def restore(
    place: Place, file: Path, *, passphrase: str = "", replace: bool = False
) -> tuple[dict[str, Any], Made | None]:
    """Bring a backup back; returns its manifest and the backup made of what was there before. Raises: KeepingError."""
    with only_one(place):
        finish(place)
        if not replace and not is_empty(place):
            raise NotEmpty
        staging = place.data / f".restoring-{secrets.token_hex(6)}"
        staging.mkdir(mode=0o700)
        try:
            manifest = unpack(file, staging, passphrase, place)
            (staging / MANIFEST).write_text(json.dumps(manifest), "utf-8")
            _check_database(place, staging, manifest)
            before = back_up(place, passphrase=passphrase) if replace and not is_empty(place) else None
            _note(place, staging, "database")
            _bring_database(place, staging, manifest)
            _note(place, staging, "files")
        except BaseException as error:
            (place.data / PENDING).unlink(missing_ok=True)
            shutil.rmtree(staging, ignore_errors=True)
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise disk_full(place.data, file.stat().st_size) from None
            raise
        finish(place)
    return manifest, before


@contextmanager
def only_one(place: Place) -> Iterator[None]:
    """Nobody serves or restores this installation meanwhile. Raises: InUse."""
    with (place.data / "serving.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUse from None
        yield


def serving(place: Place) -> Any:
    """Held open by every process that serves the installation; None while a restore is at work."""
    lock = (place.data / "serving.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def is_empty(place: Place) -> bool:
    """Whether nothing would be lost: no person, no network, no files; what a first start makes does not count."""
    if any(name not in ("secret_key", "setup_token", "serving.lock") for name, _path in place.files()):
        return False
    if place.vendor == "sqlite":
        if not place.sqlite_file.exists() or place.sqlite_file.stat().st_size == 0:
            return True
        try:
            rows = sqlite_contents(place.sqlite_file)["rows"]
        except sqlite3.DatabaseError:
            return False
    else:
        with _postgres(place) as cursor:
            cursor.execute("SELECT to_regclass('django_migrations')")
            if cursor.fetchone()[0] is None:
                return True
            rows = contents(cursor, "postgresql")["rows"]
    return not rows.get("network_network") and not rows.get("network_person")


@contextmanager
def _postgres(place: Place) -> Iterator[Any]:
    connection = connections["default"].copy()
    connection.settings_dict = {**connection.settings_dict, **place.database}
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


# --- unpacking and checking ------------------------------------------------------------------------------------------


def unpack(file: Path, staging: Path, passphrase: str, place: Place | None = None) -> dict[str, Any]:
    """Unpack a backup into a folder, each part held against the manifest. Raises: KeepingError."""
    if not file.is_file():
        raise NotABackup(file=file, what=_("não existe"))
    plain = _decrypted(file, staging, passphrase)
    try:
        with zipfile.ZipFile(plain) as archive:
            manifest = _manifest(archive, file)
            if place is not None:
                _check_fits(manifest, place)
            need_space(staging, sum(int(part["size"]) for part in manifest["parts"].values()))
            names = [info.filename for info in archive.infolist() if info.filename != MANIFEST]
            if sorted(names) != sorted(manifest["parts"]):
                raise Tampered(what=_("as partes não são as que o manifesto diz"))
            for name, said in manifest["parts"].items():
                _extract(archive, name, said, staging)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise NotABackup(file=file, what=error) from None
    finally:
        if plain != file:
            plain.unlink(missing_ok=True)
    return manifest


def _decrypted(file: Path, staging: Path, passphrase: str) -> Path:
    with file.open("rb") as source:
        if not cipher.is_encrypted(source.read(len(cipher.MAGIC))):
            return file
        if not passphrase:
            raise NeedsPassphrase
        need_space(staging, 2 * file.stat().st_size)
        source.seek(0)
        plain = staging / "plain.zip"
        try:
            with plain.open("wb") as out:
                cipher.decrypt(source, out, passphrase)
        except cipher.WrongPassphrase:
            raise WrongPassphrase from None
        except cipher.Damaged:
            raise Tampered(what=_("um pedaço cifrado foi mudado ou falta")) from None
    return plain


def _manifest(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _MOST_MANIFEST:
            raise NotABackup(file=file, what=MANIFEST)
        manifest: dict[str, Any] = json.loads(archive.read(info))
        for part in manifest["parts"].values():
            int(part["size"]), str(part["sha256"])
        str(manifest["database"]["part"]), manifest["audit_heads"], manifest["rows"], manifest["migrations"]
    except (KeyError, TypeError, AttributeError):
        raise NotABackup(file=file, what=MANIFEST) from None
    if manifest.get("program") != "mutirao":
        raise NotABackup(file=file, what=MANIFEST)
    if int(manifest.get("format", 0)) > FORMAT:
        raise NewerProgram
    return manifest


def _check_fits(manifest: dict[str, Any], place: Place) -> None:
    vendor = manifest["database"]["vendor"]
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    if vendor != place.vendor:
        raise OtherDatabase(of=names.get(vendor, vendor), here=names[place.vendor])
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if set(manifest["migrations"]) - known:
        raise NewerProgram


def _extract(archive: zipfile.ZipFile, name: str, said: dict[str, Any], staging: Path) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not re.fullmatch(r"(data/.+|database\.\w+)", name):
        raise Tampered(what=_("há um nome de arquivo que sai da pasta: %(name)s") % {"name": name})
    target = staging / path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), int(said["size"])
    with (
        archive.open(name) as source,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
    ):
        while bite := source.read(_BITE):
            left -= len(bite)
            if left < 0:
                break
            digest.update(bite)
            out.write(bite)
        out.flush()
        os.fsync(out.fileno())
    if left != 0 or digest.hexdigest() != said["sha256"]:
        raise Tampered(what=_("a parte %(name)s não é a que foi guardada") % {"name": name})


def _check_database(place: Place, staging: Path, manifest: dict[str, Any]) -> None:
    """Before anything is touched: what the copy holds is what the manifest says."""
    if place.vendor == "sqlite":
        try:
            held = sqlite_contents(staging / manifest["database"]["part"])
        except sqlite3.DatabaseError as error:
            raise Tampered(what=error) from None
        compare(held, manifest)
        return
    program("psql"), program("pg_restore")
    with _postgres(place) as cursor:
        if sessions := _sessions(cursor):
            raise OpenSessions(database=place.database["NAME"], who="; ".join(sessions))


def _sessions(cursor: Any) -> list[str]:
    """Who else has this database open, in words; PostgreSQL's own background work, which is nobody's, does not count.

    Of other roles a plain role sees the name, the program and the number only.
    """
    cursor.execute(
        "SELECT application_name, usename, host(client_addr), backend_start, pid FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL "
        "ORDER BY backend_start, pid"
    )
    found = []
    for program_, role, address, since, pid in cursor.fetchall():
        known = {"program": program_ or "?", "role": role, "pid": pid, "place": address or _("nesta máquina")}
        words = _("%(program)s, como %(role)s, %(place)s, processo nº %(pid)s") % known
        found.append(f"{words}, {timezone.localtime(since):%d/%m %H:%M}" if since else words)
    return found


def compare(held: dict[str, Any], manifest: dict[str, Any]) -> None:
    """Raises: Tampered when the trails' heads or the counted rows are not those of the manifest."""
    if held["audit_heads"] != manifest["audit_heads"]:
        raise Tampered(what=_("a trilha de auditoria não termina onde o manifesto diz"))
    # A table the program no longer has cannot be counted; one it has in addition was empty then.
    known = set(held["rows"]) & set(manifest["rows"])
    if different := sorted(table for table in known if held["rows"][table] != manifest["rows"][table]):
        raise Tampered(what=_("o número de linhas não confere em %(tables)s") % {"tables": ", ".join(different)})


# --- putting into place ----------------------------------------------------------------------------------------------


def _note(place: Place, staging: Path, step: str) -> None:
    pending, temporary = place.data / PENDING, place.data / f"{PENDING}.part"
    temporary.write_text(json.dumps({"staging": staging.name, "step": step}))
    temporary.replace(pending)


def _files_are_next(place: Place) -> bool:
    try:
        note = json.loads((place.data / PENDING).read_text())
        if note["step"] == "files":
            return True
        if place.vendor == "sqlite":
            return False
        # Stopped at the database: whether its one transaction was taken is for the database to say.
        manifest = json.loads((place.data / note["staging"] / MANIFEST).read_text("utf-8"))
        with _postgres(place) as cursor:
            compare(contents(cursor, "postgresql"), manifest)
    except (OSError, ValueError, KeyError, DatabaseError, Tampered):
        return False
    return True


def _bring_database(place: Place, staging: Path, manifest: dict[str, Any]) -> None:
    """PostgreSQL: everything in one transaction, in the place of what is there. SQLite's file waits with the others."""
    connections.close_all()
    if place.vendor == "sqlite":
        return
    dump = staging / manifest["database"]["part"]
    script = staging / "database.sql"
    try:
        _run([program("pg_restore"), "--no-owner", "--no-privileges", "--file", script, dump], place)
        _run(
            [program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
             "--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public", f"--file={script}"],
            place,
        )  # fmt: skip
    finally:
        script.unlink(missing_ok=True)
        dump.unlink(missing_ok=True)
    with _postgres(place) as cursor:
        compare(contents(cursor, "postgresql"), manifest)


def _run(command: list[Any], place: Place) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, no shell
        command, env=place.postgres_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DatabaseRefused(
            said=next((line for line in done.stderr.splitlines() if "ERROR" in line), done.stderr[:300])
        )


def finish(place: Place) -> bool:
    """End a restore that was stopped after its point of no return; returns whether there was one.

    Every step may be done again: what is already in its place is left there.
    """
    if not _files_are_next(place):
        for left in place.data.glob(".restoring-*"):
            shutil.rmtree(left, ignore_errors=True)
        (place.data / PENDING).unlink(missing_ok=True)
        return False
    staging = place.data / json.loads((place.data / PENDING).read_text())["staging"]
    replaced = place.data / staging.name.replace(".restoring-", ".replaced-")
    replaced.mkdir(mode=0o700, exist_ok=True)
    _change_places(place, staging, replaced)
    (place.data / PENDING).unlink(missing_ok=True)
    shutil.rmtree(staging, ignore_errors=True)
    shutil.rmtree(replaced, ignore_errors=True)
    return True


def _change_places(place: Place, staging: Path, replaced: Path) -> None:
    arriving = staging / "data"
    marker = replaced / ".moved"
    if not marker.exists():
        # What is here and not in the backup goes too: the installation becomes what it was then.
        leaving = {Path(name).parts[0] for name, _path in place.files()} - {"serving.lock"}
        for name in sorted(leaving):
            if (place.data / name).exists() and not (replaced / name).exists():
                (place.data / name).rename(replaced / name)
        if place.vendor == "sqlite":
            for old in (*sqlite_companions(place.sqlite_file), place.sqlite_file):
                if old.exists():
                    shutil.move(old, replaced / old.name)
        marker.touch()
    for one in sorted(arriving.iterdir()) if arriving.is_dir() else []:
        one.rename(place.data / one.name)
    database = staging / "database.sqlite3"
    if place.vendor == "sqlite" and database.exists():
        place.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(database, place.sqlite_file)
