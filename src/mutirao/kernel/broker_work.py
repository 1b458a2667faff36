# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Celery worker: what it does besides running jobs (kernel.broker) is to look for those that must be announced."""

from __future__ import annotations

import logging
from typing import Any

from celery import bootsteps, signals
from celery.worker import consumer
from celery.worker.consumer.delayed_delivery import DelayedDelivery
from django.db import close_old_connections, connections

from mutirao.kernel import broker, jobs

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 3.0


class Consumer(consumer.Consumer):  # type: ignore[misc]
    """Celery's, without the thirty queues for messages that wait: here nothing waits inside the broker."""

    class Blueprint(consumer.Consumer.Blueprint):  # type: ignore[misc]
        default_steps = [
            step
            for step in consumer.Consumer.Blueprint.default_steps
            if not step.endswith(f":{DelayedDelivery.__name__}")
        ]


def sweep() -> None:
    """Ask for what comes back, and announce what is due and not taken; many may do it at once."""
    try:
        close_old_connections()
        for look in jobs.before_drain:
            look()
        for pk in jobs.unannounced():
            broker.announcer.tell(pk)
    except Exception:
        logger.exception("looking for work to announce stumbled; it goes on")
    finally:
        connections.close_all()  # whoever is forked from here inherits no connection


class Sweep(bootsteps.StartStopStep):  # type: ignore[misc]
    """The sweep, in the worker's own round of events: no further process, and no thread beside a fork."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._entry: Any = None

    def start(self, worker: Any) -> None:
        self._entry = worker.timer.call_repeatedly(SWEEP_SECONDS, sweep)

    def stop(self, worker: Any) -> None:
        if self._entry is not None:
            self._entry.cancel()


broker.app.steps["worker"].add(Sweep)


@signals.setup_logging.connect
def _keep_our_logging(**_more: Any) -> None:
    """Celery sets no logging of its own up where somebody listens here."""


@signals.worker_process_init.connect
def _forget_connections(**_more: Any) -> None:
    connections.close_all()


def work(processes: int) -> int:
    """Be a Celery worker with so many processes until asked to stop; returns an exit code."""
    broker.announcer.directly = True
    worker = broker.app.Worker(
        concurrency=processes,
        pool_cls="prefork",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="WARNING",
    )
    worker.start()
    return int(worker.exitcode or 0)
