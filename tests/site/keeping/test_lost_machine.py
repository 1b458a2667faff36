# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server is killed while people write, the machine is lost, and last night's backup serves on another (G5)."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as installation
from django.db import connection
from tests import factories
from tests.ledger import makers as ledger_makers
from tests.site.keeping.makers import filled_place, rows

from mutirao.network.models import Network, Person
from mutirao.site.keeping.place import Place

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "farinha com rapadura"
WRITERS = 3

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="an installation on SQLite; see test_postgres_backup.py"),
    pytest.mark.django_db(transaction=True),
]


@dataclass
class Machine:
    """A data folder, and the program's own commands run on it, each in a process of its own."""

    data: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return {
            **kept, "LANG": "pt_BR.UTF-8", "MUTIRAO_DATA": str(self.data), "PYTHONPATH": str(ROOT / "src"),
            "PYTHONWARNINGS": "ignore",
        }  # fmt: skip

    def command(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mutirao", *map(str, arguments)],
            cwd=self.data.parent, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=180, check=False,
        )  # fmt: skip

    def serve(self) -> Site:
        """The server that `./mutirao up` becomes, on a free port."""
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "mutirao", "serve", str(listener.fileno()), "127.0.0.1", str(port)],
            cwd=self.data.parent, env=self.environment, pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        listener.close()
        self.running.append(process)
        return Site(process, f"http://127.0.0.1:{port}")


@dataclass
class Site:
    """A server process, and where it answers."""

    process: subprocess.Popen[bytes]
    url: str

    def kill(self) -> None:
        """As kill -9 or a power cut: the process does nothing more."""
        self.process.kill()
        self.process.wait(timeout=30)


class Browser:
    """One person's browser: cookies and forms, no scripts."""

    def __init__(self, url: str, jar: http.cookiejar.CookieJar | None = None) -> None:
        self.url, self.jar = url, jar if jar is not None else http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )

    def open(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, last address, page. Raises: OSError when nobody answers."""
        data = None
        if fields is not None:
            token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken") or ""
            data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        try:
            with self._opener.open(self.url + path, data, timeout=60) as answer:
                return answer.status, answer.url.removeprefix(self.url), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.url.removeprefix(self.url), error.read().decode()

    def sign_in(self, person: Person, secret: str) -> tuple[int, str, str]:
        """With the password, then the code of the application."""
        for _turn in range(600):
            try:
                self.open("/conta/entrar/")
                break
            except OSError:
                time.sleep(0.1)
        _status, address, page = self.open("/conta/entrar/", {"login": person.email, "password": PASSWORD})
        assert address.startswith("/conta/entrar/segunda-etapa/"), page
        value = totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
        return self.open("/conta/entrar/segunda-etapa/", {"code": str(totp.format_hotp_value(value))})


class Writers:
    """People who bring enterprises in, one after the other, until nobody answers any more."""

    def __init__(self, url: str, jar: http.cookiejar.CookieJar, slug: str) -> None:
        self.acknowledged: list[str] = []
        self.refused: list[tuple[int, str]] = []
        self._address = f"/rede/{slug}/empreendimentos/novo/"
        self._threads = [
            threading.Thread(target=self._write, args=(Browser(url, jar), number)) for number in range(WRITERS)
        ]
        for thread in self._threads:
            thread.start()

    def _write(self, browser: Browser, writer: int) -> None:
        for number in range(10_000):
            name = f"Grupo {writer}-{number:04}"
            fields = {"name": name, "legal_form": "informal", "idempotency_key": name}
            try:
                status, address, page = browser.open(self._address, fields)
            except OSError:
                return
            if status == 200 and re.search(r"/empreendimentos/\d+/$", address):
                self.acknowledged.append(name)
            else:
                self.refused.append((status, page))
                return

    def wait_for(self, more: int) -> None:
        goal, end = len(self.acknowledged) + more, time.monotonic() + 120
        while len(self.acknowledged) < goal:
            assert time.monotonic() < end, "nothing is written any more"
            assert not self.refused, self.refused
            time.sleep(0.02)

    def join(self) -> None:
        for thread in self._threads:
            thread.join(timeout=60)
            assert not thread.is_alive()


@pytest.fixture
def lost(tmp_path: Path, network: Network, settings: Any) -> Iterator[tuple[Machine, Person, str]]:
    """A machine in service, one of whose coordinators signs in with a password and a second step."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    person = factories.person(name="Lia Coordenadora", password=PASSWORD)
    factories.role(person, "coordination")
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    ledger_makers.posted(ledger_makers.book_of(network))
    place = filled_place(tmp_path / "here")
    (place.data / "secret_key").write_text(installation.SECRET_KEY)
    machine = Machine(place.data)
    yield machine, person, secret
    for process in machine.running:
        process.kill()
        process.wait()


def names(data: Path) -> list[str]:
    place = Place(data, {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "mutirao.sqlite3")})
    return [row[0] for row in rows(place, "SELECT name FROM network_enterprise ORDER BY name")]


def heads(data: Path) -> dict[str, Any]:
    place = Place(data, {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "mutirao.sqlite3")})
    found = rows(place, "SELECT network_id, sequence, digest FROM kernel_audithead")
    return {str(network): {"sequence": sequence, "digest": digest} for network, sequence, digest in found}


def test_a_killed_server_and_a_lost_machine_lose_nothing_that_was_backed_up(
    lost: tuple[Machine, Person, str], tmp_path: Path, network: Network
) -> None:
    machine, person, secret = lost
    site = machine.serve()
    browser = Browser(site.url)
    status, address, _page = browser.sign_in(person, secret)
    assert (status, address) == (200, f"/rede/{network.slug}/")
    writers = Writers(site.url, browser.jar, network.slug)
    writers.wait_for(10)
    before = list(writers.acknowledged)

    # Last night's backup, made while they write.
    (tmp_path / "copies").mkdir()
    made = machine.command("backup", "--to", tmp_path / "copies")
    assert made.returncode == 0, made.stderr
    backup = next((tmp_path / "copies").glob("mutirao-*.zip"))
    writers.wait_for(10)
    site.kill()
    writers.join()

    # Whatever was told to be done is there, once; nothing is half-done.
    kept = names(machine.data)
    assert len(kept) == len(set(kept))
    assert set(writers.acknowledged) <= set(kept)
    assert len(kept) <= len(writers.acknowledged) + WRITERS
    checked = machine.command("mutirao_check")
    assert checked.returncode == 0, checked.stdout + checked.stderr

    # The machine is lost; another one gets the backup.
    photo = (machine.data / "media/receipts/2026/03/a.jpg").read_bytes()
    shutil.rmtree(machine.data)
    other = Machine(tmp_path / "another machine" / "data", machine.running)
    other.data.mkdir(parents=True)
    restored = other.command("restore", backup)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    checked = other.command("mutirao_check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.endswith("Tudo certo.\n")
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert heads(other.data) == manifest["audit_heads"]
    assert set(before) <= set(names(other.data)) <= set(kept)
    assert (other.data / "media/receipts/2026/03/a.jpg").read_bytes() == photo

    # The keys came along: the second step opens, and whoever was signed in that night still is.
    again = other.serve()
    status, address, _page = Browser(again.url).sign_in(person, secret)
    assert (status, address) == (200, f"/rede/{network.slug}/")
    status, address, page = Browser(again.url, browser.jar).open(
        f"/rede/{network.slug}/empreendimentos/?q=Grupo+0-0000"
    )
    assert (status, "Grupo 0-0000" in page) == (200, True), address
    again.kill()
