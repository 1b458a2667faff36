# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mutirao.kernel.core.sharing import share_out

decimals = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=4)
fractions = st.fractions(min_value=0, max_value=10**6, max_denominator=10**6)
weights = st.lists(st.integers(0, 10**12) | decimals | fractions, min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("total", "given_weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [Decimal("0.5"), Decimal("0.25"), Decimal("0.25")], [5, 3, 2]),
        (1, [1, 2], [0, 1]),
        (7, [Fraction(1, 3), Fraction(2, 3)], [2, 5]),
        (5, [0, 0, 3], [0, 0, 5]),
        (0, [1, 2], [0, 0]),
        (2, [Decimal("1E-30"), Decimal("1E+30")], [0, 2]),
    ],
)
def test_shares_by_largest_remainder_with_ties_to_the_earlier(total, given_weights, shares):
    assert share_out(total, given_weights) == shares


@given(total=st.integers(-(10**15), 10**15), weights=weights)
def test_shares_add_up_and_stay_within_one_unit_of_the_exact_share(total, weights):
    assume(any(weights))
    shares = share_out(total, weights)
    exact_sum = sum(Fraction(weight) for weight in weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * Fraction(weight) / exact_sum) < 1
        if not weight:
            assert share == 0


@given(total=st.integers(0, 10**9), weights=weights)
def test_a_heavier_weight_never_gets_less_and_equals_differ_by_their_place_only(total, weights):
    assume(any(weights))
    shares = share_out(total, weights)
    for i, first in enumerate(weights):
        for j, second in enumerate(weights):
            if Fraction(first) > Fraction(second) or (Fraction(first) == Fraction(second) and i < j):
                assert shares[i] >= shares[j]


@given(total=st.integers(0, 10**9), weights=weights)
def test_a_debt_is_shared_like_a_credit(total, weights):
    assume(any(weights))
    assert share_out(-total, weights) == [-share for share in share_out(total, weights)]


@pytest.mark.parametrize("bad", [[], [0, 0], [Decimal(0)], [1, -1], [Decimal("NaN")], [Decimal("Infinity")]])
def test_refuses_weights_that_share_nothing(bad):
    with pytest.raises(ValueError):  # noqa: PT011 - the kind of error is the rule here
        share_out(1, bad)


@pytest.mark.parametrize(("total", "bad"), [(1, [0.5]), (1, [True]), (1.0, [1]), (True, [1]), (Decimal(1), [1])])
def test_refuses_floats_and_booleans(total, bad):
    with pytest.raises(TypeError):
        share_out(total, bad)
