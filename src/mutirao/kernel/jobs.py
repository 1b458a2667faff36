# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work: rows written in the business transaction, drained after commit by a thread or a worker.

The row is the truth. Whoever runs a job holds a lease on it and renews that while the job runs; a job whose worker died
is taken again when its lease ends, and only who still holds the lease marks how it went. The number of the attempt says
whose lease it is. Tasks must be idempotent all the same: a machine that hung may wake up. A job that fails is tried
again later and later, and stays visible when it gave up.

Who runs jobs: a thread in each process that serves, `./mutirao work`, or Celery (see kernel.broker), which is only told
which rows to look at. All of them claim and run by the functions of this module.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from mutirao.kernel import clock, events, tenancy
from mutirao.kernel.models import Job

logger = logging.getLogger(__name__)

DELIVER_EVENT = "mutirao.kernel.jobs.deliver_event"
LEASE = dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
ANNOUNCED = dt.timedelta(seconds=30)
"""A job that was announced to a broker is announced again when nobody took it for so long."""
_BACKOFF_SECONDS = (5, 30, 120, 600, 3600)

wake = threading.Event()
"""Set after commit when there is something new to do in this process."""

announcers: list[Callable[[int], object]] = []
"""Who is told, after commit, the id of a job that is due (see kernel.broker)."""

before_drain: list[Callable[[], object]] = []
"""What a worker does each time it looks for work, before it takes any (see kernel.periodic)."""


def deliver_event(payload: dict[str, Any], handler: str) -> None:
    """Deliver one event of the outbox to one handler."""
    events.deliver(payload, handler)


# --- asking ---------------------------------------------------------------------------------------------------------


def enqueue(
    task: str,
    arguments: dict[str, Any],
    *,
    network_id: int | None = None,
    key: str | None = None,
    run_after: dt.datetime | None = None,
    queue: str = "default",
) -> Job:
    """Ask for work to be done after commit. `task` is a dotted path; the same `key` is done once."""
    moment = clock.now()
    due = run_after is None or run_after <= moment
    values = {
        "network_id": network_id,
        "task": task,
        "arguments": arguments,
        "queue": queue,
        "run_after": run_after or moment,
        "lease_until": moment + ANNOUNCED if due and announcers else None,
        "created_at": moment,
    }
    if key is None:
        job, created = Job.objects.create(**values), True
    else:
        job, created = Job.objects.get_or_create(key=key, defaults=values)
    transaction.on_commit(partial(_announce, job.pk) if created and due else wake.set)
    return job


def _announce(pk: int) -> None:
    wake.set()
    for tell in announcers:
        tell(pk)


def retry(job: Job) -> None:
    """Put a job that gave up back into the queue, with all its attempts."""
    with transaction.atomic():
        job.state, job.attempts, job.run_after, job.finished_at = Job.State.READY, 0, clock.now(), None
        job.save(update_fields=["state", "attempts", "run_after", "finished_at"])
        transaction.on_commit(partial(_announce, job.pk))


def remove_finished(*, before: dt.datetime, batch: int = 500) -> int:
    """Delete what was done before a moment, a few rows at a time, so that nobody waits for it; returns how many rows.

    What gave up stays until somebody has tried it again. A `key` is remembered as long as its row is there.
    """
    removed = 0
    while True:
        old = Job.objects.filter(state=Job.State.DONE, finished_at__lt=before).order_by("pk")
        keys = list(old.values_list("pk", flat=True)[:batch])
        with transaction.atomic():
            removed += Job.objects.filter(pk__in=keys, state=Job.State.DONE).delete()[0]
        if len(keys) < batch:
            return removed


# --- leases ---------------------------------------------------------------------------------------------------------
# `lease_until` of a running job: who holds it holds it until then. Of a ready one: it was announced; not again before.


def _due(moment: dt.datetime) -> QuerySet[Job]:
    """Jobs whose time has come, and those whose worker is gone."""
    return Job.objects.filter(
        Q(state=Job.State.READY, run_after__lte=moment) | Q(state=Job.State.RUNNING, lease_until__lt=moment)
    )


def _locked(rows: QuerySet[Job], limit: int) -> list[Job]:
    skips = bool(connection.features.has_select_for_update_skip_locked)
    return list(rows.order_by("run_after", "pk").select_for_update(skip_locked=skips)[:limit])


def claim(limit: int = 10, *, only: int | None = None) -> list[Job]:
    """Lease up to `limit` jobs that are due or whose worker is gone; of all, or the one with the id `only`."""
    moment = clock.now()
    with transaction.atomic():
        due = _due(moment)
        rows = _locked(due if only is None else due.filter(pk=only), limit)
        for job in rows:
            if job.attempts >= job.max_attempts:  # its workers died each time: perhaps of it
                job.state, job.lease_until, job.finished_at = Job.State.FAILED, None, moment
                job.last_error = f"the worker died {job.attempts} times"
            else:
                job.state, job.lease_until, job.attempts = Job.State.RUNNING, moment + LEASE, job.attempts + 1
        Job.objects.bulk_update(rows, ["state", "lease_until", "attempts", "last_error", "finished_at"])
    return [job for job in rows if job.state == Job.State.RUNNING]


def unannounced(limit: int = 200) -> list[int]:
    """Ids of jobs that a broker has to be told of, again or now that their time has come; each to one caller only."""
    moment = clock.now()
    with transaction.atomic():
        rows = _locked(_due(moment).filter(Q(lease_until=None) | Q(lease_until__lt=moment)), limit)
        for job in rows:
            job.state, job.lease_until = Job.State.READY, moment + ANNOUNCED
        Job.objects.bulk_update(rows, ["state", "lease_until"])
    return [job.pk for job in rows]


def _held(job: Job) -> QuerySet[Job]:
    """The job's row, as long as nobody else has taken it since."""
    return Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)


def renew(job: Job) -> bool:
    """Hold a job for a lease more; False when another worker has it by now."""
    until = clock.now() + LEASE
    if not _held(job).update(lease_until=until):
        return False
    job.lease_until = until
    return True


@contextmanager
def _renewed(job: Job) -> Iterator[None]:
    """Renew the lease again and again while the job runs, from a thread of its own."""
    if job.state != Job.State.RUNNING:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(job, over), name=f"mutirao-lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew_until(job: Job, over: threading.Event) -> None:
    pause = LEASE.total_seconds() / 3
    wait = pause
    while not over.wait(wait):
        try:
            if not renew(job):
                logger.warning("job %s (%s) ran longer than its lease and was taken over", job.pk, job.task)
                return
            wait = pause
        except DatabaseError:
            logger.warning("the lease of job %s could not be renewed; trying again", job.pk, exc_info=True)
            wait = pause / 10
        finally:
            connection.close()


# --- running --------------------------------------------------------------------------------------------------------


def run(job: Job) -> None:
    """Run a leased job inside its network and mark how it went, unless another worker has it by now."""
    scope = nullcontext() if job.network_id is None else tenancy.activated(job.network_id)
    try:
        function: Callable[..., Any] = import_string(job.task)
        with _renewed(job), scope:
            # A django_tasks Task wraps the function; a plain function is called as it is.
            result = getattr(function, "func", function)(**job.arguments)
    except Exception as problem:
        logger.exception("job %s (%s) failed", job.pk, job.task)
        _mark_failed(job, problem)
    else:
        _mark(job, state=Job.State.DONE, last_error="", result=result, finished_at=clock.now())


def _mark(job: Job, **values: Any) -> None:
    if not _held(job).update(lease_until=None, **values):
        logger.warning("job %s (%s) was taken over; how it went here is not kept", job.pk, job.task)
        return
    for name, value in {"lease_until": None, **values}.items():
        setattr(job, name, value)


def _mark_failed(job: Job, problem: Exception) -> None:
    said = f"{type(problem).__name__}: {problem}"[:2000]
    if job.attempts >= job.max_attempts:
        _mark(job, state=Job.State.FAILED, last_error=said, finished_at=clock.now())
    else:
        wait = _BACKOFF_SECONDS[min(job.attempts, len(_BACKOFF_SECONDS)) - 1]
        again = clock.now() + dt.timedelta(seconds=wait)
        _mark(job, state=Job.State.READY, last_error=said, run_after=again)


def drain(limit: int = 1000, *, stopping: threading.Event | None = None) -> int:
    """Run what is due now, up to `limit` jobs or until `stopping` is set; returns how many were run."""
    done = 0
    while done < limit and (batch := claim(min(10, limit - done))):
        while batch:
            if stopping is not None and stopping.is_set():
                _give_back(batch)
                return done
            job = batch.pop(0)
            # Those before it may have taken long: hold it for a whole lease, or leave it to who took it.
            fresh = job.lease_until is not None and job.lease_until - clock.now() > LEASE * 2 / 3
            if fresh or renew(job):
                run(job)
                done += 1
    return done


def _give_back(batch: list[Job]) -> None:
    """Leave jobs that were not begun to others, as if they had not been taken."""
    for job in batch:
        _held(job).update(state=Job.State.READY, lease_until=None, attempts=job.attempts - 1)


class Worker(threading.Thread):
    """A thread that drains the queue whenever it is woken, and looks by itself now and then; any number may work."""

    def __init__(self, *, idle_seconds: float = 15.0) -> None:
        super().__init__(name="mutirao-worker", daemon=True)
        self._idle_seconds = idle_seconds
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            wake.wait(self._idle_seconds)
            wake.clear()
            if self._stopping.is_set():
                break
            try:
                close_old_connections()
                for look in before_drain:
                    look()
                drain(stopping=self._stopping)
            except Exception:
                logger.exception("the background worker stumbled; it goes on")
            finally:
                close_old_connections()

    def stop(self, timeout: float = 10.0) -> None:
        """Ask the thread to end after the job at hand and wait for it."""
        self._stopping.set()
        wake.set()
        self.join(timeout)
