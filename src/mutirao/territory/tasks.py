# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work of the territory."""

from __future__ import annotations

from mutirao.territory import notifying


def remind_of_days() -> int:
    """Remind of next steps and public calls; may run any number of times."""
    return notifying.remind_of_days()
