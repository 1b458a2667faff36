# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which criteria, how votes decide, what a certificate's code and seal are."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.admission.core import certificates, criteria
from mutirao.admission.core.voting import outcome

LAW = ["self_management", "members_work", "fair_trade", "shared_results", "purpose_of_surplus",
       "no_labour_intermediation"]  # fmt: skip


def test_the_law_comes_first_and_the_principles_it_leaves_open_follow() -> None:
    rules = criteria.checklist(LAW)
    assert [rule.code for rule in rules] == [*LAW, "open_membership", "autonomy"]
    assert all(rule.is_required for rule in rules)


def test_without_a_law_the_principles_are_the_ground_and_work_stands_first() -> None:
    rules = criteria.checklist([])
    assert [rule.code for rule in rules] == ["work", *criteria.PRINCIPLES]
    assert [rule.code for rule in rules if not rule.is_required] == ["education", "cooperation", "community"]


def test_a_criterion_of_law_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        criteria.checklist(["something_new"])


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        (["yes", "yes", ""], "admitted"),
        (["no", "no", ""], "refused"),
        (["yes", "no", ""], "open"),
        (["yes", "no", "yes"], "admitted"),
        (["yes", "no"], "tied"),
        (["yes", ""], "open"),
        (["yes"], "admitted"),
    ],
)
def test_more_than_half_of_all_who_review_decide(votes: list[str], expected: str) -> None:
    assert outcome(votes) == expected


@given(st.lists(st.sampled_from(["yes", "no", ""]), min_size=1, max_size=9))
def test_what_is_decided_no_missing_vote_can_change(votes: list[str]) -> None:
    now = outcome(votes)
    if now in ("admitted", "refused"):
        for late in ("yes", "no"):
            assert outcome([vote or late for vote in votes]) == now


def test_impossible_votes_are_refused() -> None:
    for votes in ([], ["maybe"]):
        with pytest.raises(ValueError, match=r"nobody|unknown"):
            outcome(votes)


@given(st.binary(min_size=20, max_size=20))
def test_a_code_typed_from_the_paper_in_any_writing_is_the_same_code(numbers: bytes) -> None:
    code = certificates.code_from(numbers)
    assert len(code) == 20
    assert certificates.read(certificates.written(code).lower()) == code
    assert certificates.read(f" {certificates.written(code).replace('-', ' ')} ") == code


def test_the_seal_changes_with_everything_that_is_on_the_paper() -> None:
    told = {
        "network": "Rede Raízes", "number": 3, "enterprise": "Pão", "issued_on": dt.date(2026, 3, 2),
        "expires_on": dt.date(2028, 3, 2), "code": "A" * 20,
    }  # fmt: skip
    first = certificates.digest_of(certificates.sealed_text(**told))
    for name, other in {
        "network": "Outra", "number": 4, "enterprise": "Pães", "issued_on": dt.date(2026, 3, 3),
        "expires_on": dt.date(2028, 3, 3), "code": "B" * 20,
    }.items():  # fmt: skip
        assert certificates.digest_of(certificates.sealed_text(**{**told, name: other})) != first


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 3, 2), 24, dt.date(2028, 3, 2)),
        (dt.date(2026, 12, 31), 2, dt.date(2027, 2, 28)),
        (dt.date(2026, 11, 30), 1, dt.date(2026, 12, 30)),
        (dt.date(2027, 11, 30), 3, dt.date(2028, 2, 29)),
        (dt.date(2026, 11, 15), 12, dt.date(2027, 11, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: dt.date, months: int, expected: dt.date) -> None:
    assert certificates.months_later(day, months) == expected
