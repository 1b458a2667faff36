# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of import. A module registers its own in `<module>/importing.py`, which is found by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from threading import RLock
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.core.tabular import fold_title
from mutirao.kernel.errors import NotFound, Words
from mutirao.network.importing.columns import ColumnType
from mutirao.network.importing.plans import ImportPlan, Row


@dataclass(frozen=True, slots=True)
class Column:
    """A field that a file may bring. Its label in any language of the screen and its `aliases` are its titles."""

    field: str
    label: Words
    type: ColumnType
    aliases: tuple[str, ...] = ()
    """Other titles, best first, in any writing."""
    required: bool = False
    """There must be a column for it, and every row must fill it."""
    help: Words = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What an importer knows beside the rows."""

    network: Any
    actor: Actor
    target: Any = None
    """What the file is brought into, for kinds that have one: a purchase round."""
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a kind's file is brought into, chosen before: the round of needs and quotes."""

    option: str
    """Name of the command line's option and of the form's field."""
    label: Words
    choices: Callable[[Actor], Sequence[tuple[str, str]]]
    """(key, label) of what can be chosen now."""
    find: Callable[[str, Actor], Any]
    """The thing of a key. Raises: NotFound."""
    none_words: Words = ""
    """What to say where nothing can be chosen."""


Plan = Callable[[Sequence[Row], Context], ImportPlan]
Apply = Callable[[ImportPlan, Context], None]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of file: its columns, how its rows become a plan, how a plan is written.

    `apply` runs inside one unit of work and calls operations; `plan` only reads.
    """

    code: str
    label: Words
    purpose: Words
    columns: tuple[Column, ...]
    plan: Plan
    apply: Apply
    acts: tuple[str, ...]
    """Acts the person needs beside `network.import`."""
    aliases: tuple[str, ...] = ()
    """Other names on the command line."""
    target: Target | None = None
    left_aside: Mapping[str, Words] = field(default_factory=dict)
    """Titles (folded) that are known and not brought in, with the reason."""
    of_installation: bool = False
    """Reference data of all networks: from the command line only."""
    order: int = 100
    matrix: Any = None
    """How the same may be said as a table of rows against columns (`importing.matrix.MatrixForm`)."""
    notes: tuple[Words, ...] = ()
    """Sentences for the template's notes and the upload page."""

    def column(self, name: str) -> Column:
        """The column of a field. Raises: KeyError."""
        return next(column for column in self.columns if column.field == name)

    def titles(self) -> dict[str, tuple[str, ...]]:
        """Field → folded titles by which its column is recognised, best first."""
        return _titles(self.columns)

    def known_titles(self) -> frozenset[str]:
        """Every folded title that means something here."""
        return frozenset(title for titles in self.titles().values() for title in titles) | frozenset(self.left_aside)


@lru_cache(maxsize=64)
def _titles_by_field(columns: tuple[tuple[str, Words, tuple[str, ...]], ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, label, aliases in columns:
        words = [name, *aliases]
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                words.insert(0, str(label))
        found[name] = tuple(dict.fromkeys(fold_title(word) for word in words))
    return found


def _titles(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    return _titles_by_field(tuple((column.field, column.label, column.aliases) for column in columns))


class UnknownKind(NotFound):
    code = "unknown_import_kind"
    message = _("Não há importação do tipo “%(kind)s”.")
    next_step = _("Os tipos são: %(kinds)s.")


OWN_KINDS = tuple(f"mutirao.network.importing.{name}" for name in ("enterprises", "couriers", "municipalities"))
_kinds: dict[str, ImportKind] = {}
_finding, _found = RLock(), False


def register(kind: ImportKind) -> ImportKind:
    """Offer a kind of import; called once, when its module is loaded. Raises: ValueError when its code is taken."""
    if kind.code in _kinds:
        raise ValueError(f"import kind {kind.code} is registered twice")
    _kinds[kind.code] = kind
    return kind


def kinds() -> list[ImportKind]:
    """Every kind, in the order of the page."""
    _discover()
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.code))


def kinds_for(actor: Actor) -> list[ImportKind]:
    """The kinds that the actor may bring into the network from the screen."""
    return [kind for kind in kinds() if not kind.of_installation and all(actor.can(act) for act in kind.acts)]


def kind_named(name: str) -> ImportKind:
    """The kind of a code or another of its names. Raises: UnknownKind."""
    _discover()
    wanted = name.strip().lower().replace("-", "_")
    for kind in kinds():
        if wanted in (kind.code, *kind.aliases):
            return kind
    raise UnknownKind(kind=name, kinds=", ".join(kind.code for kind in kinds()))


def kind_label(code: str) -> str:
    """What a kind is called; its code where it is gone."""
    _discover()
    return str(_kinds[code].label) if code in _kinds else code


def _discover() -> None:
    global _found
    with _finding:
        if not _found:
            for name in OWN_KINDS:
                import_module(name)
            autodiscover_modules("importing")
            _found = True
