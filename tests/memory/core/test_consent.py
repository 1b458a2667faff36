# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture goes as far as the most careful of those in it allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.memory.core.consent import BOOKLET, INSIDE, NOWHERE, PUBLIC, SCOPES, reach


@pytest.mark.parametrize(
    ("scopes", "nobody", "expected"),
    [
        ([], False, NOWHERE),
        ([], True, PUBLIC),
        (["booklet"], False, BOOKLET),
        (["public", "inside"], False, INSIDE),
        (["public", ""], False, NOWHERE),
        ([""], True, NOWHERE),
    ],
)
def test_how_far_it_goes(scopes: list[str], nobody: bool, expected: int) -> None:
    assert reach(scopes, shows_nobody=nobody) == expected


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown scope"):
        reach(["moon"], shows_nobody=False)


@given(st.lists(st.sampled_from(sorted(SCOPES)), min_size=1), st.booleans())
def test_one_more_person_never_widens_it(scopes: list[str], nobody: bool) -> None:
    for scope in SCOPES:
        assert reach([*scopes, scope], shows_nobody=nobody) <= reach(scopes, shows_nobody=nobody)
    assert reach([*scopes, ""], shows_nobody=nobody) == NOWHERE
