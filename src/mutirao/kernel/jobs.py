# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work: rows written in the business transaction, drained after commit by a thread or a worker.

A job is leased, run, and marked; a job whose worker died is taken again when its lease ends. Tasks must therefore be
idempotent. A job that fails is tried again later and later, and stays visible when it gave up.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.utils.module_loading import import_string

from mutirao.kernel import clock, events, tenancy
from mutirao.kernel.models import Job

logger = logging.getLogger(__name__)

DELIVER_EVENT = "mutirao.kernel.jobs.deliver_event"
LEASE = dt.timedelta(minutes=5)
_BACKOFF_SECONDS = (5, 30, 120, 600, 3600)

wake = threading.Event()
"""Set after commit when there is something new to do in this process."""


before_drain: list[Callable[[], object]] = []
"""What a worker does each time it looks for work, before it takes any (see kernel.periodic)."""


def deliver_event(payload: dict[str, Any], handler: str) -> None:
    """Deliver one event of the outbox to one handler."""
    events.deliver(payload, handler)


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
    values = {
        "network_id": network_id,
        "task": task,
        "arguments": arguments,
        "queue": queue,
        "run_after": run_after or moment,
        "created_at": moment,
    }
    if key is None:
        job = Job.objects.create(**values)
    else:
        job, _created = Job.objects.get_or_create(key=key, defaults=values)
    transaction.on_commit(wake.set)
    return job


def claim(limit: int = 10) -> list[Job]:
    """Lease up to `limit` jobs that are due or whose worker is gone."""
    moment = clock.now()
    with transaction.atomic():
        due = Job.objects.filter(state=Job.State.READY, run_after__lte=moment) | Job.objects.filter(
            state=Job.State.RUNNING, lease_until__lt=moment
        )
        rows = list(due.order_by("run_after", "pk").select_for_update(skip_locked=_skips_locked())[:limit])
        for job in rows:
            job.state = Job.State.RUNNING
            job.lease_until = moment + LEASE
            job.attempts += 1
        Job.objects.bulk_update(rows, ["state", "lease_until", "attempts"])
    return rows


def _skips_locked() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)


def run(job: Job) -> None:
    """Run a leased job inside its network and mark how it went."""
    scope = nullcontext() if job.network_id is None else tenancy.activated(job.network_id)
    try:
        function: Callable[..., Any] = import_string(job.task)
        with scope:
            # A django_tasks Task wraps the function; a plain function is called as it is.
            result = getattr(function, "func", function)(**job.arguments)
    except Exception as problem:
        logger.exception("job %s (%s) failed", job.pk, job.task)
        _mark_failed(job, problem)
    else:
        job.state, job.lease_until, job.last_error = Job.State.DONE, None, ""
        job.result, job.finished_at = result, clock.now()
        job.save(update_fields=["state", "lease_until", "last_error", "result", "finished_at"])


def _mark_failed(job: Job, problem: Exception) -> None:
    job.last_error = f"{type(problem).__name__}: {problem}"[:2000]
    job.lease_until = None
    if job.attempts >= job.max_attempts:
        job.state, job.finished_at = Job.State.FAILED, clock.now()
    else:
        wait = _BACKOFF_SECONDS[min(job.attempts, len(_BACKOFF_SECONDS)) - 1]
        job.state, job.run_after = Job.State.READY, clock.now() + dt.timedelta(seconds=wait)
    job.save(update_fields=["last_error", "lease_until", "state", "finished_at", "run_after"])


def retry(job: Job) -> None:
    """Put a job that gave up back into the queue, with all its attempts."""
    with transaction.atomic():
        job.state, job.attempts, job.run_after, job.finished_at = Job.State.READY, 0, clock.now(), None
        job.save(update_fields=["state", "attempts", "run_after", "finished_at"])
        transaction.on_commit(wake.set)


def drain(limit: int = 1000) -> int:
    """Run what is due now, up to `limit` jobs; returns how many were run."""
    done = 0
    while done < limit and (batch := claim(min(10, limit - done))):
        for job in batch:
            run(job)
            done += 1
    return done


class Worker(threading.Thread):
    """The embedded worker: a thread that drains the queue whenever it is woken, and looks by itself now and then."""

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
                drain()
            except Exception:
                logger.exception("the background worker stumbled; it goes on")
            finally:
                close_old_connections()

    def stop(self, timeout: float = 10.0) -> None:
        """Ask the thread to end after the job at hand and wait for it."""
        self._stopping.set()
        wake.set()
        self.join(timeout)
