# SPDX-License-Identifier: AGPL-3.0-or-later
"""People's accounts and the roles they hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.changes import differences, snapshot
from mutirao.kernel.errors import InvalidValue, NotAllowed
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network import modules, permissions, roles
from mutirao.network.core import phones
from mutirao.network.errors import (
    AccountExists,
    LastCoordinator,
    OperatorsOnly,
    RoleNeedsEnterprise,
    RoleTakesNoEnterprise,
    UnknownRole,
    WeakPassword,
)
from mutirao.network.events import RoleEnded, RoleGranted
from mutirao.network.membership import HOLD_ROLE, require_member
from mutirao.network.models import Enterprise, Invitation, Network, Person, RoleAssignment
from mutirao.network.operations.devices import end_all_sessions

OWN_FIELDS = ("name", "phone", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a role goes: until when (the first day it is no longer held), doing what, in which parts of the program.

    Every role may have an end; a consultancy has all three, and reads only.
    """

    until: dt.date | None = None
    task: str = ""
    parts: tuple[str, ...] = ()


def check_bounds(role: str, bounds: Bounds, *, since: dt.date) -> Bounds:
    """Bounds that fit the role. Raises: InvalidValue."""
    if bounds.until is not None and bounds.until <= since:
        raise InvalidValue(_("O último dia não pode ser antes do primeiro."), field="until")
    if role != roles.CONSULTANT:
        return Bounds(until=bounds.until, task=bounds.task.strip())
    if bounds.until is None:
        raise InvalidValue(_("Uma consultoria tem um último dia."), field="until")
    if not bounds.task.strip():
        raise InvalidValue(_("Escreva o que a consultoria vem fazer."), field="task")
    unknown = set(bounds.parts) - set(modules.codes())
    if not bounds.parts or unknown:
        raise InvalidValue(_("Escolha que partes do programa a consultoria vê."), field="parts")
    return Bounds(until=bounds.until, task=bounds.task.strip(), parts=tuple(sorted(set(bounds.parts))))


@operation
def create_person(
    *,
    name: str,
    email: str,
    actor: Actor,
    password: str | None = None,
    phone: str = "",
    language: str = "",
    country: str = "BR",
    is_operator: bool = False,
) -> Person:
    """Open an account; without a password the person signs in by a code sent to the e-mail address.

    A telephone number without +code is of `country`.
    Only the installation itself and accepted invitations open accounts.
    Raises: OperatorsOnly, WeakPassword, AccountExists.
    """
    if not actor.is_system:
        raise OperatorsOnly
    person = Person(
        name=name.strip(), email=email.strip().lower(), phone=phones.kept(phone, country), language=language,
        is_operator=is_operator,
    )  # fmt: skip
    if password is None:
        person.set_unusable_password()
    else:
        _check_password(password, person)
        person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise AccountExists from None
    record(actor, "network.account_opened", person, email=person.email)
    return person


def _check_password(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages).replace("%", "%%")) from None


@operation
def edit_own_data(person: Person, *, name: str, phone: str, actor: Actor, language: str | None = None) -> Person:
    """Change what a person says of themself.

    Raises: NotAllowed for somebody else's data.
    """
    if actor.person_id != person.pk:
        raise NotAllowed
    person = lock(person)
    before = snapshot(person, OWN_FIELDS)
    person.name, person.phone = name.strip(), phones.kept(phone, country_of(person))
    if language is not None:
        person.language = _known_language(language)
    if changed := differences(before, snapshot(person, OWN_FIELDS)):
        person.save(update_fields=list(changed))
        record(actor, "network.own_data_edited", person, changes=changed)
    return person


def country_of(person: Person) -> str:
    """The country whose telephone numbers the person writes without +code: that of the first network joined."""
    with tenancy.unscoped("a person's own memberships"):
        first = RoleAssignment.objects.filter(person=person).select_related("network").first()
    return first.network.country if first else "BR"


@operation
def choose_language(person: Person, *, language: str, actor: Actor) -> None:
    """Keep the language a person reads in; a taste, not put on record.

    Raises: NotAllowed for somebody else; InvalidValue for a language that is not spoken here.
    """
    if actor.person_id != person.pk:
        raise NotAllowed
    Person.objects.filter(pk=person.pk).update(language=_known_language(language))


def _known_language(code: str) -> str:
    if code and code not in dict(settings.LANGUAGES):
        raise InvalidValue(field="language")
    return code


@operation
def grant_role(
    person: Person,
    *,
    role: str,
    actor: Actor,
    enterprise: Enterprise | None = None,
    since: dt.date | None = None,
    bounds: Bounds | None = None,
) -> RoleAssignment:
    """Give a person a role in the active network or in one of its enterprises; one held already stays as it is.

    Raises: UnknownRole, RoleNeedsEnterprise, RoleTakesNoEnterprise, NotAllowed; InvalidValue for a consultancy without
    its parts, task and end, or bounds that make no sense.
    """
    network = Network.objects.get(pk=tenancy.active_network_id() or 0)
    check_role(role, enterprise)
    require_granting(actor, network, role, enterprise)
    day = since or clock.today()
    bounds = check_bounds(role, bounds or Bounds(), since=day)
    return assign(person, role=role, enterprise=enterprise, since=day, bounds=bounds, actor=actor)


def require_operator(actor: Actor) -> None:
    """Raises: OperatorsOnly unless the installation itself acts, or somebody who looks after it."""
    if actor.is_system:
        allowed = actor.network_id is None
    else:
        allowed = Person.objects.filter(pk=actor.person_id or 0, is_operator=True, is_active=True).exists()
    if not allowed:
        raise OperatorsOnly


def check_role(role: str, enterprise: Enterprise | None) -> None:
    """Raises: UnknownRole, RoleNeedsEnterprise, RoleTakesNoEnterprise."""
    known = roles.ROLES.get(role)
    if known is None:
        raise UnknownRole
    if known.of_enterprise and enterprise is None:
        raise RoleNeedsEnterprise(role=known.label)
    if not known.of_enterprise and enterprise is not None:
        raise RoleTakesNoEnterprise(role=known.label)


def require_granting(actor: Actor, network: Network, role: str, enterprise: Enterprise | None) -> None:
    """Raises: NotAllowed when the actor may not give (or take) that role there."""
    if enterprise is None:
        actor.require(permissions.GRANT_NETWORK_ROLES, network)
    else:
        actor.require(permissions.GRANT_ENTERPRISE_ROLES, enterprise)


def require_may_hold(enterprise: Enterprise | None) -> None:
    """Raises: StandingForbids when the enterprise is no member: its people get no role in the network."""
    if enterprise is not None:
        require_member(Enterprise.objects.get(pk=enterprise.pk), HOLD_ROLE)


def assign(
    person: Person,
    *,
    role: str,
    enterprise: Enterprise | None,
    since: dt.date,
    actor: Actor,
    bounds: Bounds | None = None,
) -> RoleAssignment:
    """Write the assignment, on record; the caller has checked permission and bounds. Part of other operations.

    Raises: StandingForbids.
    """
    require_may_hold(enterprise)
    bounds = bounds or Bounds()
    # The database knows which open-ended role is held already; a role with an end is compared here.
    same = RoleAssignment.objects.filter(RoleAssignment.held_on(since), person=person, role=role, enterprise=enterprise)
    held: RoleAssignment | None = same.exclude(role=roles.CONSULTANT).first()
    if held is not None and (held.until is None or (bounds.until is not None and bounds.until <= held.until)):
        return held
    try:
        with transaction.atomic():
            assignment = RoleAssignment.objects.create(
                person=person, role=role, enterprise=enterprise, since=since, until=bounds.until, task=bounds.task,
                scope=" ".join(bounds.parts),
            )  # fmt: skip
    except IntegrityError:
        lasting: RoleAssignment = RoleAssignment.objects.get(
            person=person, role=role, enterprise=enterprise, until__isnull=True
        )
        return lasting
    said: dict[str, Any] = {"until": bounds.until, "task": bounds.task, "parts": list(bounds.parts)}
    record(
        actor,
        "network.role_granted",
        assignment,
        person=str(person),
        role=role,
        enterprise=str(enterprise) if enterprise else None,
        since=since,
        **{name: value for name, value in said.items() if value},
    )
    emit(RoleGranted(assignment.network_id, person.pk, role, enterprise.pk if enterprise else None))
    return assignment  # type: ignore[no-any-return]


@operation
def end_role(assignment: RoleAssignment, *, actor: Actor, reason: str = "") -> RoleAssignment:
    """End a role as of today; ending it twice changes nothing.

    Raises: NotAllowed; LastCoordinator when the network would be left without coordination.
    """
    # The network's row serialises changes of its coordination: two coordinators ending each other's role.
    network = lock(Network.objects.get(pk=assignment.network_id))
    assignment = lock(assignment)
    require_granting(actor, network, assignment.role, assignment.enterprise)
    today = clock.today()
    if assignment.until is not None and assignment.until <= today:
        return assignment
    if assignment.role == roles.COORDINATION:
        others = RoleAssignment.objects.filter(
            RoleAssignment.held_on(today), role=roles.COORDINATION, enterprise__isnull=True, until__isnull=True
        )
        if not others.exclude(person_id=assignment.person_id).exists():
            raise LastCoordinator(person=assignment.person)
    assignment.until = max(today, assignment.since)
    assignment.save(update_fields=["until"])
    record(
        actor,
        "network.role_ended",
        assignment,
        reason=reason,
        person=str(assignment.person),
        role=assignment.role,
        enterprise=str(assignment.enterprise) if assignment.enterprise else None,
    )
    emit(RoleEnded(assignment.network_id, assignment.person_id, assignment.role, assignment.enterprise_id))
    if assignment.role == roles.COORDINATION:
        _withdraw_invitations(Q(invited_by=assignment.person, enterprise__isnull=True), actor)
    _let_go(assignment.person, actor)
    return assignment


def _let_go(person: Person, actor: Actor) -> None:
    """What ends with the last role in a network: the invitations made there; with the last role anywhere: every way
    that is still open on some device."""
    today = clock.today()
    if RoleAssignment.objects.filter(RoleAssignment.held_on(today), person=person).exists():
        return
    _withdraw_invitations(Q(invited_by=person), actor)
    with tenancy.unscoped("whether somebody still takes part anywhere"):
        elsewhere = RoleAssignment.objects.filter(RoleAssignment.held_on(today), person=person).exists()
    if not elsewhere:
        end_all_sessions(person)


def _withdraw_invitations(which: Q, actor: Actor) -> None:
    """Part of operations: open invitations are worth nothing any more, on record."""
    for invitation in lock_all(
        list(Invitation.objects.filter(which, accepted_at__isnull=True, revoked_at__isnull=True))
    ):
        invitation.revoked_at = clock.now()
        invitation.save(update_fields=["revoked_at"])
        record(actor, "network.invitation_revoked", invitation, name=invitation.name, role=invitation.role)


@operation
def dismiss(person: Person, *, actor: Actor, reason: str) -> int:
    """End every role of a person in the active network at once; returns how many. What they did stays on record.

    Invitations they made, or that wait for their e-mail address, are worth nothing any more.

    Raises: NotAllowed; InvalidValue without a reason or for oneself; LastCoordinator.
    """
    network = Network.objects.get(pk=tenancy.active_network_id() or 0)
    actor.require(permissions.DISMISS, network)
    if not reason.strip():
        raise InvalidValue(_("Diga por que a pessoa é desligada."), field="reason")
    if person.pk == actor.person_id:
        raise InvalidValue(_("Ninguém desliga a si mesmo: peça a outra pessoa da coordenação."), field="reason")
    held = RoleAssignment.objects.filter(person=person).filter(Q(until__isnull=True) | Q(until__gt=clock.today()))
    rows = list(held.order_by("pk"))
    if not rows:
        return 0
    record(actor, "network.dismissed", person, reason=reason.strip(), roles=sorted({row.role for row in rows}))
    for row in rows:
        end_role(row, actor=actor, reason=reason.strip())
    _withdraw_invitations(Q(email__iexact=person.email), actor)
    return len(rows)


@operation
def close_account(person: Person, *, actor: Actor, reason: str) -> Person:
    """Close an account: nobody signs in with it any more and every device is shut out; its history stays.

    Raises: OperatorsOnly; InvalidValue without a reason; LastCoordinator where a network would have nobody left.
    """
    require_operator(actor)
    if not reason.strip():
        raise InvalidValue(_("Diga por que a conta é fechada."), field="reason")
    return _close(person, actor=actor, reason=reason.strip())


@operation
def close_own_account(*, actor: Actor, reason: str = "") -> Person:
    """A person closes their own account; nobody asks why. Only the operator opens it again, without its roles.

    Raises: NotAllowed for whoever is nobody; LastCoordinator where a network would have nobody left.
    """
    if actor.person_id is None:
        raise NotAllowed(act=_("Fechar a própria conta"))
    own = Person.objects.get(pk=actor.person_id)
    return _close(own, actor=actor, reason=reason.strip() or str(_("A própria pessoa fechou a conta")))


@operation
def reopen_account(person: Person, *, actor: Actor, reason: str) -> Person:
    """Open a closed account again: its person signs in as before, with no role until invited. Twice changes nothing.

    Raises: OperatorsOnly; InvalidValue without a reason.
    """
    require_operator(actor)
    if not reason.strip():
        raise InvalidValue(_("Diga por que a conta é reaberta."), field="reason")
    person = lock(person)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        record(actor, "network.account_reopened", person, reason=reason.strip())
    return person


def _close(person: Person, *, actor: Actor, reason: str) -> Person:
    with tenancy.unscoped("a person's own memberships"):
        held = list(RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person=person))
    for row in held:
        with tenancy.activated(row.network_id):
            end_role(row, actor=system(row.network_id, why=actor.name, via=actor.via), reason=reason)
    person = lock(person)
    if person.is_active:
        person.is_active = False
        person.save(update_fields=["is_active"])
        record(actor, "network.account_closed", person, reason=reason)
    end_all_sessions(person)
    return person
