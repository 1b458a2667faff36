# SPDX-License-Identifier: AGPL-3.0-or-later
"""What would grow for ever and nobody needs any more: done background work, sessions that ran out. And background work
that waits for a day to come because the clock was wrong when it was asked for."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from mutirao.kernel import clock, jobs, periodic
from mutirao.kernel.models import Job

TASK = "mutirao.site.keeping.upkeep.tidy"
JOBS_KEPT = dt.timedelta(days=30)
"""Long enough to ask what became of something; no key of a job comes back after so long."""
SET_RIGHT = "mutirao.site.keeping.upkeep.set_right"
_BATCH = 500
_WRONG_BY = dt.timedelta(hours=1)

periodic.every(dt.timedelta(days=1), TASK)
periodic.every(dt.timedelta(hours=1), SET_RIGHT)


def tidy() -> dict[str, int]:
    """The job: removes both, in small transactions; may run any number of times."""
    return {
        "jobs": jobs.remove_finished(before=clock.now() - JOBS_KEPT, batch=_BATCH),
        "sessions": remove_sessions(batch=_BATCH),
    }


def set_right() -> int:
    """The job: after the clock was set back, work that was due when it was asked for, in what is the future by now, is
    due now; and so is work held by whoever cannot have got so far. Returns how many jobs."""
    moment = clock.now()
    later = moment + _WRONG_BY
    asked = Job.objects.filter(state=Job.State.READY, created_at__gt=later, run_after__lte=F("created_at"))
    count = asked.update(created_at=moment, run_after=moment, lease_until=None)
    return count + Job.objects.filter(state=Job.State.RUNNING, lease_until__gt=later).update(lease_until=moment)


def remove_sessions(*, batch: int) -> int:
    """Delete sessions that ran out, with what is kept of their devices (address, browser); returns how many."""
    removed = 0
    while True:
        over = Session.objects.filter(expire_date__lt=clock.now()).order_by("expire_date")
        keys = list(over.values_list("session_key", flat=True)[:batch])
        with transaction.atomic():
            UserSession.objects.filter(session_key__in=keys).delete()
            removed += Session.objects.filter(session_key__in=keys).delete()[0]
        if len(keys) < batch:
            return removed
