# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened to motions."""

from __future__ import annotations

from dataclasses import dataclass

from mutirao.kernel.events import Event


@dataclass(frozen=True, slots=True)
class _AboutMotion(Event):
    motion_id: int
    source_kind: str
    source_id: int | None


@dataclass(frozen=True, slots=True)
class MotionPut(_AboutMotion):
    """A question was put to enterprises; `answer_until` is an ISO moment, empty without a deadline."""

    answer_until: str


@dataclass(frozen=True, slots=True)
class MotionPassed(_AboutMotion):
    """Enough said yes."""


@dataclass(frozen=True, slots=True)
class MotionRejected(_AboutMotion):
    """Too few said yes, or too few still can."""


@dataclass(frozen=True, slots=True)
class MotionWithdrawn(_AboutMotion):
    """The question was taken back before it was decided."""
