# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened to moments and to the leave of those shown."""

from __future__ import annotations

from dataclasses import dataclass

from mutirao.kernel.events import Event


@dataclass(frozen=True, slots=True)
class MomentWritten(Event):
    """Somebody told a moment; it is a draft. `publishes`: whether they may publish it themselves."""

    moment_id: int
    publishes: bool


@dataclass(frozen=True, slots=True)
class LeaveTakenBack(Event):
    """Somebody shown took the leave back; nothing says who."""

    moment_id: int
    portrayal_id: int
