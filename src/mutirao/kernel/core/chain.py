# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hash chain of the audit trail: each link seals what stands before it.

What a link says in words (names, labels, reasons, data) is sealed leaf by leaf, each with a salt of its own; the link
holds the seals. So a leaf can be erased, with its salt, and the chain still holds: the seal that stays says that there
were words and gives none of them away. Source: the salted commitments of selective disclosure (RFC 9901, section 4.2).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
"""What the first link of a chain points back to."""


def canonical(content: Any) -> bytes:
    """One byte string for one content: JSON with sorted keys, no spaces, UTF-8.

    Source: the idea of RFC 8785 (JSON Canonicalization Scheme); contents hold strings, integers, booleans,
    null, lists and objects only, never floats, so that the two agree.
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link_hash(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the previous link's hash and the content."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(content)).hexdigest()


def leaves(parts: Mapping[str, Any], depth: int = 2) -> dict[str, Any]:
    """Path → value of what is sealed by itself, down to so many levels of mappings; nothing that is empty.

    A path is a JSON Pointer without its first slash (RFC 6901).
    """
    found: dict[str, Any] = {}
    for name, value in parts.items():
        path = str(name).replace("~", "~0").replace("/", "~1")
        if depth and isinstance(value, Mapping) and value:
            found |= {f"{path}/{below}": leaf for below, leaf in leaves(value, depth - 1).items()}
        elif value is None or value not in ("", {}, []):
            found[path] = value
    return found


def seal(salt: str, value: Any) -> str:
    """SHA-256 (hex) over a salt and a value: whoever lacks the salt learns nothing of the value."""
    return hashlib.sha256(salt.encode() + b"\n" + canonical(value)).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One stored link: its number from 1 on, what it says, and the two hashes that were written."""

    sequence: int
    content: Mapping[str, Any]
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: `problem` is missing, reordered, unlinked or altered."""

    sequence: int
    problem: str


def first_break(links: Iterable[Link]) -> Break | None:
    """The first place where the chain does not hold, or None when every link does."""
    expected, previous = 1, GENESIS
    for link in links:
        if link.sequence != expected:
            return Break(expected, "missing")
        if link.previous != previous:
            return Break(link.sequence, "unlinked")
        if link_hash(link.previous, link.content) != link.digest:
            return Break(link.sequence, "altered")
        expected, previous = expected + 1, link.digest
    return None
