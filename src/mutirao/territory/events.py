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
