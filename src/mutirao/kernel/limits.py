# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often somebody may try: counted in the cache, in windows of fixed length."""

from __future__ import annotations

import hashlib

from django.core.cache import cache

from mutirao.kernel import clock


def tried_too_often(kind: str, who: str, *, most: int, seconds: int) -> bool:
    """Whether `who` has used up the tries of this window; looking does not count as a try."""
    return int(cache.get(_key(kind, who, seconds), 0)) >= most


def count_try(kind: str, who: str, *, seconds: int) -> None:
    """Note a try of `who`."""
    key = _key(kind, who, seconds)
    cache.add(key, 0, timeout=seconds)
    try:
        cache.incr(key)
    except ValueError:  # the window ended between the two
        cache.set(key, 1, timeout=seconds)


def _key(kind: str, who: str, seconds: int) -> str:
    window = int(clock.now().timestamp()) // seconds
    return f"limit:{kind}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
