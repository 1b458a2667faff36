# SPDX-License-Identifier: AGPL-3.0-or-later
"""How accounts are protected: who needs a second factor, how a lost one is undone, how an e-mail address changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, fields
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, jobs, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.errors import InvalidValue, NotAllowed
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.network import access, permissions, recovery, roles
from mutirao.network.errors import (
    AccountExists,
    ResetAlreadyAsked,
    ResetByLongStanding,
    ResetByTwo,
    ResetClosed,
    UnknownLink,
    WithoutSecondFactor,
)
from mutirao.network.events import AccountRulesLoosened, SlowResetConfirmed
from mutirao.network.models import AccountRules, Network, Person, RoleAssignment, SecondFactorReset
from mutirao.network.operations.devices import end_all_sessions
from mutirao.network.operations.people import require_operator

SEND_LETTER = "mutirao.network.tasks.send_letter"
CARRY_OUT_RESET = "mutirao.network.tasks.carry_out_reset"
EMAIL_LINK_HOURS = 24
_EMAIL_SALT = "mutirao.network.email_change"
_STOP_SALT = "mutirao.network.second_factor_reset"


def _letter(to: str, template: str, person: Person, /, **words: Any) -> None:
    """Ask for a letter to be sent after commit; its template is in network/letters/."""
    jobs.enqueue(SEND_LETTER, {"to": to, "name": template, "language": person.language, "words": words})


# --- who needs a second factor ---------------------------------------------------------------------------------------


@operation
def edit_account_rules(
    network: Network,
    *,
    second_factor_roles: Collection[str],
    grace_days: int,
    reset_wait_hours: int,
    actor: Actor,
    confirm_after_days: int | None = None,
) -> AccountRules:
    """Decide which of the network's roles want a second factor, after how many days, how long a reset waits, and how
    many days of coordinating it takes to ask for or confirm one (None: as it was).

    A role added to the list gets its days of grace from today. Less of the last two holds only later
    (AccountRules.recovery_on); of anything that protects less, those whom it protected hear.
    Raises: NotAllowed, InvalidValue.
    """
    actor.require(permissions.PROTECT_ACCOUNTS, network)
    if not set(second_factor_roles) <= roles.NETWORK_ROLES:
        raise InvalidValue(_("Só papéis da rede podem pedir a confirmação em duas etapas."), field="roles")
    if not 0 <= grace_days <= 365:
        raise InvalidValue(_("O prazo vai de 0 a 365 dias."), field="grace_days")
    if not 1 <= reset_wait_hours <= 720:
        raise InvalidValue(_("A espera vai de 1 a 720 horas."), field="reset_wait_hours")
    lock(network)
    rules = access.account_rules()
    if confirm_after_days is None:
        confirm_after_days = rules.confirm_after_days
    if not 1 <= confirm_after_days <= 365:
        raise InvalidValue(_("O tempo na coordenação vai de 1 a 365 dias."), field="confirm_after_days")
    before = _asked(rules)
    after = recovery.Asked(tuple(sorted(second_factor_roles)), grace_days, reset_wait_hours, confirm_after_days)
    changed = {
        name: [_plain(old), _plain(getattr(after, name))]
        for name, old in ((field.name, getattr(before, field.name)) for field in fields(before))
        if old != getattr(after, name)
    }
    if rules.pk is not None and not changed:
        return rules
    rules.stricter = _still_stricter(rules, after)
    kept = {role: rules.wanted_since(role) for role in rules.second_factor_roles}
    rules.second_factor_since = {
        role: kept.get(role, clock.today()).isoformat() for role in sorted(second_factor_roles)
    }
    rules.network = network
    rules.second_factor_roles, rules.grace_days = sorted(second_factor_roles), grace_days
    rules.reset_wait_hours, rules.confirm_after_days = reset_wait_hours, confirm_after_days
    rules.save()
    record(actor, "network.account_rules_edited", network, changes=changed)
    if recovery.loosened(before, after):
        emit(AccountRulesLoosened(network.pk, asdict(before), asdict(after)))
    return rules


def _asked(rules: AccountRules) -> recovery.Asked:
    roles_ = tuple(sorted(rules.second_factor_roles))
    return recovery.Asked(roles_, rules.grace_days, rules.reset_wait_hours, rules.confirm_after_days)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _still_stricter(rules: AccountRules, after: recovery.Asked) -> dict[str, Any]:
    """What goes on holding for a while when rules of recovery are loosened."""
    today = clock.today()
    hours, days = rules.recovery_on(today)
    if (rules.reset_wait_hours, rules.confirm_after_days) == (after.reset_wait_hours, after.confirm_after_days):
        return dict(rules.stricter)
    if after.reset_wait_hours >= hours and after.confirm_after_days >= days:
        return {}
    return {"until": (today + dt.timedelta(days=days)).isoformat(), "hours": hours, "days": days}


# --- a lost second factor --------------------------------------------------------------------------------------------


def stop_token(reset: SecondFactorReset) -> str:
    """What the letter's link carries by which its reader stops a reset."""
    return signing.dumps([reset.network_id, reset.pk], salt=_STOP_SALT)


def reset_of(token: str) -> SecondFactorReset:
    """The reset of a letter's link. Raises: UnknownLink."""
    try:
        network_id, pk = signing.loads(token, salt=_STOP_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise UnknownLink from None
    with tenancy.activated(int(network_id)):
        found: SecondFactorReset | None = (
            SecondFactorReset.objects.select_related("person", "network", "asked_by").filter(pk=pk).first()
        )
    if found is None:
        raise UnknownLink
    return found


@operation
def ask_second_factor_reset(person: Person, *, reason: str, site: str, actor: Actor) -> SecondFactorReset:
    """Ask that the lost second factor of a person of the network be undone; somebody else has to confirm.

    The person is told at once by a letter with a link to stop it. `site` is where this installation is reached.
    Raises: NotAllowed, ResetByTwo for oneself, ResetByLongStanding for who coordinates since lately where others do
    for long, WithoutSecondFactor, ResetAlreadyAsked, InvalidValue without a reason.
    """
    network = Network.objects.get(pk=tenancy.active_network_id() or 0)
    actor.require(permissions.PROTECT_ACCOUNTS, network)
    if actor.person_id is None or actor.person_id == person.pk:
        raise ResetByTwo
    if not reason.strip():
        raise InvalidValue(_("Diga como você soube que a pessoa perdeu o acesso."), field="reason")
    if not RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person=person).exists():
        raise NotAllowed(_("Esta pessoa não tem papel nesta rede."))
    if not access.has_second_factor(person):
        raise WithoutSecondFactor(person=person)
    _require(recovery.standing_to_ask(person, actor.person_id))
    try:
        with transaction.atomic():
            reset: SecondFactorReset = SecondFactorReset.objects.create(
                network=network, person=person, reason=reason.strip(), asked_by_id=actor.person_id
            )
    except IntegrityError:
        raise ResetAlreadyAsked(person=person) from None
    record(actor, "network.second_factor_reset_asked", reset, reason=reset.reason, person=str(person))
    _tell_of_reset(reset, "reset_asked", actor.name, site)
    return reset


@operation
def confirm_second_factor_reset(reset: SecondFactorReset, *, site: str, actor: Actor) -> SecondFactorReset:
    """Confirm, as another than who asked, that the second factor be undone when its time to stop it has passed.

    Both have coordinated since long before it was asked for; where there are not two such people it waits longer, and
    the coordination and the fiscal council hear of it. Raises: NotAllowed, ResetClosed, ResetByTwo,
    ResetByLongStanding.
    """
    actor.require(permissions.PROTECT_ACCOUNTS, reset)
    reset = lock(reset)
    if not reset.is_open or reset.confirmed_at is not None:
        raise ResetClosed
    if actor.person_id is None or actor.person_id in (reset.asked_by_id, reset.person_id):
        raise ResetByTwo
    standing = recovery.standing_to_confirm(reset, actor.person_id)
    _require(standing)
    reset.confirmed_by_id, reset.confirmed_at = actor.person_id, clock.now()
    reset.not_before = reset.confirmed_at + recovery.wait_of(standing.slow)
    reset.save(update_fields=["confirmed_by", "confirmed_at", "not_before"])
    record(
        actor,
        "network.second_factor_reset_confirmed",
        reset,
        person=str(reset.person),
        not_before=reset.not_before,
    )
    jobs.enqueue(
        CARRY_OUT_RESET, {"reset_id": reset.pk}, network_id=reset.network_id, run_after=reset.not_before,
        key=f"network.reset.{reset.pk}",
    )  # fmt: skip
    _tell_of_reset(reset, "reset_confirmed", actor.name, site)
    if standing.slow:
        emit(SlowResetConfirmed(reset.network_id, reset.pk))
    return reset


def _require(standing: recovery.Standing) -> None:
    if not standing.may:
        raise ResetByLongStanding(days=standing.days, who=standing.who)


@operation
def stop_second_factor_reset(reset: SecondFactorReset, *, actor: Actor) -> SecondFactorReset:
    """Stop a reset: its person, by the letter's link or signed in, or the coordination or fiscal council; twice is
    once.

    Raises: NotAllowed; ResetClosed when it was carried out already.
    """
    if actor.person_id != reset.person_id:
        actor.require(permissions.STOP_RESET, reset)
    reset = lock(reset)
    if reset.done_at is not None:
        raise ResetClosed
    if reset.stopped_at is None:
        reset.stopped_at = clock.now()
        reset.save(update_fields=["stopped_at"])
        record(actor, "network.second_factor_reset_stopped", reset, person=str(reset.person))
    return reset


@operation
def carry_out_second_factor_reset(reset: SecondFactorReset, *, actor: Actor) -> bool:
    """Undo a person's second factor when two asked, the time has passed and nobody stopped it; False when it is not so.

    Every device is shut out; the person signs in with password or code and sets a new second factor up.
    Raises: NotAllowed unless the program itself does it.
    """
    if not actor.is_system:
        raise NotAllowed
    reset = lock(reset)
    if not reset.is_open or reset.not_before is None or clock.now() < reset.not_before:
        return False
    reset.done_at = clock.now()
    reset.save(update_fields=["done_at"])
    _undo_second_factor(reset.person, actor, "network.second_factor_reset_done")
    _letter(reset.person.email, "reset_done", reset.person, name=reset.person.name, network=str(reset.network))
    return True


@operation
def undo_second_factor(person: Person, *, reason: str, actor: Actor) -> None:
    """The way of last resort: whoever looks after the installation undoes a second factor, on record in each network.

    Raises: OperatorsOnly; InvalidValue without a reason; WithoutSecondFactor.
    """
    require_operator(actor)
    if not reason.strip():
        raise InvalidValue(_("Diga o motivo."), field="reason")
    if not access.has_second_factor(person):
        raise WithoutSecondFactor(person=person)
    _undo_second_factor(person, actor, "network.second_factor_undone", reason=reason.strip())
    _letter(person.email, "reset_done", person, name=person.name, network="Mutirão")


def _undo_second_factor(person: Person, actor: Actor, act: str, reason: str = "") -> None:
    Authenticator.objects.filter(user_id=person.pk).delete()
    end_all_sessions(person)
    for network in access.networks_of(person):
        with tenancy.activated(network):
            record(system(network.pk, why=actor.name, via=actor.via), act, _row_of(person), reason=reason)


def _row_of(person: Person) -> RoleAssignment:
    """A row that belongs to the active network and stands for the person in it: people belong to none."""
    found: RoleAssignment = (
        RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person=person)
        .select_related("person")
        .order_by("pk")[0]
    )
    return found


def _tell_of_reset(reset: SecondFactorReset, name: str, who: str, site: str) -> None:
    _letter(
        reset.person.email,
        name,
        reset.person,
        name=reset.person.name,
        who=who,
        network=str(reset.network),
        reason=reset.reason,
        site=site,
        token=stop_token(reset),
        not_before=reset.not_before.isoformat() if reset.not_before else "",
    )


# --- another e-mail address ------------------------------------------------------------------------------------------


def _seal(person: Person) -> str:
    """Changes with the password: an intruder's link dies when the owner takes a new one."""
    return salted_hmac(_EMAIL_SALT, person.password, algorithm="sha256").hexdigest()[:24]


@operation
def ask_email_change(person: Person, *, email: str, site: str, actor: Actor) -> None:
    """Send a link to a person's new address, and word of it to the one in use; nothing changes before the link is used.

    An address that is somebody's account gets no link, and the answer is the same: nobody learns who has an account.
    Raises: NotAllowed for somebody else; InvalidValue.
    """
    if actor.person_id != person.pk:
        raise NotAllowed
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidValue(_("Isto não parece um endereço de e-mail."), field="email") from None
    if email == person.email:
        raise InvalidValue(_("Este já é o seu e-mail."), field="email")
    if not Person.objects.filter(email=email).exists():
        token = signing.dumps([person.pk, person.email, email, _seal(person)], salt=_EMAIL_SALT)
        _letter(email, "email_new", person, name=person.name, site=site, token=token, hours=EMAIL_LINK_HOURS)
    _letter(person.email, "email_asked", person, name=person.name, site=site, new=veiled(email))
    record(actor, "network.email_change_asked", person)


def email_change_of(token: str) -> tuple[Person, str]:
    """Whose address a link changes, and to which. Raises: UnknownLink when it is not ours, too old or used."""
    try:
        pk, old, new, seal = signing.loads(token, salt=_EMAIL_SALT, max_age=EMAIL_LINK_HOURS * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        raise UnknownLink from None
    person = Person.objects.filter(pk=pk, email=old, is_active=True).first()
    if person is None or not constant_time_compare(seal, _seal(person)):
        raise UnknownLink
    return person, new


@operation
def change_email(token: str, *, actor: Actor) -> Person:
    """Take the new address by the link that was sent to it; the old address is told.

    `actor` is whoever holds the link (the system, by link): to have got it is the proof.
    Raises: UnknownLink; AccountExists when the address became somebody's meanwhile.
    """
    person, new = email_change_of(token)
    person = lock(person)
    old = person.email
    person.email = new
    try:
        with transaction.atomic():
            person.save(update_fields=["email", "folded"])
    except IntegrityError:
        raise AccountExists from None
    # Addresses that were once confirmed would still open the account.
    EmailAddress.objects.filter(user=person).delete()
    record(Actor(name=str(person), person_id=person.pk, via=actor.via), "network.email_changed", person)
    _letter(old, "email_changed", person, name=person.name, new=veiled(new))
    return person


@operation
def prove_address(person: Person, *, chose_password: bool, current_key: str | None, actor: Actor) -> bool:
    """Take it that the account's address is the person's, by a code or a link that was sent there; returns whether a
    password was dropped.

    A password that was set with an invitation's link, before anybody proved the address, may be a stranger's: it goes,
    and so does whoever is signed in with it, unless the person has just chosen it (`chose_password`).

    Raises: NotAllowed.
    """
    if actor.person_id != person.pk:
        raise NotAllowed
    person = lock(person)
    if not person.password_unproved:
        return False
    person.password_unproved = False
    if not chose_password:
        person.set_unusable_password()
    person.save(update_fields=["password_unproved", "password"])
    many = end_all_sessions(person, but=current_key)
    record(actor, "network.address_proved", person, total=many)
    return not chose_password


def veiled(email: str) -> str:
    """An e-mail address that its owner recognises and others do not learn: ma•••@exemplo.coop."""
    name, _at, domain = email.partition("@")
    return f"{name[:2]}•••@{domain}"
