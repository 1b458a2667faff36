# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of the private link: sent too early, sent, and asked for more after the sending (N4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from mutirao.admission.models import Application
from mutirao.kernel import tenancy
from tests import factories
from tests.admission import makers

if TYPE_CHECKING:
    from django.test import Client

    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.django_db


def test_sent_too_early_the_page_stays_and_names_everything_that_is_missing(network: Any, client: Client) -> None:
    group = makers.started(network, activity="", member_count=None)
    answer = client.post(reverse("admission_link_submit", kwargs={"token": group.token}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<li>o que o grupo faz</li>" in page
    assert "<li>quantas pessoas participam</li>" in page
    for item in group.application.items.filter(is_required=True):
        assert f"<li>“{item.title}”</li>" in page
    assert "Mudar os dados" in page
    group.application.refresh_from_db()
    assert group.application.state == Application.State.DRAFT


def test_what_was_sent_is_confirmed(network: Any, client: Client) -> None:
    group = makers.started(network)
    makers.answered(group.application)
    page = client.post(reverse("admission_link_submit", kwargs={"token": group.token}), follow=True)
    assert "Pedido enviado." in page.content.decode()


def test_nothing_said_and_nothing_shown_is_not_called_kept(network: Any, client: Client) -> None:
    group = makers.started(network)
    item = group.application.items.first()
    answer = client.post(reverse("admission_link_criterion", args=[group.token, item.pk]), {"answer": "  "})
    assert answer.status_code == 422
    assert "Mande um arquivo ou escreva um texto." in answer.content.decode()


def test_after_the_sending_the_words_stay_and_only_papers_are_asked_for(network: Any, client: Client) -> None:
    group = makers.started(network)
    item = makers.answered(group.application).items.first()
    makers.do.submit(group.application, actor=makers.guest(network))
    address = reverse("admission_link_criterion", args=[group.token, item.pk])
    page = client.get(address).content.decode()
    assert "Conte com suas palavras" not in page
    assert "Decidimos tudo em roda." in page
    assert client.post(address, {"answer": "Mudamos de ideia."}).status_code == 422
    assert client.post(address, {"kind": "minutes", "file": makers.photo()}).status_code == 302
    item.refresh_from_db()
    assert (item.answer, item.evidence.count()) == ("Decidimos tudo em roda.", 1)


def test_a_telephone_that_calls_nobody_is_refused_while_there_is_somebody_to_ask(network: Any, client: Client) -> None:
    group = makers.started(network)
    address = reverse("admission_link_edit", args=[group.token])
    given = {"name": "Outras", "legal_form": "informal", "contact_name": "Rosa", "phone": "1234"}
    answer = client.post(address, given)
    assert answer.status_code == 422
    assert "Este telefone não está completo" in answer.content.decode()
    assert client.post(address, given | {"phone": "13 99999 0000"}).status_code == 302
    group.application.refresh_from_db()
    assert group.application.phone == "+5513999990000"
    assert "(13) 99999-0000" in client.get(reverse("admission_link", args=[group.token])).content.decode()


def test_a_group_of_another_country_asks_with_its_city_and_its_own_registration(db: None, client: Client) -> None:
    network = factories.network(country="UY", currency="UYU")
    with tenancy.activated(network):
        coordinator = factories.actor(network, "coordination")
        page = client.get(f"/associar/{network.slug}/").content.decode()
        assert "CNPJ" not in page
        assert "Município" not in page
        data = makers.data(city="Durazno", phone="099 123 456", tax_id="21 100342 0017")
        group = makers.do.start_application(network, data, actor=makers.guest(network))
        makers.answered(group.application)
        makers.do.submit(group.application, actor=makers.guest(network))
        reviewers = [makers.reviewer(network) for _ in range(3)]
        people = [makers.person(one) for one in reviewers]
        makers.do.name_reviewers(group.application, people=people, actor=coordinator)
        for one in reviewers[:2]:
            makers.vote(group.application, one, "yes")
        enterprise = Application.objects.get().enterprise
        assert (enterprise.country, enterprise.city, enterprise.tax_id) == ("UY", "Durazno", "211003420017")
        assert enterprise.contacts.get().phone == "+59899123456"


def test_who_declares_a_tie_with_the_group_is_told_so_and_not_that_nothing_is_there(
    network: Any, coordinator: Actor, client: Client
) -> None:
    application, _others = makers.under_review(network, coordinator, how_many=2)
    cousin = makers.person(factories.actor(network, "enterprise_coordinator", factories.enterprise()))
    makers.do.name_reviewers(application, people=[cousin], actor=coordinator)
    client.force_login(cousin)
    address = reverse("admission:conflict", args=[network.slug, application.number])
    answer = client.post(address, {"reason": "prima"}, follow=True)
    assert answer.status_code == 200
    assert "você não examina este pedido" in answer.content.decode()
    later = client.get(reverse("admission:review", args=[network.slug, application.number]))
    assert later.status_code == 403
    assert "Só quem foi nomeado para examinar este pedido faz isso." in later.content.decode()
