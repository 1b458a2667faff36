# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backup and restore by PostgreSQL's own programs, into another database of the same server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from tests import app_role
from tests.ledger import makers as ledger_makers

from mutirao.site.keeping import place as places
from mutirao.site.keeping.backup import back_up
from mutirao.site.keeping.place import Place, ProgramMissing
from mutirao.site.keeping.restore import NotEmpty, OpenSessions, Tampered, _sessions, is_empty, restore

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
OTHER = "mutirao_restored"


@pytest.fixture(autouse=True)
def _as_owner() -> Iterator[None]:
    with app_role.new_connections_as_owner():
        yield


def connected(name: str, **more: str) -> Any:
    values = connection.settings_dict
    given = {"host": values["HOST"], "port": values["PORT"], "user": values["USER"], "password": values["PASSWORD"]}
    return psycopg.connect(dbname=name, autocommit=True, **{key: value for key, value in given.items() if value} | more)


@pytest.fixture
def place(network: Any, noon: Any, tmp_path: Path) -> Place:
    ledger_makers.posted(ledger_makers.book_of(network))
    folder = tmp_path / "here"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "a.jpg").write_bytes(b"photo")
    (folder / "secret_key").write_text("the secret")
    return Place(folder, connection.settings_dict)


@pytest.fixture
def elsewhere(tmp_path: Path, place: Place) -> Iterator[Place]:
    with connected(str(connection.settings_dict["NAME"])) as server:
        server.execute(f"DROP DATABASE IF EXISTS {OTHER}")
        server.execute(f"CREATE DATABASE {OTHER}")
        folder = tmp_path / "there"
        folder.mkdir()
        yield Place(folder, {**connection.settings_dict, "NAME": OTHER})
        server.execute(f"DROP DATABASE {OTHER} WITH (FORCE)")


def test_what_was_backed_up_comes_back_elsewhere(place: Place, elsewhere: Place, tmp_path: Path, network: Any) -> None:
    file = back_up(place, tmp_path / "copy.zip").file
    assert is_empty(elsewhere)
    manifest, _before = restore(elsewhere, file)
    with connected(OTHER) as there:
        assert there.execute("SELECT name FROM network_network").fetchall() == [(network.name,)]
        with pytest.raises(psycopg.errors.CheckViolation, match="audit"):  # the triggers came too
            there.execute("UPDATE kernel_auditentry SET reason = 'x'")
    assert manifest["audit_heads"][str(network.pk)]["sequence"] > 0
    assert (elsewhere.data / "media" / "a.jpg").read_bytes() == b"photo"
    with pytest.raises(NotEmpty):
        restore(elsewhere, file)
    _manifest, before = restore(elsewhere, file, replace=True)
    assert before is not None


def test_nothing_is_restored_while_others_are_connected(place: Place, elsewhere: Place, tmp_path: Path) -> None:
    file = back_up(place, tmp_path / "copy.zip").file
    with connected(OTHER) as other:
        other.execute("SET application_name = 'psql'")
        with pytest.raises(OpenSessions) as refused:
            restore(elsewhere, file)
        words = str(refused.value)
        for said in (OTHER, "psql", f"processo nº {other.info.backend_pid}", "mutirao-worker", "pg_terminate_backend"):
            assert said in words
        assert connection.settings_dict["OPTIONS"]["application_name"] == "mutirao"
    assert is_empty(elsewhere)
    restore(elsewhere, file)


def test_a_plain_owner_sees_the_sessions_of_others_too(elsewhere: Place) -> None:
    with connected(OTHER) as other:
        other.execute("SET application_name = 'psql'")
        other.execute("DO $$ BEGIN CREATE ROLE mutirao_plain LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        with connected(OTHER, user="mutirao_plain") as own:
            (found,) = _sessions(own.cursor())
        assert found.startswith("psql, como ")
        assert f"processo nº {other.info.backend_pid}" in found


def test_a_damaged_archive_leaves_the_database_empty(place: Place, elsewhere: Place, tmp_path: Path) -> None:
    file = back_up(place, tmp_path / "copy.zip").file
    content = bytearray(file.read_bytes())
    at = content.index(b"PGDMP") if b"PGDMP" in content else len(content) // 2
    content[at + 200] ^= 1
    file.write_bytes(content)
    with pytest.raises((Tampered, places.KeepingError)):
        restore(elsewhere, file)
    assert is_empty(elsewhere)


def test_a_missing_program_is_named(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(places.Path, "glob", lambda *_arguments: iter(()))
    with pytest.raises(ProgramMissing, match="postgresql-client"):
        back_up(place, tmp_path / "copy.zip")
