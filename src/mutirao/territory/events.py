# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened with partners of the territory."""

from __future__ import annotations

from dataclasses import dataclass

from mutirao.kernel.events import Event


@dataclass(frozen=True, slots=True)
class NextStepSet(Event):
    """Something is to be done with a partner by a day (ISO), by somebody or (None) by the team."""

    partner_id: int
    person_id: int | None
    until: str


@dataclass(frozen=True, slots=True)
class NextStepTaken(Event):
    """A next step is no longer somebody's: given to another, or dropped. `step` as it was."""

    partner_id: int
    person_id: int
    step: str


@dataclass(frozen=True, slots=True)
class CallMoved(Event):
    """The deadline of a public call is another; `before` is the day (ISO) that it was."""

    call_id: int
    before: str


@dataclass(frozen=True, slots=True)
class CallStruck(Event):
    """A public call was struck out: nothing is to be prepared for it."""

    call_id: int
