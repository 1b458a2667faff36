# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time as memory keeps it."""

from __future__ import annotations

import datetime as dt

import pytest

from mutirao.memory.core.periods import by_period, day_of, days_of, horizon_of

D = dt.date


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((1987, None, None, True), (D(1980, 1, 1), "decade")),
        ((1987, None, None, False), (D(1987, 1, 1), "year")),
        ((1987, 5, None, False), (D(1987, 5, 1), "month")),
        ((1987, 5, 13, False), (D(1987, 5, 13), "day")),
    ],
)
def test_what_is_remembered_is_kept_as_exactly(
    told: tuple[int, int | None, int | None, bool], expected: object
) -> None:
    year, month, day, about = told
    assert day_of(year, month, day, about=about) == expected


@pytest.mark.parametrize(("month", "day"), [(None, 3), (2, 30)])
def test_days_that_cannot_be_are_refused(month: int | None, day: int) -> None:
    with pytest.raises(ValueError, match=r"month|day"):
        day_of(2020, month, day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (D(2025, 1, 1), "short"),
        (D(2024, 3, 3), "short"),
        (D(2024, 3, 2), "middle"),
        (D(2016, 3, 3), "middle"),
        (D(2016, 3, 2), "long"),
    ],
)
def test_two_years_are_short_and_ten_are_long(day: dt.date, expected: str) -> None:
    assert horizon_of(day, D(2026, 3, 2)) == expected


def test_years_come_latest_first_and_a_decade_after_its_years() -> None:
    items = [
        (D(1989, 2, 1), "month", "a"),
        (D(1980, 1, 1), "decade", "b"),
        (D(1980, 5, 1), "month", "c"),
        (D(1989, 1, 1), "year", "d"),
        (D(1979, 1, 1), "year", "e"),
    ]
    found = by_period(items)  # type: ignore[arg-type]
    assert [(one.year, one.is_decade, one.items) for one in found] == [
        (1989, False, ("a", "d")),
        (1980, False, ("c",)),
        (1980, True, ("b",)),
        (1979, False, ("e",)),
    ]


@pytest.mark.parametrize("today", [D(2026, 3, 2), D(2024, 2, 29), D(2025, 2, 28), D(2026, 1, 1)])
def test_the_days_of_the_three_horizons_are_all_days_once_and_agree_with_each_days_own(today: dt.date) -> None:
    for back in range(0, 12 * 366):
        day = today - dt.timedelta(days=back)
        inside = []
        for horizon in ("short", "middle", "long"):
            after, until = days_of(horizon, today)
            if (after is None or day > after) and (until is None or day <= until):
                inside.append(horizon)
        assert inside == [horizon_of(day, today)]
