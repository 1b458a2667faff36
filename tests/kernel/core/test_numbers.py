# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mutirao.kernel.core.numbers import parse_date, parse_decimal


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("R$ 3,20", "3.20"), ("1234.5", "1234.5"), ("12,5", "12.5"),
        ("1.234", "1234"), ("0.125", "0.125"), ("1.234.567", "1234567"), ("1,234,567", "1234567"), ("-3", "-3"),
        ("(3,5)", "-3.5"), ("3,5-", "-3.5"), ("1 234,5", "1234.5"), ("1'234.50", "1234.50"),
        (",5", "0.5"), ("1,234", "1.234"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_written_in_brazil(written: str, value: str) -> None:
    assert parse_decimal(written) == Decimal(value)


@pytest.mark.parametrize(("written", "value"), [("1,234", "1234"), ("1.234", "1.234"), ("0,125", "0.125")])
def test_numbers_are_read_as_written_in_english(written: str, value: str) -> None:
    assert parse_decimal(written, decimal_comma=False) == Decimal(value)


@pytest.mark.parametrize("wrong", ["", "abc", "1.2.3", "1,2,3", "NaN", "1e5", "--3", "9" * 30, "1.23,45.6"])
def test_what_is_no_number_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_decimal(wrong)


@pytest.mark.parametrize("written", ["31/12/2026", "31.12.26", "2026-12-31", "2026-12-31T10:00", "31-12-2026 08:00"])
def test_dates_are_read_day_first(written: str) -> None:
    assert parse_date(written) == dt.date(2026, 12, 31)


@pytest.mark.parametrize("wrong", ["31/02/2026", "2026", "amanhã", "12/31/2026"])
def test_what_is_no_date_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar's own words
        parse_date(wrong)
