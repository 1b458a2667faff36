# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.kernel.core.numbers import date_order, decimal_mark, parse_date, parse_decimal

EXACT = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False, allow_infinity=False)


def grouped(number: Decimal, group: str, mark: str) -> str:
    return f"{number:,.3f}".replace(",", "\0").replace(".", mark).replace("\0", group)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234\u202f567,5", "1234567.5"),
        ("1'234.50", "1234.50"),
        ("R$ 3,20", "3.20"),
        ("R$3.20", "3.20"),
        ("-R$ 3,20", "-3.20"),
        ("R$ -3,20", "-3.20"),
        ("(1.234,50)", "-1234.50"),
        ("12-", "-12"),
        ("−5", "-5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        (",5", "0.5"),
    ],
)
def test_numbers_are_read_in_brazilian_and_international_writing(text: str, number: str) -> None:
    for comma in (True, False):
        assert parse_decimal(text, decimal_comma=comma) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "1.2.3,4",
        "10 20",
        "12,34,56",
        "1.234.56",
        "12.34,5",
        "1.234 567",
        "",
        "abc",
        "1e5",
        "5 kg",
        "--5",
        "nan",
        "infinity",
        "US$ 3",
        "٣",
        "1" * 30,
    ],
)
def test_what_is_no_number_is_refused_and_not_guessed(text: str) -> None:
    for comma in (True, False):
        with pytest.raises(ValueError, match="not a number"):
            parse_decimal(text, decimal_comma=comma)


def test_one_mark_before_three_digits_follows_the_reader() -> None:
    assert parse_decimal("1.234", decimal_comma=True) == 1234
    assert parse_decimal("1.234", decimal_comma=False) == Decimal("1.234")
    assert parse_decimal("1,234", decimal_comma=True) == Decimal("1.234")
    assert parse_decimal("1,234", decimal_comma=False) == 1234


@given(EXACT)
def test_a_number_written_in_any_usual_way_comes_back_exact(number: Decimal) -> None:
    for group, mark in ((".", ","), (",", "."), (" ", ","), ("\u00a0", ","), ("'", ".")):
        text = grouped(number, group, mark)
        assert parse_decimal(text, decimal_comma=mark == ",") == number
        assert parse_decimal(f"R$ {text}", decimal_comma=mark == ",") == number


@given(EXACT)
def test_a_number_that_shows_its_mark_is_read_the_same_for_every_reader(number: Decimal) -> None:
    for group, mark in ((".", ","), (",", ".")):
        text = grouped(number, group, mark)
        shown = decimal_mark(text)
        if shown in (",", "."):
            assert shown == mark
            assert parse_decimal(text, decimal_comma=True) == parse_decimal(text, decimal_comma=False) == number


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        assert parse_decimal(text).is_finite()
    except ValueError:
        assert decimal_mark(text) is None


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("12,5", ","),
        ("12.5", "."),
        ("1.234", "?"),
        ("1,234", "?"),
        ("0.125", "."),
        ("1.234.567", ","),
        ("12", None),
        ("x", None),
    ],
)
def test_a_written_number_shows_its_decimal_mark(text: str, mark: str | None) -> None:
    assert decimal_mark(text) == mark


@pytest.mark.parametrize(
    "text",
    ["31/12/2026", "31.12.26", "31-12-2026", "2026-12-31", "2026/12/31", "31-dez-26", "31/dez/2026", "31 dez. 2026",
     "31 de dezembro de 2026", "Dec 31, 2026", "31/12/2026 10:30", "2026-12-31T10:30:00Z", "2026-12-31 10:30:00.123"],
)  # fmt: skip
def test_dates_are_read_in_the_usual_writings(text: str) -> None:
    assert parse_date(text) == dt.date(2026, 12, 31)


@pytest.mark.parametrize("text", ["30/02/2026", "2026", "dez/26", "31/13/2026", "", "amanhã", "12/31/2026"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar has words of its own
        parse_date(text)


@given(st.dates(min_value=dt.date(1970, 1, 1), max_value=dt.date(2069, 12, 31)))
def test_a_date_written_in_any_usual_way_comes_back(date: dt.date) -> None:
    for form in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y", "%Y-%m-%d"):
        assert parse_date(date.strftime(form)) == date
    assert parse_date(date.strftime("%m/%d/%Y"), day_first=False) == date


def test_a_written_date_shows_its_order() -> None:
    assert [date_order(text) for text in ("31/12/2026", "12/31/2026", "03/04/2026", "05/05/2026", "2026-01-02")] == [
        "day", "month", "?", None, None,
    ]  # fmt: skip
