# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where an enterprise stands in its network, what that lets it do, and how it may change. Pure."""

from __future__ import annotations

CANDIDATE = "candidate"
MEMBER = "member"
SUSPENDED = "suspended"
EXCLUDED = "excluded"
LEFT = "left"
PARTNER = "partner"
STANDINGS = (CANDIDATE, MEMBER, SUSPENDED, EXCLUDED, LEFT, PARTNER)

COMPANY = "company"
"""The legal form that is never more than a partner: a company is not owned by the people who work in it."""

TAKE_PART = "take_part"
VOTE = "vote"
OWE_SHARE = "owe_share"
HOLD_ROLE = "hold_role"
SPEAK_FOR_OTHERS = "speak_for_others"

_ALLOWED: dict[str, frozenset[str]] = {
    # Asking for anything new, and deciding with the others: members only.
    TAKE_PART: frozenset({MEMBER}),
    VOTE: frozenset({MEMBER}),
    # Giving a reference for a group that wants to join.
    SPEAK_FOR_OTHERS: frozenset({MEMBER}),
    # What was asked for as a member is owed, whatever came after; who never was one asked for nothing.
    OWE_SHARE: frozenset({MEMBER, SUSPENDED, EXCLUDED, LEFT}),
    # A suspended enterprise may still name who speaks for it: it has to be heard.
    HOLD_ROLE: frozenset({MEMBER, SUSPENDED}),
}

_CHANGES: dict[str, frozenset[str]] = {
    CANDIDATE: frozenset({MEMBER, PARTNER, LEFT}),
    MEMBER: frozenset({SUSPENDED, EXCLUDED, LEFT}),
    SUSPENDED: frozenset({MEMBER, EXCLUDED, LEFT}),
    # Back as what it was, when the assembly upholds its appeal; else by asking again.
    EXCLUDED: frozenset({MEMBER, SUSPENDED, CANDIDATE}),
    LEFT: frozenset({CANDIDATE, PARTNER}),
    PARTNER: frozenset({CANDIDATE, LEFT}),
}

INSIDE = frozenset({MEMBER, SUSPENDED})
"""Those whose people read what the members read."""


def may(standing: str, doing: str) -> bool:
    """Whether an enterprise that stands so may do something.

    Raises: KeyError for a doing that nobody decided about.
    """
    return standing in _ALLOWED[doing]


def those_who_may(doing: str) -> frozenset[str]:
    """The standings that allow something. Raises: KeyError."""
    return _ALLOWED[doing]


def may_become(before: str, after: str, *, legal_form: str) -> bool:
    """Whether one standing may follow another; a company is only ever a partner."""
    if legal_form == COMPANY and after != PARTNER:
        return False
    return after in _CHANGES[before]


def first_standing(legal_form: str) -> str:
    """How an enterprise begins that somebody registers or imports."""
    return PARTNER if legal_form == COMPANY else CANDIDATE
