# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of municipalities and states as people write them."""

from __future__ import annotations

import re

from mutirao.kernel.core.text import fold

STATE_BY_CODE = {
    11: "RO", 12: "AC", 13: "AM", 14: "RR", 15: "PA", 16: "AP", 17: "TO", 21: "MA", 22: "PI", 23: "CE", 24: "RN",
    25: "PB", 26: "PE", 27: "AL", 28: "SE", 29: "BA", 31: "MG", 32: "ES", 33: "RJ", 35: "SP", 41: "PR", 42: "SC",
    43: "RS", 50: "MS", 51: "MT", 52: "GO", 53: "DF",
}  # fmt: skip
"""IBGE's codes of the 27 federative units."""

STATES = frozenset(STATE_BY_CODE.values())
_WITH_STATE = re.compile(r"^(?P<name>.+?)\s*(?:\(\s*(?P<a>\w\w)\s*\)|[,/–-]\s*(?P<b>\w\w))$")


def fold_place(name: str) -> str:
    """A place's name for comparing: folded, hyphens and apostrophes as spaces ("Sant'Ana" → "sant ana")."""
    return fold(re.sub(r"[-'’`´]", " ", name))


def split_place(text: str) -> tuple[str, str]:
    """What was typed as (folded name, state): "Campinas (SP)", "campinas/sp", "Campinas - SP" → ("campinas", "SP").

    The state is empty when none is named.
    """
    text = " ".join(text.split())
    found = _WITH_STATE.match(text)
    if found:
        state = (found["a"] or found["b"]).upper()
        if state in STATES:
            return fold_place(found["name"]), state
    return fold_place(text), ""
