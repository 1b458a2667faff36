# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server is killed while people write, the machine is lost, and last night's backup serves on another (G5)."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as installation
from django.db import connection
from psycopg import sql
from tests import app_role, factories
from tests.ledger import makers as ledger_makers
from tests.site.keeping.makers import filled_place

from mutirao.network.models import Network, Person

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "farinha com rapadura"
WRITERS = 3
PHOTO = "media/receipts/2026/03/a.jpg"

ON_POSTGRES = connection.vendor == "postgresql"
OWNER = "mutirao_keeper"
"""On PostgreSQL the tables are this role's, who is no superuser; the program connects as another (docs/servidor.md)."""

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@dataclass
class Machine:
    """A data folder, and the program's own commands run on it, each in a process of its own."""

    data: Path
    database: str = ""
    """Its database on PostgreSQL; on SQLite a file in the folder."""
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        if self.database:
            kept["DATABASE_URL"] = url_of(self.database, app_role.ROLE)
            kept["MUTIRAO_OWNER_DATABASE_URL"] = url_of(self.database, OWNER)
        return {
            **kept, "LANG": "pt_BR.UTF-8", "MUTIRAO_DATA": str(self.data), "PYTHONPATH": str(ROOT / "src"),
            "PYTHONWARNINGS": "ignore",
        }  # fmt: skip

    def command(self, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mutirao", *map(str, arguments)],
            cwd=self.data.parent, env={**self.environment, **more}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=180, check=False,
        )  # fmt: skip

    def do(self, *arguments: object, **more: str) -> str:
        """What a command says that succeeds."""
        done = self.command(*arguments, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, statement: str) -> list[Any]:
        """What a query finds, whoever may see it."""
        if self.database:
            with connected(self.database) as there:
                return there.execute(statement).fetchall()
        with closing(sqlite3.connect(self.data / "mutirao.sqlite3")) as there:
            return there.execute(statement).fetchall()

    def lose(self) -> None:
        """Fire, flood, theft."""
        shutil.rmtree(self.data)
        if self.database:
            drop(self.database)

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
                status, _address, page = self.open("/conta/entrar/")
                assert status == 200, page
                break
            except OSError:
                time.sleep(0.1)
        _status, address, page = self.open("/conta/entrar/", {"login": person.email, "password": PASSWORD})
        assert address.startswith("/conta/entrar/segunda-etapa/"), page
        value = totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
        return self.open("/conta/entrar/segunda-etapa/", {"code": str(totp.format_hotp_value(value))})

    def bring_in(self, slug: str, name: str) -> bool:
        """Bring an enterprise in by the form; whether it was told to be done."""
        fields = {"name": name, "legal_form": "informal", "idempotency_key": name}
        status, address, _page = self.open(f"/rede/{slug}/empreendimentos/novo/", fields)
        return status == 200 and re.search(r"/empreendimentos/\d+/$", address) is not None


class Writers:
    """People who bring enterprises in, one after the other, until nobody answers any more."""

    def __init__(self, url: str, jar: http.cookiejar.CookieJar, slug: str) -> None:
        self.acknowledged: list[str] = []
        self.refused: list[str] = []
        self._slug = slug
        self._threads = [
            threading.Thread(target=self._write, args=(Browser(url, jar), number)) for number in range(WRITERS)
        ]
        for thread in self._threads:
            thread.start()

    def _write(self, browser: Browser, writer: int) -> None:
        for number in range(10_000):
            name = f"Grupo {writer}-{number:04}"
            try:
                done = browser.bring_in(self._slug, name)
            except OSError:
                return
            (self.acknowledged if done else self.refused).append(name)

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


# --- machines --------------------------------------------------------------------------------------------------------


def url_of(name: str, role: str) -> str:
    values = connection.settings_dict
    host, port = urllib.parse.quote(str(values["HOST"]), safe=""), f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{role}@{host}{port}/{name}"


def connected(name: str) -> Any:
    values = connection.settings_dict
    given = {"host": values["HOST"], "port": values["PORT"], "user": values["USER"], "password": values["PASSWORD"]}
    return psycopg.connect(dbname=name, autocommit=True, **{key: value for key, value in given.items() if value})


def drop(name: str) -> None:
    with connected(str(connection.settings_dict["NAME"])) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def empty_database(name: str) -> str:
    """Two roles and a database, as deploy/database.sql makes them."""
    drop(name)
    owner, database = sql.Identifier(OWNER), sql.Identifier(name)
    with connected(str(connection.settings_dict["NAME"])) as server:
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
            server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(owner))
        server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
    # What comes after \connect: rights that hold also for what a restore makes anew.
    rights = (ROOT / "deploy" / "database.sql").read_text().split("\\connect mutirao\n")[1]
    with connected(name) as there:
        there.execute(re.sub(r"\bmutirao\b", app_role.ROLE, rights.replace("mutirao_dono", OWNER)))
    return name


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Callable[[str], Machine]]:
    """Makes an empty machine of the given name."""
    made: list[Machine] = []

    def make(name: str) -> Machine:
        data = tmp_path / name / "data"
        data.mkdir(parents=True)
        made.append(Machine(data, empty_database(f"mutirao_{name}") if ON_POSTGRES else ""))
        return made[-1]

    yield make
    for machine in made:
        for process in machine.running:
            process.kill()
            process.wait()
        if machine.database:
            drop(machine.database)


@pytest.fixture
def person(network: Network, settings: Any) -> Person:
    """Who signs in with a password and a second step."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    made = factories.person(name="Lia Coordenadora", password=PASSWORD)
    factories.role(made, "coordination")
    ledger_makers.posted(ledger_makers.book_of(network))
    return made


@pytest.fixture
def secret(person: Person) -> str:
    made = totp.generate_totp_secret()
    totp.TOTP.activate(person, made)
    RecoveryCodes.activate(person)
    return str(made)


@pytest.fixture
def lost(machines: Callable[[str], Machine], person: Person, secret: str, tmp_path: Path) -> Machine:
    """A machine in service, with what the test's own database holds at this moment."""
    machine = machines("lost")
    if ON_POSTGRES:
        beginning = tmp_path / "beginning.zip"
        here = url_of(str(connection.settings_dict["NAME"]), str(connection.settings_dict["USER"]))
        machine.do("backup", "--to", beginning, DATABASE_URL=here, MUTIRAO_OWNER_DATABASE_URL="")
        machine.do("restore", beginning)
    else:
        filled_place(machine.data)
    kept_photo = machine.data / PHOTO
    kept_photo.parent.mkdir(parents=True, exist_ok=True)
    kept_photo.write_bytes(b"a photo" * 1000)
    (machine.data / "secret_key").write_text(installation.SECRET_KEY)
    return machine


def names(machine: Machine) -> list[str]:
    return [row[0] for row in machine.rows("SELECT name FROM network_enterprise ORDER BY name")]


def heads(machine: Machine) -> dict[str, Any]:
    found = machine.rows("SELECT network_id, sequence, digest FROM kernel_audithead")
    return {str(network): {"sequence": sequence, "digest": digest} for network, sequence, digest in found}


def test_a_killed_server_and_a_lost_machine_lose_nothing_that_was_backed_up(
    lost: Machine, machines: Callable[[str], Machine], person: Person, secret: str, tmp_path: Path, network: Network
) -> None:
    site = lost.serve()
    browser = Browser(site.url)
    status, address, _page = browser.sign_in(person, secret)
    assert (status, address) == (200, f"/rede/{network.slug}/")
    writers = Writers(site.url, browser.jar, network.slug)
    writers.wait_for(10)
    before = list(writers.acknowledged)

    # Last night's backup, made while they write.
    (tmp_path / "copies").mkdir()
    lost.do("backup", "--to", tmp_path / "copies")
    backup = next((tmp_path / "copies").glob("mutirao-*.zip"))
    writers.wait_for(10)
    site.kill()
    writers.join()

    # Whatever was told to be done is there, once; nothing is half-done.
    kept = names(lost)
    assert len(kept) == len(set(kept))
    assert set(writers.acknowledged) <= set(kept)
    assert len(kept) <= len(writers.acknowledged) + WRITERS
    lost.do("mutirao_check")

    # The machine is lost; another one gets the backup.
    photo = (lost.data / PHOTO).read_bytes()
    lost.lose()
    other = machines("other")
    other.do("restore", backup)
    said = other.do("mutirao_check")
    assert said.endswith("Tudo certo.\n")
    if ON_POSTGRES:
        assert "A guarda entre redes vale no banco de dados." in said
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert heads(other) == manifest["audit_heads"]
    assert set(before) <= set(names(other)) <= set(kept)
    assert (other.data / PHOTO).read_bytes() == photo

    # The keys came along: the second step opens, and whoever was signed in that night still is.
    again = other.serve()
    status, address, _page = Browser(again.url).sign_in(person, secret)
    assert (status, address) == (200, f"/rede/{network.slug}/")
    signed_in = Browser(again.url, browser.jar)
    status, _address, page = signed_in.open(f"/rede/{network.slug}/empreendimentos/?q=Grupo+0-0000")
    assert (status, "Grupo 0-0000" in page) == (200, True)
    assert signed_in.bring_in(network.slug, "Depois da perda")
    again.kill()
