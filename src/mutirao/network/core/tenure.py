# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long somebody has held something without a break."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

Span = tuple[dt.date, dt.date | None]
"""From a day on, until the first day no longer (None: no end)."""


def held_since(spans: Iterable[Span], day: dt.date) -> dt.date | None:
    """The first day of the unbroken time that reaches `day`; None for what is not held on `day`.

    A span that begins on the day on which another ends goes on from it.
    """
    first: dt.date | None = None
    for start, end in sorted(spans, key=lambda span: span[0], reverse=True):
        reaches = day if first is None else first
        holds = end is None or (end > reaches if first is None else end >= reaches)
        if start <= reaches and holds:
            first = start
    return first
