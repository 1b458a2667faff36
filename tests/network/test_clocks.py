# SPDX-License-Identifier: AGPL-3.0-or-later
"""A day is the network's own: roles begin and end by its calendar, wherever the installation stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests import factories

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.network import access, operations
from mutirao.network.models import Network, Person, RoleAssignment

# Late on 2 March in São Paulo: already the 3rd in Auckland, still the afternoon of the 2nd in Honolulu.
NIGHT = dt.datetime(2026, 3, 3, 2, 30, tzinfo=dt.UTC)
# Just after midnight of 3 March in São Paulo: still the evening of the 2nd in Honolulu.
AFTER_MIDNIGHT = dt.datetime(2026, 3, 3, 3, 30, tzinfo=dt.UTC)


@pytest.fixture
def east(db: None) -> Any:
    made = factories.network(time_zone="Pacific/Auckland")
    with tenancy.activated(made), clock.at(NIGHT):
        yield made


@pytest.fixture
def west(db: None) -> Any:
    made = factories.network(time_zone="Pacific/Honolulu")
    with tenancy.activated(made), clock.at(AFTER_MIDNIGHT):
        yield made


def at_home(network: Network) -> Any:
    return timezone.override(network.time_zone)


def person_with(network: Network, role: str) -> Person:
    someone = factories.person()
    with at_home(network):
        factories.role(someone, role)
    return someone


def acting(person: Person, network: Network) -> Actor:
    return access.actor_for(person, network)


def test_a_role_given_today_opens_today_east_of_the_installation(east: Network) -> None:
    someone = person_with(east, "purchasing")
    assert RoleAssignment.objects.get().since == dt.date(2026, 3, 3)
    assert acting(someone, east).holds("purchasing")
    assert access.networks_of(someone) == [east]
    client = Client()
    client.force_login(someone)
    assert client.get(f"/rede/{east.slug}/equipe/").status_code == 200


def test_who_is_dismissed_is_out_at_once_east_of_the_installation(east: Network) -> None:
    with clock.at(NIGHT - dt.timedelta(days=5)):
        boss, someone = person_with(east, "coordination"), person_with(east, "purchasing")
    with at_home(east):
        operations.dismiss(someone, actor=acting(boss, east), reason="Saiu da equipe")
    assert RoleAssignment.objects.get(person=someone).until == dt.date(2026, 3, 3)
    assert acting(someone, east).grants == frozenset()
    assert access.networks_of(someone) == []
    assert access.networks_left_by(someone) == [(east, dt.date(2026, 3, 3))]
    client = Client()
    client.force_login(someone)
    assert client.get(f"/rede/{east.slug}/equipe/").status_code == 403


def test_whoever_accepts_an_invitation_comes_in_at_once_west_of_the_installation(west: Network) -> None:
    boss, someone = person_with(west, "coordination"), factories.person()
    with at_home(west):
        issued = operations.invite(west, role="purchasing", actor=acting(boss, west))
    row = operations.accept_invitation(issued.token, actor=acting(someone, west))
    assert row.since == dt.date(2026, 3, 2)
    assert acting(someone, west).holds("purchasing")


def test_the_last_day_of_a_role_is_held_until_midnight_there(west: Network) -> None:
    someone = factories.person()
    factories.role(someone, "sales", since=dt.date(2026, 1, 1), until=dt.date(2026, 3, 3))
    assert acting(someone, west).holds("sales")
    with clock.at(dt.datetime(2026, 3, 3, 10, 1, tzinfo=dt.UTC)):
        assert not acting(someone, west).grants
