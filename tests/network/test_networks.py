# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from tests import factories

from mutirao.kernel import audit, changes
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, StaleEdit
from mutirao.network import access, operations
from mutirao.network.errors import AddressTaken, AlreadySetUp, OperatorsOnly, WeakPassword
from mutirao.network.models import Network, Person
from mutirao.network.operations.networks import NETWORK_FIELDS, installation

pytestmark = pytest.mark.django_db


def test_a_network_begins_with_its_coordinator_and_a_trail() -> None:
    person = factories.person()
    network = operations.create_network(slug="raizes", name="Rede Raízes", coordinator=person, actor=installation())
    assert {grant.role for grant in access.actor_for(person, network).grants} == {"coordination"}
    assert audit.check_chain(network.pk) is None


def test_a_short_address_is_taken_once() -> None:
    operations.create_network(slug="raizes", name="Rede Raízes", actor=installation())
    with pytest.raises(AddressTaken, match="raizes"):
        operations.create_network(slug="raizes", name="Outra", actor=installation())


def test_operators_create_networks_and_coordinators_do_not(network: Any, coordinator: Actor) -> None:
    with pytest.raises(OperatorsOnly):
        operations.create_network(slug="nova", name="Nova", actor=coordinator)
    operator = factories.person(is_operator=True)
    operations.create_network(slug="nova", name="Nova", actor=Actor(name=operator.name, person_id=operator.pk))


def set_up(**changed: str) -> tuple[Network, Person]:
    words = {
        "network_name": "Rede Nova", "slug": "nova", "person_name": "Lia", "email": "lia@exemplo.coop",
        "password": "uma-senha-longa",
    }  # fmt: skip
    return operations.set_up(**{**words, **changed}, actor=installation(via="screen"))


def test_an_empty_installation_is_set_up_once() -> None:
    network, person = set_up()
    assert person.is_operator
    assert person.check_password("uma-senha-longa")
    assert {grant.role for grant in access.actor_for(person, network).grants} == {"coordination"}
    with pytest.raises(AlreadySetUp):
        set_up(slug="outra", email="outra@exemplo.coop")


def test_a_set_up_that_fails_leaves_the_installation_empty_and_can_be_tried_again() -> None:
    with pytest.raises(WeakPassword):
        set_up(password="1")
    assert not Network.objects.exists()
    assert not Person.objects.exists()
    set_up()


def test_nobody_sets_up_an_installation_that_has_a_network(network: Any) -> None:
    with pytest.raises(AlreadySetUp):
        set_up()


def test_coordination_edits_the_network_and_others_do_not(network: Any, coordinator: Actor) -> None:
    seen = changes.version(network, NETWORK_FIELDS)
    operations.edit_network(network, name="Novo nome", about="Quem somos", actor=coordinator, seen=seen)
    with pytest.raises(StaleEdit):
        operations.edit_network(network, name="Mais um", about="", actor=coordinator, seen=seen)
    with pytest.raises(NotAllowed):
        operations.edit_network(network, name="X", about="", actor=factories.actor(network, "purchasing"))
    network.refresh_from_db()
    assert (network.name, network.slug) == ("Novo nome", network.slug)
