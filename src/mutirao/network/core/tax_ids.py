# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brazilian registration numbers: CNPJ (numbers, and with letters since July 2026) and CPF."""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.br import cnpj, cpf
from stdnum.exceptions import InvalidChecksum, ValidationError

CNPJ_LENGTH = 14
CPF_LENGTH = 11


@dataclass(frozen=True, slots=True)
class TaxId:
    """A number that holds: `kind` is cnpj, cpf or none; `number` has no punctuation, letters are capitals."""

    kind: str
    number: str


NONE = TaxId("none", "")


def compact(text: str) -> str:
    """What somebody typed without punctuation and in capitals."""
    return "".join(mark for mark in text.upper() if mark not in " .-/–—\u00a0\t")


def parse(text: str) -> TaxId:
    """Read a CNPJ or CPF in any writing; nothing typed is no number.

    Raises: ValueError with the code "length", "characters" or "check_digits".
    Source: check digits by modulus 11, each character worth its ASCII code − 48 (Instrução Normativa RFB 2.229/2024).
    """
    number = compact(text)
    if not number:
        return NONE
    # A spreadsheet that took the number for a number has eaten its leading zeros; the caller decides about those.
    if len(number) not in (CNPJ_LENGTH, CPF_LENGTH):
        raise ValueError("length")
    if not number.isascii() or not number.isalnum() or (len(number) == CPF_LENGTH and not number.isdigit()):
        raise ValueError("characters")
    if len(set(number)) == 1:  # 111.111.111-11 passes the sum and is nobody's
        raise ValueError("check_digits")
    kind, module = ("cnpj", cnpj) if len(number) == CNPJ_LENGTH else ("cpf", cpf)
    try:
        return TaxId(kind, module.validate(number))
    except InvalidChecksum:
        raise ValueError("check_digits") from None
    except ValidationError:
        raise ValueError("characters") from None


def written(number: str) -> str:
    """A number with its punctuation: 12ABC34501DE35 → 12.ABC.345/01DE-35; others come back as they are."""
    if len(number) == CNPJ_LENGTH:
        return str(cnpj.format(number))
    if len(number) == CPF_LENGTH:
        return str(cpf.format(number))
    return number


def veiled(number: str) -> str:
    """A number for eyes that need not know it: of a CPF only the middle, as public lists do; a CNPJ is public."""
    if len(number) == CPF_LENGTH:
        return f"***.{number[3:6]}.{number[6:9]}-**"
    return written(number)
