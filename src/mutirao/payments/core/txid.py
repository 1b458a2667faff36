# SPDX-License-Identifier: AGPL-3.0-or-later
"""Identifiers of charges that people can read out and that are found again in a bank's text.

`R12C000345D70`: network 12, charge 345, check digits 64. Letters part the numbers, so that digits glued on either
side by a bank do not change what is read; the check digits tell a real identifier from one that only looks like it.
"""

from __future__ import annotations

import re
import unicodedata

MOST = 25
"""Length that a static Pix code admits. Source: Banco Central do Brasil, Manual de Padrões para Iniciação do Pix."""

_FORM = re.compile(r"R(\d{1,9})C(\d{6,9})D(\d{2})")


def _check(network: int, number: int) -> int:
    """Check digits by ISO/IEC 7064, MOD 97-10, over network and number written out in nine digits each."""
    return 98 - (network * 10**9 + number) * 100 % 97


def make_txid(network: int, number: int) -> str:
    """The identifier of a network's charge. Raises: ValueError when a number has no place in it."""
    if not (0 < network < 10**9 and 0 < number < 10**9):
        raise ValueError(f"no identifier for network {network}, charge {number}")
    return f"R{network}C{number:06d}D{_check(network, number):02d}"


def read_txid(text: str) -> tuple[int, int] | None:
    """Network and number of an identifier, or None when it is not one or a character was misread."""
    match = _FORM.fullmatch(text.strip().upper())
    if match is None:
        return None
    network, number, check = (int(part) for part in match.groups())
    return (network, number) if check == _check(network, number) else None


def find_txids(text: str) -> list[str]:
    """All identifiers in a bank's text, in order, also where spaces and marks were put into them."""
    bare = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKD", text).upper())
    found: list[str] = []
    for match in _FORM.finditer(bare):
        if read_txid(match.group()) and match.group() not in found:
            found.append(match.group())
    return found
