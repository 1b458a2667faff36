# SPDX-License-Identifier: AGPL-3.0-or-later
"""Beginning a network and changing what it says of itself."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.work import emit, operation, record
from mutirao.network import permissions, roles
from mutirao.network.errors import AddressTaken, AlreadySetUp
from mutirao.network.events import NetworkCreated
from mutirao.network.models import Network, Person
from mutirao.network.operations.people import create_person, grant_role, require_operator

NETWORK_FIELDS = ("name", "about", "time_zone")


@operation
def create_network(
    *,
    slug: str,
    name: str,
    actor: Actor,
    coordinator: Person | None = None,
    about: str = "",
    country: str = "BR",
    currency: str = "BRL",
    time_zone: str = "America/Sao_Paulo",
    is_example: bool = False,
) -> Network:
    """Begin a network, with its first coordinator where one is named.

    Raises: OperatorsOnly unless the installation itself or an operator acts; AddressTaken.
    """
    require_operator(actor)
    try:
        with transaction.atomic():
            network = Network.objects.create(
                slug=slug, name=name.strip(), about=about.strip(), country=country, currency=currency,
                time_zone=time_zone, is_example=is_example,
            )  # fmt: skip
    except IntegrityError:
        raise AddressTaken(slug=slug) from None
    with tenancy.activated(network):
        record(actor, "network.created", network, name=network.name, slug=slug)
        emit(NetworkCreated(network.pk))
        if coordinator is not None:
            grant_role(coordinator, role=roles.COORDINATION, actor=system(None, why=actor.name, via=actor.via))
    return network


@operation
def edit_network(
    network: Network, *, name: str, about: str, actor: Actor, time_zone: str | None = None, seen: str = ""
) -> Network:
    """Change the network's name, description or time zone; its short address stays, links point to it.

    Raises: NotAllowed, StaleEdit.
    """
    actor.require(permissions.EDIT_NETWORK, network)
    network = lock(network)
    check_seen(network, NETWORK_FIELDS, seen)
    before = snapshot(network, NETWORK_FIELDS)
    network.name, network.about = name.strip(), about.strip()
    network.time_zone = time_zone or network.time_zone
    if changed := differences(before, snapshot(network, NETWORK_FIELDS)):
        network.save(update_fields=list(changed))
        record(actor, "network.edited", network, changes=changed)
    return network


@operation
def set_up(
    *, network_name: str, slug: str, person_name: str, email: str, password: str, about: str = "", actor: Actor
) -> tuple[Network, Person]:
    """Prepare an empty installation: its first network, and the person who coordinates it and looks after the server.

    Raises: AlreadySetUp when a network exists or somebody else is just making it; WeakPassword, AccountExists.
    """
    if not first_time("network.set_up", "first network", network_id=0) or Network.objects.exists():
        raise AlreadySetUp
    person = create_person(name=person_name, email=email, password=password, is_operator=True, actor=actor)
    network = create_network(slug=slug, name=network_name, about=about, coordinator=person, actor=actor)
    return network, person


def installation(via: str = "command") -> Actor:
    """The installation itself, acting from the command line or the set-up page."""
    return system(None, why=_("Quem cuida da instalação"), via=via)
