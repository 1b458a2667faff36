# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened to charges, payments, credits and bills. Amounts are minor units; days are ISO dates.

Each event says all that books need: posting inside the transaction wants no further reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mutirao.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ChargesIssued(Event):
    """Charges were issued together; the three lists run side by side."""

    source_kind: str
    source_id: int | None
    currency: str
    issued_on: str
    charge_ids: list[int] = field(default_factory=list)
    enterprise_ids: list[int] = field(default_factory=list)
    amounts_minor: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _AboutCharge(Event):
    charge_id: int
    enterprise_id: int
    amount_minor: int
    currency: str
    source_kind: str
    source_id: int | None
    on: str


@dataclass(frozen=True, slots=True)
class ChargeCancelled(_AboutCharge):
    """A charge of `amount_minor` is owed no more. `returned_minor` of what had been paid became credit;
    `unwritten_minor` of what had been written off was taken back."""

    returned_minor: int
    unwritten_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChargeSettled(_AboutCharge):
    """Nothing of the charge is open any more; `state` tells "paid" or "written_off"."""

    state: str


@dataclass(frozen=True, slots=True)
class ChargeReopened(_AboutCharge):
    """A settled charge is owed again, because a settlement was reversed; `amount_minor` is what is open now."""


@dataclass(frozen=True, slots=True)
class ChargeWrittenOff(_AboutCharge):
    """`amount_minor` of a charge will not be paid; given up with a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class WriteOffUndone(_AboutCharge):
    """`amount_minor` that had been given up is owed again."""

    reason: str


@dataclass(frozen=True, slots=True)
class CreditApplied(_AboutCharge):
    """`amount_minor` of the enterprise's credit covered part of a charge."""


@dataclass(frozen=True, slots=True)
class CreditTakenBack(_AboutCharge):
    """`amount_minor` of credit that covered part of a charge went back to the enterprise's credit."""

    reason: str


@dataclass(frozen=True, slots=True)
class CreditGranted(Event):
    """An enterprise got credit without paying: a return, a correction."""

    credit_id: int
    enterprise_id: int
    amount_minor: int
    currency: str
    source_kind: str
    source_id: int | None
    on: str
    reason: str


@dataclass(frozen=True, slots=True)
class CreditRefunded(Event):
    """Credit was paid out to the enterprise in money."""

    credit_id: int
    enterprise_id: int
    amount_minor: int
    currency: str
    on: str
    method: str
    reason: str


@dataclass(frozen=True, slots=True)
class _AboutPayment(Event):
    payment_id: int
    enterprise_id: int
    amount_minor: int
    currency: str
    on: str
    method: str
    credit_minor: int
    charge_ids: list[int] = field(default_factory=list)
    settled_minor: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PaymentRecorded(_AboutPayment):
    """Money came in on the day `on`: `settled_minor[i]` of it for `charge_ids[i]`, `credit_minor` kept as credit."""


@dataclass(frozen=True, slots=True)
class PaymentReversed(_AboutPayment):
    """A payment was a mistake: what it had settled is owed again, the credit it had left is taken back."""


@dataclass(frozen=True, slots=True)
class _AboutBill(Event):
    bill_id: int
    supplier_id: int
    amount_minor: int
    currency: str
    source_kind: str
    source_id: int | None
    on: str


@dataclass(frozen=True, slots=True)
class BillRegistered(_AboutBill):
    """The network owes a supplier `amount_minor`."""

    document: str


@dataclass(frozen=True, slots=True)
class BillAdjusted(_AboutBill):
    """A bill went from `before_minor` to `amount_minor`; zero cancels it."""

    before_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class BillPaid(_AboutBill):
    """`amount_minor` went out for a bill."""

    bill_payment_id: int
    method: str


@dataclass(frozen=True, slots=True)
class BillPaymentReversed(_AboutBill):
    """A payment of `amount_minor` for a bill was a mistake."""

    bill_payment_id: int
    method: str
    reason: str


@dataclass(frozen=True, slots=True)
class BillRefunded(_AboutBill):
    """The supplier gave `amount_minor` back in money."""

    bill_payment_id: int
    method: str


@dataclass(frozen=True, slots=True)
class BillOffset(_AboutBill):
    """`amount_minor` that the supplier owed from `from_bill_id` paid part of the bill; no money moved."""

    from_bill_id: int
