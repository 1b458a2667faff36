# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from mutirao.ledger.core.balances import AccountFigures, Figures, code_key, trial_balance_of


def row(code: str, kind: str, *figures: int) -> AccountFigures:
    return AccountFigures(1, code, f"Conta {code}", kind, "", Figures(*figures))


def test_codes_are_in_the_order_people_count() -> None:
    codes = ["1.10", "2", "1.2", "1.2.a", "x.1", "1.2.10", "1.2.9"]
    assert sorted(codes, key=code_key) == ["1.2", "1.2.9", "1.2.10", "1.2.a", "1.10", "2", "x.1"]


def test_accounts_stand_under_their_kind_and_add_up() -> None:
    balance = trial_balance_of(
        [
            row("4.1", "income", 0, -300, -50, 0, 350),
            row("1.1.10", "asset", 100, 300, 0, 300, 0),
            row("1.1.2", "asset", -100, 0, 50, 50, 0),
        ]
    )
    assert [(group.kind, [each.code for each in group.rows]) for group in balance.groups] == [
        ("asset", ["1.1.2", "1.1.10"]),
        ("income", ["4.1"]),
    ]
    assert balance.groups[0].total == Figures(0, 300, 50, 350, 0)
    assert (balance.total.movement, balance.total.closing) == (0, 0)
    assert balance.holds
    assert balance.result.movement == -350


def test_a_book_that_does_not_add_up_is_told() -> None:
    assert not trial_balance_of([row("1", "asset", 0, 1, 0, 1, 0)]).holds
    assert not trial_balance_of([row("1", "asset", 5, -5, 0, 0, 5)]).holds
    assert trial_balance_of([]).holds
