# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which criteria a network asks of a group, by country: the law's where there is one, on the common ground of the
co-operative principles.

Source: ICA Statement on the Cooperative Identity (Manchester, 1995), seven principles. For Brazil Lei 15.068/2024,
art. 4º, I to V and § 3º, read at planalto.gov.br; the texts are dated legal parameters (kernel.legal), not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WORK = "work"
"""Those who own the enterprise work in it: the ground of every network here."""
PRINCIPLES = ("open_membership", "democratic_control", "economic_participation", "autonomy", "education",
              "cooperation", "community")  # fmt: skip
REQUIRED_PRINCIPLES = frozenset({"open_membership", "democratic_control", "economic_participation", "autonomy"})
"""The others are asked about and talked over; nobody is kept out for them alone."""

LEGAL_PREFIX = "admission.criterion."

# What each criterion of a law already asks: principles by name, and WORK.
_COVERED: dict[str, tuple[str, ...]] = {
    "self_management": ("democratic_control",),
    "members_work": (WORK,),
    "fair_trade": ("cooperation",),
    "shared_results": ("economic_participation",),
    "purpose_of_surplus": ("community", "education"),
    "no_labour_intermediation": (),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A criterion: its code; "law" or "principle"; whether nobody enters without it."""

    code: str
    source: str
    is_required: bool


def checklist(legal_codes: Iterable[str]) -> list[Rule]:
    """The criteria in order: those of the country's law in force (codes without LEGAL_PREFIX), then what of the common
    ground it leaves open. Without any law the principles alone.

    Raises: ValueError for a criterion of law that this program does not know.
    """
    rules: list[Rule] = []
    covered: set[str] = set()
    for code in legal_codes:
        if code not in _COVERED:
            raise ValueError(f"unknown legal criterion {code}")
        covered.update(_COVERED[code])
        rules.append(Rule(code, "law", is_required=True))
    if WORK not in covered:
        rules.insert(0, Rule(WORK, "principle", is_required=True))
    rules += [
        Rule(name, "principle", is_required=name in REQUIRED_PRINCIPLES) for name in PRINCIPLES if name not in covered
    ]
    return rules
