# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registration numbers as people write them, by the rules of their country (`core.countries`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mutirao.network.core import countries
from mutirao.network.core.countries import NONE as NO_KIND
from mutirao.network.core.countries import OTHER

CNPJ_LENGTH = 14
CPF_LENGTH = 11


@dataclass(frozen=True, slots=True)
class TaxId:
    """A number that holds: `kind` is of core.countries, other or none; `number` has no punctuation, capitals only."""

    kind: str
    number: str


NONE = TaxId(NO_KIND, "")
_WORST = ("check_digits", "characters", "length")


def compact(text: str) -> str:
    """What somebody typed without punctuation and in capitals."""
    return "".join(mark for mark in text.upper() if mark not in " .-/–—\u00a0\t")


def parse(text: str, country: str = "BR") -> TaxId:
    """Read a registration number of a country in any writing; nothing typed is no number.

    Where a country knows several kinds the first that holds is taken; where it knows none, any letters and figures.
    Raises: ValueError with the code "length", "characters" or "check_digits".
    Source: for CNPJ check digits by modulus 11, each character worth its ASCII code − 48 (Instrução Normativa RFB
    2.229/2024); the others as python-stdnum names them.
    """
    number = compact(text)
    if not number:
        return NONE
    # A spreadsheet that took the number for a number has eaten its leading zeros; the caller decides about those.
    kinds = countries.country(country).identifiers
    if not kinds:
        return _free(number)
    if not number.replace("Ñ", "N").isascii() or not number.replace("&", "").isalnum():  # both stand in a Mexican RFC
        raise ValueError("characters" if len(number) in _lengths(country) else "length")
    if len(set(number)) == 1:  # 111.111.111-11 passes the sum and is nobody's
        raise ValueError("check_digits" if len(number) in _lengths(country) else "length")
    problems = set()
    for kind in kinds:
        try:
            return TaxId(kind.kind, kind.read(number))
        except ValueError as problem:
            problems.add(str(problem))
    if country == "BR" and len(number) in _lengths(country) and "check_digits" not in problems:
        raise ValueError("characters")
    raise ValueError(next(code for code in _WORST if code in problems))


def _lengths(country: str) -> tuple[int, ...]:
    return (CNPJ_LENGTH, CPF_LENGTH) if country == "BR" else ()


def _free(number: str) -> TaxId:
    if len(number) > countries.LONGEST or len(number) < 3:
        raise ValueError("length")
    if not re.fullmatch(r"[\w&:()+]+", number):
        raise ValueError("characters")
    return TaxId(OTHER, number)


def written(number: str, kind: str = "") -> str:
    """A number with its punctuation: 12ABC34501DE35 → 12.ABC.345/01DE-35. Without `kind` a Brazilian one by length."""
    rules = countries.identifier(_known(kind, number))
    return rules.written(number) if rules else number


def veiled(number: str, kind: str = "") -> str:
    """A number for eyes that need not know it: of a person's only the middle, as public lists do with a CPF."""
    kind = _known(kind, number)
    rules = countries.identifier(kind)
    if rules is None or not rules.is_personal(number):
        return written(number, kind)
    if kind == "cpf":
        return f"***.{number[3:6]}.{number[6:9]}-**"
    hidden = len(number) // 3
    return "*" * hidden + number[hidden:-hidden] + "*" * hidden


def name_of(kind: str) -> str:
    """What a kind is called in its country; empty for other and none."""
    rules = countries.identifier(kind)
    return rules.name if rules else ""


def _known(kind: str, number: str) -> str:
    if kind and kind != NO_KIND:
        return kind
    return {CNPJ_LENGTH: "cnpj", CPF_LENGTH: "cpf"}.get(len(number), "")
