# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutirao.governance.core.tally import Rule, count, needed_yes

RULES = get_args(Rule)
answers = st.lists(st.sampled_from(["yes", "no", "abstain", ""]), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("entitled", "majority", "two_thirds"),
    [(1, 1, 1), (2, 2, 2), (3, 2, 2), (4, 3, 3), (6, 4, 4), (9, 5, 6), (10, 6, 7)],
)
def test_needed_yes(entitled: int, majority: int, two_thirds: int) -> None:
    assert needed_yes("majority_of_all", entitled) == majority
    assert needed_yes("two_thirds_of_all", entitled) == two_thirds
    assert needed_yes("everyone", entitled) == entitled


@settings(deadline=None)
@given(entitled=st.integers(1, 10**6))
def test_needed_yes_is_the_least_that_satisfies(entitled: int) -> None:
    majority, thirds = needed_yes("majority_of_all", entitled), needed_yes("two_thirds_of_all", entitled)
    assert Fraction(majority - 1, entitled) <= Fraction(1, 2) < Fraction(majority, entitled)
    assert Fraction(thirds - 1, entitled) < Fraction(2, 3) <= Fraction(thirds, entitled)


@settings(deadline=None)
@given(rule=st.sampled_from(RULES), given_answers=answers)
def test_certain_means_no_completion_can_change_it(rule: Any, given_answers: list[str]) -> None:
    missing = [index for index, answer in enumerate(given_answers) if not answer]
    outcomes = set()
    for filling in product(["yes", "no", "abstain"], repeat=len(missing)):
        full = list(given_answers)
        for index, answer in zip(missing, filling, strict=True):
            full[index] = answer
        outcomes.add(count(rule, full).at_deadline)
    tally = count(rule, given_answers)
    assert tally.certain == (outcomes.pop() if len(outcomes) == 1 else "open")
    if tally.certain != "open":
        assert tally.at_deadline == tally.certain


def test_count_refuses_what_is_no_answer() -> None:
    with pytest.raises(ValueError, match="talvez"):
        count("everyone", ["talvez"])
    with pytest.raises(ValueError, match="somebody"):
        count("everyone", [])
