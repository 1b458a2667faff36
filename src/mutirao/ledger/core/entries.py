# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an entry says before it stands in a book, and whether it can be posted."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

COOPERATIVE = "cooperative"
NON_COOPERATIVE = "non_cooperative"
ACT_TYPES = (COOPERATIVE, NON_COOPERATIVE)
"""Every line says whether it is a cooperative act: done between a cooperative and its members, or between
cooperatives, towards their purpose; all else is booked apart. Source: Lei 5.764/71, art. 79 and art. 87."""

AMOUNT_LIMIT = 10**15
"""Amounts stay below this many minor units: sums over any number of entries still fit a database integer."""


@dataclass(frozen=True, slots=True)
class LegSpec:
    """One leg: `account` is a purpose of the chart (core/chart.py) or an account's id; `amount_minor` is debit when
    positive and credit when negative; `act_type` is one of ACT_TYPES; `partner_id` the enterprise it concerns."""

    account: str | int
    amount_minor: int
    act_type: str
    partner_id: int | None = None
    memo: str = ""


@dataclass(frozen=True, slots=True)
class EntrySpec:
    """One entry to be posted; `source` is the opaque (kind, id) of what it came from, `key` posts it only once."""

    date: dt.date
    memo: str
    lines: Sequence[LegSpec]
    source: tuple[str, int] | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why legs cannot be posted: `code` is too_few, zero, too_large or unbalanced (by `difference_minor`)."""

    code: str
    difference_minor: int = 0


def check_legs(lines: Sequence[LegSpec]) -> Problem | None:
    """The first reason why these legs make no entry, or None.

    Raises: ValueError for an act type nobody knows, TypeError for an amount that is not a whole number.
    """
    for line in lines:
        if isinstance(line.amount_minor, bool) or not isinstance(line.amount_minor, int):
            raise TypeError(f"amounts are whole minor units, not {line.amount_minor!r}")
        if line.act_type not in ACT_TYPES:
            raise ValueError(f"unknown act type {line.act_type!r}")
        if line.amount_minor == 0:
            return Problem("zero")
        if abs(line.amount_minor) >= AMOUNT_LIMIT:
            return Problem("too_large")
    if len(lines) < 2:
        return Problem("too_few")
    difference = sum(line.amount_minor for line in lines)
    return Problem("unbalanced", difference) if difference else None


def mirrored(lines: Iterable[LegSpec]) -> list[LegSpec]:
    """The legs of a reversal: the same accounts with debit and credit exchanged."""
    return [LegSpec(line.account, -line.amount_minor, line.act_type, line.partner_id, line.memo) for line in lines]


def same_legs(some: Iterable[LegSpec], others: Iterable[LegSpec]) -> bool:
    """Whether two entries move the same amounts, whatever the order of their lines and the words on them."""

    def counted(lines: Iterable[LegSpec]) -> Counter[tuple[str | int, int, str, int | None]]:
        return Counter((line.account, line.amount_minor, line.act_type, line.partner_id) for line in lines)

    return counted(some) == counted(others)


def month_of(date: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the month that holds a date."""
    return date.replace(day=1), date.replace(day=calendar.monthrange(date.year, date.month)[1])
