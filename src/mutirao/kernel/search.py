# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding things by a few words: folded text columns, and the one list of what can be found.

A module registers what it has to offer (`register`); the search page asks each once. Why folded columns and not a
full-text engine: docs/decisions/0004-search.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from mutirao.kernel.actors import Actor
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import Words

MAX_WORDS = 8
"""Words of a query that count; the rest is left aside."""


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """Other fields of the row folded together (lower case, no accents), written whenever the row is saved.

    Serves uniqueness and finding alike on both databases. Models with such a field inherit `Folded`.
    """

    def __init__(self, *, sources: Iterable[str], **kwargs: Any) -> None:
        self.sources = tuple(sources)
        kwargs["editable"] = False
        kwargs.setdefault("default", "")
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs["sources"] = self.sources
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = fold(" ".join(str(getattr(model_instance, source) or "") for source in self.sources))
        setattr(model_instance, self.attname, value)
        return value


class Folded(models.Model):
    """A row with folded fields: saving a source saves what is folded from it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is not None:
            fields = set(fields)
            follow = {
                item.name
                for item in self._meta.concrete_fields
                if isinstance(item, FoldedField) and fields.intersection(item.sources)
            }
            kwargs["update_fields"] = fields | follow
        super().save(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody looks for: the text as typed, its folded words, and its letters and digits run together."""

    text: str
    words: tuple[str, ...]
    compact: str

    @classmethod
    def of(cls, text: str) -> Terms:
        folded = fold(text.replace("\x00", " "))[:200]
        return cls(text.strip(), tuple(folded.split()[:MAX_WORDS]), "".join(c for c in folded if c.isalnum()))

    def __bool__(self) -> bool:
        return bool(self.words)

    def within(self, *folded_fields: str) -> Q:
        """Rows that have every word in one of the folded fields."""
        condition = Q()
        for word in self.words:
            condition &= Q(*[(f"{name}__contains", word) for name in folded_fields], _connector=Q.OR)
        return condition


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is called, a word about it, and the view that shows it (the network's slug is added)."""

    title: str
    view: str
    key: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


Find = Callable[[Actor, Terms, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of thing that can be found. `find(actor, terms, limit)` gives what the actor may see, at most `limit`."""

    kind: str
    label: Words
    find: Find
    order: int


_sources: dict[str, Source] = {}


def register(kind: str, find: Find, *, label: Words, order: int = 100) -> None:
    """Offer a kind of thing to the search; called once, when the app is ready.

    Raises: ValueError when the kind is already offered.
    """
    if kind in _sources:
        raise ValueError(f"search kind {kind} is registered twice")
    _sources[kind] = Source(kind, label, find, order)


def sources() -> list[Source]:
    """What can be found, in the order of the page."""
    return sorted(_sources.values(), key=lambda source: (source.order, source.kind))
