# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two people at once, in real transactions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests import factories

from mutirao.kernel import clock, tenancy
from mutirao.kernel.errors import DomainError
from mutirao.network import access, operations
from mutirao.network.errors import EnterpriseAlreadyThere, InvitationUsed, LastCoordinator
from mutirao.network.models import Enterprise, Network, RoleAssignment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _real_database(transactional_db: None) -> None:
    """SQLite in memory locks whole tables between threads, which no installation does: a file, or PostgreSQL."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("two at once want a database on disk: MUTIRAO_TEST_DB names the file")


def together(network: Network, *works: Callable[[], Any]) -> list[DomainError | None]:
    """Run each in its own thread and connection, all starting at once; what each was refused with, or None."""
    start = threading.Barrier(len(works))
    ends: list[DomainError | None] = [None] * len(works)
    broken: list[BaseException] = []

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            with tenancy.activated(network):
                start.wait(10)
                work()
        except DomainError as error:
            ends[place] = error
        except BaseException as error:  # noqa: BLE001 - shown by the test below
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=entry) for entry in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not broken, broken
    return ends


def test_two_coordinators_ending_each_others_role_leave_one() -> None:
    network = factories.network()
    one, two = factories.actor(network, "coordination"), factories.actor(network, "coordination")
    with tenancy.activated(network):
        held = {row.person_id: row for row in RoleAssignment.objects.all()}
    ends = together(
        network,
        lambda: operations.end_role(held[two.person_id], actor=one),  # type: ignore[index]
        lambda: operations.end_role(held[one.person_id], actor=two),  # type: ignore[index]
    )
    assert sorted(type(end).__name__ for end in ends) == ["LastCoordinator", "NoneType"]
    assert any(isinstance(end, LastCoordinator) for end in ends)
    with tenancy.activated(network):
        assert RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today())).count() == 1


def test_one_link_tapped_by_two_people_at_once_serves_one() -> None:
    network = factories.network()
    coordinator = factories.actor(network, "coordination")
    people = [factories.person(), factories.person()]
    with tenancy.activated(network):
        token = operations.invite(network, role="council", actor=coordinator).token
    works = [
        lambda person=person: operations.accept_invitation(token, actor=access.actor_for(person, network, via="link"))
        for person in people
    ]
    ends = together(network, *works)
    assert [isinstance(end, InvitationUsed) for end in ends].count(True) == 1
    with tenancy.activated(network):
        assert RoleAssignment.objects.filter(role="council").count() == 1


def test_one_form_sent_twice_at_once_adds_one_enterprise_with_its_new_chain() -> None:
    network = factories.network()
    actor = factories.actor(network, "coordination")
    data = operations.EnterpriseData(name="Mel", legal_form="informal", value_chain="Mel", territory="Serra")
    ends = together(
        network, *[lambda: operations.add_enterprise(network, data, actor=actor, key="k") for _time in range(3)]
    )
    assert ends == [None, None, None]
    with tenancy.activated(network):
        assert Enterprise.objects.count() == 1


def test_two_people_adding_the_same_enterprise_at_once_are_both_answered() -> None:
    network = factories.network()
    actors = [factories.actor(network, "coordination"), factories.actor(network, "purchasing")]
    data = operations.EnterpriseData(name="Mel", legal_form="informal", value_chain="Mel")
    works = [lambda actor=actor: operations.add_enterprise(network, data, actor=actor) for actor in actors]
    ends = together(network, *works)
    assert sorted(type(end).__name__ for end in ends) == ["EnterpriseAlreadyThere", "NoneType"]
    assert any(isinstance(end, EnterpriseAlreadyThere) for end in ends)
