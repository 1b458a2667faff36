# SPDX-License-Identifier: AGPL-3.0-or-later
"""What charges are made of is said whole, or the mistake is named."""

from __future__ import annotations

import pytest

from mutirao.ledger.core.chart import EnterpriseAccount, NetworkAccount
from mutirao.treasury import booking
from mutirao.treasury.booking import ChargeParts, parts_of_charges


def parts(amount: int) -> ChargeParts:
    return ChargeParts({NetworkAccount.JOINT_PURCHASES: amount}, {EnterpriseAccount.INPUTS: amount})


def test_a_charge_whose_parts_are_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(booking._charges, "test.round", lambda _id, _enterprises: {1: parts(100)})
    with pytest.raises(
        ValueError, match=r"test\.round 9 says nothing of what the charge of 50 to enterprise 2 is made"
    ):
        parts_of_charges("test.round", 9, {1: 100, 2: 50})


def test_parts_that_do_not_add_up_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(booking._charges, "test.round", lambda _id, _enterprises: {1: parts(99)})
    with pytest.raises(ValueError, match="do not add up to 100"):
        parts_of_charges("test.round", 9, {1: 100})


def test_a_charge_of_no_registered_kind_is_other_income() -> None:
    found = parts_of_charges("", None, {1: 100})
    assert found[1].credits == {NetworkAccount.OTHER_INCOME: 100}
    assert found[1].debits == {EnterpriseAccount.OTHER_EXPENSES: 100}
