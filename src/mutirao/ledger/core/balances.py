# SPDX-License-Identifier: AGPL-3.0-or-later
"""Balances as sums of what is given: rows of a trial balance, totals of each kind of account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mutirao.ledger.core.chart import KINDS


@dataclass(frozen=True, slots=True)
class Figures:
    """What an account or a group of accounts did, in minor units, debits positive and credits negative.

    `opening` stood before the first day; `cooperative` and `non_cooperative` moved since, apart by act type
    (Lei 5.764/71, art. 79 and 87); `debit` and `credit` are the same movement by side, both positive.
    """

    opening: int = 0
    cooperative: int = 0
    non_cooperative: int = 0
    debit: int = 0
    credit: int = 0

    @property
    def movement(self) -> int:
        """What moved, both act types together."""
        return self.cooperative + self.non_cooperative

    @property
    def closing(self) -> int:
        """What stands at the end."""
        return self.opening + self.movement

    @property
    def moved(self) -> bool:
        """Whether there is anything to show."""
        return self != Figures()

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.opening + other.opening,
            self.cooperative + other.cooperative,
            self.non_cooperative + other.non_cooperative,
            self.debit + other.debit,
            self.credit + other.credit,
        )


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """One row of a trial balance."""

    account_id: int
    code: str
    name: str
    kind: str
    purpose: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Group:
    """The accounts of one kind and what they come to."""

    kind: str
    rows: Sequence[AccountFigures]
    total: Figures


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account of a book by kind; the total is zero in every column but debit and credit, which are equal."""

    groups: Sequence[Group]
    total: Figures

    @property
    def holds(self) -> bool:
        """Whether the book adds up: what every posted entry does alone, all of them do together."""
        return self.total.opening == 0 == self.total.closing and self.total.debit == self.total.credit

    @property
    def result(self) -> Figures:
        """Income and expenses together: a negative movement is a surplus (sobra), a positive one a loss."""
        return sum_of(row.figures for group in self.groups if group.kind in ("income", "expense") for row in group.rows)


def sum_of(figures: Iterable[Figures]) -> Figures:
    """Figures added up."""
    total = Figures()
    for each in figures:
        total = total + each
    return total


def trial_balance_of(rows: Iterable[AccountFigures]) -> TrialBalance:
    """A trial balance from its rows, in the order of kinds and codes; kinds without accounts are left out."""
    ordered = sorted(rows, key=lambda row: code_key(row.code))
    groups = []
    for kind in KINDS:
        own = [row for row in ordered if row.kind == kind]
        if own:
            groups.append(Group(kind, own, sum_of(row.figures for row in own)))
    return TrialBalance(groups, sum_of(group.total for group in groups))


def code_key(code: str) -> tuple[tuple[int, str], ...]:
    """A key that puts "1.2" before "1.10": parts in numbers by number, other parts by letters after them."""
    return tuple((int(part), "") if part.isdecimal() else (10**9, part) for part in code.split("."))
