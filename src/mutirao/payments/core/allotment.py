# SPDX-License-Identifier: AGPL-3.0-or-later
"""How money that comes in is shared among what is owed: the named charge first, then the oldest due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owed:
    """An open charge: what is still owed, in minor units, and when it is due."""

    charge: int
    open_minor: int
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Part:
    """Part of the money, in minor units, for one charge."""

    charge: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Allotment:
    """The parts in the order in which they were given, and what no charge wanted."""

    parts: tuple[Part, ...]
    left_minor: int


def allot(amount_minor: int, owed: Sequence[Owed], *, first: int | None = None) -> Allotment:
    """Share an amount (minor units) out: charge `first`, then oldest due first, ties by the lower charge id.

    Raises: ValueError for a negative amount or an open charge that owes nothing.
    """
    if amount_minor < 0 or any(item.open_minor <= 0 for item in owed):
        raise ValueError("amounts are above zero")
    parts, left = [], amount_minor
    for item in sorted(owed, key=lambda item: (item.charge != first, item.due_on, item.charge)):
        if left == 0:
            break
        taken = min(left, item.open_minor)
        parts.append(Part(item.charge, taken))
        left -= taken
    return Allotment(tuple(parts), left)
