# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done is forgotten after a month; what gave up, waits or is still open stays."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories

from mutirao.kernel import clock, jobs, periodic
from mutirao.kernel.models import Job
from mutirao.site.keeping import upkeep

DAY = dt.timedelta(days=1)


def job(state: str, at: dt.datetime, **more: object) -> Job:
    ended = at if state in (Job.State.DONE, Job.State.FAILED) else None
    return Job.objects.create(
        task="x.y", state=state, run_after=at, created_at=at - 90 * DAY, finished_at=ended, **more
    )


def test_done_work_goes_after_a_month_and_what_gave_up_stays(db: None, noon: dt.datetime) -> None:
    long_ago, lately = noon - upkeep.JOBS_KEPT - DAY, noon - upkeep.JOBS_KEPT + DAY
    job(Job.State.DONE, long_ago, key="periodic:x:1")
    kept = [
        job(Job.State.DONE, lately),
        job(Job.State.FAILED, long_ago),
        job(Job.State.READY, long_ago),
        job(Job.State.RUNNING, long_ago, lease_until=noon + DAY),
    ]
    assert upkeep.tidy() == {"jobs": 1, "sessions": 0}
    assert set(Job.objects.all()) == set(kept)
    assert upkeep.tidy() == {"jobs": 0, "sessions": 0}


def test_rows_go_a_few_at_a_time(db: None, noon: dt.datetime) -> None:
    for _ in range(7):
        job(Job.State.DONE, noon - 40 * DAY)
    with CaptureQueriesContext(connection) as asked:
        assert jobs.remove_finished(before=noon - 30 * DAY, batch=3) == 7
    assert not Job.objects.exists()
    assert len([one for one in asked.captured_queries if "DELETE FROM" in one["sql"]]) == 3


def test_sessions_that_ran_out_go_with_their_devices(db: None, noon: dt.datetime) -> None:
    person = factories.person()
    for key, until in (("a" * 32, noon - DAY), ("b" * 32, noon + DAY)):
        Session.objects.create(session_key=key, session_data=SessionStore().encode({}), expire_date=until)
        UserSession.objects.create(user=person, session_key=key, ip="203.0.113.9", user_agent="x")
    assert upkeep.tidy()["sessions"] == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["b" * 32]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["b" * 32]


def test_work_asked_for_by_a_clock_that_was_ahead_is_done_now(db: None, noon: dt.datetime) -> None:
    with clock.at(noon + 400 * DAY):
        asked = jobs.enqueue("tests.site.keeping.test_upkeep.nothing", {})
        left = jobs.enqueue("tests.site.keeping.test_upkeep.nothing", {})
        reminder = jobs.enqueue("tests.site.keeping.test_upkeep.nothing", {}, run_after=noon + 402 * DAY)
        Job.objects.filter(pk=left.pk).update(state=Job.State.RUNNING, lease_until=noon + 400 * DAY, attempts=1)
    assert jobs.drain() == 0
    assert upkeep.set_right() == 2
    with clock.at(noon + dt.timedelta(seconds=1)):
        assert jobs.drain() == 2
    assert set(Job.objects.filter(state=Job.State.DONE)) == {asked, left}
    reminder.refresh_from_db()
    assert reminder.run_after == noon + 402 * DAY
    assert upkeep.set_right() == 0


def nothing() -> None:
    """Work."""


def test_it_comes_back_every_day(db: None, noon: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_asked", {})
    job(Job.State.DONE, noon - 40 * DAY)
    periodic.enqueue_due()
    asked = Job.objects.get(task=upkeep.TASK)
    jobs.drain()
    asked.refresh_from_db()
    assert (asked.state, asked.result) == (Job.State.DONE, {"jobs": 1, "sessions": 0})
