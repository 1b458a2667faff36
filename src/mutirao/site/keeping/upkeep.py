# SPDX-License-Identifier: AGPL-3.0-or-later
"""What nobody needs any more and would grow for ever: done background work, sessions that ran out."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from mutirao.kernel import clock, jobs, periodic

TASK = "mutirao.site.keeping.upkeep.tidy"
JOBS_KEPT = dt.timedelta(days=30)
"""Long enough to ask what became of something; no key of a job comes back after so long."""
_BATCH = 500

periodic.every(dt.timedelta(days=1), TASK)


def tidy() -> dict[str, int]:
    """The job: removes both, in small transactions; may run any number of times."""
    return {
        "jobs": jobs.remove_finished(before=clock.now() - JOBS_KEPT, batch=_BATCH),
        "sessions": remove_sessions(batch=_BATCH),
    }


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
