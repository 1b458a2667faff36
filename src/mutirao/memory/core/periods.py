# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time as memory keeps it: days nobody remembers exactly, and how far back something lies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Precision = Literal["day", "month", "year", "decade"]
Horizon = Literal["short", "middle", "long"]
SHORT_YEARS, MIDDLE_YEARS = 2, 10
"""Up to two years back is short memory, up to ten middle, beyond long; a person may say otherwise."""
T = TypeVar("T")


def day_of(year: int, month: int | None, day: int | None, *, about: bool = False) -> tuple[dt.date, Precision]:
    """The first day of what somebody remembers, and how exactly: "1987, more or less" is the decade.

    Raises: ValueError for a day without month, or a date that does not exist.
    """
    if day is not None and month is None:
        raise ValueError("a day without its month")
    if about:
        return dt.date(year - year % 10, 1, 1), "decade"
    if month is None:
        return dt.date(year, 1, 1), "year"
    if day is None:
        return dt.date(year, month, 1), "month"
    return dt.date(year, month, day), "day"


def horizon_of(day: dt.date, today: dt.date) -> Horizon:
    """How far back a day lies from today."""
    years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    if years < SHORT_YEARS:
        return "short"
    return "middle" if years < MIDDLE_YEARS else "long"


def days_of(horizon: Horizon, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The days that lie in a horizon: after the first, up to and with the second; None where it has no end."""
    short, middle = _years_before(today, SHORT_YEARS), _years_before(today, MIDDLE_YEARS)
    return {"short": (short, None), "middle": (middle, short), "long": (None, middle)}[horizon]


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True, slots=True)
class Period(Generic[T]):
    """What happened in a year, or some time in a decade."""

    year: int
    is_decade: bool
    items: tuple[T, ...]


def by_period(items: Iterable[tuple[dt.date, Precision, T]]) -> list[Period[T]]:
    """Items by year, the latest first; what is known by its decade only stands below that decade's years.

    Inside a period the order given is kept.
    """
    found: dict[tuple[int, bool], list[T]] = {}
    for day, precision, item in items:
        decade = precision == "decade"
        found.setdefault((day.year - day.year % 10 if decade else day.year, decade), []).append(item)
    # A decade begins with its first year: among equals the year itself comes first.
    ordered = sorted(found, key=lambda key: (-key[0], key[1]))
    return [Period(year, decade, tuple(found[year, decade])) for year, decade in ordered]
