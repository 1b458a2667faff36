# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom the memory tells of drafts and of leave taken back, and what waits (N7, N6, N3)."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import factories

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.memory import notifying
from mutirao.memory import operations as do
from mutirao.memory.models import Moment, Portrayal
from mutirao.memory.operations import ConsentData, MomentData
from mutirao.network import access
from mutirao.network.models import Enterprise, Network, Person
from mutirao.network.queries import team
from mutirao.notices.models import Notice

pytestmark = pytest.mark.usefixtures("noon")


def told(actor: Actor | Person) -> list[str]:
    pk = actor.person_id if isinstance(actor, Actor) else actor.pk
    return list(Notice.objects.filter(person=pk).order_by("pk").values_list("title", flat=True))


def data(**changes: object) -> MomentData:
    return MomentData(**{"title": "A primeira feira", "kind": "work", "day": dt.date(2019, 5, 1), **changes})  # type: ignore[arg-type]


def member_of(network: Network, enterprise: Enterprise, role: str) -> Actor:
    someone = factories.person()
    factories.role(someone, role, enterprise, since=dt.date(2020, 1, 1))
    return access.actor_for(someone, network)


def test_a_draft_is_told_to_those_nearest_who_publish(network: Network, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    leader, member = (member_of(network, enterprise, f"enterprise_{role}") for role in ("coordinator", "member"))
    do.write_moment(network, data(enterprise=enterprise), actor=member)
    assert told(leader) == ["Para ler e publicar: A primeira feira"]
    assert told(coordinator) == []
    do.write_moment(network, data(title="O encontro"), actor=member)
    assert told(coordinator) == ["Para ler e publicar: O encontro"]


def test_who_publishes_themselves_bothers_nobody(network: Network, coordinator: Actor) -> None:
    trainer = factories.actor(network, "training")
    do.write_moment(network, data(), actor=coordinator)
    assert told(trainer) == []


def test_the_same_form_sent_twice_tells_once(network: Network, coordinator: Actor) -> None:
    member = member_of(network, factories.enterprise(), "enterprise_member")
    for _twice in range(2):
        do.write_moment(network, data(), actor=member, key="one")
    assert len(told(coordinator)) == 1


def test_a_draft_of_a_week_is_reminded_once_and_a_published_one_never(
    network: Network, coordinator: Actor, noon: dt.datetime
) -> None:
    someone = factories.person()
    factories.role(someone, "coordination", since=dt.date(2020, 1, 1))
    member = member_of(network, factories.enterprise(), "enterprise_member")
    do.write_moment(network, data(), actor=member)
    published = do.write_moment(network, data(title="Outra"), actor=member)
    assert isinstance(published, Moment)
    do.publish_moment(published, actor=coordinator)
    spoken = []
    for days in range(40):
        with clock.at(noon + dt.timedelta(days=days)):
            if notifying.remind_of_drafts():
                spoken.append(days)
    assert spoken == [7]
    assert told(someone) == [
        "Para ler e publicar: A primeira feira",
        "Para ler e publicar: Outra",
        "Para ler e publicar: A primeira feira",
    ]


def test_leave_taken_back_is_told_to_the_coordination_without_a_name(network: Network, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    leader, member = (member_of(network, enterprise, f"enterprise_{role}") for role in ("coordinator", "member"))
    moment = do.write_moment(network, data(enterprise=enterprise), actor=leader)
    assert isinstance(moment, Moment)
    leave = ConsentData(how="paper", given_on=dt.date(2026, 1, 5), scope="booklet")
    shown: Portrayal = do.name_person(moment, name="Benedita Alves", leave=leave, actor=leader)
    do.withdraw_consent(shown, actor=member)
    do.withdraw_consent(shown, actor=member)
    assert told(coordinator) == told(leader) == ["Autorização retirada: A primeira feira"]
    assert told(member) == []
    notice = Notice.objects.get(person=coordinator.person_id)
    assert "Benedita" not in notice.title + notice.body


def test_the_team_page_counts_drafts_of_the_network(network: Network, coordinator: Actor) -> None:
    do.write_moment(network, data(), actor=coordinator)
    do.write_moment(network, data(enterprise=factories.enterprise()), actor=coordinator)
    sectors = {sector.role.code: sector for sector in team(coordinator)}
    assert [load.count for load in sectors["training"].waiting] == [1]
