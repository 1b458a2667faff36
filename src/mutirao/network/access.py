# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who a signed-in person is in a network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, formats, tenancy
from mutirao.kernel.actors import Actor, Grant
from mutirao.kernel.errors import DomainError, NotFound
from mutirao.network import roles
from mutirao.network.core.grace import due_on
from mutirao.network.core.standing import INSIDE
from mutirao.network.models import AccountRules, Delegation, Network, Person, RoleAssignment


class UnknownNetwork(NotFound):
    code = "unknown_network"
    message = _("Esta rede não existe ou você não participa dela.")
    next_step = _("Confira o endereço, ou peça um convite à coordenação da rede.")


class NetworkRequest(HttpRequest):
    """What a view below /rede/<slug>/ is given: the middleware has put the network and who acts on the request."""

    network: Network
    actor: Actor


class NoLongerHere(DomainError):
    """Somebody who held a role in the network and holds none today; `params`: network, day, who (to speak to)."""

    code = "no_longer_here"
    status = 403
    message = _("Seu último papel na %(network)s terminou em %(day)s.")
    next_step = _(
        "Por isso esta página já não abre para você. O que você fez continua no registro com o seu nome. "
        "Se foi engano, fale com a coordenação: %(who)s."
    )


SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(person: Person) -> bool:
    """Whether the person proves in two steps who they are; recovery codes alone do not count."""
    return _second_factors().filter(user_id=person.pk).exists()


def _second_factors() -> QuerySet[Authenticator]:
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(type__in=SECOND_FACTORS)
    return rows


def account_rules() -> AccountRules:
    """What the active network asks of accounts; where it never decided, of those who hold money or rights."""
    found: AccountRules | None = AccountRules.objects.first()
    return found or AccountRules(second_factor_roles=sorted(roles.MONEY_OR_RIGHTS))


@contextmanager
def inside(network: Network) -> Iterator[None]:
    """In a network and by its own calendar, wherever the installation stands."""
    with tenancy.activated(network), timezone.override(network.time_zone):
        yield


def actor_for(person: Person, network: Network, *, via: str = "screen") -> Actor:
    """The person as an actor in a network: the roles held there today, and those left to them by people away."""
    with inside(network):
        today = clock.today()
        rows = RoleAssignment.objects.filter(person=person, person__is_active=True, since__lte=today)
        # Asked along: this runs at every request of everybody.
        proved = Exists(_second_factors().filter(user=OuterRef("person")))
        ever = list(rows.select_related("enterprise").annotate(in_two_steps=proved))
        own = [row for row in ever if row.is_held_on(today)]
        left = _left_to(person, today) if own else []
        wanted = _second_factor_wanted(own, left, ever)
    grants = {_grant(row, wanted.get(row.pk), today) for row in own if row.role != roles.CONSULTANT}
    grants |= _consultancies(own, wanted, today)
    for one in left:
        grant = _grant(one.assignment, wanted.get(-one.pk), today)
        away = one.assignment.person
        grants.add(replace(grant, in_place_of=str(away), in_place_of_id=away.pk))
    return Actor(name=str(person), person_id=person.pk, network_id=network.pk, grants=frozenset(grants), via=via)


def _grant(row: RoleAssignment, due: dt.date | None, today: dt.date) -> Grant:
    suspended = due is not None and due <= today
    return Grant(_counts_as(row), row.enterprise_id, row.parts, second_factor_by=due, suspended=suspended)


def _counts_as(row: RoleAssignment) -> str:
    """A role in an enterprise that is no member any more, or not yet, opens only what concerns that enterprise."""
    inside = row.enterprise is None or row.enterprise.standing in INSIDE
    return row.role if inside else roles.OUTSIDE.get(row.role, row.role)


def _left_to(person: Person, today: dt.date) -> list[Delegation]:
    rows = Delegation.objects.filter(Delegation.in_force_on(today), to_person=person)
    return list(rows.select_related("assignment__person", "assignment__enterprise"))


def _consultancies(own: list[RoleAssignment], wanted: dict[int, dt.date], today: dt.date) -> set[Grant]:
    """Several consultancies of one person reach together what each reaches."""
    found = [_grant(row, wanted.get(row.pk), today) for row in own if row.role == roles.CONSULTANT]
    if not found:
        return set()
    parts = frozenset[str]().union(*(one.parts or frozenset() for one in found))
    strictest = min(found, key=lambda one: one.second_factor_by or dt.date.max)
    return {replace(strictest, parts=parts)}


def _second_factor_wanted(
    own: list[RoleAssignment], left: list[Delegation], ever: list[RoleAssignment]
) -> dict[int, dt.date]:
    """From which day roles allow nothing because the person has no second factor: by the assignment's key, negative
    keys for delegations. Roles of one's own have days of grace, counted from the first such role one ever held here,
    so that another one brings no new days; a role left by somebody else has none."""
    if all(row.enterprise_id is not None for row in [*own, *(one.assignment for one in left)]):
        return {}
    rules = account_rules()
    held = [row for row in own if row.role in rules.second_factor_roles]
    theirs = [one for one in left if one.assignment.role in rules.second_factor_roles]
    if not (held or theirs) or any(row.in_two_steps for row in ever):  # type: ignore[attr-defined]
        return {}
    wanted = {-one.pk: one.since for one in theirs}
    if held:
        first = min(row.since for row in ever if row.role in rules.second_factor_roles)
        wanted |= {
            row.pk: due_on(since=first, rule_since=rules.wanted_since(row.role), grace_days=rules.grace_days)
            for row in held
        }
    return wanted


def second_factor_due(actor: Actor) -> dt.date | None:
    """The first day from which one of the actor's roles wants the second factor that is not there; None when none."""
    return min((grant.second_factor_by for grant in actor.grants if grant.second_factor_by), default=None)


def enter_network(user: Any, slug: str, *, via: str = "screen") -> tuple[Network, Actor] | None:
    """The network of a slug and the person's part in it; None for strangers and for no such network."""
    if not user.is_authenticated or "\0" in slug:  # the null sign, which PostgreSQL does not even look for
        return None
    network = Network.objects.filter(slug=slug).first()
    if network is None:
        return None
    actor = actor_for(user, network, via=via)
    if actor.grants:
        return network, actor
    _tell_who_left(user, network)
    return None


def _tell_who_left(person: Person, network: Network) -> None:
    """Raises: NoLongerHere for whoever once held a role in the network: they know it, so nothing is given away."""
    left = last_role_in(person, network)
    if left is not None:
        raise NoLongerHere(network=network, day=formats.date(left), who=coordination_words(network))


def last_role_in(person: Person, network: Network) -> dt.date | None:
    """The day on which the person's last role in a network ended; None for whoever never had one there."""
    with inside(network):
        rows = RoleAssignment.objects.filter(person=person, until__isnull=False, until__lte=clock.today())
        last: dt.date | None = rows.aggregate(last=Max("until"))["last"]
    return last


def coordination_words(network: Network) -> str:
    """Who coordinates a network, by name: whom to speak to."""
    with inside(network):
        rows = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), role=roles.COORDINATION)
        names = rows.order_by("person__folded").values_list("person__name", flat=True)
        return ", ".join(dict.fromkeys(names)) or str(network)


def networks_left_by(person: Person) -> list[tuple[Network, dt.date]]:
    """The networks in which the person once held a role and holds none today, with the day it ended; latest first."""
    with tenancy.unscoped("a person's own memberships"):
        ever = Network.objects.filter(pk__in=RoleAssignment.objects.filter(person=person).values("network_id"))
        rows = list(ever)
    here = {network.pk for network in networks_of(person)}
    found = [(network, last_role_in(person, network)) for network in rows if network.pk not in here]
    left = [(network, day) for network, day in found if day is not None]
    return sorted(left, key=lambda pair: pair[1], reverse=True)


def networks_of(person: Person) -> list[Network]:
    """The networks in which a person holds a role today, each by its own calendar; by name."""
    if not person.is_active:
        return []
    with tenancy.unscoped("a person's own memberships"):
        rows = RoleAssignment.objects.filter(person=person).select_related("network").order_by("network__name", "pk")
        found = {row.network: None for row in rows if row.is_held_on(row.network.today())}
    return list(found)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the sign-in page and back here afterwards."""
    return redirect_to_login(request.get_full_path())
