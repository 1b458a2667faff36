# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a picture, a recording or a story may go: as far as the most careful of those shown in it allowed."""

from __future__ import annotations

from collections.abc import Collection

NOWHERE, INSIDE, BOOKLET, PUBLIC = 0, 1, 2, 3
SCOPES = {"": NOWHERE, "inside": INSIDE, "booklet": BOOKLET, "public": PUBLIC}
"""What a person allowed, by its code: inside the network; in the printed booklet too; everywhere. "" is nothing."""


def reach(scopes: Collection[str], *, shows_nobody: bool) -> int:
    """How far something may go. `scopes`: one for each person shown, "" where none was given or it was withdrawn.

    Somebody named counts even where it was said that nobody can be recognised. Where nobody is named and nobody said
    that nobody is shown, it goes nowhere. Raises: ValueError for an unknown scope.
    """
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise ValueError(f"unknown scope {unknown[0]!r}")
    if scopes:
        return min(SCOPES[scope] for scope in scopes)
    return PUBLIC if shows_nobody else NOWHERE
