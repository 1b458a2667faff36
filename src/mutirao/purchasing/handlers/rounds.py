# SPDX-License-Identifier: AGPL-3.0-or-later
"""The deadline of a round closes its needs even when nobody looks."""

from __future__ import annotations

import datetime as dt

from mutirao.kernel import jobs
from mutirao.kernel.events import inside
from mutirao.purchasing.events import RoundExtended, RoundOpened, RoundReopened

CLOSE_AT_DEADLINE = "mutirao.purchasing.tasks.close_needs_at_deadline"


def close_at_deadline(event: RoundOpened | RoundExtended | RoundReopened) -> None:
    """Ask for the closing at the deadline; one job for each deadline that the round ever had."""
    jobs.enqueue(
        CLOSE_AT_DEADLINE,
        {"round_id": event.round_id},
        network_id=event.network_id,
        key=f"{CLOSE_AT_DEADLINE}:{event.round_id}:{event.needs_until}"[-120:],
        run_after=dt.datetime.fromisoformat(event.needs_until),
    )


inside(RoundOpened)(close_at_deadline)
inside(RoundExtended)(close_at_deadline)
inside(RoundReopened)(close_at_deadline)
