# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the launcher says, in Portuguese unless the terminal speaks English."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


def english() -> bool:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value.startswith("en")
    return False


def words(portuguese: str, in_english: str) -> str:
    return in_english if english() else portuguese


class _Progress:
    """Where progress goes: beside the answer of a command that answers on standard output."""

    stream: TextIO | None = None  # standard error


def progress_on(stream: TextIO) -> None:
    _Progress.stream = stream


def progress() -> TextIO:
    return _Progress.stream or sys.stderr


def tell(text: str, *, end: str = "\n") -> None:
    """Print a line of progress as it is."""
    print(text, end=end, file=progress(), flush=True)


def say(portuguese: str, in_english: str) -> None:
    tell(words(portuguese, in_english))


class Problem(Exception):
    """Something the person can understand and mend; becomes words on the screen and an exit code, never a traceback."""

    def __init__(self, portuguese: str, in_english: str, *, code: int = 1) -> None:
        super().__init__(words(portuguese, in_english))
        self.code = code


@contextmanager
def step(portuguese: str, in_english: str) -> Iterator[None]:
    """Announce a step, and how long it took once it is done."""
    name = words(portuguese, in_english)
    tell(f"· {name}…")
    start = time.monotonic()
    yield
    seconds = time.monotonic() - start
    if seconds >= 1:
        tell(f"  {words('pronto em', 'done in')} {seconds:.0f} s")


def use_utf8() -> None:
    """Print accents whatever the terminal says of itself; a terminal that cannot show one gets a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = "utf-8" if (stream.encoding or "").lower() in ("ascii", "ansi_x3.4-1968") else None
            stream.reconfigure(encoding=encoding, errors="replace")
