# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rounds tell whom, and when they remind (N6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from tests import factories
from tests.purchasing import factories as buying

from mutirao.kernel import clock, jobs
from mutirao.kernel.actors import Actor
from mutirao.network.models import Enterprise, Network, Person
from mutirao.notices.models import Notice
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.operations import quote_requests as asking
from mutirao.purchasing.operations import rounds


@pytest.fixture
def enterprises(network: Network) -> list[Enterprise]:
    return [factories.enterprise(name="Fala"), factories.enterprise(name="Calada")]


@pytest.fixture
def coordinators(enterprises: list[Enterprise]) -> list[Person]:
    people = [factories.person(name="Fala"), factories.person(name="Calada")]
    for someone, enterprise in zip(people, enterprises, strict=True):
        factories.role(someone, "enterprise_coordinator", enterprise, since=dt.date(2020, 1, 1))
    return people


@pytest.fixture
def round_(network: Network, coordinator: Actor, coordinators: list[Person], noon: dt.datetime) -> PurchaseRound:
    """Open until noon in seven days."""
    return buying.open_round(network, coordinator)


def told(person: Person, kind: str) -> list[str]:
    return list(Notice.objects.filter(person=person, kind=kind).order_by("pk").values_list("title", flat=True))


def run(moment: dt.datetime) -> None:
    with clock.at(moment):
        jobs.drain()


def test_an_opened_round_is_told_to_those_who_answer_for_the_invited(
    round_: PurchaseRound, coordinators: list[Person], noon: dt.datetime
) -> None:
    run(noon)
    assert [told(one, "purchasing.round_opened") for one in coordinators] == [["Rodada aberta: Farinhas de março"]] * 2
    assert Notice.objects.first().path == f"/rede/{round_.network.slug}/rodadas/{round_.number}/meu-pedido/"
    assert len(mail.outbox) == 2


def test_only_who_said_nothing_is_reminded_two_days_and_six_hours_before(
    round_: PurchaseRound, coordinators: list[Person], enterprises: list[Enterprise], coordinator: Actor
) -> None:
    buying.enter(round_, enterprises[0], coordinator, "5")
    run(round_.needs_until - dt.timedelta(hours=48, minutes=1))
    assert told(coordinators[1], "purchasing.needs_due") == []
    run(round_.needs_until - dt.timedelta(hours=48))
    run(round_.needs_until - dt.timedelta(hours=6))
    assert len(told(coordinators[1], "purchasing.needs_due")) == 1, "six in the morning"
    run(round_.needs_until - dt.timedelta(hours=5))
    assert len(told(coordinators[1], "purchasing.needs_due")) == 2
    assert told(coordinators[0], "purchasing.needs_due") == []


def test_a_deadline_in_the_night_is_reminded_of_before_the_quiet_hours(
    round_: PurchaseRound, coordinators: list[Person], enterprises: list[Enterprise], coordinator: Actor
) -> None:
    """Open until half past seven in the morning: at seven it would be too late to ask anybody."""
    morning = dt.datetime(2026, 3, 10, 10, 30, tzinfo=dt.UTC)
    rounds.extend_round(round_, until=morning, reason="Chuva", actor=coordinator)
    buying.enter(round_, enterprises[0], coordinator, "5")
    evening = dt.datetime(2026, 3, 9, 23, 30, tzinfo=dt.UTC)
    run(evening - dt.timedelta(minutes=1))
    before = len(told(coordinators[1], "purchasing.needs_due"))
    mail.outbox.clear()
    run(evening)
    assert len(told(coordinators[1], "purchasing.needs_due")) == before + 1
    assert [letter.to for letter in mail.outbox] == [[coordinators[1].email]]
    run(morning - dt.timedelta(minutes=1))
    run(morning + dt.timedelta(hours=1))
    assert len(mail.outbox) == 1


def test_whoever_answers_in_the_night_is_not_reminded_in_the_morning(
    round_: PurchaseRound, coordinators: list[Person], enterprises: list[Enterprise], coordinator: Actor
) -> None:
    run(round_.needs_until - dt.timedelta(hours=6))
    before = len(told(coordinators[0], "purchasing.needs_due"))
    buying.enter(round_, enterprises[0], coordinator, "5")
    run(round_.needs_until - dt.timedelta(hours=4))
    assert len(told(coordinators[0], "purchasing.needs_due")) == before
    assert len(told(coordinators[1], "purchasing.needs_due")) == before + 1


def test_a_deadline_that_moved_is_reminded_of_at_its_new_time_only(
    round_: PurchaseRound, coordinators: list[Person], coordinator: Actor
) -> None:
    old = round_.needs_until
    rounds.extend_round(round_, until=old + dt.timedelta(days=5), reason="Chuva", actor=coordinator)
    run(old)
    assert told(coordinators[0], "purchasing.needs_due") == []
    run(old + dt.timedelta(days=3))
    assert len(told(coordinators[0], "purchasing.needs_due")) == 1


def test_a_cancelled_round_reminds_nobody_and_tells_who_had_asked(
    round_: PurchaseRound, coordinators: list[Person], enterprises: list[Enterprise], coordinator: Actor, noon: Any
) -> None:
    buying.enter(round_, enterprises[0], coordinator, "5")
    rounds.cancel_round(round_, reason="O fornecedor fechou", actor=coordinator)
    run(noon)
    run(round_.needs_until - dt.timedelta(hours=6))
    assert told(coordinators[1], "purchasing.needs_due") == []
    assert told(coordinators[0], "purchasing.round_cancelled") == ["Rodada cancelada: Farinhas de março"]
    assert told(coordinators[1], "purchasing.round_cancelled") == []


def test_an_opening_that_is_delivered_after_the_deadline_is_told_to_nobody(
    round_: PurchaseRound, coordinators: list[Person]
) -> None:
    run(round_.needs_until + dt.timedelta(hours=1))
    assert not Notice.objects.exists()


def test_the_purchasing_team_hears_what_a_supplier_answered_by_link(
    round_: PurchaseRound, coordinator: Actor, network: Network, noon: dt.datetime
) -> None:
    buyer = factories.person()
    factories.role(buyer, "purchasing", since=dt.date(2020, 1, 1))
    until = clock.now() + dt.timedelta(days=2)
    supplier = factories.supplier(name="Armazém")
    [row] = asking.ask_for_quotes(round_, suppliers=[supplier], answer_until=until, actor=coordinator)
    asking.decline_request(row, token=asking.token_of(row), actor=asking.supplier_actor(row))
    run(noon)
    assert told(buyer, "purchasing.supplier_answered") == ["Armazém não fornece desta vez"]
