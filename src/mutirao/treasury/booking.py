# SPDX-License-Identifier: AGPL-3.0-or-later
"""How charges and bills of a source kind are booked; upper modules register, nobody asks who they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from mutirao.ledger.core.chart import EnterpriseAccount, NetworkAccount
from mutirao.ledger.core.entries import NON_COOPERATIVE


@dataclass(frozen=True, slots=True)
class ChargeParts:
    """What a charge is made of, in minor units: `credits` of the network's book and `debits` of the enterprise's,
    each account with its amount; both add up to the charge."""

    credits: Mapping[NetworkAccount, int]
    debits: Mapping[EnterpriseAccount, int]


@dataclass(frozen=True, slots=True)
class BillBooking:
    """The account that a bill's cost goes to, its act type, and the source that its entries carry."""

    account: NetworkAccount
    act_type: str
    source_of: Callable[[int], tuple[str, int]] | None = None


SplitCharges = Callable[[int, Collection[int]], Mapping[int, ChargeParts]]
"""(source id, enterprise ids) → parts of each enterprise's charge."""

_charges: dict[str, SplitCharges] = {}
_bills: dict[str, BillBooking] = {}
_OTHER_BILL = BillBooking(NetworkAccount.OTHER_EXPENSES, NON_COOPERATIVE)


def register_charges(source_kind: str, split: SplitCharges) -> None:
    """Say what charges of a source kind are made of."""
    _charges[source_kind] = split


def register_bills(source_kind: str, booking: BillBooking) -> None:
    """Say where the cost of bills of a source kind goes."""
    _bills[source_kind] = booking


def parts_of_charges(source_kind: str, source_id: int | None, amounts: Mapping[int, int]) -> Mapping[int, ChargeParts]:
    """The parts of charges by enterprise; `amounts` are the charges. Without a registered split: other income.

    Raises: ValueError when registered parts leave a charge out or do not add up to it: a mistake of whoever registered
    them, never of the person at the screen.
    """
    split = _charges.get(source_kind)
    if split is None or source_id is None:
        return {
            enterprise_id: ChargeParts(
                {NetworkAccount.OTHER_INCOME: amount}, {EnterpriseAccount.OTHER_EXPENSES: amount}
            )
            for enterprise_id, amount in amounts.items()
        }
    parts = split(source_id, amounts.keys())
    for enterprise_id, amount in amounts.items():
        found = parts.get(enterprise_id)
        if found is None:
            raise ValueError(
                f"{source_kind} {source_id} says nothing of what the charge of {amount} to enterprise {enterprise_id} "
                "is made of"
            )
        if sum(found.credits.values()) != amount or sum(found.debits.values()) != amount:
            raise ValueError(f"the parts of the charge to {enterprise_id} do not add up to {amount}")
    return parts


def booking_of_bill(source_kind: str) -> BillBooking:
    """Where the cost of a bill goes; other expenses, not a cooperative act, for bills of no registered source."""
    return _bills.get(source_kind, _OTHER_BILL)
