# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a certificate says, as one text, and the digest that seals it.

The digest proves that what stands on a paper is what the network's server recorded under the code; it proves nothing
about who printed the paper. Whether the certificate holds today only the server's page can say.
"""

from __future__ import annotations

import datetime as dt
import hashlib

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two marks that nobody mistakes for one another: no 0, O, 1, I."""
CODE_LENGTH = 20
"""100 bits: five groups of four, typed from a paper, guessed by nobody."""


def sealed_text(
    *, network: str, number: int, enterprise: str, issued_on: dt.date, expires_on: dt.date, code: str
) -> str:
    """The lines that the digest is made of: UTF-8, one field a line, in this order."""
    fields = ("mutirao-certificate-1", network, str(number), enterprise, issued_on.isoformat(), expires_on.isoformat(),
              code)  # fmt: skip
    return "\n".join(" ".join(field.split()) for field in fields)


def digest_of(text: str) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def code_from(numbers: bytes) -> str:
    """A code from random bytes, five bits a mark. Raises: ValueError for too few bytes."""
    if len(numbers) < CODE_LENGTH:
        raise ValueError("a code wants twenty random bytes")
    return "".join(CODE_ALPHABET[number % 32] for number in numbers[:CODE_LENGTH])


def written(code: str) -> str:
    """ABCD-EFGH-…: as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(text: str) -> str:
    """A code as somebody typed it: without marks, in capitals, O read as 0 never occurs."""
    return "".join(mark for mark in text.upper() if mark in CODE_ALPHABET)[:CODE_LENGTH]


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of that month.

    Raises: ValueError below one month.
    """
    if months < 1:
        raise ValueError("at least one month")
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))
