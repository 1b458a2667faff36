# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work of governance."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mutirao.governance import notifying, operations
from mutirao.governance.models import Motion
from mutirao.kernel.actors import system


def close_due_motion(motion_id: int) -> str:
    """Decide a motion whose deadline is over; one decided or withdrawn already stays as it is. Returns its state."""
    motion = Motion.objects.get(pk=motion_id)
    actor = system(motion.network_id, why=_("Fim do prazo"))
    return str(operations.close_motion(motion, actor=actor).state)


def remind_of_motion(motion_id: int, since: str) -> int:
    """Remind those who have not answered; may run any number of times."""
    return notifying.remind_of_motion(motion_id, since)
