# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screens of decisions as their people see them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories

from mutirao.governance import operations as do
from mutirao.governance.models import GivenAnswer, Motion
from mutirao.governance.urls import urlpatterns
from mutirao.kernel import clock, sources, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.network import trail
from mutirao.network.models import Person

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def enterprises(network: Any) -> list[Any]:
    return [factories.enterprise(name=name) for name in ("Mel da Serra", "Costureiras", "Pão da Vila")]


@pytest.fixture
def motion(enterprises: list[Any], coordinator: Actor) -> Motion:
    return do.put_motion(
        "Comprar açúcar da Usina?",
        text="O frete já está no preço.",
        enterprises=enterprises,
        answer_until=clock.now() + dt.timedelta(days=2),
        actor=coordinator,
    )


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


@pytest.fixture
def centre(coordinator: Actor) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def speaker(network: Any, enterprises: list[Any]) -> Client:
    return signed_in(factories.actor(network, "enterprise_coordinator", enterprises[0]))


def url(network: Any, name: str, *args: Any) -> str:
    return reverse(f"governance:{name}", args=[network.slug, *args])


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def every_page(network: Any, motion: Motion) -> list[tuple[str, str]]:
    """Every address of the module by its name, each for rows that exist."""
    first = motion.entitlements.order_by("pk")[0]
    have = {"motion_id": motion.pk, "enterprise_id": first.enterprise_id}
    pages = []
    for pattern in urlpatterns:
        values = {name: have[name] for name in re.findall(r"<int:(\w+)>", str(pattern.pattern))}
        page = reverse(f"governance:{pattern.name}", kwargs={"slug": network.slug, **values})
        pages.append((str(pattern.name), page))
    return pages


def test_strangers_are_told_of_nothing(network: Any, motion: Motion) -> None:
    other = factories.network()
    with tenancy.activated(other):
        stranger = signed_in(factories.actor(other, "coordination"))
    for name, page in every_page(network, motion):
        assert Client().get(page).status_code == 302
        assert stranger.get(page).status_code == 404
        assert stranger.post(page, {"answer": "yes"}).status_code == 404
        if name not in ("motions", "new_motion"):
            assert stranger.get(page.replace(network.slug, other.slug)).status_code == 404


def test_every_page_answers_whoever_may_see_it(network: Any, motion: Motion, centre: Client) -> None:
    for _name, page in every_page(network, motion):
        response = centre.get(page)
        assert response.status_code == 200, page
        assert not re.search(r'style="|onclick|<script(?! (type="module" )?src)', response.content.decode()), page


def test_members_read_and_do_not_answer(network: Any, motion: Motion, enterprises: list[Any]) -> None:
    member = signed_in(factories.actor(network, "enterprise_member", enterprises[0]))
    for name, page in every_page(network, motion):
        assert member.get(page).status_code == (200 if name in ("motions", "motion") else 403), page
    assert member.post(url(network, "answer", motion.pk, enterprises[0].pk), {"answer": "yes"}).status_code == 403
    assert "Recusar" not in text(member.get(url(network, "motion", motion.pk)))


def test_coordinator_answers_for_their_enterprise_alone(
    network: Any, motion: Motion, speaker: Client, enterprises: list[Any]
) -> None:
    page = text(speaker.get(url(network, "motions")))
    assert "Esperam a sua resposta" in page
    html = speaker.get(url(network, "motion", motion.pk)).content.decode()
    assert len(re.findall(r'name="answer" value="yes"', html)) == 1
    assert speaker.post(url(network, "answer", motion.pk, enterprises[1].pk), {"answer": "yes"}).status_code == 403
    response = speaker.post(url(network, "answer", motion.pk, enterprises[0].pk), {"answer": "yes"})
    assert response["Location"] == url(network, "motion", motion.pk)
    assert "Esperam a sua resposta" not in text(speaker.get(url(network, "motions")))


def test_refusing_without_a_reason_keeps_what_was_typed_and_says_so(
    network: Any, motion: Motion, speaker: Client, enterprises: list[Any]
) -> None:
    page = url(network, "answer", motion.pk, enterprises[0].pk)
    response = speaker.post(page, {"answer": "no", "reason": " "})
    assert response.status_code == 422
    assert "Diga por quê" in text(response)
    response = speaker.post(page, {"answer": "no", "reason": "frete caro"})
    assert response["Location"] == url(network, "motion", motion.pk)
    assert "frete caro" in text(speaker.get(url(network, "motion", motion.pk)))


def test_the_page_shows_who_said_what_and_what_changed(
    network: Any, motion: Motion, speaker: Client, centre: Client, enterprises: list[Any], coordinator: Actor
) -> None:
    page = url(network, "answer", motion.pk, enterprises[0].pk)
    speaker.post(page, {"answer": "no", "reason": "frete caro"})
    speaker.post(page, {"answer": "yes", "reason": "combinado"})
    said = {"answer": "abstain", "recorded_for": "Dona Ana"}
    assert centre.post(url(network, "answer", motion.pk, enterprises[1].pk), said).status_code == 302
    words = text(centre.get(url(network, "motion", motion.pk)))
    for part in (
        "1 aprova · 0 recusam · 1 não opina · 1 sem resposta",
        "precisos 2 sim de 3",
        "antes: não (frete caro)",
        f"Dona Ana, por telefone; anotado por {coordinator.name}",
        "Falta 1 responder",
    ):
        assert part in words
    assert GivenAnswer.objects.count() == 3


def test_the_centre_must_say_who_answered(network: Any, motion: Motion, centre: Client, enterprises: list[Any]) -> None:
    response = centre.post(url(network, "answer", motion.pk, enterprises[1].pk), {"answer": "yes"})
    assert response.status_code == 422
    assert not GivenAnswer.objects.exists()


def test_message_for_the_group_holds_question_deadline_and_link(network: Any, motion: Motion, speaker: Client) -> None:
    words = text(speaker.get(url(network, "motion", motion.pk)))
    assert "Precisamos da sua resposta: Comprar açúcar da Usina?" in words
    assert "Responda até 04/03/2026 12:00." in words
    assert f"http://testserver{url(network, 'motion', motion.pk)}" in words


def test_a_decided_motion_takes_no_answer(
    network: Any, motion: Motion, speaker: Client, enterprises: list[Any]
) -> None:
    with clock.at(motion.answer_until + dt.timedelta(minutes=1)):
        page = url(network, "answer", motion.pk, enterprises[0].pk)
        assert 'value="yes"' not in speaker.get(page).content.decode()
        response = speaker.post(page, {"answer": "yes"})
        assert response.status_code == 422
        assert "já foi encerrada" in text(response)


def test_put_by_hand_close_and_withdraw(network: Any, centre: Client, enterprises: list[Any]) -> None:
    form = {"title": "Mudar o dia da reunião?", "rule": "everyone", "last_day": "2026-03-10"}
    assert centre.post(url(network, "new_motion"), form).status_code == 302
    row = Motion.objects.get()
    assert row.entitlements.count() == 3
    assert row.answer_until is not None
    assert row.answer_until.astimezone(dt.UTC).isoformat() == "2026-03-11T02:59:00+00:00"
    assert centre.post(url(network, "close", row.pk)).status_code == 422
    with clock.at(row.answer_until):
        assert centre.post(url(network, "close", row.pk)).status_code == 302
    row.refresh_from_db()
    assert row.state == "rejected"
    centre.post(url(network, "new_motion"), {**form, "last_day": "", "enterprises": [enterprises[0].pk]})
    other = Motion.objects.exclude(pk=row.pk).get()
    assert (other.entitlements.count(), other.answer_until) == (1, None)
    assert centre.post(url(network, "withdraw", other.pk), {"reason": ""}).status_code == 422
    assert centre.post(url(network, "withdraw", other.pk), {"reason": "engano"}).status_code == 302
    past = centre.post(url(network, "new_motion"), {**form, "last_day": "2026-03-01"})
    assert past.status_code == 422
    assert "já passou" in text(past)


def test_source_is_named_and_linked(
    network: Any, enterprises: list[Any], coordinator: Actor, centre: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sources, "_registry", {})
    sources.register(
        "purchasing.round",
        lambda slug, pk: f"/rede/{slug}/rodadas/{pk}/",
        lambda ids: {pk: f"Rodada {pk}" for pk in ids},
    )
    row = do.put_motion("?", enterprises=enterprises, actor=coordinator, source=("purchasing.round", 5))
    html = centre.get(url(network, "motion", row.pk)).content.decode()
    assert f'<a href="/rede/{network.slug}/rodadas/5/">Rodada 5</a>' in html


def test_pages_take_the_same_queries_however_many_answer(network: Any, coordinator: Actor, centre: Client) -> None:
    counts = []
    for many in (2, 12):
        asked = [factories.enterprise() for _ in range(many)]
        row = do.put_motion(f"{many}?", enterprises=asked, rule="everyone", actor=coordinator)
        for enterprise in asked[:-1]:
            do.answer_motion(row, enterprise=enterprise, answer="yes", recorded_for="Ana", actor=coordinator)
        with CaptureQueriesContext(connection) as captured:
            assert centre.get(url(network, "motion", row.pk)).status_code == 200
            assert centre.get(url(network, "motions")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_search_finds_motions(network: Any, motion: Motion, speaker: Client) -> None:
    page = text(speaker.get(reverse("search", args=[network.slug]), {"q": "acucar usina"}))
    assert "Comprar açúcar da Usina?" in page


def test_every_recorded_act_has_words(network: Any, motion: Motion, coordinator: Actor, enterprises: list[Any]) -> None:
    do.answer_motion(motion, enterprise=enterprises[0], answer="yes", recorded_for="Ana", actor=coordinator)
    do.withdraw_motion(motion, reason="engano", actor=coordinator)
    acts = set(AuditEntry.objects.filter(network_id=network.pk).values_list("act", flat=True))
    assert len(acts) == 3
    assert {act for act in acts if not trail.described(act)} == set()
