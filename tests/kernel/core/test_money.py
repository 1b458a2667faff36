# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.kernel.core.money import Money, line_cost_minor


def test_money_is_read_from_major_units_rounding_half_up() -> None:
    assert Money.of("10.005") == Money(1001)
    assert Money.of(Decimal("-10.005")) == Money(-1001)
    assert Money.of("1000", "CLP") == Money(1000, "CLP")


@pytest.mark.parametrize("wrong", [1.5, True, "3"])
def test_money_refuses_what_is_not_whole_minor_units(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]


def test_money_never_comes_from_a_float() -> None:
    with pytest.raises(TypeError):
        Money.of(0.1)  # type: ignore[arg-type]


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, "BRL") + Money(1, "EUR")


def test_line_cost_rounds_half_up_to_the_cent() -> None:
    assert line_cost_minor(Decimal("3"), Decimal("0.345")) == 104
    assert line_cost_minor(Decimal("2.5"), Decimal("0.01")) == 3


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_shares_add_up_to_the_cent(total: int, weights: list[int]) -> None:
    shares = Money(total).share_out(weights)
    assert Money.total(shares) == Money(total)
    assert all(share.minor == 0 for share, weight in zip(shares, weights, strict=True) if weight == 0)
