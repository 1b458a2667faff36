# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of somebody's roles allowed what they are doing: asked for at the check, kept for the trail.

Each operation is a frame: a check inside it speaks for what it records; an operation called by another begins with
what allowed the outer one, and leaves that as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutirao.kernel.actors import Actor, Grant

_frame: ContextVar[dict[Actor, Grant] | None] = ContextVar("mutirao_authority", default=None)


@contextmanager
def frame() -> Iterator[None]:
    """What one operation does, in the roles that allow it."""
    token = _frame.set(dict(_frame.get() or {}))
    try:
        yield
    finally:
        _frame.reset(token)


def allowed_by(actor: Actor, grant: Grant, *, only_to_look: bool = False) -> None:
    """Remember the role in which the actor goes on; outside operations nothing is done, and nothing remembered.

    What was allowed only to look at something does not stand in for what allowed to change it.
    """
    current = _frame.get()
    if current is not None and not (only_to_look and actor in current):
        current[actor] = grant


def of(actor: Actor) -> Grant | None:
    """The role in which the actor acts just now; None where no role was asked for."""
    return (_frame.get() or {}).get(actor)
