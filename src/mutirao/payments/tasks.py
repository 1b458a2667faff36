# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work of payments."""

from __future__ import annotations

from mutirao.payments import notifying


def remind_of_charges() -> int:
    """Remind of charges due soon and overdue; may run any number of times."""
    return notifying.remind_of_charges()
