# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one list of what people are told about. Each module declares its kinds at import; people choose ways by kind."""

from __future__ import annotations

from dataclasses import dataclass

from mutirao.kernel.errors import Words

NOW, DIGEST, NEVER = "now", "digest", "never"


@dataclass(frozen=True, slots=True)
class Kind:
    """Something people are told about. `email` is the way by e-mail where nobody chose (now, digest, never), `push`
    whether it rings on devices; `waits`: something is wanted of the reader; `urgent`: rings in quiet hours too; `team`:
    only who has a role in the network as a whole is ever told.
    """

    code: str
    label: Words
    email: str = DIGEST
    push: bool = False
    waits: bool = False
    urgent: bool = False
    is_listed: bool = True
    team: bool = False


_registry: dict[str, Kind] = {}


def declare(
    code: str,
    label: Words,
    *,
    email: str = DIGEST,
    push: bool = False,
    waits: bool = False,
    urgent: bool = False,
    is_listed: bool = True,
    team: bool = False,
) -> str:
    """Declare a kind once, at import; returns its code. Raises: ValueError when it is declared twice or with another
    way than now, digest, never."""
    if code in _registry or email not in (NOW, DIGEST, NEVER):
        raise ValueError(f"kind {code} is declared twice or sent in an unknown way")
    _registry[code] = Kind(code, label, email, push, waits, urgent, is_listed, team)
    return code


def kind(code: str) -> Kind:
    """A kind by its code; one that no module declares any more is only shown in the app."""
    return _registry.get(code) or Kind(code, code, email=NEVER, is_listed=False)


def listed(*, team: bool) -> list[Kind]:
    """The kinds that somebody chooses ways for, in the network's team or not: what waits first, then by code."""
    rows = [one for one in _registry.values() if one.is_listed and (team or not one.team)]
    return sorted(rows, key=lambda one: (not one.waits, one.code))
