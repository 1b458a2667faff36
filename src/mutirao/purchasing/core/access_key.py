# SPDX-License-Identifier: AGPL-3.0-or-later
"""The access key of a Brazilian electronic invoice (NF-e, NFC-e)."""

from __future__ import annotations


def is_access_key(key: str) -> bool:
    """Whether a key has 44 positions and a right check digit; the CNPJ in it may hold letters.

    Source: Manual de Orientação do Contribuinte da NF-e, check digit by modulo 11 with weights 2 to 9 from the right;
    a character counts as its ASCII code − 48 (Nota Técnica Conjunta 2025.001, alphanumeric CNPJ).
    """
    key = key.upper()
    if len(key) != 44 or not key.isascii() or not key.isalnum() or not (key[:6] + key[20:]).isdigit():
        return False
    total = sum((ord(character) - 48) * (2 + position % 8) for position, character in enumerate(reversed(key[:43])))
    rest = total % 11
    return key[43] == str(0 if rest < 2 else 11 - rest)
