# SPDX-License-Identifier: AGPL-3.0-or-later
"""A time limit that the pure core can keep: the clock comes from outside, or there is none."""

from __future__ import annotations

from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds that only grow, such as time.monotonic."""


class Timer:
    """How much of a limit of seconds is left. Without a clock no time ever passes."""

    def __init__(self, limit: float, clock: Clock | None = None) -> None:
        if not limit > 0:
            raise ValueError(f"a time limit is more than zero seconds, not {limit}")
        self.limit = limit
        self._clock = clock
        self._start = clock() if clock else 0.0

    def left(self) -> float:
        """Seconds to the limit; below zero past it."""
        return self.limit - (self._clock() - self._start if self._clock else 0.0)

    def past(self, share: float) -> bool:
        """Whether this share of the limit is used up."""
        return self.left() <= self.limit * (1 - share)

    def part(self, share: float) -> Timer:
        """A timer that begins now, for a share of the whole limit but no more than what is left."""
        return Timer(max(0.001, min(share * self.limit, self.left())), self._clock)
