# SPDX-License-Identifier: AGPL-3.0-or-later
"""A motion with a deadline asks to be closed when it comes; who ceases to be a member is no longer asked."""

from __future__ import annotations

import datetime as dt

from mutirao.governance import operations
from mutirao.governance.events import MotionPut
from mutirao.kernel import jobs
from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.network.core.standing import MEMBER
from mutirao.network.events import StandingChanged
from mutirao.network.models import Enterprise

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


@inside(StandingChanged)
def release_voter(event: StandingChanged) -> None:
    """An enterprise that ceases to be a member is no longer waited for in open motions."""
    if event.before == MEMBER:
        enterprise = Enterprise.objects.get(pk=event.enterprise_id)
        operations.release_from_motions(enterprise, actor=acting(event.network_id))
