# SPDX-License-Identifier: AGPL-3.0-or-later
"""The devices on which a person is signed in, and shutting them out."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, NotFound
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network.models import Person


@operation
def end_session(person: Person, *, session_id: int, actor: Actor) -> None:
    """Sign a person out on one device. Raises: NotAllowed for somebody else's; NotFound when it is gone already."""
    if actor.person_id != person.pk:
        raise NotAllowed
    session = UserSession.objects.filter(user=person, pk=session_id).first()
    if session is None:
        raise NotFound
    session.end()
    record(actor, "network.session_ended", person)


@operation
def end_other_sessions(person: Person, *, current_key: str | None, actor: Actor) -> int:
    """Sign a person out everywhere but on the device at hand; returns on how many. Raises: NotAllowed."""
    if actor.person_id != person.pk:
        raise NotAllowed
    many = end_all_sessions(person, but=current_key)
    if many:
        record(actor, "network.sessions_ended", person, total=many)
    return many


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


def end_all_sessions(person: Person, *, but: str | None = None) -> int:
    """Shut every device of a person out, but for one session's key; returns how many. Part of other operations."""
    rows = list(UserSession.objects.filter(user=person).exclude(session_key=but or ""))
    for session in rows:
        session.end()
    return len(rows)
