# SPDX-License-Identifier: AGPL-3.0-or-later
"""From which day a role wants the second factor."""

from __future__ import annotations

import datetime as dt


def due_on(*, since: dt.date, rule_since: dt.date, grace_days: int) -> dt.date:
    """The first day on which a role allows nothing without the second factor: the days of grace count from the day the
    role was given, or from the day the network made the rule where that is later.

    Raises: ValueError for negative days of grace.
    """
    if grace_days < 0:
        raise ValueError(f"days of grace are not negative: {grace_days}")
    return max(since, rule_since) + dt.timedelta(days=grace_days)
