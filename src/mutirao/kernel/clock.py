# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place that asks what time it is, so that a story can be told at its own time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_frozen: ContextVar[dt.datetime | None] = ContextVar("mutirao_clock", default=None)


def now() -> dt.datetime:
    """The present moment, aware."""
    return _frozen.get() or timezone.now()


def today() -> dt.date:
    """The present day where the person is (the active time zone)."""
    return timezone.localdate(now())


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Hold the clock at an aware moment, for examples and tests."""
    if timezone.is_naive(moment):
        raise ValueError("the clock wants an aware moment")
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
