# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invitations by link: made, accepted with an account old or new, taken back."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.errors import InvalidValue
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network import access, permissions
from mutirao.network.errors import (
    AccountExists,
    InvitationExpired,
    InvitationForSomeoneElse,
    InvitationRevoked,
    InvitationUsed,
    UnknownInvitation,
)
from mutirao.network.models import Enterprise, Invitation, Network, Person, RoleAssignment
from mutirao.network.operations.people import (
    Bounds,
    assign,
    check_bounds,
    check_role,
    create_person,
    require_granting,
    require_may_hold,
)

DAYS_VALID = 14
LONGEST_DAYS = 90
TOKEN_BYTES = 15
"""120 bits: nobody guesses them, and the link stays short enough to be typed from a paper (20 characters)."""


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation and its token; the token is nowhere kept and cannot be shown again."""

    invitation: Invitation
    token: str


def hash_of(token: str) -> str:
    """What is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def _token_for(key: str, *content: object) -> str:
    """A fresh token; for one key and content always the same, so that a form sent twice makes one invitation."""
    if not key:
        return secrets.token_urlsafe(TOKEN_BYTES)
    digest = salted_hmac("mutirao.network.invitation", repr((key, *content)), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


@operation
def invite(
    network: Network,
    *,
    role: str,
    actor: Actor,
    enterprise: Enterprise | None = None,
    name: str = "",
    email: str = "",
    days: int = DAYS_VALID,
    bounds: Bounds | None = None,
    key: str = "",
    replaces: Invitation | None = None,
) -> Issued:
    """Make an invitation into a role; its link is for whoever holds it, or only for one e-mail address when given.

    `key` is the sender's: the same form sent again gives the same link. `replaces`: one that ran out, put away by this.
    Raises: NotAllowed, UnknownRole, RoleNeedsEnterprise, RoleTakesNoEnterprise; InvalidValue, also for a consultancy
    without its parts, task and end.
    """
    check_role(role, enterprise)
    require_granting(actor, network, role, enterprise)
    require_may_hold(enterprise)
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidValue(_("Um convite vale de 1 a %(days)s dias."), field="days", days=LONGEST_DAYS)
    bounds = check_bounds(role, bounds or Bounds(), since=clock.today())
    name, email = name.strip(), email.strip().lower()
    token = _token_for(key, network.pk, role, enterprise.pk if enterprise else None, name, email, days, bounds)
    now = clock.now()
    invitation, is_new = Invitation.objects.get_or_create(
        token_hash=hash_of(token),
        network=network,
        defaults={
            "name": name,
            "email": email,
            "role": role,
            "enterprise": enterprise,
            "invited_by_id": actor.person_id,
            "created_at": now,
            "expires_at": now + dt.timedelta(days=days),
            "role_until": bounds.until,
            "task": bounds.task,
            "scope": " ".join(bounds.parts),
        },
    )
    if is_new:
        record(
            actor,
            "network.invited",
            invitation,
            name=invitation.name,
            role=role,
            enterprise=str(enterprise) if enterprise else None,
            expires_at=invitation.expires_at,
        )
        if replaces is not None:
            revoke_invitation(replaces, actor=actor)
    return Issued(invitation, token)


def invitation_of(token: str) -> Invitation:
    """The invitation of a token that can still be accepted; looked up across networks, for the link names none.

    Raises: UnknownInvitation, InvitationRevoked, InvitationUsed, InvitationExpired.
    """
    invitation = _find(token)
    _check_usable(invitation)
    return invitation


def network_of(token: str) -> Network:
    """The network that an invitation is for, usable or not. Raises: UnknownInvitation."""
    return _find(token).network


def _find(token: str) -> Invitation:
    with tenancy.unscoped("an invitation link names no network"):
        invitation: Invitation | None = (
            Invitation.objects.select_related("network", "enterprise", "invited_by")
            .filter(token_hash=hash_of(token))
            .first()
        )
    if invitation is None:
        raise UnknownInvitation
    return invitation


def _check_usable(invitation: Invitation) -> None:
    if invitation.revoked_at is not None:
        raise InvitationRevoked
    if invitation.accepted_at is not None:
        raise InvitationUsed
    if not invitation.is_usable(clock.now()):
        raise InvitationExpired


def veiled_email(email: str) -> str:
    """An e-mail address that its owner recognises and others do not learn: ma•••@exemplo.coop."""
    name, _at, domain = email.partition("@")
    return f"{name[:2]}•••@{domain}"


def _check_address(invitation: Invitation, email: str) -> None:
    if invitation.email and invitation.email != email.strip().lower():
        raise InvitationForSomeoneElse(email=veiled_email(invitation.email))


@operation
def accept_invitation(token: str, *, actor: Actor) -> RoleAssignment:
    """Accept as the signed-in person; accepting again one's own accepted invitation changes nothing.

    Raises: UnknownInvitation, InvitationRevoked, InvitationUsed, InvitationExpired, InvitationForSomeoneElse.
    """
    found = _find(token)
    person = Person.objects.get(pk=actor.person_id or 0)
    with access.inside(found.network):
        invitation = lock(found)
        if invitation.accepted_by_id == person.pk and (held := _held(invitation, person)) is not None:
            return held
        _check_usable(invitation)
        _check_address(invitation, person.email)
        invitation.accepted_at, invitation.accepted_by = clock.now(), person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        record(actor, "network.invitation_accepted", invitation, person=str(person))
        today = clock.today()
        if invitation.role_until is not None and invitation.role_until <= today:
            raise InvitationExpired
        bounds = Bounds(until=invitation.role_until, task=invitation.task, parts=tuple(invitation.scope.split()))
        return assign(
            person, role=invitation.role, enterprise=invitation.enterprise, since=today, bounds=bounds, actor=actor
        )


def _held(invitation: Invitation, person: Person) -> RoleAssignment | None:
    """The role that the invitation gave, while it is held: an old link must not give back what was ended."""
    rows = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person=person)
    held: RoleAssignment | None = rows.filter(role=invitation.role, enterprise=invitation.enterprise).first()
    return held


@operation
def open_account(token: str, *, name: str, email: str, phone: str = "", language: str = "") -> Person:
    """Open an account without password for whoever holds a usable invitation; the existing one where there is one.

    The person still has to prove the address by the code sent to it, and then accepts as a signed-in person.
    Raises: as `invitation_of`; InvitationForSomeoneElse.
    """
    invitation = invitation_of(token)
    _check_address(invitation, email)
    existing = Person.objects.filter(email=email.strip().lower()).first()
    if existing is not None:
        return existing
    guest = system(None, why=name.strip(), via="link")
    country = invitation.network.country
    return create_person(name=name, email=email, phone=phone, language=language, country=country, actor=guest)


@operation
def accept_with_new_account(
    token: str, *, name: str, email: str, password: str, phone: str = "", language: str = ""
) -> Person:
    """Open an account with a password and accept in one step.

    The link may have gone through many hands: the password holds until the address is proved (`prove_address`).

    Raises: as `invitation_of`; InvitationForSomeoneElse, AccountExists, WeakPassword.
    """
    invitation = invitation_of(token)
    _check_address(invitation, email)
    if Person.objects.filter(email=email.strip().lower()).exists():
        raise AccountExists
    guest = system(None, why=name.strip(), via="link")
    person = create_person(
        name=name, email=email, password=password, phone=phone, language=language, actor=guest,
        country=invitation.network.country,
    )  # fmt: skip
    person.password_unproved = True
    person.save(update_fields=["password_unproved"])
    accept_invitation(
        token,
        actor=Actor(name=str(person), person_id=person.pk, network_id=invitation.network_id, via="link"),
    )
    return person


@operation
def revoke_invitation(invitation: Invitation, *, actor: Actor) -> Invitation:
    """Take an invitation back; doing it twice changes nothing.

    Raises: NotAllowed; InvitationUsed when it was accepted already.
    """
    if invitation.enterprise is None:
        actor.require(permissions.GRANT_NETWORK_ROLES, invitation)
    else:
        actor.require(permissions.GRANT_ENTERPRISE_ROLES, invitation)
    invitation = lock(invitation)
    if invitation.accepted_at is not None:
        raise InvitationUsed
    if invitation.revoked_at is None:
        invitation.revoked_at = clock.now()
        invitation.save(update_fields=["revoked_at"])
        record(actor, "network.invitation_revoked", invitation, name=invitation.name, role=invitation.role)
    return invitation
