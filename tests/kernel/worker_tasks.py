# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work for workers in processes of their own: it notes in the database when it begins and ends."""

from __future__ import annotations

import os
import time

from mutirao.kernel import clock
from mutirao.kernel.models import Job

SLOW = f"{__name__}.slow"
NOTE = "note"


def slow(name: str, seconds: float) -> None:
    """Take some time over it."""
    note(name, "begin")
    time.sleep(seconds)
    note(name, "end")


def note(name: str, what: str) -> None:
    """Rows of the job table serve as notes: done already, nobody takes them."""
    moment = clock.now()
    said = {"name": name, "what": what, "pid": os.getpid(), "group": os.getpgid(0)}
    Job.objects.create(task=NOTE, arguments=said, state=Job.State.DONE, run_after=moment, created_at=moment)


def noted(what: str) -> list[tuple[str, int]]:
    """(name, process group of who noted it), in order."""
    rows = Job.objects.filter(task=NOTE).order_by("pk").values_list("arguments", flat=True)
    return [(row["name"], row["group"]) for row in rows if row["what"] == what]
