# SPDX-License-Identifier: AGPL-3.0-or-later
"""People's accounts and the roles they hold."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import differences, snapshot
from mutirao.kernel.errors import InvalidValue, NotAllowed
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.network import permissions, roles
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
from mutirao.network.models import Enterprise, Network, Person, RoleAssignment

OWN_FIELDS = ("name", "phone", "language")


@operation
def create_person(
    *,
    name: str,
    email: str,
    actor: Actor,
    password: str | None = None,
    phone: str = "",
    language: str = "",
    is_operator: bool = False,
) -> Person:
    """Open an account; without a password the person signs in by a code sent to the e-mail address.

    Only the installation itself and accepted invitations open accounts.
    Raises: OperatorsOnly, WeakPassword, AccountExists.
    """
    if not actor.is_system:
        raise OperatorsOnly
    person = Person(
        name=name.strip(), email=email.strip().lower(), phone=phone.strip(), language=language, is_operator=is_operator
    )
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
    person.name, person.phone = name.strip(), phone.strip()
    if language is not None:
        person.language = _known_language(language)
    if changed := differences(before, snapshot(person, OWN_FIELDS)):
        person.save(update_fields=list(changed))
        record(actor, "network.own_data_edited", person, changes=changed)
    return person


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
) -> RoleAssignment:
    """Give a person a role in the active network or in one of its enterprises; one held already stays as it is.

    Raises: UnknownRole, RoleNeedsEnterprise, RoleTakesNoEnterprise, NotAllowed.
    """
    network = Network.objects.get(pk=tenancy.active_network_id() or 0)
    check_role(role, enterprise)
    require_granting(actor, network, role, enterprise)
    return assign(person, role=role, enterprise=enterprise, since=since or clock.today(), actor=actor)


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


def assign(person: Person, *, role: str, enterprise: Enterprise | None, since: dt.date, actor: Actor) -> RoleAssignment:
    """Write the assignment, on record; the caller has checked the permission. Part of other operations.

    Raises: StandingForbids.
    """
    require_may_hold(enterprise)
    try:
        with transaction.atomic():
            assignment = RoleAssignment.objects.create(person=person, role=role, enterprise=enterprise, since=since)
    except IntegrityError:
        held: RoleAssignment = RoleAssignment.objects.get(
            person=person, role=role, enterprise=enterprise, until__isnull=True
        )
        return held
    record(
        actor,
        "network.role_granted",
        assignment,
        person=str(person),
        role=role,
        enterprise=str(enterprise) if enterprise else None,
        since=since,
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
    return assignment
