# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work of the memory."""

from __future__ import annotations

from mutirao.memory import notifying


def remind_of_drafts() -> int:
    """Remind of drafts that wait to be published; may run any number of times."""
    return notifying.remind_of_drafts()
