# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quiet hours and digests: moments at which something may be sent, in the local time of who gets it."""

from __future__ import annotations

import datetime as dt


def after_quiet(local: dt.datetime, start: dt.time, end: dt.time) -> dt.datetime:
    """The first moment from `local` on (aware) that lies outside the quiet hours, which may span midnight.

    `start` belongs to the quiet hours and `end` no longer; equal times mean that there are none.
    """
    at = local.timetz().replace(tzinfo=None)
    if start == end:
        return local
    if start < end:
        is_quiet, ends_today = start <= at < end, True
    else:
        is_quiet, ends_today = at >= start or at < end, at < end
    if not is_quiet:
        return local
    day = local.date() if ends_today else local.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, end, tzinfo=local.tzinfo)


def next_digest(local: dt.datetime, at: dt.time, *, weekly: bool) -> dt.datetime:
    """The next moment after `local` (aware) at which a digest goes out: every day, or on Mondays."""
    day = local.date()
    while True:
        moment = dt.datetime.combine(day, at, tzinfo=local.tzinfo)
        if moment > local and (not weekly or day.weekday() == 0):
            return moment
        day += dt.timedelta(days=1)
