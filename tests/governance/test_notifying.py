# SPDX-License-Identifier: AGPL-3.0-or-later
"""What motions tell whom (N6, G2)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from tests import factories

from mutirao.governance import operations
from mutirao.governance.models import Motion
from mutirao.kernel import clock, jobs
from mutirao.kernel.actors import Actor
from mutirao.network.models import Enterprise, Network, Person
from mutirao.notices.models import Notice


@pytest.fixture
def people(network: Network) -> list[tuple[Enterprise, Person]]:
    made = []
    for name in ("Sim", "Quieta"):
        enterprise, someone = factories.enterprise(name=name), factories.person(name=name)
        factories.role(someone, "enterprise_coordinator", enterprise, since=dt.date(2020, 1, 1))
        made.append((enterprise, someone))
    return made


@pytest.fixture
def motion(network: Network, coordinator: Actor, people: list[tuple[Enterprise, Person]], noon: dt.datetime) -> Motion:
    return operations.put_motion(
        "Comprar o forno",
        enterprises=[enterprise for enterprise, _person in people],
        answer_until=noon + dt.timedelta(days=3),
        actor=coordinator,
    )


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("title", flat=True))


def run(moment: dt.datetime) -> None:
    with clock.at(moment):
        jobs.drain()


def answer(motion: Motion, enterprise: Enterprise, choice: str, coordinator: Actor) -> None:
    operations.answer_motion(motion, enterprise=enterprise, answer=choice, recorded_for="Dona Rosa", actor=coordinator)


def test_whoever_answers_is_told_and_reminded_a_day_before_while_they_have_not(
    motion: Motion, people: list[tuple[Enterprise, Person]], coordinator: Actor, noon: dt.datetime
) -> None:
    run(noon)
    assert [told(person) for _enterprise, person in people] == [["Para decidir: Comprar o forno"]] * 2
    answer(motion, people[0][0], "yes", coordinator)
    run(noon + dt.timedelta(days=2))
    assert len(told(people[0][1])) == 1
    assert told(people[1][1])[1] == "Falta a resposta do seu empreendimento: Comprar o forno"


def test_a_decision_that_closes_in_the_night_is_reminded_of_the_morning_before(
    network: Network, coordinator: Actor, people: list[tuple[Enterprise, Person]], noon: dt.datetime
) -> None:
    night = noon.replace(day=8, hour=5)
    operations.put_motion(
        "Comprar o forno",
        enterprises=[enterprise for enterprise, _person in people],
        answer_until=night,
        actor=coordinator,
    )
    run(noon)
    mail.outbox.clear()
    run(night - dt.timedelta(hours=24))
    assert mail.outbox == [], "two in the morning"
    run(night - dt.timedelta(hours=19))
    assert len(mail.outbox) == 2


def test_a_decision_is_told_to_those_who_were_asked(
    motion: Motion, people: list[tuple[Enterprise, Person]], coordinator: Actor, noon: dt.datetime
) -> None:
    for enterprise, _person in people:
        answer(motion, enterprise, "yes", coordinator)
    run(noon)
    assert "Aprovada: Comprar o forno" in told(people[1][1])
