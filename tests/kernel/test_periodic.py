# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work that comes back is done once in each stretch of time, however many processes look."""

from __future__ import annotations

import datetime as dt

import pytest

from mutirao.kernel import clock, jobs, periodic
from mutirao.kernel.models import Job

TASK = "tests.kernel.test_periodic.ring"
rung: list[dt.datetime] = []


def ring() -> None:
    rung.append(clock.now())


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_registry", {})
    monkeypatch.setattr(periodic, "_asked", {})
    rung.clear()
    periodic.every(dt.timedelta(hours=6), TASK)


def another_process() -> None:
    periodic._asked.clear()


def test_an_occurrence_is_done_once_though_two_processes_ask(db: None, noon: dt.datetime) -> None:
    assert periodic.enqueue_due() == 1
    assert periodic.enqueue_due() == 0
    another_process()
    periodic.enqueue_due()
    jobs.drain()
    assert rung == [noon]
    assert Job.objects.count() == 1


def test_the_next_stretch_brings_it_again_and_missed_ones_are_not_made_up_for(db: None, noon: dt.datetime) -> None:
    periodic.enqueue_due()
    with clock.at(noon + dt.timedelta(hours=5, minutes=59)):
        another_process()
        periodic.enqueue_due()
    later = noon + dt.timedelta(days=2)
    with clock.at(later):
        periodic.enqueue_due()
        jobs.drain()
    assert Job.objects.count() == 3
    assert len(rung) == 3


def test_a_task_comes_back_at_one_pace_only(db: None) -> None:
    with pytest.raises(ValueError, match="already"):
        periodic.every(dt.timedelta(hours=1), TASK)


def test_a_worker_looks_for_it_by_itself() -> None:
    assert periodic.enqueue_due in jobs.before_drain
