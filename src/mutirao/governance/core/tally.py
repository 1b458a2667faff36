# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counting the answers to a motion, and telling when its outcome is certain.

Every rule counts among all who may answer: an abstention, and silence at the deadline, are no yes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Rule = Literal["majority_of_all", "two_thirds_of_all", "everyone"]
Outcome = Literal["open", "passed", "rejected"]
YES, NO, ABSTAIN = "yes", "no", "abstain"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many may answer, what they answered, and how many yes the rule needs."""

    entitled: int
    yes: int
    no: int
    abstain: int
    needed: int

    @property
    def missing(self) -> int:
        """Who has not answered yet."""
        return self.entitled - self.yes - self.no - self.abstain

    @property
    def certain(self) -> Outcome:
        """The outcome as soon as nobody still missing can change it; "open" until then."""
        if self.yes >= self.needed:
            return "passed"
        return "open" if self.yes + self.missing >= self.needed else "rejected"

    @property
    def at_deadline(self) -> Outcome:
        """The outcome if no answer comes any more."""
        return "passed" if self.yes >= self.needed else "rejected"


def needed_yes(rule: Rule, entitled: int) -> int:
    """How many yes a rule needs among all who may answer.

    More than half: floor(n/2) + 1. Two thirds: the least whole number that is at least 2n/3. Everyone: n.
    Raises: ValueError when nobody may answer or for no such rule.
    """
    if entitled < 1:
        raise ValueError("somebody must be entitled to answer")
    if rule == "majority_of_all":
        return entitled // 2 + 1
    if rule == "two_thirds_of_all":
        return -(-2 * entitled // 3)
    if rule == "everyone":
        return entitled
    raise ValueError(f"no such rule: {rule}")


def count(rule: Rule, answers: Iterable[str]) -> Tally:
    """Count answers, one for each who may answer: "yes", "no", "abstain", "" for none yet.

    Raises: ValueError for another word, or when nobody may answer.
    """
    given = Counter(answers)
    if unknown := set(given) - {YES, NO, ABSTAIN, ""}:
        raise ValueError(f"not an answer: {sorted(unknown)}")
    entitled = given.total()
    return Tally(entitled, given[YES], given[NO], given[ABSTAIN], needed_yes(rule, entitled))
