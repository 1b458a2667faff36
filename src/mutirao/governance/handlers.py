# SPDX-License-Identifier: AGPL-3.0-or-later
"""A motion with a deadline asks, in its own transaction, to be closed when the deadline comes."""

from __future__ import annotations

import datetime as dt

from mutirao.governance.events import MotionPut
from mutirao.kernel import jobs
from mutirao.kernel.events import inside

CLOSE_DUE = "mutirao.governance.tasks.close_due_motion"


@inside(MotionPut)
def close_at_deadline(event: MotionPut) -> None:
    """Ask for the closing at the deadline, once a motion."""
    if not event.answer_until:
        return
    jobs.enqueue(
        CLOSE_DUE,
        {"motion_id": event.motion_id},
        network_id=event.network_id,
        key=f"governance.close:{event.motion_id}",
        run_after=dt.datetime.fromisoformat(event.answer_until),
    )
