# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pages a phone should have before the connection goes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.network.access import actor_for, networks_of
from mutirao.network.models import Network, Person
from mutirao.payments.models import Charge
from mutirao.payments.permissions import SEE_CHARGES
from mutirao.payments.queries import charges_visible_to
from mutirao.purchasing.models import Participation, PurchaseOrder, PurchaseRound
from mutirao.purchasing.permissions import ENTER_NEEDS, RECEIVE, SEE_ACCOUNTABILITY
from mutirao.purchasing.queries.rounds import own_participations, rounds_visible_to

ROUNDS, CHARGES, RECEIPTS, ENTERPRISES = 5, 5, 10, 3
"""How many of each, in each network: enough for a week on the road, little enough for a weak connection."""
CHARGED = (PurchaseRound.State.CHARGED, PurchaseRound.State.SETTLED)


def home_of(person: Person) -> str:
    """Where "/" leads the person: their network where they have one, else the choice."""
    networks = networks_of(person)
    return reverse("network_home", args=[networks[0].slug]) if len(networks) == 1 else reverse("home")


def pages_for(person: Person) -> list[str]:
    """Addresses worth keeping for a person, the most needed first, none twice."""
    found = [reverse("device"), home_of(person)]
    for network in networks_of(person):
        with tenancy.activated(network):
            found += _of_network(actor_for(person, network), network)
    return list(dict.fromkeys(found))


def _of_network(actor: Actor, network: Network) -> list[str]:
    def to(name: str, **kwargs: Any) -> str:
        return reverse(name, kwargs={"slug": network.slug, **kwargs})

    found = [to("network_home")]
    rounds = list(rounds_visible_to(actor).order_by("-number")[:ROUNDS])
    if rounds:
        found.append(to("purchasing:rounds"))
    own = own_participations(actor, rounds)
    for round_ in rounds:
        for participation in own.get(round_.pk, [])[:ENTERPRISES]:
            found += _answer(actor, round_, participation, to)
        found.append(to("purchasing:round", number=round_.number))
        if round_.state in CHARGED and actor.can_somewhere(SEE_ACCOUNTABILITY):
            found.append(to("purchasing:accountability", number=round_.number))
    if actor.can(RECEIVE, network):
        found += _receipts(rounds, to)
    if actor.can_somewhere(SEE_CHARGES):
        found += _money(actor, to)
    return found


def _answer(actor: Actor, round_: PurchaseRound, participation: Participation, to: Any) -> list[str]:
    where = {"number": round_.number, "enterprise_id": participation.enterprise_id}
    if round_.takes_needs(clock.now()) and actor.can(ENTER_NEEDS, participation):
        return [
            to("purchasing:need_list", **where),
            to("purchasing:own_needs", number=round_.number),
            to("purchasing:need_decline", **where),
        ]
    return [to("purchasing:need_summary", **where)]


def _receipts(rounds: list[PurchaseRound], to: Any) -> list[str]:
    orders = PurchaseOrder.objects.filter(round__in=rounds, state=PurchaseOrder.State.SENT).select_related("round")
    found = []
    for order in orders.order_by("-pk")[:RECEIPTS]:
        where = {"number": order.round.number, "order_number": order.number}
        found += [to("purchasing:receive", **where), to("purchasing:order", **where)]
    return found


def _money(actor: Actor, to: Any) -> list[str]:
    found = [to("payments:charges")]
    if actor.enterprise_ids:
        found += [to("payments:account", enterprise_id=pk) for pk in sorted(actor.enterprise_ids)[:ENTERPRISES]]
        rows = charges_visible_to(actor).filter(enterprise__in=actor.enterprise_ids, state=Charge.State.OPEN)
        found += [to("payments:charge", charge_id=pk) for pk in rows.values_list("pk", flat=True)[:CHARGES]]
    return found
