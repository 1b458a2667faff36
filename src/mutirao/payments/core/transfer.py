# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bank transfers: account numbers checked, and the code that fills in a SEPA transfer in euro.

Source: ISO 13616 (IBAN, check digits by modulus 97); ISO 9362 (BIC); European Payments Council, EPC069-12, Quick
Response Code: guidelines to enable data capture for the initiation of a SEPA credit transfer, version 002.
"""

from __future__ import annotations

from decimal import Decimal

import segno
from segno import helpers
from stdnum import bic, iban
from stdnum.exceptions import ValidationError

HOLDER_MOST, REFERENCE_MOST = 70, 140
_MOST_MINOR = 99_999_999_999


def read_iban(text: str) -> str:
    """An IBAN in any writing without blanks; nothing typed is none. Raises: ValueError where it cannot be one."""
    if not text.strip():
        return ""
    try:
        return str(iban.validate(text))
    except ValidationError:
        raise ValueError("iban") from None


def written_iban(number: str) -> str:
    """An IBAN in groups of four, as banks print it."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def read_bic(text: str) -> str:
    """A bank's code; nothing typed is none. Raises: ValueError where it cannot be one."""
    if not text.strip():
        return ""
    try:
        return str(bic.validate(text))
    except ValidationError:
        raise ValueError("bic") from None


def transfer_code(*, holder: str, account: str, bank: str, amount_minor: int, reference: str) -> segno.QRCode | None:
    """The code that fills in a transfer of an amount in euro cents; None for an amount that the code cannot carry."""
    if not holder or not account or not 0 < amount_minor <= _MOST_MINOR:
        return None
    euros = Decimal(amount_minor).scaleb(-2)
    return helpers.make_epc_qr(
        name=holder[:HOLDER_MOST], iban=account, amount=euros, text=reference[:REFERENCE_MOST], bic=bank or None
    )
