# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links in letters lead to where the server listens, unless the installation says where that is."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from tests.site.keeping.makers import filled_place

from mutirao.kernel import clock
from mutirao.site.keeping.place import Place
from mutirao.site.management.commands.serve import addresses, lan_address

ROOT = Path(__file__).resolve().parents[2]
TASK = f"{__name__}.address"


def address() -> str:
    """Background work: letters are written by it too."""
    return str(settings.ADDRESS)


@pytest.fixture
def place(transactional_db: None, tmp_path: Path) -> Place:
    if connection.vendor != "sqlite":
        pytest.skip("a server on an SQLite file of its own")
    return filled_place(tmp_path / "here")


def told_by_server(place: Place, host: str, **more: str) -> tuple[str, int]:
    """The address that background work knows in a server listening at `host`, and its port."""
    moment = clock.now().isoformat(sep=" ")
    with closing(sqlite3.connect(place.sqlite_file)) as database, database:
        database.execute(
            "INSERT INTO kernel_job (task, arguments, queue, state, run_after, created_at, attempts, max_attempts,"
            " last_error) VALUES (?, '{}', 'default', 'ready', ?, ?, 0, 6, '')", (TASK, moment, moment),
        )  # fmt: skip
    listener = socket.create_server((host, 0))
    port = listener.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = {"MUTIRAO_DATA": str(place.data), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "mutirao", "serve", str(listener.fileno()), host, str(port)],
        env={**kept, **told, **more}, pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    listener.close()
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            with closing(sqlite3.connect(place.sqlite_file, timeout=20)) as database:
                found = database.execute("SELECT result FROM kernel_job WHERE task = ? AND state = 'done'", (TASK,))
                if row := found.fetchone():
                    return str(row[0]).strip('"'), port
            time.sleep(0.2)
        raise AssertionError("the job was not done")
    finally:
        process.terminate()
        process.wait(timeout=60)


def test_letters_lead_to_where_the_server_listens(place: Place) -> None:
    told, port = told_by_server(place, "127.0.0.1")
    assert told == f"http://127.0.0.1:{port}"


def test_a_server_for_phones_too_is_reached_where_they_are() -> None:
    assert addresses("0.0.0.0", 8000)[-1][1] == f"http://{lan_address() or '127.0.0.1'}:8000/"


def test_an_address_that_is_said_stays(place: Place) -> None:
    told, _port = told_by_server(place, "127.0.0.1", MUTIRAO_ADDRESS="https://rede.example.org/")
    assert told == "https://rede.example.org"
