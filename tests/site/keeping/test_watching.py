# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup that was not made is noticed: by letter, on the page of health, by the check, in the list of tasks."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from tests import factories
from tests.site.keeping.makers import filled_place

from mutirao.kernel import clock, jobs, periodic
from mutirao.kernel.models import BackupRun
from mutirao.site.keeping import watching
from mutirao.site.keeping.place import Place

ROOT = Path(__file__).resolve().parents[3]
HOUR = dt.timedelta(hours=1)


def run(at: dt.datetime, *, good: bool = True, said: str = "") -> BackupRun:
    return BackupRun.objects.create(at=at, is_good=good, said=said, place="/mnt/x")


def make_operator() -> Any:
    made = factories.person(name="Rita", email="rita@example.org")
    made.is_operator = True
    made.save()
    return made


@pytest.fixture
def operator(db: None) -> Any:
    return make_operator()


@pytest.fixture
def expected(settings: Any, noon: dt.datetime) -> dt.datetime:
    """Backups are expected every day; the clock stands still."""
    settings.BACKUP_HOURS = 30
    return noon


def worker_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_asked", {})
    periodic.enqueue_due()
    jobs.drain()


# --- late ------------------------------------------------------------------------------------------------------------


def test_who_looks_after_the_installation_hears_once_a_day_that_backups_are_late(
    operator: Any, expected: dt.datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OPERATOR_EMAIL = ["casa@example.org", "rita@example.org"]
    factories.person(name="Ana", email="ana@example.org")
    run(expected)
    with clock.at(expected + 29 * HOUR):
        worker_looks(monkeypatch)
        assert mail.outbox == []
    run(expected + 24 * HOUR, good=False, said="Não há espaço em /mnt/x")
    with clock.at(expected + 31 * HOUR):
        worker_looks(monkeypatch)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["casa@example.org", "rita@example.org"]
    letter = mail.outbox[0]
    assert letter.subject == "Mutirão: a cópia de segurança não foi feita"
    assert "há 31 h" in letter.body
    assert "Não há espaço em /mnt/x" in letter.body
    assert "journalctl -u mutirao-backup" in letter.body
    with clock.at(expected + 35 * HOUR):  # the same day
        worker_looks(monkeypatch)
    assert len(mail.outbox) == 2
    with clock.at(expected + 55 * HOUR):
        worker_looks(monkeypatch)
    assert len(mail.outbox) == 4
    with clock.at(expected + 80 * HOUR):
        run(clock.now())
        worker_looks(monkeypatch)
    assert len(mail.outbox) == 4


def test_where_no_backups_are_expected_nobody_is_told(
    operator: Any, noon: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_looks(monkeypatch)
    assert mail.outbox == []
    assert not watching.is_late()


def test_a_clock_that_was_set_back_makes_no_backup_late(operator: Any, expected: dt.datetime) -> None:
    made = run(expected + 48 * HOUR)
    assert watching.age(made) == dt.timedelta()
    assert not watching.is_late()


# --- where it shows --------------------------------------------------------------------------------------------------


def test_health_figures_tasks_and_check_show_it(operator: Any, expected: dt.datetime, client: Client) -> None:
    born = MigrationRecorder(connection).migration_qs.order_by("applied").first().applied
    for hours, status in ((29, 200), (31, 503)):  # a new installation is given its first night
        with clock.at(born + hours * HOUR):
            never = client.get("/saude/copia/")
            assert (never.status_code, never.json()["last_good"]) == (status, None)
    run(expected - 10 * HOUR)
    told = client.get("/saude/copia/")
    assert (told.status_code, told.json()["last_good"]["hours"]) == (200, 10.0)
    assert "mutirao_backup_age_seconds 36000" in client.get("/metricas").content.decode()
    run(expected - 1 * HOUR, good=False, said="O disco está cheio")
    assert client.get("/saude/copia/").json()["failed_since"]["said"] == "O disco está cheio"
    client.force_login(operator)
    assert "O disco está cheio" in client.get("/instalacao/tarefas/").content.decode()
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("mutirao_check", stdout=StringIO(), stderr=err)
    assert "O disco está cheio" in err.getvalue()
    with clock.at(expected + 40 * HOUR):
        late = client.get("/saude/copia/")
        assert (late.status_code, late.json()["status"]) == (503, "failing")
        assert client.get("/saude/pronto/").status_code == 200  # people can work all the same
        assert "mutirao_backup_late 1" in client.get("/metricas").content.decode()
        assert Client().get("/saude/copia/", REMOTE_ADDR="203.0.113.9").json() == {"status": "failing"}


def test_telling_needs_no_database(settings: Any, db: None) -> None:
    def gone(*_arguments: Any, **_named: Any) -> Any:
        raise DatabaseError("connection refused")

    settings.OPERATOR_EMAIL = ["casa@example.org"]
    with connection.execute_wrapper(gone):
        assert watching.tell("mutirao-check.service") == 1
    assert mail.outbox[0].subject == "Mutirão: o serviço mutirao-check.service falhou"
    assert "O banco de dados não responde" in mail.outbox[0].body


# --- the command, on an installation of its own ----------------------------------------------------------------------


@pytest.fixture
def own(transactional_db: None, tmp_path: Path) -> Place:
    if connection.vendor != "sqlite":
        pytest.skip("an installation on SQLite")
    make_operator()
    return filled_place(tmp_path / "here")


def command(place: Place, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = {"MUTIRAO_DATA": str(place.data), "PYTHONPATH": str(ROOT / "src"), "LANG": "pt_BR.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "mutirao", *arguments], env={**kept, **told, "PYTHONWARNINGS": "ignore"},
        cwd=place.data, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip


def letter_in(place: Place) -> tuple[str, str]:
    """(to whom, text) of the one letter in the folder of letters."""
    (file,) = (place.data / "mail").iterdir()
    letter = message_from_bytes(file.read_bytes().rsplit(b"-" * 79, 1)[0], policy=policy.default)
    return letter["To"], letter.get_content()


def fails_and_is_told(own: Place, to: Path) -> str:
    """What the letter says about a backup to a place that takes none."""
    failed = command(own, "backup", "--to", str(to))
    assert failed.returncode == 1
    assert not {"Traceback", "Errno"} & set(failed.stderr.replace("[", " ").split())
    told = command(own, "tell_failure", "mutirao-backup.service")
    assert told.returncode == 0, told.stderr
    to_whom, said = letter_in(own)
    assert to_whom == "rita@example.org"
    assert failed.stderr.strip().splitlines()[0] in said
    return said


def test_a_folder_that_is_not_there_is_told_and_the_next_good_backup_ends_it(own: Place, tmp_path: Path) -> None:
    assert "não existe ou não deixa gravar" in fails_and_is_told(own, tmp_path / "x" / "y")
    assert "não existe ou não deixa gravar" in command(own, "mutirao_check").stderr
    assert command(own, "backup", "--to", str(tmp_path)).returncode == 0
    checked = command(own, "mutirao_check")
    assert "A última cópia de segurança foi feita em" in checked.stdout
    assert checked.returncode == 0, checked.stderr


def test_a_folder_that_takes_nothing_is_told(own: Place) -> None:
    fails_and_is_told(own, Path("/proc/self"))  # nobody writes there, root neither


def test_a_full_disk_is_told_and_nothing_is_left_on_it(own: Place, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk: this machine lets nobody mount one")
    try:
        said = fails_and_is_told(own, small)
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert "Não há espaço" in said
