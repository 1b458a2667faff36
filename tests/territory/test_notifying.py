# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom the territory tells of next steps and public calls, and what waits for whom (N5, N6, N3)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from tests import factories

from mutirao.kernel import clock, jobs
from mutirao.kernel.actors import Actor
from mutirao.network.models import Network, Person
from mutirao.network.queries import team
from mutirao.notices.models import Notice
from mutirao.territory import notifying
from mutirao.territory import operations as do
from mutirao.territory.models import Partner, PublicCall

DAY = dt.date(2026, 3, 20)


@pytest.fixture
def city_hall(network: Network) -> Partner:
    return Partner.objects.create(name="Prefeitura", kind="city_hall")


def somebody(network: Network, role: str = "sales") -> Person:
    someone = factories.person()
    factories.role(someone, role, since=dt.date(2020, 1, 1))
    return someone


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("title", flat=True))


def remind(day: dt.date) -> int:
    with clock.at(dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)):
        return notifying.remind_of_days()


def test_whoever_is_named_hears_at_once_two_days_before_and_when_it_is_late(
    network: Network, coordinator: Actor, city_hall: Partner, noon: dt.datetime
) -> None:
    someone, another = somebody(network), somebody(network)
    do.set_next_step(city_hall, what="Levar os documentos", until=DAY, by=someone, actor=coordinator)
    assert told(someone) == ["Ficou com você: Prefeitura"]
    assert [days for days in range(-15, 60) if remind(DAY + dt.timedelta(days=days))] == [-2, 1]
    assert told(someone)[1:] == ["Próximo passo com Prefeitura", "Passou o dia: Prefeitura"]
    assert told(another) == []


def test_what_one_takes_on_oneself_is_no_news_and_what_is_done_is_not_reminded(
    noon: dt.datetime, network: Network, coordinator: Actor, city_hall: Partner
) -> None:
    own = Person.objects.get(pk=coordinator.person_id)
    do.set_next_step(city_hall, what="Ligar", until=DAY, by=own, actor=coordinator)
    assert told(own) == []
    do.finish_next_step(city_hall, how="Atenderam", actor=coordinator)
    assert remind(DAY) == 0


def test_a_step_of_the_team_is_reminded_to_the_coordination(
    network: Network, coordinator: Actor, city_hall: Partner, noon: dt.datetime
) -> None:
    seller, coordination = somebody(network), somebody(network, "coordination")
    do.set_next_step(city_hall, what="Ligar", until=DAY, actor=coordinator)
    remind(DAY)
    assert (told(seller), told(coordination)) == ([], ["Próximo passo com Prefeitura"])


def test_the_last_day_found_in_the_night_is_not_spoken_of_the_morning_after(
    network: Network, coordinator: Actor, city_hall: Partner
) -> None:
    someone = somebody(network)
    do.set_next_step(city_hall, what="Ligar", until=DAY, by=someone, actor=coordinator)
    PublicCall.objects.create(partner=city_hall, number="1", title="Merenda", closes_on=DAY)
    mail.outbox.clear()
    night = dt.datetime(2026, 3, 21, 2, tzinfo=dt.UTC)  # eleven in the evening of DAY
    with clock.at(night):
        assert notifying.remind_of_days() == 2
    with clock.at(night + dt.timedelta(hours=8)):
        jobs.drain()
    assert not [one.subject for one in mail.outbox if "Próximo passo" in one.subject or "Chamada" in one.subject]


def test_an_undecided_call_speaks_three_weeks_one_week_and_two_days_before(
    network: Network, city_hall: Partner
) -> None:
    seller, treasurer = somebody(network), somebody(network, "treasury")
    call = PublicCall.objects.create(partner=city_hall, number="02/2026", title="Merenda", closes_on=DAY)
    assert [days for days in range(-40, 5) if remind(DAY + dt.timedelta(days=days))] == [-21, -7, -2]
    assert told(seller)[0] == "Chamada 02/2026: propostas até 20/03/2026"
    assert told(treasurer) == []
    call.outcome, call.closes_on = "sent", DAY + dt.timedelta(days=90)
    call.save()
    assert remind(call.closes_on) == 0


def test_the_team_page_counts_the_steps_of_each(
    network: Network, coordinator: Actor, city_hall: Partner, noon: dt.datetime
) -> None:
    someone = somebody(network)
    do.set_next_step(city_hall, what="Ligar", until=noon.date(), by=someone, actor=coordinator)
    other = Partner.objects.create(name="Sindicato", kind="union")
    do.set_next_step(other, what="Visitar", until=noon.date(), actor=coordinator)
    later = Partner.objects.create(name="Igreja", kind="church")
    do.set_next_step(later, what="Visitar", until=noon.date() + dt.timedelta(days=90), by=someone, actor=coordinator)
    sectors = {sector.role.code: sector for sector in team(coordinator)}
    (member,) = [row for row in sectors["sales"].members if row.assignment.person_id == someone.pk]
    assert [(load.count, str(load.label)) for load in member.waiting] == [(1, "próximos passos com parceiros")]
    assert [load.count for load in sectors["coordination"].waiting] == [1]
