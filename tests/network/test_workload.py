# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for whom, on the page of the technical team (N3)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests import factories
from tests.admission import makers

from mutirao.admission import operations as admission
from mutirao.governance import operations as governance
from mutirao.kernel.actors import Actor
from mutirao.network.duties import open_duties
from mutirao.network.models import Network, Person
from mutirao.network.queries import team
from mutirao.payments.models import BankStatement, Bill

pytestmark = pytest.mark.usefixtures("noon")


def shared(actor: Actor, role: str) -> list[tuple[int, str]]:
    (sector,) = [one for one in team(actor) if one.role.code == role]
    return [(load.count, str(load.label)) for load in sector.waiting]


def own(actor: Actor, person_id: int | None) -> list[tuple[str, int, str]]:
    return [
        (sector.role.code, load.count, str(load.label))
        for sector in team(actor)
        for member in sector.members
        if member.assignment.person_id == person_id
        for load in member.waiting
    ]


def test_reviews_count_by_person_once_whatever_their_roles(network: Network, coordinator: Actor) -> None:
    application, actors = makers.under_review(network, coordinator)
    one = actors[0]
    factories.role(makers.person(one), "training")
    assert own(coordinator, one.person_id) == [("council", 1, "pedidos de entrada a examinar")]
    makers.vote(application, one, "yes")
    assert own(coordinator, one.person_id) == []
    assert own(coordinator, actors[1].person_id) == [("council", 1, "pedidos de entrada a examinar")]


def test_reviews_of_people_outside_the_team_are_summed_for_the_coordination(
    network: Network, coordinator: Actor
) -> None:
    application = makers.submitted(network)
    assert shared(coordinator, "coordination") == [(1, "pedidos de entrada sem quem examine")]
    people = []
    for _number in range(2):
        someone = factories.person()
        factories.role(someone, "enterprise_coordinator", factories.enterprise())
        people.append(someone)
    admission.name_reviewers(application, people=people, actor=coordinator)
    assert shared(coordinator, "coordination") == [(2, "pedidos de entrada a examinar")]


def test_a_motion_without_deadline_waits_for_who_put_it(
    network: Network, coordinator: Actor, noon: dt.datetime
) -> None:
    enterprise = factories.enterprise()
    governance.put_motion("Forno", enterprises=[enterprise], answer_until=None, actor=coordinator)
    governance.put_motion(
        "Barraca", enterprises=[enterprise], answer_until=noon + dt.timedelta(days=3), actor=coordinator
    )
    assert own(coordinator, coordinator.person_id) == [("coordination", 1, "decisões em votação a encerrar")]


def test_statements_and_bills_wait_for_the_treasury(network: Network, coordinator: Actor) -> None:
    BankStatement.objects.create(file_name="marco.csv", content=b"1", digest="a" * 64)
    taken = BankStatement.objects.create(file_name="abril.csv", content=b"2", digest="b" * 64)
    BankStatement.objects.filter(pk=taken.pk).update(taken_in_at=taken.uploaded_at)
    for due in (dt.date(2026, 3, 2), dt.date(2026, 3, 3)):
        Bill.objects.create(supplier=factories.supplier(), title="Farinha", amount_minor=100, due_on=due)
    assert shared(coordinator, "treasury") == [
        (1, "extratos do banco a conferir"),
        (1, "contas vencidas ou que vencem hoje"),
    ]


def test_the_page_shows_each_ones_load_with_where_it_is_done(
    network: Network, coordinator: Actor, client: Client
) -> None:
    _application, actors = makers.under_review(network, coordinator)
    client.force_login(Person.objects.get(pk=coordinator.person_id))
    page = client.get(f"/rede/{network.slug}/equipe/").content.decode()
    assert page.count(f'<a href="/rede/{network.slug}/admissao/">Pedidos de entrada a examinar: 1</a>') == len(actors)


def test_what_admission_has_open_keeps_an_enterprise(network: Network, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    assert open_duties(enterprise) == []
    admission.open_exclusion(enterprise, reason="Faltas", actor=coordinator)
    (duty,) = open_duties(enterprise)
    assert "17/03/2026" in str(duty.label)
    assert duty.url.endswith(f"/admissao/empreendimentos/{enterprise.pk}/")
