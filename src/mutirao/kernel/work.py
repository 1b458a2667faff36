# SPDX-License-Identifier: AGPL-3.0-or-later
"""The unit of work: what one operation changes, records and announces stands or falls together.

`@operation` opens a transaction (or joins the one under way). Audit rows are gathered and written when the outermost
operation ends, last of all, so that the chain's head is locked for a moment only and always after every other lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, models, transaction

from mutirao.kernel import authority, clock, events, jobs
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.audit import Note, append_notes
from mutirao.kernel.events import Event

_DEADLOCK_DETECTED = "40P01"
_DEADLOCK_TRIES = 3
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class _Work:
    notes: list[Note] = field(default_factory=list)
    actor: Actor | None = None


_current: ContextVar[_Work | None] = ContextVar("mutirao_work", default=None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction with its audit rows; nested units join the outermost one, each behind a savepoint."""
    outer = _current.get()
    if outer is not None:
        kept = len(outer.notes)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            # What a failed inner operation meant to record did not happen.
            del outer.notes[kept:]
            raise
        return
    work = _Work()
    token = _current.set(work)
    try:
        with transaction.atomic():
            yield
            append_notes(work.notes)
    finally:
        _current.reset(token)


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function an operation: the one kind of function that changes the world."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return once(*args, **kwargs)
        for attempt in range(_DEADLOCK_TRIES):
            try:
                return once(*args, **kwargs)
            except OperationalError as problem:
                # The database broke a deadlock by undoing this whole operation: it may simply be done again.
                deadlock = getattr(problem.__cause__, "sqlstate", None) == _DEADLOCK_DETECTED
                if not deadlock or attempt == _DEADLOCK_TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work(), authority.frame():
            work = _current.get()
            actor = kwargs.get("actor")
            if work is not None and work.actor is None and isinstance(actor, Actor):
                work.actor = actor
            return function(*args, **kwargs)

    return run


def acting(network_id: int) -> Actor:
    """Who began the operation under way, for handlers inside it; the system where nobody is named."""
    work = _current.get()
    if work is not None and work.actor is not None:
        return work.actor
    return system(network_id, why="Mutirão")


def record(actor: Actor, act: str, subject: models.Model, *, reason: str = "", **data: Any) -> None:
    """Append to the audit trail of the subject's network: who, when, what, why, and plain data (no floats).

    Where a role was asked for, the data say in which one the actor acted (`acting_as`), for which enterprise
    (`acting_for`, its id) and, when it was left to the actor by somebody away, in whose place (`in_place_of`, `…_id`).

    Raises: RuntimeError outside an operation.
    """
    work = _current.get()
    if work is None:
        raise RuntimeError("the audit trail is written inside an operation")
    if getattr(subject, "is_tenant", False):
        network_id = subject.pk
    else:
        network_id = getattr(subject, "network_id", None) or actor.network_id or 0
    work.notes.append(
        Note(
            network_id=network_id,
            at=clock.now(),
            actor=actor,
            act=act,
            subject_kind=subject._meta.label_lower,
            subject_id=str(subject.pk),
            subject_label=str(subject)[:200],
            reason=reason,
            data=data,
            grant=authority.of(actor),
        )
    )


def emit(event: Event) -> None:
    """Announce an event: inner handlers run now, the others get it from the outbox after commit.

    Raises: RuntimeError outside an operation.
    """
    if _current.get() is None:
        raise RuntimeError("events are emitted inside an operation")
    for handler in events.handlers_inside(event):
        handler(event)
    payload = events.to_payload(event)
    for name in events.handler_names_after(event):
        jobs.enqueue(jobs.DELIVER_EVENT, {"payload": payload, "handler": name}, network_id=event.network_id)
