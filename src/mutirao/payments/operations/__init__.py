# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every write on charges, payments, credits and bills.

Who works on one enterprise's charges locks its credit account first (`_accounts`): that orders all of them.
"""

from mutirao.payments.operations.bills import (
    adjust_bill,
    offset_bill,
    pay_bill,
    refund_bill,
    register_bill,
    reverse_bill_payment,
)
from mutirao.payments.operations.charges import (
    ChargeSpec,
    cancel_charge,
    cancel_charges,
    issue_charge,
    issue_charges,
    undo_write_off,
    write_off,
)
from mutirao.payments.operations.credits import apply_credit, grant_credit, refund_credit, take_back_credit
from mutirao.payments.operations.receipts import record_payment, reverse_payment
from mutirao.payments.operations.settings import save_settings
from mutirao.payments.operations.statements import Decision, take_in_statement, upload_statement

__all__ = [
    "ChargeSpec",
    "Decision",
    "adjust_bill",
    "apply_credit",
    "cancel_charge",
    "cancel_charges",
    "grant_credit",
    "issue_charge",
    "issue_charges",
    "offset_bill",
    "pay_bill",
    "record_payment",
    "refund_bill",
    "refund_credit",
    "register_bill",
    "reverse_bill_payment",
    "reverse_payment",
    "save_settings",
    "take_back_credit",
    "take_in_statement",
    "undo_write_off",
    "upload_statement",
    "write_off",
]
