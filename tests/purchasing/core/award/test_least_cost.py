# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from tests.purchasing.core.award.brute import least
from tests.purchasing.core.award.cases import problems

from mutirao.purchasing.core.award.problem import Status
from mutirao.purchasing.core.award.solve import award


@settings(max_examples=300, deadline=None, derandomize=True)
@given(problem=problems())
def test_the_answer_is_the_least_of_all_that_can_be_ordered(problem):
    weighed, unserved = least(problem)
    result = award(problem)
    assert {need.item: need.quantity for need in result.unserved} == unserved
    if weighed is None:
        assert result.status == Status.INFEASIBLE
        assert (result.gap, result.orders) == (None, ())
    else:
        assert (result.status, result.gap) == (Status.OPTIMAL, 0)
        assert result.weighed == Decimal(weighed) / 100
