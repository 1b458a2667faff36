# SPDX-License-Identifier: AGPL-3.0-or-later
"""What charges tell whom, and when they remind (N6)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from tests import factories

from mutirao.kernel import clock, jobs
from mutirao.network.models import Enterprise, Network, Person
from mutirao.notices.models import Notice
from mutirao.payments import notifying
from mutirao.payments.models import Charge


@pytest.fixture
def enterprise(network: Network) -> Enterprise:
    return factories.enterprise(name="Pão da Vila")


@pytest.fixture
def person(enterprise: Enterprise) -> Person:
    someone = factories.person()
    factories.role(someone, "enterprise_coordinator", enterprise, since=dt.date(2020, 1, 1))
    return someone


def charge(enterprise: Enterprise, due: dt.date, **fields: object) -> Charge:
    number = Charge.objects.count() + 1
    return Charge.objects.create(
        **{
            "number": number, "enterprise": enterprise, "title": "Rodada de março", "amount_minor": 12345,
            "issued_on": due, "due_on": due, "txid": f"T{number}", **fields,
        }
    )  # fmt: skip


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("title", flat=True))


def remind(day: dt.date) -> int:
    with clock.at(dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)):
        return notifying.remind_of_charges()


def test_a_charge_speaks_three_days_before_and_one_eight_and_thirty_days_after_it_is_due(
    enterprise: Enterprise, person: Person
) -> None:
    due = dt.date(2026, 3, 10)
    charge(enterprise, due)
    spoken = [day for day in range(-10, 60) if remind(due + dt.timedelta(days=day))]
    assert spoken == [-3, 1, 8, 30]
    assert told(person) == ["Cobrança a vencer: Rodada de março"] + ["Cobrança vencida: Rodada de março"] * 3


def test_the_same_day_twice_speaks_once_and_paid_charges_are_silent(enterprise: Enterprise, person: Person) -> None:
    due = dt.date(2026, 3, 10)
    charge(enterprise, due)
    charge(enterprise, due, state="paid", settled_minor=12345)
    assert [remind(due), remind(due)] == [1, 0]


def test_what_falls_due_today_is_not_said_tomorrow(enterprise: Enterprise, person: Person, noon: dt.datetime) -> None:
    """Found when it is quiet already: the next morning it is late, and another notice says so."""
    charge(enterprise, dt.date(2026, 3, 2))
    night = noon.replace(day=3, hour=1)
    with clock.at(night):
        assert notifying.remind_of_charges() == 1
    with clock.at(night + dt.timedelta(hours=9)):
        notifying.remind_of_charges()
        jobs.drain()
    assert [letter.subject for letter in mail.outbox] == ["Cobrança vencida: Rodada de março"]
    assert told(person) == ["Cobrança a vencer: Rodada de março", "Cobrança vencida: Rodada de março"]


def test_each_network_counts_by_its_own_calendar(network: Network, enterprise: Enterprise, person: Person) -> None:
    network.time_zone = "Pacific/Kiritimati"  # already tomorrow there
    network.save()
    charge(enterprise, dt.date(2026, 3, 10))
    assert remind(dt.date(2026, 3, 6)) == 1


def test_a_new_charge_is_told_to_its_enterprise_with_the_amount(
    network: Network, enterprise: Enterprise, person: Person, noon: dt.datetime
) -> None:
    from mutirao.payments.events import ChargesIssued  # noqa: PLC0415

    row = charge(enterprise, dt.date(2026, 3, 10))
    notifying.tell_charges_issued(
        ChargesIssued(network.pk, "", None, "BRL", "2026-03-02", [row.pk], [enterprise.pk], [12345])
    )
    assert told(person) == ["Cobrança de R$\xa0123,45: Rodada de março"]
    jobs.drain()
