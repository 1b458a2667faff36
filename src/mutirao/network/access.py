# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who a signed-in person is in a network."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor, Grant
from mutirao.kernel.errors import NotFound
from mutirao.network import roles
from mutirao.network.core.standing import INSIDE
from mutirao.network.models import Network, Person, RoleAssignment


class UnknownNetwork(NotFound):
    code = "unknown_network"
    message = _("Esta rede não existe ou você não participa dela.")
    next_step = _("Confira o endereço, ou peça um convite à coordenação da rede.")


class NetworkRequest(HttpRequest):
    """What a view below /rede/<slug>/ is given: the middleware has put the network and who acts on the request."""

    network: Network
    actor: Actor


def actor_for(person: Person, network: Network, *, via: str = "screen") -> Actor:
    """The person as an actor in a network, with the roles held today."""
    today = clock.today()
    with tenancy.activated(network):
        rows = RoleAssignment.objects.filter(RoleAssignment.held_on(today), person=person)
        grants = frozenset(Grant(_counts_as(row), row.enterprise_id) for row in rows.select_related("enterprise"))
    return Actor(name=str(person), person_id=person.pk, network_id=network.pk, grants=grants, via=via)


def _counts_as(row: RoleAssignment) -> str:
    """A role in an enterprise that is no member any more, or not yet, opens only what concerns that enterprise."""
    inside = row.enterprise is None or row.enterprise.standing in INSIDE
    return row.role if inside else roles.OUTSIDE.get(row.role, row.role)


def enter_network(user: Any, slug: str) -> tuple[Network, Actor] | None:
    """The network of a slug and the person's part in it; None for strangers and for no such network."""
    if not user.is_authenticated:
        return None
    network = Network.objects.filter(slug=slug).first()
    if network is None:
        return None
    actor = actor_for(user, network)
    return (network, actor) if actor.grants else None


def networks_of(person: Person) -> list[Network]:
    """The networks in which a person holds a role today, by name."""
    today = clock.today()
    with tenancy.unscoped("a person's own memberships"):
        held = RoleAssignment.objects.filter(RoleAssignment.held_on(today), person=person).values("network_id")
        return list(Network.objects.filter(pk__in=held))


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the sign-in page and back here afterwards."""
    return redirect_to_login(request.get_full_path())
