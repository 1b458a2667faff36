# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django_tasks import task
from tests import factories

from mutirao.kernel import clock, events, jobs, tenancy
from mutirao.kernel.actors import system
from mutirao.kernel.models import Job
from mutirao.kernel.work import emit, operation
from mutirao.network.models import Enterprise

ran: list[Any] = []


def note(what: str) -> None:
    ran.append((what, tenancy.active_network_id()))


def wait(seconds: float) -> None:
    time.sleep(seconds)
    connection.close()


def fail(what: str) -> None:
    raise RuntimeError(what)


@task
def note_task(what: str) -> str:
    ran.append(what)
    return what.upper()


@dataclass(frozen=True, slots=True)
class Rang(events.Event):
    times: int


@events.after_commit(Rang)
def on_rang(event: Rang) -> None:
    ran.append(event)


@pytest.fixture(autouse=True)
def _clear() -> None:
    ran.clear()


HERE = __name__


def test_a_job_runs_once_inside_its_network(network: Any) -> None:
    jobs.enqueue(f"{HERE}.note", {"what": "a"}, network_id=network.pk)
    assert jobs.drain() == 1
    assert jobs.drain() == 0
    assert ran == [("a", network.pk)]


def test_the_same_key_is_enqueued_once(db: None) -> None:
    first = jobs.enqueue(f"{HERE}.note", {"what": "a"}, key="k")
    assert jobs.enqueue(f"{HERE}.note", {"what": "a"}, key="k").pk == first.pk
    assert jobs.drain() == 1


def test_a_job_waits_for_its_time(db: None, noon: dt.datetime) -> None:
    jobs.enqueue(f"{HERE}.note", {"what": "later"}, run_after=noon + dt.timedelta(hours=1))
    assert jobs.drain() == 0
    with clock.at(noon + dt.timedelta(hours=2)):
        assert jobs.drain() == 1


def test_a_failing_job_is_tried_again_later_and_stays_visible(db: None, noon: dt.datetime) -> None:
    job = jobs.enqueue(f"{HERE}.fail", {"what": "no"})
    moment = noon
    for _attempt in range(job.max_attempts):
        with clock.at(moment):
            assert jobs.drain() == 1
            assert jobs.drain() == 0
        moment += dt.timedelta(hours=2)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.last_error == "RuntimeError: no"


def test_a_killed_workers_job_is_done_by_another(db: None, noon: dt.datetime) -> None:
    jobs.enqueue(f"{HERE}.note", {"what": "orphan"})
    assert len(jobs.claim()) == 1  # this worker now dies
    assert jobs.drain() == 0
    with clock.at(noon + jobs.LEASE + dt.timedelta(seconds=1)):
        assert jobs.drain() == 1
    assert [what for what, _network in ran] == ["orphan"]


def test_only_who_still_holds_a_job_marks_it(db: None, noon: dt.datetime) -> None:
    jobs.enqueue(f"{HERE}.note", {"what": "slow"})
    [hung] = jobs.claim()
    with clock.at(noon + jobs.LEASE + dt.timedelta(seconds=1)):
        [taken] = jobs.claim()
        assert not jobs.renew(hung)
        jobs.run(hung)  # the machine that hung wakes up
        taken.refresh_from_db()
        assert (taken.state, taken.attempts) == (Job.State.RUNNING, 2)
        jobs.run(taken)
    taken.refresh_from_db()
    assert (taken.state, taken.lease_until) == (Job.State.DONE, None)


def test_what_was_taken_with_a_long_job_is_left_to_who_took_it_over(db: None, noon: dt.datetime) -> None:
    for name in ("first", "second", "third"):
        jobs.enqueue(f"{HERE}.note", {"what": name})
    first, second, third = jobs.claim()
    with clock.at(noon + jobs.LEASE / 2):
        assert jobs.renew(third)
    with clock.at(noon + jobs.LEASE + dt.timedelta(seconds=1)):
        assert {job.pk for job in jobs.claim()} == {first.pk, second.pk}
        assert [jobs.renew(job) for job in (first, second, third)] == [False, False, True]


def test_a_job_that_kills_its_workers_is_given_up(db: None, noon: dt.datetime) -> None:
    job = jobs.enqueue(f"{HERE}.note", {"what": "poison"})
    moment = noon
    for _attempt in range(job.max_attempts):
        with clock.at(moment):
            assert len(jobs.claim()) == 1
        moment += jobs.LEASE + dt.timedelta(seconds=1)
    with clock.at(moment):
        assert jobs.claim() == []
    job.refresh_from_db()
    assert (job.state, job.last_error) == (Job.State.FAILED, "the worker died 6 times")
    assert ran == []


def test_a_worker_that_stops_gives_back_what_it_has_not_begun(db: None) -> None:
    asked = threading.Event()
    jobs.enqueue(f"{HERE}.note", {"what": "a"})
    jobs.enqueue(f"{HERE}.note", {"what": "b"})
    asked.set()
    assert jobs.drain(stopping=asked) == 0
    assert set(Job.objects.values_list("state", "attempts")) == {(Job.State.READY, 0)}
    assert jobs.drain() == 2


@pytest.mark.postgres
def test_a_long_job_keeps_its_lease(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once: PostgreSQL")
    monkeypatch.setattr(jobs, "LEASE", dt.timedelta(seconds=1.5))
    job = jobs.enqueue(f"{HERE}.wait", {"seconds": 4})
    [held] = jobs.claim()
    thread = threading.Thread(target=jobs.run, args=(held,))
    thread.start()
    taken = []
    while thread.is_alive():
        taken += jobs.claim()
        thread.join(0.2)
    assert taken == []
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 1)


def test_a_job_is_announced_once_to_a_broker_and_again_when_nobody_takes_it(
    db: None, noon: dt.datetime, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[int] = []
    monkeypatch.setattr(jobs, "announcers", [told.append])
    with django_capture_on_commit_callbacks(execute=True):
        now = jobs.enqueue(f"{HERE}.note", {"what": "now"}, key="k")
        jobs.enqueue(f"{HERE}.note", {"what": "now"}, key="k")
        later = jobs.enqueue(f"{HERE}.note", {"what": "later"}, run_after=noon + dt.timedelta(hours=1))
    assert told == [now.pk]
    assert jobs.unannounced() == []
    with clock.at(noon + jobs.ANNOUNCED + dt.timedelta(seconds=1)):
        assert jobs.unannounced() == [now.pk]
        assert jobs.unannounced() == []
        [held] = jobs.claim(1, only=now.pk)
        assert jobs.claim(1, only=now.pk) == []  # the message that came twice
    with clock.at(noon + dt.timedelta(hours=1)):
        assert jobs.unannounced() == [now.pk, later.pk]  # what waited, and what a dead worker left
        jobs.run(held)
        now.refresh_from_db()
        assert now.state == Job.State.READY


def test_the_tasks_api_writes_a_job_and_tells_its_result(db: None) -> None:
    result = note_task.enqueue(what="hello")
    assert jobs.drain() == 1
    assert note_task.get_result(result.id).return_value == "HELLO"


def test_an_event_is_delivered_after_commit(network: Any) -> None:
    @operation
    def ring() -> None:
        emit(Rang(network_id=network.pk, times=3))

    ring()
    assert ran == []
    jobs.drain()
    assert ran == [Rang(network_id=network.pk, times=3)]


def test_an_event_of_a_failed_operation_is_never_delivered(network: Any) -> None:
    @operation
    def ring() -> None:
        emit(Rang(network_id=network.pk, times=1))
        raise ValueError("undo")

    with pytest.raises(ValueError, match="undo"):
        ring()
    assert not Job.objects.exists()


def test_the_system_acts_in_its_network_only(network: Any) -> None:
    enterprise = factories.enterprise()
    assert system(network.pk, why="prazo").can("network.edit_enterprise", enterprise)
    assert not system(network.pk + 1, why="prazo").can("network.edit_enterprise", enterprise)
    assert Enterprise.objects.count() == 1
