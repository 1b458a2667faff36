# SPDX-License-Identifier: AGPL-3.0-or-later
"""The devices on which a person is signed in, and shutting them out, and with them the programs that act in the
person's name."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, NotFound
from mutirao.kernel.work import operation, record
from mutirao.network.models import Person
from mutirao.network.operations.tokens import end_all_tokens


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
    """Sign a person out everywhere but on the device at hand, programs too; returns how many. Raises: NotAllowed."""
    if actor.person_id != person.pk:
        raise NotAllowed
    many = end_all_sessions(person, but=current_key)
    if many:
        record(actor, "network.sessions_ended", person, total=many)
    return many


def end_all_sessions(person: Person, *, but: str | None = None) -> int:
    """Shut every device of a person out, but for one session's key, and every program; returns how many. Part of other
    operations."""
    rows = list(UserSession.objects.filter(user=person).exclude(session_key=but or ""))
    for session in rows:
        session.end()
    return len(rows) + end_all_tokens(person)
