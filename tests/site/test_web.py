# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao web` with several processes on one database: what each request and each piece of work meets."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.kernel import worker_tasks

from mutirao.kernel import clock

ROOT = Path(__file__).resolve().parents[2]
JOBS = 40
SIGN_IN = "/conta/entrar/"


class _Through(http.client.HTTPConnection):
    """HTTP through a Unix socket, as the proxy in front speaks it."""

    def __init__(self, path: Path) -> None:
        super().__init__("rede.example", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(60)
        self.sock.connect(str(self._path))


class Served:
    """A running `./mutirao web` of two processes behind a socket."""

    def __init__(self, data: Path) -> None:
        self.data, self.socket = data, data / "web.sock"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MUTIRAO_")},
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DATABASE_URL": f"sqlite:///{data / 'mutirao.sqlite3'}",
            "MUTIRAO_DATA": str(data),
            "MUTIRAO_COLLECTED_STATIC": "1",
            "MUTIRAO_HTTPS": "1",
            "MUTIRAO_HOSTS": "rede.example",
            "MUTIRAO_ADDRESS": "https://rede.example",
            "MUTIRAO_PROXIES": "1",
            "MUTIRAO_METRICS_TOKEN": "figures",
            "LANG": "C.UTF-8",
        }
        self._common = {"env": environment, "cwd": ROOT, "stdin": subprocess.DEVNULL, "text": True}
        self.manage("collectstatic", "--noinput", "--verbosity=0")
        self.log = data / "web.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "mutirao", "web", "--bind", f"unix:{self.socket}", "--processes", "2"],
                stdout=log, stderr=log, start_new_session=True, **self._common,
            )  # fmt: skip

    def manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "-P", "-m", "mutirao", *arguments], check=True, **self._common)  # type: ignore[call-overload]

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> http.client.HTTPResponse:
        told = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        client = _Through(self.socket)
        client.request(method, path, body=body, headers=told)
        answer = client.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        client.close()
        return answer

    def count(self, view: str, method: str, *, wait: float = 1.2) -> int:
        """How often a view answered, as the figures tell it; each process writes its counts down within a second."""
        time.sleep(wait)
        text = self.ask("/metricas", Authorization="Bearer figures").text  # type: ignore[attr-defined]
        found = re.findall(rf'mutirao_requests_total{{view="{view}",method="{method}",status="\d+"}} (\d+)', text)
        return sum(map(int, found))

    def workers(self) -> set[int]:
        """The processes that serve, below the one that keeps them."""
        found = set()
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                ours = f"\nPPid:\t{self.process.pid}\n" in status.read_text()
                if ours and b"spawn_main" in (status.parent / "cmdline").read_bytes():
                    found.add(int(status.parent.name))
            except OSError:
                continue
        return found

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.ask("/saude/").status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def rows(self, query: str) -> list[Any]:
        with sqlite3.connect(self.data / "mutirao.sqlite3", timeout=30) as database:
            return database.execute(query).fetchall()


@pytest.fixture
def served(db: None, tmp_path: Path) -> Iterator[Served]:
    if connection.vendor != "sqlite":
        pytest.skip("its processes have an SQLite file of their own")
    with sqlite3.connect(tmp_path / "mutirao.sqlite3") as copy:
        connection.ensure_connection()
        connection.connection.commit()
        connection.connection.backup(copy)
    copy.close()
    running = Served(tmp_path)
    try:
        running.wait_until_ready()
        yield running
    finally:
        if running.process.poll() is None:
            os.killpg(running.process.pid, signal.SIGKILL)
            running.process.wait()
        shutil.rmtree(tmp_path, ignore_errors=True)


def test_several_processes_serve_one_installation(served: Served) -> None:
    # Each piece of work is done once, though both processes look for it.
    moment = clock.now().isoformat(sep=" ")
    rows = [(worker_tasks.SLOW, json.dumps({"name": f"{n}", "seconds": 0.05}), moment) for n in range(JOBS)]
    with sqlite3.connect(served.data / "mutirao.sqlite3", timeout=30) as database:
        database.executemany(
            "INSERT INTO kernel_job"
            " (task, arguments, queue, state, run_after, created_at, attempts, max_attempts, last_error)"
            " VALUES (?, ?, 'default', 'ready', ?, ?, 0, 6, '')",
            [(task, arguments, at, at) for task, arguments, at in rows],
        )
    database.close()
    first = served.workers()
    assert len(first) == 2

    # Tries are counted together; who tries is whom the proxy names.
    page = served.ask(SIGN_IN)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]  # type: ignore[index, attr-defined]
    cookie = page.headers["Set-Cookie"].split(";")[0]
    assert cookie.startswith("__Host-csrftoken=")
    form = f"csrfmiddlewaretoken={token}&login=ninguem%40exemplo.org&password=errada-mesmo"
    told = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Referer": "https://rede.example/"}
    seen = [served.ask(SIGN_IN, "POST", form, **told).text for _ in range(6)]  # type: ignore[attr-defined]
    assert ["tentativas demais" in text for text in seen] == [False] * 5 + [True]

    # What is collected may be kept for ever, since another content has another name.
    style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page.text)[1]  # type: ignore[index, attr-defined]
    assert "immutable" in served.ask(style).headers["Cache-Control"]

    # Figures are of both processes, whichever is asked.
    assert (served.count("account_login", "GET"), served.count("account_login", "POST")) == (1, 6)
    for _ in range(20):
        assert served.ask("/saude/").status == 200
    assert {served.count("account_login", "POST", wait=0.1) for _ in range(12)} == {6}
    before = served.count("health", "GET")
    assert before >= 21

    # New processes take the place of the old ones while everybody is answered.
    served.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 120
    while served.workers() & first or len(served.workers()) != 2:
        assert served.ask("/saude/").status == 200
        assert time.monotonic() < deadline, served.log.read_text()
    assert served.ask("/saude/pronto/").status == 200
    assert served.count("account_login", "POST") == 6  # what the old ones served is not forgotten
    assert served.count("health", "GET") > before

    while served.rows("SELECT count(*) FROM kernel_job WHERE state <> 'done'") != [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    noted = served.rows("SELECT json_extract(arguments, '$.name') FROM kernel_job WHERE task = 'note' ORDER BY 1")
    assert sorted(noted) == sorted((f"{n}",) for n in range(JOBS) for _what in ("begin", "end"))

    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=60) == 0
    assert not served.socket.exists()
    assert "Traceback" not in served.log.read_text()
    assert "Warning" not in served.log.read_text()
