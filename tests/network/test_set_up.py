# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import re
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from tests import factories

from mutirao.network import access, setup
from mutirao.network.models import Network, Person

pytestmark = pytest.mark.django_db

FORM = {
    "network_name": "Rede Nova", "slug": "rede-nova", "country": "BR", "person_name": "Lia",
    "email": "lia@exemplo.coop",
    "password": "uma-senha-longa",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_an_empty_installation_is_prepared_behind_its_one_time_link(client: Client, settings: Any) -> None:
    said = printed("setup_link", "--base", "http://10.0.0.5:8000/")
    url = re.search(r"http://10\.0\.0\.5:8000(/preparar/[\w-]+/)", said)
    assert url
    assert printed("setup_link") == said.replace("10.0.0.5", "127.0.0.1")
    assert stat.S_IMODE((settings.DATA / "setup_token").stat().st_mode) == 0o600
    assert "Preparar o Mutirão" in client.get(url[1]).content.decode()
    answer = client.post(url[1], FORM)
    assert answer["Location"] == "/rede/rede-nova/"
    assert "_auth_user_id" in client.session
    assert not (settings.DATA / "setup_token").exists()
    assert client.get(url[1]).status_code == 410
    assert client.post(url[1], {**FORM, "slug": "outra", "email": "x@exemplo.coop"}).status_code == 410
    assert Network.objects.count() == 1


def test_a_wrong_link_prepares_nothing(client: Client) -> None:
    assert client.get("/preparar/adivinhado/").status_code == 404
    setup.token()
    assert client.post("/preparar/adivinhado/", FORM).status_code == 404
    assert not Network.objects.exists()


def test_mistakes_on_the_set_up_page_are_said_and_can_be_mended(client: Client) -> None:
    path = setup.link_path()
    weak = client.post(path, {**FORM, "password": "123"})
    assert weak.status_code == 422
    assert client.post(path, {**FORM, "slug": "com acento é"}).status_code == 422
    assert not Person.objects.exists()
    assert client.post(path, FORM).status_code == 302


def test_a_token_file_cut_short_by_a_kill_is_made_again(settings: Any) -> None:
    (settings.DATA / "setup_token").write_text("")
    assert len(setup.token()) > 20


def test_no_link_is_given_once_there_is_a_network() -> None:
    factories.network()
    with pytest.raises(CommandError, match="já tem uma rede"):
        call_command("setup_link")


def test_a_network_is_begun_from_the_command_line_with_an_invitation(client: Client) -> None:
    said = printed(
        "create_network", "--slug", "raizes", "--name", "Rede Raízes", "--coordinator-email", "lia@exemplo.coop",
        "--coordinator-name", "Lia",
    )  # fmt: skip
    link = re.search(r"http://127\.0\.0\.1:8000(/convite/[\w-]+/)", said)
    assert link
    answer = client.post(
        link[1], {"name": "Lia", "email": "ignorado@exemplo.coop", "way": "password", "password": "uma-senha-longa"}
    )
    assert answer["Location"] == "/rede/raizes/"
    person = Person.objects.get(email="lia@exemplo.coop")
    assert {grant.role for grant in access.actor_for(person, Network.objects.get()).grants} == {"coordination"}


def test_a_network_is_begun_with_a_password_or_by_somebody_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTIRAO_PASSWORD", "uma-senha-longa")
    arguments = ("--coordinator-email", "lia@exemplo.coop", "--coordinator-name", "Lia")
    printed("create_network", "--slug", "um", "--name", "Um", "--password", *arguments)
    person = Person.objects.get()
    assert person.check_password("uma-senha-longa")
    assert person.is_operator
    assert "na coordenação" in printed("create_network", "--slug", "dois", "--name", "Dois", *arguments)
    assert {str(network) for network in access.networks_of(person)} == {"Um", "Dois"}


@pytest.mark.parametrize(
    ("slug", "email", "words"),
    [("raízes", "a@b.coop", "endereço curto"), ("ok", "sem-arroba", "e-mail"), ("tomado", "a@b.coop", "Já existe")],
)
def test_the_command_refuses_in_words_and_leaves_nothing(slug: str, email: str, words: str) -> None:
    factories.network(slug="tomado")
    with pytest.raises(CommandError, match=words):
        call_command("create_network", "--slug", slug, "--name", "X", "--coordinator-email", email)
    assert Network.objects.count() == 1
    assert not Person.objects.exists()
