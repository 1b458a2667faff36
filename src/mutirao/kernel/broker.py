# SPDX-License-Identifier: AGPL-3.0-or-later
"""Celery on RabbitMQ, told only which rows of the job table to look at (MUTIRAO_BROKER=amqp://…).

A message is a job's id and may be lost or come twice: whoever gets it claims the row (kernel.jobs), or finds that there
is nothing to claim. What was not taken, what is due only now, and what a dead worker left is announced by the sweep of
every worker (kernel.broker_work), every few seconds; the database gives each row to one of them. Nothing waits inside
the broker: no countdowns, no beat.

Only imported where the setting is there; Celery is not among what the program needs otherwise.
"""

from __future__ import annotations

import logging
import os
import queue
import threading

from celery import Celery
from django.conf import settings
from django.db import close_old_connections

from mutirao.kernel import jobs

logger = logging.getLogger(__name__)

app = Celery("mutirao", broker=settings.BROKER, fixups=[], set_as_current=False)
app.conf.update(
    task_default_queue="mutirao",
    task_default_queue_type="quorum",  # kept on disk; and asks nothing of RabbitMQ that its version 4 gives up
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    worker_consumer="mutirao.kernel.broker_work:Consumer",
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,  # the lease says whose a job is, not the connection
    broker_connection_timeout=4,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={"write_timeout": 5},
    enable_utc=True,
)


@app.task(name="mutirao.run_job")
def run_job(pk: int) -> None:
    """Run one job, if it is still there to be claimed."""
    close_old_connections()
    try:
        for job in jobs.claim(1, only=pk):
            jobs.run(job)
    finally:
        close_old_connections()


# --- announcing -----------------------------------------------------------------------------------------------------


class _Announcer:
    """Hands ids to the broker: in a process that serves from a thread of its own, so that no answer waits for it."""

    def __init__(self) -> None:
        self.directly = False
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        self._ids: queue.Queue[int] = queue.Queue(maxsize=10_000)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell(self, pk: int) -> None:
        if self.directly:
            self._publish(pk)
            return
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._publish_all, name="mutirao-announcer", daemon=True)
                self._thread.start()
        try:
            self._ids.put_nowait(pk)
        except queue.Full:
            logger.warning("job %s is left to the sweep: too many wait to be announced", pk)

    def _publish_all(self) -> None:
        while True:
            self._publish(self._ids.get())

    def _publish(self, pk: int) -> bool:
        try:
            run_job.apply_async(args=[pk], retry=False)
        except Exception as problem:  # noqa: BLE001 - whatever it was, the sweep announces the job again
            logger.warning("job %s could not be announced: %s", pk, type(problem).__name__)
            return False
        return True


announcer = _Announcer()
jobs.announcers.append(announcer.tell)
