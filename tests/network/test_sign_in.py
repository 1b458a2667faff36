# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests import factories

from mutirao.network.models import Person

pytestmark = pytest.mark.django_db

ENTER = "/conta/entrar/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def rosa() -> Person:
    return factories.person(email="rosa@exemplo.coop", name="Rosa", password="uma-senha-longa")


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens(client: Client, rosa: Person) -> None:
    answer = client.post(ENTER, {"login": "Rosa@Exemplo.coop", "password": "uma-senha-longa"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)


def test_the_page_says_no_in_portuguese_without_saying_whether_the_account_exists(client: Client, rosa: Person) -> None:
    wrong = client.post(ENTER, {"login": "rosa@exemplo.coop", "password": "errada"}).content.decode()
    unknown = client.post(ENTER, {"login": "ninguem@exemplo.coop", "password": "errada"}).content.decode()
    assert "não conferem" in wrong
    assert "não conferem" in unknown
    assert not signed_in(client)


def test_after_five_wrong_passwords_the_door_stays_shut_for_a_while(client: Client, rosa: Person) -> None:
    for _attempt in range(5):
        client.post(ENTER, {"login": "rosa@exemplo.coop", "password": "errada"})
    answer = client.post(ENTER, {"login": "rosa@exemplo.coop", "password": "uma-senha-longa"})
    assert "tentativas demais" in answer.content.decode()
    assert not signed_in(client)


def test_a_code_by_email_opens_and_brings_back_to_where_one_was_going(client: Client, rosa: Person) -> None:
    client.post("/conta/entrar/codigo/?next=/rede/raizes/", {"email": "rosa@exemplo.coop", "next": "/rede/raizes/"})
    (message,) = mail.outbox
    code = re.search(r"\b\d{6}\b", message.body)
    assert code
    assert "código" in message.subject
    page = client.get("/conta/entrar/codigo/conferir/?next=/rede/raizes/").content.decode()
    assert "Digite o código" in page
    answer = client.post("/conta/entrar/codigo/conferir/", {"code": code[0], "next": "/rede/raizes/"})
    assert answer["Location"] == "/rede/raizes/"
    assert signed_in(client)


def test_a_wrong_code_is_refused(client: Client, rosa: Person) -> None:
    client.post("/conta/entrar/codigo/", {"email": "rosa@exemplo.coop"})
    code = re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]  # type: ignore[index]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    answer = client.post("/conta/entrar/codigo/conferir/", {"code": wrong})
    assert "não confere" in answer.content.decode()
    assert not signed_in(client)


def test_an_unknown_address_gets_a_letter_and_the_same_page(client: Client) -> None:
    answer = client.post("/conta/entrar/codigo/", {"email": "ninguem@exemplo.coop"})
    assert answer["Location"].startswith("/conta/entrar/codigo/conferir/")
    assert "não há conta" in mail.outbox[0].body
    assert "Digite o código" in client.get(answer["Location"]).content.decode()


def test_there_is_no_page_to_sign_up(client: Client) -> None:
    page = client.get("/conta/criar/").content.decode()
    assert "convite" in page
    client.post("/conta/criar/", {"email": "x@exemplo.coop", "password1": "uma-senha-longa"})
    assert not Person.objects.exists()


def test_a_forgotten_password_is_replaced_by_a_link_in_a_letter(client: Client, rosa: Person) -> None:
    answer = client.post("/conta/senha/esqueci/", {"email": "rosa@exemplo.coop"})
    assert "Veja seu e-mail" in client.get(answer["Location"]).content.decode()
    link = re.search(r"http://testserver(/conta/senha/nova/\S+)", mail.outbox[0].body)
    assert link
    form = client.get(link[1], follow=True)
    answer = client.post(
        form.redirect_chain[-1][0], {"password1": "outra-senha-boa", "password2": "outra-senha-boa"}, follow=True
    )
    assert "Senha guardada" in answer.content.decode()
    rosa.refresh_from_db()
    assert rosa.check_password("outra-senha-boa")
    assert "já não vale" in client.get(link[1], follow=True).content.decode()


def test_signing_out_wants_a_button_not_a_link(client: Client, rosa: Person) -> None:
    client.force_login(rosa)
    assert "Quer sair?" in client.get("/conta/sair/").content.decode()
    assert signed_in(client)
    client.post("/conta/sair/")
    assert not signed_in(client)


def test_a_closed_account_does_not_enter(client: Client) -> None:
    factories.person(email="fechada@exemplo.coop", password="uma-senha-longa", is_active=False)
    client.post(ENTER, {"login": "fechada@exemplo.coop", "password": "uma-senha-longa"}, follow=True)
    assert not signed_in(client)


def test_people_change_their_name_telephone_language_and_look(client: Client, rosa: Person) -> None:
    client.force_login(rosa)
    assert "rosa@exemplo.coop" in client.get("/conta/meus-dados/").content.decode()
    answer = client.post(
        "/conta/meus-dados/", {"name": "Rosa Lima", "phone": "16 3333", "language": "en", "theme": "dark"}
    )
    assert answer.status_code == 302
    rosa.refresh_from_db()
    assert (rosa.name, rosa.phone, rosa.language) == ("Rosa Lima", "16 3333", "en")
    assert answer.cookies["theme"].value == "dark"
    assert client.post("/conta/meus-dados/", {"name": "", "language": "en"}).status_code == 422


def test_own_data_is_for_whoever_signed_in(client: Client) -> None:
    assert client.get("/conta/meus-dados/")["Location"].startswith(ENTER)


def test_the_language_of_the_menu_stays_with_the_person(client: Client, rosa: Person) -> None:
    client.force_login(rosa)
    client.post("/idioma/", {"language": "en", "next": "/conta/meus-dados/"})
    rosa.refresh_from_db()
    assert rosa.language == "en"
    client.post("/idioma/", {"language": "xx", "next": "/"})
    rosa.refresh_from_db()
    assert rosa.language == "en"


def test_every_page_of_the_account_renders(client: Client, rosa: Person) -> None:
    for path in ("entrar/", "entrar/codigo/", "criar/", "senha/esqueci/", "senha/esqueci/enviado/", "fechada/"):
        assert client.get(f"/conta/{path}").status_code == 200, path
    client.force_login(rosa)
    for path in ("sair/", "senha/trocar/", "meus-dados/", "confirmar/"):
        assert client.get(f"/conta/{path}").status_code == 200, path


def test_who_has_no_password_is_offered_to_make_one(client: Client) -> None:
    person: Any = factories.person(password=None)
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    assert "Criar uma senha" in client.get("/conta/protecao/").content.decode()
    answer = client.post("/conta/senha/criar/", {"password1": "uma-senha-nova-9", "password2": "uma-senha-nova-9"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password("uma-senha-nova-9")


def test_another_code_can_be_asked_for(client: Client, rosa: Person) -> None:
    client.post("/conta/entrar/codigo/", {"email": "rosa@exemplo.coop"})
    assert "Mandar outro código" in client.get("/conta/entrar/codigo/conferir/").content.decode()
    client.post("/conta/entrar/codigo/conferir/", {"action": "resend"})
    code = re.search(r"\b\d{6}\b", mail.outbox[1].body)[0]  # type: ignore[index]
    client.post("/conta/entrar/codigo/conferir/", {"code": code})
    assert signed_in(client)


def test_the_menu_leads_to_ones_own_data(client: Client, rosa: Person) -> None:
    client.force_login(rosa)
    assert 'href="/conta/meus-dados/"' in client.get("/conta/senha/trocar/").content.decode()
