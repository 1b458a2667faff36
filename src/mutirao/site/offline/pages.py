# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pages a phone should have before the connection goes, and by which mark it knows that one has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.urls import reverse

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
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


Page = tuple[str, str]
"""An address and its mark. A mark need not catch every change (a phone asks for all of its pages every few hours, each
by its tag): it catches what somebody on the way must not miss."""


def pages_for(person: Person) -> list[Page]:
    """Addresses worth keeping for a person with their marks, the most needed first, none twice."""
    inside: dict[str, str] = {}
    for network in networks_of(person):
        with tenancy.activated(network):
            for path, mark in _of_network(actor_for(person, network), network):
                inside.setdefault(path, mark)
    home = home_of(person)
    first = {reverse("device"): _mark([person.language]), home: inside.pop(home, _mark(inside.items()))}
    return list((first | inside).items())


def _mark(parts: Iterable[Any]) -> str:
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()[:10]


def _of_network(actor: Actor, network: Network) -> list[Page]:
    def to(name: str, **kwargs: Any) -> str:
        return reverse(name, kwargs={"slug": network.slug, **kwargs})

    rounds = list(rounds_visible_to(actor).order_by("-number")[:ROUNDS])
    own = own_participations(actor, rounds)
    marks = _round_marks(rounds, own, network)
    found: list[Page] = []
    for round_ in rounds:
        mark = marks[round_.pk]
        for participation in own.get(round_.pk, [])[:ENTERPRISES]:
            found += [(path, mark) for path in _answer(actor, round_, participation, to)]
        found.append((to("purchasing:round", number=round_.number), mark))
        if round_.state in CHARGED and actor.can_somewhere(SEE_ACCOUNTABILITY):
            found.append((to("purchasing:accountability", number=round_.number), mark))
    if actor.can(RECEIVE, network):
        found += _receipts(rounds, marks, to)
    if actor.can_somewhere(SEE_CHARGES):
        found += _money(actor, to)
    whole = _mark([clock.today(), *found])
    lists = [(to("network_home"), whole)]
    if rounds:
        lists.append((to("purchasing:rounds"), _mark(marks.values())))
    return lists + found


def _round_marks(rounds: list[PurchaseRound], own: dict[int, list[Participation]], network: Network) -> dict[int, str]:
    """By round: what was last put on record about it, whether it takes needs now, and what the person's own said."""
    trail = AuditEntry.objects.filter(
        network_id=network.pk,
        subject_kind=PurchaseRound._meta.label_lower,
        subject_id__in=[str(round_.pk) for round_ in rounds],
    )
    last = dict(trail.values_list("subject_id").annotate(Max("sequence")))
    return {
        round_.pk: _mark(
            [round_.state, round_.needs_until, round_.takes_needs(clock.now()), last.get(str(round_.pk))]
            + [(row.pk, row.state, row.version) for row in own.get(round_.pk, [])]
        )
        for round_ in rounds
    }


def _answer(actor: Actor, round_: PurchaseRound, participation: Participation, to: Any) -> list[str]:
    where = {"number": round_.number, "enterprise_id": participation.enterprise_id}
    if round_.takes_needs(clock.now()) and actor.can(ENTER_NEEDS, participation):
        return [
            to("purchasing:need_list", **where),
            to("purchasing:own_needs", number=round_.number),
            to("purchasing:need_decline", **where),
        ]
    return [to("purchasing:need_summary", **where)]


def _receipts(rounds: list[PurchaseRound], marks: dict[int, str], to: Any) -> list[Page]:
    orders = PurchaseOrder.objects.filter(round__in=rounds, state=PurchaseOrder.State.SENT).select_related("round")
    found = []
    for order in orders.order_by("-pk")[:RECEIPTS]:
        where = {"number": order.round.number, "order_number": order.number}
        mark = marks[order.round_id]
        found += [(to("purchasing:receive", **where), mark), (to("purchasing:order", **where), mark)]
    return found


def _money(actor: Actor, to: Any) -> list[Page]:
    rows = charges_visible_to(actor).filter(enterprise__in=actor.enterprise_ids, state=Charge.State.OPEN)
    charges = [(pk, _mark([pk, settled])) for pk, settled in rows.values_list("pk", "settled_minor")[:CHARGES]]
    mark = _mark([clock.today(), *charges])
    found = [(to("payments:charges"), mark)]
    found += [(to("payments:account", enterprise_id=pk), mark) for pk in sorted(actor.enterprise_ids)[:ENTERPRISES]]
    return found + [(to("payments:charge", charge_id=pk), own) for pk, own in charges]
