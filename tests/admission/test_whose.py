# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose a request is: a group's that was in the network before, or a new one's that has another's name."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mutirao.admission import operations as do
from mutirao.admission.errors import AlreadyApplied, NameBelongsToAnother, WrongState
from mutirao.admission.models import Appeal, Application
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Enterprise, Network, Person
from tests import factories
from tests.admission import makers

pytestmark = pytest.mark.django_db
NAME = "Quitandeiras do Morro"


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def page_of(application: Application) -> str:
    return f"/rede/{application.network.slug}/admissao/{application.number}/"


def test_the_page_says_that_the_name_is_known_and_the_coordination_says_that_it_is_the_same(
    network: Network, coordinator: Actor
) -> None:
    left = factories.enterprise(name="QUITANDEIRAS do morro", standing="left")
    application = makers.submitted(network)
    client, url = client_of(coordinator), page_of(application)
    assert "Já existe na rede “QUITANDEIRAS do morro”" in client.get(url).content.decode()
    form = client.get(url + "de-quem/").content.decode()
    assert f'<option value="{left.pk}" selected>' in form
    assert client.post(url + "de-quem/", {"enterprise": left.pk}).headers["Location"] == url
    application.refresh_from_db()
    assert application.enterprise == left
    assert "Já existe na rede" not in client.get(url).content.decode()


def test_a_new_group_with_anothers_name_takes_another_name(network: Network, coordinator: Actor) -> None:
    factories.enterprise(name=NAME)
    application = makers.submitted(network)
    client, url = client_of(coordinator), page_of(application)
    same = client.post(url + "de-quem/", {"enterprise": "", "name": NAME, "tax_id": ""})
    assert same.status_code == 422
    assert "Já existe na rede" in same.content.decode()
    assert client.post(url + "de-quem/", {"enterprise": "", "name": f"{NAME} de Cima"}).status_code == 302
    application.refresh_from_db()
    assert (application.name, application.folded) == (f"{NAME} de Cima", "quitandeiras do morro de cima")
    entry = AuditEntry.objects.get(act="admission.corrected")
    assert entry.data["changes"]["name"] == [NAME, f"{NAME} de Cima"]


def test_members_and_companies_are_not_offered(network: Network, coordinator: Actor) -> None:
    member = factories.enterprise(name=NAME)
    company = factories.enterprise(name="Atacado Sul Ltda.", legal_form="company", standing="partner")
    application = makers.submitted(network)
    form = client_of(coordinator).get(page_of(application) + "de-quem/").content.decode()
    assert f'value="{member.pk}"' not in form
    assert f'value="{company.pk}"' not in form


def test_what_was_tied_by_mistake_is_untied(network: Network, coordinator: Actor) -> None:
    left = factories.enterprise(name="Hortas da Vila", standing="left")
    application = do.link_enterprise(makers.submitted(network), enterprise=left, actor=coordinator)
    application = do.correct_application(application, name=NAME, tax_id="", actor=coordinator)
    assert application.enterprise is None
    with pytest.raises(InvalidValue):
        do.correct_application(application, name=" ", tax_id="", actor=coordinator)


def test_one_enterprise_has_one_open_request(network: Network, coordinator: Actor) -> None:
    left = factories.enterprise(name="Hortas da Vila", standing="left")
    do.link_enterprise(makers.submitted(network), enterprise=left, actor=coordinator)
    with pytest.raises(AlreadyApplied):
        do.link_enterprise(makers.submitted(network, name="Outra"), enterprise=left, actor=coordinator)


def test_an_appeal_finds_the_way_too(network: Network, coordinator: Actor) -> None:
    application = makers.refused(network, coordinator)
    with pytest.raises(WrongState):
        do.correct_application(application, name="Outra", tax_id="", actor=coordinator)
    appeal = do.file_appeal(application=application, text="Somos outras.", actor=makers.guest(network))
    assert isinstance(appeal, Appeal)
    twin = factories.enterprise(name=NAME)
    other = factories.actor(network, "coordination")
    minutes: Any = {"minutes_on": clock.today(), "minutes_kept": "Livro 1", "reason": "Sim."}
    with pytest.raises(NameBelongsToAnother):
        do.decide_appeal(appeal, upheld=True, actor=other, **minutes)
    assert "Dizer de quem é o pedido" in client_of(other).get(page_of(application)).content.decode()
    do.correct_application(application, name=f"{NAME} de Cima", tax_id="", actor=other)
    do.decide_appeal(appeal, upheld=True, actor=other, **minutes)
    assert Enterprise.objects.exclude(pk=twin.pk).get(name=f"{NAME} de Cima").standing == "member"


def test_only_the_coordination_says_so_and_only_of_who_wants_to_come_in(network: Network, coordinator: Actor) -> None:
    application, (one, *_others) = makers.under_review(network, coordinator)
    with pytest.raises(NotAllowed):
        do.correct_application(application, name="Outra", tax_id="", actor=one)
    assert client_of(one).get(page_of(application) + "de-quem/").status_code == 403
    member = makers.admitted(network, coordinator, name="Costureiras")
    with pytest.raises(WrongState):
        do.correct_application(member, name="Outra", tax_id="", actor=coordinator)
    assert client_of(coordinator).get(page_of(member) + "de-quem/").status_code == 409
    assert member.enterprise is not None
    renewal = do.start_renewal(member.enterprise, actor=coordinator).application
    with pytest.raises(WrongState):
        do.correct_application(renewal, name="Outra", tax_id="", actor=coordinator)
