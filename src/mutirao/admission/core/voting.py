# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the votes of those who review decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Outcome = Literal["open", "admitted", "refused", "tied"]
YES, NO = "yes", "no"


def outcome(votes: Sequence[str]) -> Outcome:
    """More than half of all who review decide, as soon as nobody missing can change it; "" is a vote not given yet.

    A tie with all votes given decides nothing: the assembly does.
    Raises: ValueError without anybody to vote, or for an unknown vote.
    """
    if not votes:
        raise ValueError("nobody reviews")
    if set(votes) - {YES, NO, ""}:
        raise ValueError("unknown vote")
    half = len(votes) / 2
    yes, no = votes.count(YES), votes.count(NO)
    if yes > half:
        return "admitted"
    if no > half:
        return "refused"
    return "tied" if yes + no == len(votes) else "open"
