# SPDX-License-Identifier: AGPL-3.0-or-later
"""When the environment counts as whole, and when two launchers meet."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from launcher.running import alone

from launcher import environment, preparing
from tests.launcher.conftest import ROOT


@pytest.fixture
def stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound environment with the packages of `test`, in a clone of its own."""
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "mutirao.json")
    (tmp_path / "requirements").mkdir()
    for name in environment.SETS:
        environment.lock_file(name).write_text(f"{name}==1\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    environment.PYTHON.symlink_to(sys.executable)
    locks = {name: environment.digest(environment.lock_file(name)) for name in ("run", "test")}
    write(environment.STAMP, path=str(environment.VENV), python=environment.interpreter(), locks=locks)
    return environment.STAMP


def write(stamp: Path, **values: object) -> None:
    stamp.write_text(json.dumps(values))


def change(stamp: Path, **values: object) -> None:
    write(stamp, **{**json.loads(stamp.read_text()), **values})


def test_environment_serves_the_set_it_was_made_for_and_smaller_ones(stamp: Path) -> None:
    assert environment.is_ready("run")
    assert environment.is_ready("test")
    assert not environment.is_ready("browser")


def test_environment_without_its_stamp_is_half_made(stamp: Path) -> None:
    stamp.unlink()
    assert not environment.is_ready("run")


def test_environment_with_a_torn_stamp_is_half_made(stamp: Path) -> None:
    stamp.write_text('{"locks"')
    assert not environment.is_ready("run")


def test_environment_is_renewed_when_its_lock_changes(stamp: Path) -> None:
    environment.lock_file("run").write_text("run==2\n")
    assert not environment.is_ready("run")
    assert environment.is_ready("test")


def test_environment_is_renewed_when_its_python_is_gone(stamp: Path) -> None:
    environment.PYTHON.unlink()
    assert not environment.is_ready("run")
    environment.PYTHON.symlink_to("/nonexistent/python3")
    assert not environment.is_ready("run")


def test_environment_is_renewed_when_its_python_became_another(stamp: Path) -> None:
    change(stamp, python="3.8")
    assert not environment.is_ready("run")


def test_moved_environment_still_runs_but_is_remade_for_tests(stamp: Path) -> None:
    change(stamp, path="/somewhere/else/.venv")
    assert environment.is_ready("run")
    assert not environment.is_ready("test")


HOLD = """
import sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from launcher.running import alone
with alone(Path(sys.argv[2])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_second_launcher_waits_and_a_killed_one_holds_nobody_up(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(ROOT / "scripts"), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    killer = subprocess.Popen(["sh", "-c", f"sleep 0.5; kill -9 {holder.pid}"])
    begin = time.monotonic()
    with alone(tmp_path):
        waited = time.monotonic() - begin
    holder.wait()
    killer.wait()
    assert waited > 0.3
    assert "Outro ./mutirao" in capfd.readouterr().err


def test_lock_outlives_a_killed_launcher_while_what_it_started_works_on(tmp_path: Path) -> None:
    script = HOLD.replace("with alone(Path(sys.argv[2])):", "with alone(Path(sys.argv[2])) as lock:").replace(
        "    time.sleep(60)", "    import subprocess\n    subprocess.run(['sleep', '1.5'], pass_fds=[lock])"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(ROOT / "scripts"), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    time.sleep(0.3)
    holder.kill()
    holder.wait()
    begin = time.monotonic()
    with alone(tmp_path):
        assert time.monotonic() - begin > 0.5


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A data folder in which every step is done."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").touch()
    with sqlite3.connect(tmp_path / "mutirao.sqlite3") as connection:
        connection.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        connection.execute("INSERT INTO django_migrations VALUES ('kernel', '0001_initial')")
    connection.close()
    preparing.write_stamps(
        tmp_path,
        {
            "static": preparing.static_digest(),
            "schema": preparing.schema_digest(),
            "rows": preparing.applied_migrations(tmp_path),
        },
    )
    return tmp_path


@pytest.fixture(autouse=True)
def _sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_nothing_is_done_twice(prepared: Path) -> None:
    assert preparing.todo(prepared, "load") == []


def test_database_put_back_from_a_copy_is_migrated_again(prepared: Path) -> None:
    (prepared / "mutirao.sqlite3").unlink()
    assert preparing.todo(prepared, "load") == ["--database", "--example=load"]


def test_interrupted_example_is_taken_up_again(prepared: Path) -> None:
    (prepared / "example-pending").touch()
    assert preparing.todo(prepared, "load") == ["--database", "--example=load"]
    assert preparing.todo(prepared, "never") == ["--database", "--example=never"]
    assert preparing.todo(prepared, "later") == []


def test_other_databases_are_asked_at_every_start(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///mutirao")
    assert preparing.todo(prepared, "load") == ["--database", "--example=load"]


def test_missing_static_files_are_collected_again(prepared: Path) -> None:
    (prepared / "static" / "staticfiles.json").unlink()
    assert preparing.todo(prepared, "load") == ["--static"]
