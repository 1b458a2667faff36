# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quiet hours, digests and deadlines: moments at which something may be sent, in the local time of who gets it.

Moments are compared as instants, never by the wall clock, which goes back once a year.
"""

from __future__ import annotations

import datetime as dt

ROOM = dt.timedelta(hours=1)
"""What a reminder leaves of the time before its deadline, or there is nothing to be done any more."""
LEAD = dt.timedelta(minutes=30)
"""How long before the quiet hours begin a reminder goes out that would come too late after them."""
MINUTE = dt.timedelta(minutes=1)
MOST_BACK = dt.timedelta(hours=26)
"""Longer than any quiet hours: they end within a day, one hour more where the clocks go back."""


def is_quiet(local: dt.datetime, start: dt.time, end: dt.time) -> bool:
    """Whether a moment lies in the quiet hours, which may span midnight.

    `start` belongs to the quiet hours and `end` no longer; equal times mean that there are none.
    """
    at = local.timetz().replace(tzinfo=None)
    return start <= at < end if start <= end else at >= start or at < end


def after_quiet(local: dt.datetime, start: dt.time, end: dt.time) -> dt.datetime:
    """The first moment from `local` on (aware) that lies outside the quiet hours."""
    if not is_quiet(local, start, end):
        return local
    ends_today = local.timetz().replace(tzinfo=None) < end
    day = local.date() if ends_today else local.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, end, tzinfo=local.tzinfo)


def before_quiet(local: dt.datetime, start: dt.time, end: dt.time) -> dt.datetime | None:
    """`local` where it is not quiet; else LEAD before the quiet hours that it lies in began, by whole minutes from it,
    or where others ended if that is later. None where the quiet hours leave less than a minute of the day."""
    found = local
    while is_quiet(found, start, end):
        found = _earlier(found)
        if _instant(local) - _instant(found) > MOST_BACK:
            return None
    if found == local:
        return local
    began = _instant(found) + MINUTE
    while began - _instant(found) < LEAD and not is_quiet(_earlier(found), start, end):
        found = _earlier(found)
    return found


def in_time(local: dt.datetime, start: dt.time, end: dt.time, until: dt.datetime | None) -> dt.datetime | None:
    """The first moment from `local` on outside the quiet hours; None where that is not before `until`."""
    moment = after_quiet(local, start, end)
    return moment if _is_before(moment, until) else None


def remind_at(
    wanted: dt.datetime, until: dt.datetime, start: dt.time, end: dt.time, *, since: dt.datetime
) -> dt.datetime | None:
    """When to remind of a deadline (`until`): at `wanted`, or when the quiet hours end where that leaves ROOM, or else
    before they begin, but not before `since`, when nobody knew of the deadline. None where it cannot be."""
    later = in_time(wanted, start, end, until)
    if later is not None and (later == wanted or _instant(until) - _instant(later) >= ROOM):
        return later
    earlier = before_quiet(wanted, start, end)
    if earlier is not None and _is_before(earlier, until) and _instant(since) <= _instant(earlier):
        return earlier
    return later


def next_digest(local: dt.datetime, at: dt.time, *, weekly: bool) -> dt.datetime:
    """The next moment after `local` (aware) at which a digest goes out: every day, or on Mondays."""
    day = local.date()
    while True:
        moment = dt.datetime.combine(day, at, tzinfo=local.tzinfo)
        if moment > local and (not weekly or day.weekday() == 0):
            return moment
        day += dt.timedelta(days=1)


def digest_at(
    local: dt.datetime, at: dt.time, start: dt.time, end: dt.time, *, weekly: bool, until: dt.datetime | None
) -> dt.datetime | None:
    """When something goes out in a digest: in the next one; what would be too late then, with the next morning's; what
    is too late for that too, by itself as soon as it is not quiet. None where even that is not before `until`."""
    mornings = (next_digest(local, at, weekly=one) for one in ((True, False) if weekly else (False,)))
    moments = (after_quiet(moment, start, end) for moment in (*mornings, local))
    return next((moment for moment in moments if _is_before(moment, until)), None)


def _is_before(moment: dt.datetime, until: dt.datetime | None) -> bool:
    return until is None or _instant(moment) < _instant(until)


def _instant(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)


def _earlier(moment: dt.datetime) -> dt.datetime:
    return (_instant(moment) - MINUTE).astimezone(moment.tzinfo)
