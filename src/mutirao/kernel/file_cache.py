# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cache of one machine, in files, shared by every process: what counts tries and remembers codes used once.

Django's own file cache looks and then writes: two processes at once may both be told that they came first (`add`), or
count one try for two (`incr`), and counting a try forgets until when it was to be kept. Here both hold a lock.
"""

from __future__ import annotations

import hashlib
import pickle
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks

_LOCKS = 32
"""Files that are locked; keys fall into them by their digest."""


class SharedFileCache(FileBasedCache):
    """Django's file cache, with `add` and `incr` that one process at a time does."""

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value where there is none (any more); whether it was kept now."""
        with self._alone(key):
            return bool(super().add(key, value, timeout, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count on, kept as long as it was to be. Raises: ValueError where there is nothing."""
        with self._alone(key):
            try:
                with Path(self._key_to_file(key, version)).open("rb") as file:  # type: ignore[attr-defined]
                    expiry = pickle.load(file)  # noqa: S301 - our own file, as in Django's
                    value = pickle.loads(zlib.decompress(file.read()))  # noqa: S301
            except FileNotFoundError:
                raise ValueError(f"Key '{key}' not found") from None
            left = None if expiry is None else expiry - time.time()
            if left is not None and left <= 0:
                raise ValueError(f"Key '{key}' not found")
            self.set(key, value + delta, left, version)
            return int(value + delta)

    @contextmanager
    def _alone(self, key: Any) -> Iterator[None]:
        self._createdir()  # type: ignore[attr-defined]
        number = hashlib.sha256(str(key).encode()).digest()[0] % _LOCKS
        with (Path(self._dir) / f"{number}.lock").open("ab") as file:  # type: ignore[attr-defined]
            locks.lock(file, locks.LOCK_EX)
            try:
                yield
            finally:
                locks.unlock(file)
