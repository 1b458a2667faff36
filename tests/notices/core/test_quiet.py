# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quiet hours and digests in local time."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.notices.core.quiet import after_quiet, next_digest

HERE = ZoneInfo("America/Sao_Paulo")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        ("2026-03-02T20:59", "2026-03-02T20:59"),
        ("2026-03-02T21:00", "2026-03-03T07:00"),
        ("2026-03-02T23:59", "2026-03-03T07:00"),
        ("2026-03-03T00:00", "2026-03-03T07:00"),
        ("2026-03-03T06:59", "2026-03-03T07:00"),
        ("2026-03-03T07:00", "2026-03-03T07:00"),
    ],
)
def test_nothing_rings_from_nine_in_the_evening_to_seven(moment: str, sent: str) -> None:
    assert after_quiet(at(moment), dt.time(21), dt.time(7)) == at(sent)


def test_quiet_hours_may_lie_within_a_day_and_equal_times_are_none() -> None:
    assert after_quiet(at("2026-03-02T12:30"), dt.time(12), dt.time(14)) == at("2026-03-02T14:00")
    assert after_quiet(at("2026-03-02T15:00"), dt.time(12), dt.time(14)) == at("2026-03-02T15:00")
    assert after_quiet(at("2026-03-02T12:00"), dt.time(12), dt.time(12)) == at("2026-03-02T12:00")


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    st.times(),
    st.times(),
)
def test_what_is_sent_is_never_early_never_quiet_and_within_a_day(
    moment: dt.datetime, start: dt.time, end: dt.time
) -> None:
    local = moment.replace(tzinfo=dt.UTC)
    sent = after_quiet(local, start, end)
    assert local <= sent <= local + dt.timedelta(days=1)
    assert after_quiet(sent, start, end) == sent


@pytest.mark.parametrize(
    ("zone", "evening", "morning"),
    [
        # The clocks go forward in the night: an hour less to wait.
        ("Europe/Paris", "2026-03-28T22:00+01:00", "2026-03-29T05:00Z"),
        ("America/Santiago", "2026-09-05T22:00-04:00", "2026-09-06T10:00Z"),
        # And back: an hour more.
        ("Europe/Paris", "2026-10-24T22:00+02:00", "2026-10-25T06:00Z"),
        # Paraguay keeps its summer time all year since 2024.
        ("America/Asuncion", "2026-03-21T22:00-03:00", "2026-03-22T10:00Z"),
    ],
)
def test_the_morning_is_the_mornings_own_whatever_the_clocks_did_in_the_night(
    zone: str, evening: str, morning: str
) -> None:
    local = dt.datetime.fromisoformat(evening).astimezone(ZoneInfo(zone))
    assert after_quiet(local, dt.time(21), dt.time(7)).astimezone(dt.UTC) == dt.datetime.fromisoformat(morning)


def test_digests_go_out_next_morning_or_next_monday() -> None:
    assert next_digest(at("2026-03-02T06:59"), dt.time(7), weekly=False) == at("2026-03-02T07:00")
    assert next_digest(at("2026-03-02T07:00"), dt.time(7), weekly=False) == at("2026-03-03T07:00")
    assert next_digest(at("2026-03-02T07:00"), dt.time(7), weekly=True) == at("2026-03-09T07:00")
