# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quiet hours and digests in local time."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.notices.core.quiet import LEAD, ROOM, after_quiet, digest_at, in_time, is_quiet, next_digest, remind_at

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


# --- before a deadline -----------------------------------------------------------------------------------------------

NIGHT = (dt.time(21), dt.time(7))


@pytest.mark.parametrize(
    ("wanted", "until", "reminded"),
    [
        ("2026-03-02T09:00", "2026-03-02T15:00", "2026-03-02T09:00"),
        # After the quiet hours, while that leaves an hour.
        ("2026-03-02T04:00", "2026-03-02T10:00", "2026-03-02T07:00"),
        ("2026-03-02T02:00", "2026-03-02T08:00", "2026-03-02T07:00"),
        # Too late in the morning: half an hour before the quiet hours begin.
        ("2026-03-02T01:59", "2026-03-02T07:59", "2026-03-01T20:30"),
        ("2026-03-02T21:00", "2026-03-03T03:00", "2026-03-02T20:30"),
    ],
)
def test_a_reminder_that_would_come_too_late_goes_out_before_the_quiet_hours(
    wanted: str, until: str, reminded: str
) -> None:
    assert remind_at(at(wanted), at(until), *NIGHT, since=at("2026-02-01T12:00")) == at(reminded)


def test_a_deadline_set_in_the_quiet_hours_is_reminded_of_after_them_or_not_at_all() -> None:
    set_at = at("2026-03-01T22:00")
    assert remind_at(at("2026-03-02T01:30"), at("2026-03-02T07:30"), *NIGHT, since=set_at) == at("2026-03-02T07:00")
    assert remind_at(at("2026-03-02T00:30"), at("2026-03-02T06:30"), *NIGHT, since=set_at) is None


def test_what_closes_before_it_could_be_sent_is_not_sent() -> None:
    assert in_time(at("2026-03-02T22:00"), *NIGHT, at("2026-03-03T07:00")) is None
    assert in_time(at("2026-03-02T22:00"), *NIGHT, at("2026-03-03T07:01")) == at("2026-03-03T07:00")
    assert in_time(at("2026-03-02T22:00"), *NIGHT, None) == at("2026-03-03T07:00")


@pytest.mark.parametrize(
    ("told", "until", "sent"),
    [
        ("2026-03-03T12:00", "2026-03-09T07:01", "2026-03-09T07:00"),
        ("2026-03-03T12:00", "2026-03-09T07:00", "2026-03-04T07:00"),
        ("2026-03-03T12:00", "2026-03-03T18:00", "2026-03-03T12:00"),
        ("2026-03-03T05:00", "2026-03-03T07:00", None),
    ],
)
def test_what_cannot_wait_for_the_weekly_digest_goes_out_next_morning_or_by_itself(
    told: str, until: str, sent: str | None
) -> None:
    found = digest_at(at(told), dt.time(7), *NIGHT, weekly=True, until=at(until))
    assert found == (at(sent) if sent else None)


ZONES = st.sampled_from(["America/Sao_Paulo", "Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "UTC"])
MINUTES = st.times().map(lambda time: time.replace(second=0, microsecond=0))
INSTANTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 - made aware
BEFORE = st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(hours=72))


@given(INSTANTS, BEFORE, BEFORE, MINUTES, MINUTES, ZONES)
def test_no_reminder_rings_in_quiet_hours_nor_after_its_deadline_nor_before_anybody_knew(
    until: dt.datetime, hours: dt.timedelta, known: dt.timedelta, start: dt.time, end: dt.time, zone: str
) -> None:
    wanted = (until - hours).astimezone(ZoneInfo(zone))
    since = wanted.astimezone(dt.UTC) - known
    found = remind_at(wanted, until.astimezone(ZoneInfo(zone)), start, end, since=since)
    if found is None:
        return
    moment = found.astimezone(dt.UTC)
    assert since <= moment < until
    assert not is_quiet(moment.astimezone(ZoneInfo(zone)), start, end)
    assert moment >= wanted.astimezone(dt.UTC) - dt.timedelta(hours=25) - LEAD


@given(INSTANTS, BEFORE, MINUTES, MINUTES, ZONES)
def test_whoever_knows_of_a_deadline_for_days_is_always_reminded_and_with_room_left(
    until: dt.datetime, hours: dt.timedelta, start: dt.time, end: dt.time, zone: str
) -> None:
    wanted = (until - max(hours, ROOM)).astimezone(ZoneInfo(zone))
    since = until - dt.timedelta(days=10)
    found = remind_at(wanted, until.astimezone(ZoneInfo(zone)), start, end, since=since)
    assert found is not None
    assert until - found.astimezone(dt.UTC) >= ROOM


@given(INSTANTS, BEFORE, MINUTES, MINUTES, ZONES, st.booleans())
def test_nothing_is_sent_in_quiet_hours_nor_when_it_is_over(
    moment: dt.datetime, left: dt.timedelta, start: dt.time, end: dt.time, zone: str, weekly: bool
) -> None:
    local, until = moment.astimezone(ZoneInfo(zone)), moment + left
    for found in (
        in_time(local, start, end, until),
        digest_at(local, dt.time(7), start, end, weekly=weekly, until=until),
    ):
        if found is not None:
            sent = found.astimezone(dt.UTC)
            assert moment <= sent < until
            assert not is_quiet(sent.astimezone(ZoneInfo(zone)), start, end)
