# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where data about people is kept: what is handed over when a person asks for it, and what becomes of it when they ask
to be forgotten.

Every foreign key to a person and every column that holds an e-mail address must be declared here, by
whoever owns the model; `tests/site/keeping/test_declared.py` walks all models and names what is missing. Declare in the
module's `apps.ready`, by label:

    personal.declare("notices.PushSubscription", "person", erase=personal.DELETE)
    personal.declare("governance.Motion", "put_by", why=personal.DECISIONS)
    personal.declare_text("network.Contact", "email", erase=personal.DELETE)

Source: Lei 13.709/2018 (LGPD), art. 16, I (what the law says must be kept), art. 18, II, V and VI (access, portability,
erasure).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

KEEP = "keep"
"""The row stays and keeps the person's number; the name it is shown with is the one that replaced it."""
DELETE = "delete"
"""The row goes."""
BLANK = "blank"
"""The row stays without name, e-mail and telephone."""

BOOKS = "books and the documents behind them are kept as the law demands (LGPD art. 16, I)"
DECISIONS = "who decided and answered for what stays with the decision, by number (LGPD art. 16, I)"
RIGHTS = "who could do what, and when, stays with the acts done by it (LGPD art. 16, I)"
COMPANIES = "data of an organisation, not of a person"


@dataclass(frozen=True, slots=True)
class Declared:
    """A column that leads to a person: by foreign key, or as text (`by_text`) that equals the e-mail address."""

    label: str
    column: str
    erase: str
    why: str
    export: bool
    by_text: bool = False
    blank: tuple[str, ...] = ()
    """Columns that are emptied by BLANK; one that ends in "name" gets the words that replace the person's name."""


_declared: dict[tuple[str, str], Declared] = {}
_blockers: list[Callable[[Any], Iterator[str]]] = []


def declare(label: str, column: str, *, erase: str = KEEP, why: str = "", export: bool = True) -> None:
    """Declare a foreign key to a person. What is kept says why. Raises: ValueError."""
    _add(Declared(label, column, erase, why, export))


def declare_text(
    label: str,
    column: str,
    *,
    erase: str = BLANK,
    why: str = "",
    export: bool = True,
    blank: tuple[str, ...] = ("name", "email", "phone"),
) -> None:
    """Declare a column that holds an e-mail address. What is kept says why. Raises: ValueError."""
    _add(Declared(label, column, erase, why, export, by_text=True, blank=blank if erase == BLANK else ()))


def _add(one: Declared) -> None:
    if one.erase not in (KEEP, DELETE, BLANK) or (one.erase == KEEP and not one.why):
        raise ValueError(f"{one.label}.{one.column}: what is kept of a person says why")
    _declared[one.label, one.column] = one


def declared() -> list[Declared]:
    """Everything declared, by label."""
    return [_declared[key] for key in sorted(_declared)]


_withheld: list[Callable[[], Iterable[str]]] = []


def withholds(files: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    """Register a function that names the active network's files which nobody may see any more, by their names in the
    storage."""
    _withheld.append(files)
    return files


def withheld_files() -> frozenset[str]:
    """The active network's files that are handed to nobody, those who take everything along neither."""
    return frozenset(name for files in _withheld for name in files())


def holds_back(reasons: Callable[[Any], Iterator[str]]) -> Callable[[Any], Iterator[str]]:
    """Register a function that says, in words, why a person cannot be forgotten yet; nothing when they can."""
    _blockers.append(reasons)
    return reasons


def why_not_yet(person: Any) -> list[str]:
    """Why a person's data cannot be erased yet, in the reader's language."""
    return [words for reasons in _blockers for words in reasons(person)]
