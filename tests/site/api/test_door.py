# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who comes in by the API, and in what words the others are told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from tests import factories
from tests.site.api.asking import Program, own, program_of, secret_of, with_role

from mutirao.kernel import clock, tenancy
from mutirao.network import access, operations
from mutirao.network.models import AccessToken
from mutirao.site.api import door
from mutirao.site.api.problems import CONTENT_TYPE


def test_a_program_is_told_in_whose_name_it_acts_and_where(network: Any) -> None:
    bakery = factories.enterprise(name="Padaria")
    person = with_role("enterprise_coordinator", bakery)
    answer = Program(secret_of(person, reads_only=True)).get("/")
    assert answer.status_code == 200
    told = answer.json()
    assert told["person"] == {"id": person.pk, "name": person.name}
    assert told["token"]["reads_only"] is True
    (here,) = told["networks"]
    assert (here["slug"], here["currency"]) == (network.slug, "BRL")
    (role,) = here["roles"]
    assert (role["role"], role["enterprise"]) == ("enterprise_coordinator", {"id": bakery.pk, "name": "Padaria"})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("sent", ["Bearer mutirao_nada", "Bearer ", "Bearer", "Basic YTpi", "mutirao_nada"])
def test_nobody_comes_in_without_a_working_token(network: Any, sent: str) -> None:
    for path in ("/", f"/rede/{network.slug}/empreendimentos"):
        for headers in ({}, {"Authorization": sent}):
            answer = Client(headers=headers).get(f"/api/v1{path}")
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"].startswith("Bearer")
            assert answer["Content-Type"] == CONTENT_TYPE
            assert answer.json()["next_step"]


def test_a_session_opens_nothing(network: Any, client: Client) -> None:
    client.force_login(with_role("coordination"))
    assert client.get(f"/rede/{network.slug}/empreendimentos/").status_code == 200
    assert client.get(f"/api/v1/rede/{network.slug}/empreendimentos").status_code == 401
    assert client.get("/api/v1/").status_code == 401


def test_a_token_opens_no_page(network: Any) -> None:
    program = program_of("coordination")
    assert program.client.get(f"/rede/{network.slug}/empreendimentos/").status_code == 302


def test_a_token_works_until_its_day(network: Any) -> None:
    program = program_of("coordination")
    assert program.get("/").status_code == 200
    with clock.at(clock.now() + dt.timedelta(days=30, seconds=1)):
        assert program.get("/").status_code == 401


def test_an_ended_token_is_refused(network: Any) -> None:
    person = with_role("coordination")
    program = Program(secret_of(person))
    operations.end_token(AccessToken.objects.get(person=person), actor=own(person))
    assert program.get("/").status_code == 401


def test_whoever_is_dismissed_is_out_with_all_programs(network: Any, coordinator: Any) -> None:
    person = with_role("purchasing")
    program = Program(secret_of(person))
    assert program.get(f"/rede/{network.slug}/empreendimentos").status_code == 200
    operations.dismiss(person, actor=coordinator, reason="saiu da equipe")
    for path in ("/", f"/rede/{network.slug}/empreendimentos"):
        assert program.get(path).status_code == 401


def test_whoever_is_dismissed_here_and_works_elsewhere_is_refused_here_in_words(
    network: Any, coordinator: Any
) -> None:  # fmt: skip
    person = with_role("purchasing")
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        factories.role(person, "purchasing")
    program = Program(secret_of(person))
    operations.dismiss(person, actor=coordinator, reason="saiu da equipe")
    answer = program.get(f"/rede/{network.slug}/empreendimentos")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:mutirao:no_longer_here")
    assert program.get(f"/rede/{elsewhere.slug}/empreendimentos").status_code == 200
    assert [one["slug"] for one in program.get("/").json()["networks"]] == [elsewhere.slug]


def test_a_closed_account_is_out_with_all_programs(network: Any) -> None:
    person = with_role("purchasing")
    program = Program(secret_of(person))
    operations.close_own_account(actor=access.actor_for(person, network))
    assert program.get("/").status_code == 401


def test_a_program_asks_so_many_times_a_minute(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_A_MINUTE", 3)
    program = program_of("coordination")
    answers = [program.get("/") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["next_step"]
    assert program_of("purchasing").get("/").status_code == 200


def test_who_guesses_tokens_is_held_back(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_REFUSED_A_MINUTE", 2)
    answers = [Program(f"mutirao_{number}").get("/").status_code for number in range(3)]
    assert answers == [401, 401, 429]


def test_a_problem_is_told_in_the_language_asked_for(network: Any) -> None:
    secret = secret_of(with_role("coordination"))
    portuguese = Program(secret).get(f"/rede/{network.slug}/empreendimentos/999").json()
    english = Program(secret, **{"Accept-Language": "en"}).get(f"/rede/{network.slug}/empreendimentos/999").json()
    assert portuguese["detail"] == "Isto não existe ou não é desta rede."
    assert english["detail"] != portuguese["detail"]
    assert english["type"] == portuguese["type"] == "urn:mutirao:not_found"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nada", 404), ("POST", "/", 405), ("GET", "/rede/x/../nada", 404), ("GET", "/rede/%00/rodadas", 404)],
)
def test_whatever_goes_wrong_is_a_problem_document(network: Any, method: str, path: str, status: int) -> None:
    answer = program_of("coordination").send(method, path)
    assert (answer.status_code, answer["Content-Type"]) == (status, CONTENT_TYPE)
    told = answer.json()
    assert set(told) == {"type", "title", "status", "detail", "next_step", "request"}
    assert (told["status"], told["request"]) == (status, answer["X-Request-ID"])
    assert "Allow" in answer or status != 405


def test_a_failure_of_ours_is_told_by_its_number_and_nothing_else(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def fails(*_args: Any) -> None:
        raise RuntimeError("segredo de dentro")

    program = program_of("coordination")
    program.client.raise_request_exception = False
    monkeypatch.setattr("mutirao.network.queries.enterprise_for", fails)
    answer = program.get(f"/rede/{network.slug}/empreendimentos/1")
    assert (answer.status_code, answer["Content-Type"]) == (500, CONTENT_TYPE)
    assert answer.json()["request"] == answer["X-Request-ID"]
    assert "segredo" not in answer.content.decode()
