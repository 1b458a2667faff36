# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work that comes back: once in each stretch of time, however many processes look.

Each occurrence is a job with a dated key; whoever comes first writes it. An occurrence that nobody was there for is not
made up for: the next one sees all that is due.
"""

from __future__ import annotations

import datetime as dt

from mutirao.kernel import clock, jobs

_registry: dict[str, dt.timedelta] = {}
_asked: dict[str, int] = {}
"""The last occurrence that this process asked for, so that it does not ask the database again."""


def every(period: dt.timedelta, task: str) -> None:
    """Have a task (dotted path, no arguments) run once in each `period`; called at import.

    Raises: ValueError when the task comes back already or the period is shorter than a minute.
    """
    if task in _registry or period < dt.timedelta(minutes=1):
        raise ValueError(f"{task} comes back already, or too often")
    _registry[task] = period


def enqueue_due() -> int:
    """Ask for every occurrence whose time has come; returns how many this process had not asked for yet."""
    asked = 0
    for task, period in _registry.items():
        number = int(clock.now().timestamp() // period.total_seconds())
        if _asked.get(task) != number:
            jobs.enqueue(task, {}, key=f"periodic:{task}:{number}"[-120:])
            _asked[task] = number
            asked += 1
    return asked


jobs.before_drain.append(enqueue_due)
