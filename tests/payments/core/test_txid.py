# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutirao.payments.core.txid import MOST, find_txids, make_txid, read_txid

numbers = st.integers(1, 10**9 - 1)


@settings(deadline=None)
@given(network=numbers, number=numbers)
def test_identifier_reads_back_and_fits_a_code(network: int, number: int) -> None:
    txid = make_txid(network, number)
    assert read_txid(txid) == (network, number)
    assert len(txid) <= MOST
    assert txid.isalnum()
    assert txid.isascii()


@settings(deadline=None)
@given(
    network=st.integers(1, 9999),
    number=st.integers(1, 999_999),
    at=st.integers(0, 30),
    digit=st.sampled_from("0123456789"),
)
def test_one_misread_digit_is_noticed(network: int, number: int, at: int, digit: str) -> None:
    txid = make_txid(network, number)
    at %= len(txid)
    if txid[at].isdigit() and txid[at] != digit:
        assert read_txid(txid[:at] + digit + txid[at + 1 :]) is None


@settings(deadline=None)
@given(
    number=st.integers(1, 10**6),
    before=st.text("0123456789 PIXQ-", max_size=12),
    after=st.text("0123456789 -", max_size=12),
)
def test_identifier_is_found_between_other_digits(number: int, before: str, after: str) -> None:
    txid = make_txid(3, number)
    assert find_txids(f"{before}{txid}{after}") == [txid]
    assert find_txids(f"{before}{txid.lower()}{after}") == [txid]


def test_identifier_is_found_with_marks_put_into_it() -> None:
    assert find_txids("PIX QRS R12 C000345 D70 02/03") == ["R12C000345D70"]
    assert find_txids("R12C000345D70 e R1C000001D90, R12C000345D70") == ["R12C000345D70", "R1C000001D90"]
    assert find_txids("R12C000345D71") == []


def test_numbers_without_place_are_refused() -> None:
    for network, number in ((0, 1), (1, 0), (10**9, 1), (1, 10**9)):
        with pytest.raises(ValueError, match="identifier"):
            make_txid(network, number)
