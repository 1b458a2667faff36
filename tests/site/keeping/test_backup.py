# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was backed up comes back elsewhere as it was, or is refused in words; nothing is ever left half-done."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import threading
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests import factories
from tests.ledger import makers as ledger_makers
from tests.site.keeping.makers import empty_place, filled_place, rows

from mutirao.kernel.models import AuditHead
from mutirao.site.keeping import backup as backing
from mutirao.site.keeping import cipher
from mutirao.site.keeping import restore as restoring
from mutirao.site.keeping.backup import MANIFEST, AlreadyThere, NoSuchPlace, back_up
from mutirao.site.keeping.place import DiskFull, Place
from mutirao.site.keeping.restore import (
    InUse,
    NeedsPassphrase,
    NewerProgram,
    NotABackup,
    NotEmpty,
    OtherDatabase,
    Tampered,
    WrongPassphrase,
    finish,
    restore,
    serving,
)

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="an installation on SQLite; see test_postgres_backup.py"),
    pytest.mark.django_db(transaction=True),  # SQLite copies no database whose transaction is open
]


@pytest.fixture
def place(network: Any, noon: Any, tmp_path: Path) -> Place:
    ledger_makers.posted(ledger_makers.book_of(network))
    return filled_place(tmp_path / "here")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Place:
    return empty_place(tmp_path / "there")


@pytest.fixture
def file(place: Place, tmp_path: Path) -> Path:
    return back_up(place, tmp_path / "copy.zip").file


def tampered(file: Path, change: Any) -> Path:
    """The same archive with its parts changed by `change(parts)`."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    other = file.with_name("tampered.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return other


def in_manifest(change: Any) -> Any:
    def apply(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts[MANIFEST])
        change(manifest)
        parts[MANIFEST] = json.dumps(manifest).encode()

    return apply


def untouched(place: Place) -> bool:
    return (
        sorted(path.name for path in place.data.iterdir() if path.name != "serving.lock") == ["secret_key"]
        and (place.data / "secret_key").read_text() == "another"
    )


# --- there and back --------------------------------------------------------------------------------------------------


def test_what_was_backed_up_comes_back_elsewhere(place: Place, file: Path, elsewhere: Place, network: Any) -> None:
    manifest, before = restore(elsewhere, file)
    assert before is None
    assert (elsewhere.data / "secret_key").read_text() == "the secret"
    assert (elsewhere.data / "vapid_key.pem").read_bytes() == b"a key"
    assert (elsewhere.data / "media/receipts/2026/03/a.jpg").read_bytes() == b"receipts/2026/03/a.jpg" * 50
    assert not (elsewhere.data / "imports").exists()
    assert rows(elsewhere, "SELECT name FROM network_network") == [(network.name,)]
    head = AuditHead.objects.get(network_id=network.pk)
    assert manifest["audit_heads"][str(network.pk)] == {"sequence": head.sequence, "digest": head.digest}
    assert manifest["rows"]["kernel_auditentry"] == {str(network.pk): head.sequence}
    assert not list(elsewhere.data.glob(".re*"))


def test_a_backup_is_read_by_its_owner_only(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_while_others_write_is_one_moment(place: Place, tmp_path: Path, elsewhere: Place) -> None:
    stop, wrote = threading.Event(), []

    def write() -> None:
        """Jobs in twos and a file each, as fast as may be: a copy with an odd number of them is no moment."""
        with closing(sqlite3.connect(place.sqlite_file, timeout=20, isolation_level=None)) as other:
            while not stop.is_set():
                other.execute("BEGIN IMMEDIATE")
                for _ in range(2):
                    other.execute(
                        "INSERT INTO kernel_job (task, arguments, queue, state, run_after, attempts, max_attempts,"
                        " last_error, created_at) VALUES ('t', '{}', 'd', 'ready', '2026-01-01',"
                        " 0, 6, '', '2026-01-01')"
                    )
                other.execute("COMMIT")
                (place.data / "media" / f"{len(wrote)}.jpg").write_bytes(b"x")
                wrote.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while len(wrote) < 20 and thread.is_alive():
            time.sleep(0.01)
        made = [back_up(place, tmp_path / f"{number}.zip") for number in range(3)]
        after = len(wrote)
    finally:
        stop.set()
        thread.join()
    counts = [one.manifest["rows"]["kernel_job"][""] for one in made]
    assert all(count % 2 == 0 and count >= 40 for count in counts)
    assert counts == sorted(counts)
    assert after > 20  # nobody was kept from writing
    restore(elsewhere, made[1].file)
    assert rows(elsewhere, "SELECT COUNT(*) FROM kernel_job") == [(counts[1],)]


def test_a_passphrase_opens_what_it_closed(place: Place, tmp_path: Path, elsewhere: Place, network: Any) -> None:
    file = back_up(place, tmp_path, passphrase="feijão com arroz").file
    assert file.name.endswith(".zip.cifrado")
    assert network.name.encode() not in file.read_bytes()
    with pytest.raises(NeedsPassphrase):
        restore(elsewhere, file)
    with pytest.raises(WrongPassphrase):
        restore(elsewhere, file, passphrase="feijao com arroz")
    assert untouched(elsewhere)
    restore(elsewhere, file, passphrase="feijão com arroz")
    assert rows(elsewhere, "SELECT name FROM network_network") == [(network.name,)]


def test_old_backups_go_and_other_files_stay(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    for day in range(1, 10):
        (folder / f"mutirao-202601{day:02}-000000.zip").touch()
    (folder / "mutirao-notes.zip").touch()
    made = back_up(place, folder, keep=7)
    assert len(made.dropped) == 3
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 8
    assert made.file.name in left
    assert "mutirao-notes.zip" in left
    assert "mutirao-20260104-000000.zip" in left


def test_a_backup_takes_no_other_files_place(place: Place, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(AlreadyThere):
        back_up(place, file)
    assert file.read_bytes() == before
    with pytest.raises(NoSuchPlace):
        back_up(place, file.parent / "nowhere" / "x.zip")


# --- refused ---------------------------------------------------------------------------------------------------------


def other_head(manifest: dict[str, Any]) -> None:
    next(iter(manifest["audit_heads"].values()))["digest"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda parts: parts.update({"data/media/receipts/2026/03/a.jpg": b"another photo"}), Tampered),
        (lambda parts: parts.update({"database.sqlite3": parts["database.sqlite3"][:-4096]}), Tampered),
        (lambda parts: parts.pop("data/vapid_key.pem"), Tampered),
        (lambda parts: parts.update({"data/extra": b"x"}), Tampered),
        (in_manifest(other_head), Tampered),
        (in_manifest(lambda m: m["rows"]["ledger_entry"].update({"999": 1})), Tampered),
        (in_manifest(lambda m: m["database"].update(vendor="postgresql")), OtherDatabase),
        (in_manifest(lambda m: m["migrations"].append("purchasing.0999_tomorrow")), NewerProgram),
        (in_manifest(lambda m: m.update(format=2)), NewerProgram),
        (in_manifest(lambda m: m.pop("rows")), NotABackup),
        (lambda parts: parts.pop(MANIFEST), NotABackup),
    ],
)
def test_a_changed_archive_is_refused_and_nothing_is_touched(
    file: Path, elsewhere: Place, change: Any, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal) as caught:
        restore(elsewhere, tampered(file, change))
    assert "%(" not in str(caught.value)
    assert untouched(elsewhere)


@pytest.mark.parametrize("name", ["data/../../outside", "data/..", "/etc/outside", "outside", "data\\..\\x"])
def test_a_name_that_leaves_the_folder_is_refused(file: Path, elsewhere: Place, name: str) -> None:
    def change(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts[MANIFEST])
        manifest["parts"][name] = manifest["parts"]["data/secret_key"]
        parts[name], parts[MANIFEST] = parts["data/secret_key"], json.dumps(manifest).encode()

    with pytest.raises(Tampered):
        restore(elsewhere, tampered(file, change))
    assert untouched(elsewhere)
    assert not (elsewhere.data.parent / "outside").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no more", b"anything"])
def test_what_is_no_backup_is_refused(tmp_path: Path, elsewhere: Place, content: bytes) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(content)
    with pytest.raises(NotABackup):
        restore(elsewhere, other)
    with pytest.raises(NotABackup):
        restore(elsewhere, tmp_path / "missing.zip")


@pytest.mark.parametrize("damage", ["cut", "flipped", "pieces swapped", "last piece left out"])
def test_a_damaged_encrypted_backup_is_refused(
    place: Place, tmp_path: Path, elsewhere: Place, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "PIECE", 1 << 14)
    file = back_up(place, tmp_path / "x.cifrado", passphrase="correct horse").file
    content = bytearray(file.read_bytes())
    head, piece = content.index(b"\n", len(cipher.MAGIC)) + 17, (1 << 14) + 16
    if damage == "cut":
        del content[-100:]
    elif damage == "flipped":
        content[-100] ^= 1
    elif damage == "pieces swapped":
        one, two = slice(head + piece, head + 2 * piece), slice(head + 2 * piece, head + 3 * piece)
        content[one], content[two] = content[two], content[one]
    else:
        del content[head + (len(content) - head - 1) // piece * piece :]
    file.write_bytes(content)
    with pytest.raises(Tampered):
        restore(elsewhere, file, passphrase="correct horse")
    assert untouched(elsewhere)


def test_a_full_installation_is_not_written_over_unless_asked(file: Path, tmp_path: Path, network: Any) -> None:
    factories.person(name="Quem chegou depois")
    other = filled_place(tmp_path / "other")
    (other.data / "media" / "late.jpg").write_bytes(b"late")
    with pytest.raises(NotEmpty):
        restore(other, file)
    _manifest, before = restore(other, file, replace=True)
    assert before is not None
    assert not (other.data / "media" / "late.jpg").exists()
    assert ("Quem chegou depois",) not in rows(other, "SELECT name FROM network_person")
    restore(other, before.file, replace=True)  # and back again
    assert ("Quem chegou depois",) in rows(other, "SELECT name FROM network_person")
    assert (other.data / "media" / "late.jpg").read_bytes() == b"late"


def test_nothing_is_restored_under_a_running_server(file: Path, elsewhere: Place) -> None:
    held = serving(elsewhere)
    with pytest.raises(InUse):
        restore(elsewhere, file)
    held.close()
    restore(elsewhere, file)


# --- stopped, full ---------------------------------------------------------------------------------------------------


def test_a_full_disk_is_said_and_leaves_nothing(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    usage = shutil.disk_usage(folder)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=9 << 20))
        with pytest.raises(DiskFull, match="Não há espaço"):
            back_up(place, folder)
    assert list(folder.iterdir()) == []

    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backing.os, "fsync", full)  # the system finds the disk full only now
    with pytest.raises(DiskFull):
        back_up(place, folder)
    assert list(folder.iterdir()) == []


class Killed(BaseException):
    """Stands for a lost process: nothing after it is done."""


@pytest.mark.parametrize("moves", range(9))
def test_a_restore_stopped_anywhere_is_ended_by_the_next_start(
    place: Place, file: Path, tmp_path: Path, moves: int, monkeypatch: pytest.MonkeyPatch, network: Any
) -> None:
    other = empty_place(tmp_path / "other")
    left = [moves]
    rename, move = Path.rename, shutil.move

    def counted(real: Any) -> Any:
        def wrapped(*arguments: Any) -> Any:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            return real(*arguments)

        return wrapped

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", counted(rename))
        patch.setattr(restoring.shutil, "move", counted(move))
        stopped = False
        try:
            restore(other, file)
        except Killed:
            stopped = True
    if stopped:
        assert finish(other)
    assert rows(other, "SELECT name FROM network_network") == [(network.name,)]
    assert (other.data / "secret_key").read_text() == "the secret"
    assert (other.data / "media/receipts/2026/03/b.jpg").exists()
    assert not list(other.data.glob(".re*"))
    assert not (other.data / restoring.PENDING).exists()


def test_a_restore_stopped_while_unpacking_leaves_nothing(
    file: Path, elsewhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_arguments: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "_check_database", killed)
        patch.setattr(restoring.shutil, "rmtree", lambda *_a, **_k: None)  # killed: nobody tidies up
        with pytest.raises(Killed):
            restore(elsewhere, file)
    assert list(elsewhere.data.glob(".restoring-*"))
    assert not finish(elsewhere)
    assert untouched(elsewhere)
