# SPDX-License-Identifier: AGPL-3.0-or-later
"""Programs that act in a person's name: letting one in, ending it. Their secret is seen once, by who made it."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from mutirao.kernel import clock, jobs
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, NotFound
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network import access
from mutirao.network.errors import (
    ExpiryNotOffered,
    TokenNameMissing,
    TokenNameTaken,
    TokenNeedsSecondFactor,
    TokenRefused,
    TooManyTokens,
)
from mutirao.network.models import AccessToken, Person

SEND_LETTER = "mutirao.network.tasks.send_letter"
DAYS = (7, 30, 90, 365)
"""How long a token may work; there is none without an end."""
MOST = 20
"""Tokens that work for one person at a time."""
PREFIX = "mutirao_"
"""Begins every secret, so that programs that look for leaked secrets know one."""
SHOWN = len(PREFIX) + 4
USE_NOTED_EVERY = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Made:
    """A token and its secret, which is kept nowhere."""

    token: AccessToken
    secret: str


@operation
def make_token(person: Person, *, name: str, days: int, reads_only: bool, actor: Actor) -> Made:
    """Let a program act in one's own name for some days (one of DAYS); a letter tells the account's owner.

    Raises: NotAllowed for somebody else's name; TokenNameMissing; TokenNameTaken by one that still works;
    ExpiryNotOffered; TooManyTokens; TokenNeedsSecondFactor while a role of the person wants a second factor that is
    not there.
    """
    if actor.person_id != person.pk:
        raise NotAllowed
    person = lock(person)
    name, moment = name.strip(), clock.now()
    if not name or len(name) > 80:
        raise TokenNameMissing
    if days not in DAYS:
        raise ExpiryNotOffered
    working = AccessToken.objects.filter(person=person, ended_at__isnull=True, expires_at__gt=moment)
    if working.filter(name__iexact=name).exists():
        raise TokenNameTaken(name=name)
    if working.count() >= MOST:
        raise TooManyTokens(most=MOST)
    for network in access.networks_of(person):
        if access.second_factor_due(access.actor_for(person, network)) is not None:
            raise TokenNeedsSecondFactor(network=network)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        person=person, name=name, prefix=secret[:SHOWN], digest=digest_of(secret), reads_only=reads_only,
        created_at=moment, expires_at=moment + dt.timedelta(days=days),
    )  # fmt: skip
    record(actor, "network.token_made", person, name=name, days=days, reads_only=reads_only)
    words = {"name": person.name, "token": name}
    letter = {"to": person.email, "name": "token_made", "language": person.language, "words": words}
    jobs.enqueue(SEND_LETTER, letter)
    return Made(token, secret)


@operation
def end_token(token: AccessToken, *, actor: Actor) -> AccessToken:
    """Shut a program out; twice changes nothing. Raises: NotFound for somebody else's."""
    if actor.person_id != token.person_id:
        raise NotFound
    token = lock(token)
    if token.ended_at is None:
        token.ended_at = clock.now()
        token.save(update_fields=["ended_at"])
        record(actor, "network.token_ended", token.person, name=token.name)
    return token


@operation
def end_tokens_of(person: Person, *, actor: Actor) -> int:
    """Shut every program of a person out, when the account's keys changed; returns how many. Raises: NotAllowed."""
    if actor.person_id != person.pk:
        raise NotAllowed
    many = end_all_tokens(person)
    if many:
        record(actor, "network.tokens_ended", person, total=many)
    return many


def end_all_tokens(person: Person) -> int:
    """Shut every program of a person out; returns how many. Part of other operations."""
    rows = AccessToken.objects.filter(person=person, ended_at__isnull=True, expires_at__gt=clock.now())
    return int(rows.update(ended_at=clock.now()))


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 bits of chance, so one round of SHA-256 is as good as many."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(secret: str) -> AccessToken:
    """The working token of a secret, with its person; notes now and then that it is in use.

    Raises: TokenRefused, in the same words whether it never was, ran out, was ended, or its account is closed.
    """
    moment = clock.now()
    rows = AccessToken.objects.select_related("person").filter(digest=digest_of(secret), person__is_active=True)
    found = rows.first()
    if found is None or not found.works_at(moment):
        raise TokenRefused
    if found.last_used_at is None or moment - found.last_used_at >= USE_NOTED_EVERY:
        AccessToken.objects.filter(pk=found.pk).update(last_used_at=moment)
    return found
