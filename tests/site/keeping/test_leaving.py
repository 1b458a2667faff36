# SPDX-License-Identifier: AGPL-3.0-or-later
"""The coordination takes everything along; nobody else does, and the file does not lie about for long."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests import factories

from mutirao.kernel import clock, jobs
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Person
from mutirao.site.keeping import leaving


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def test_the_file_is_made_in_the_background_and_waits_a_day(network: Any, coordinator: Actor) -> None:
    leaving.ask(network, actor=coordinator)
    with pytest.raises(leaving.OnItsWay):
        leaving.ask(network, actor=coordinator)
    with pytest.raises(leaving.FileGone):
        leaving.open_file(network, actor=coordinator)
    jobs.drain()
    with leaving.open_file(network, actor=coordinator) as handle, zipfile.ZipFile(io.BytesIO(handle.read())) as archive:
        assert "tabelas/network.Enterprise.csv" in archive.namelist()
    assert AuditEntry.objects.filter(act="kernel.network_exported").count() == 1
    with clock.at(clock.now() + leaving.KEPT + dt.timedelta(minutes=1)), pytest.raises(leaving.FileGone):
        leaving.open_file(network, actor=coordinator)


def test_only_the_coordination_takes_it(network: Any, coordinator: Actor) -> None:
    leaving.ask(network, actor=coordinator)
    jobs.drain()
    treasurer = factories.actor(network, "treasury")
    with pytest.raises(NotAllowed):
        leaving.ask(network, actor=treasurer)
    with pytest.raises(NotAllowed):
        leaving.open_file(network, actor=treasurer)


def test_old_files_are_swept_away(network: Any, coordinator: Actor, tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    old = tmp_path / "exports" / "1-x.zip"
    old.touch()
    with clock.at(clock.now() + dt.timedelta(days=2)):
        leaving.ask(network, actor=coordinator)
        jobs.drain()
    assert not old.exists()


def test_the_page_asks_and_hands_out(network: Any, coordinator: Actor, client: Client) -> None:
    client.force_login(Person.objects.get(pk=coordinator.person_id))
    address = f"/rede/{network.slug}/configuracoes/levar-tudo/"
    assert "Preparar o arquivo" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert "sendo preparado" in client.get(address).content.decode()
    jobs.drain()
    assert "Baixar o arquivo" in client.get(address).content.decode()
    answer = client.get(address + "arquivo/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))
