# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hash chain of the audit trail: each link seals what stands before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
"""What the first link of a chain points back to."""


def canonical(content: Mapping[str, Any]) -> bytes:
    """One byte string for one content: JSON with sorted keys, no spaces, UTF-8.

    Source: the idea of RFC 8785 (JSON Canonicalization Scheme); contents hold strings, integers, booleans,
    null, lists and objects only, never floats, so that the two agree.
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link_hash(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the previous link's hash and the content."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(content)).hexdigest()


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
