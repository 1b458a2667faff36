# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened in the books."""

from __future__ import annotations

from dataclasses import dataclass

from mutirao.kernel.events import Event


@dataclass(frozen=True, slots=True)
class EntriesPosted(Event):
    """Entries `first_number` to `last_number` of a book were posted together."""

    book_id: int
    first_number: int
    last_number: int


@dataclass(frozen=True, slots=True)
class EntryReversed(Event):
    """An entry was undone by another."""

    entry_id: int
    reversal_id: int


@dataclass(frozen=True, slots=True)
class PeriodClosed(Event):
    """A month of a book takes no more entries."""

    period_id: int


@dataclass(frozen=True, slots=True)
class PeriodReopened(Event):
    """A closed month of a book takes entries again."""

    period_id: int
