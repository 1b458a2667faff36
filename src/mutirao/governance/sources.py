# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a motion is about, told by the modules that put it: governance itself knows no rounds or budgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

UrlOf = Callable[[str, int], str]
"""Address of a source's page, from the network's short address and the source's id; empty when there is none."""
LabelOf = Callable[[int], str]
"""Name of a source in the reader's language, from its id; empty when it is gone."""


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A source as a page shows it."""

    label: str
    url: str


_registry: dict[str, tuple[UrlOf, LabelOf]] = {}


def register(kind: str, url_fn: UrlOf, label_fn: LabelOf) -> None:
    """Tell how a kind of source is named and reached; called once, when the module that owns it starts.

    Raises: ValueError when the kind is told twice.
    """
    if kind in _registry:
        raise ValueError(f"source {kind} is registered twice")
    _registry[kind] = (url_fn, label_fn)


def link(kind: str, source_id: int | None, *, slug: str) -> SourceLink | None:
    """How to show a source in a network's page; None for no source, an unknown kind or one that is gone."""
    if source_id is None or kind not in _registry:
        return None
    url_fn, label_fn = _registry[kind]
    label = label_fn(source_id)
    return SourceLink(label, url_fn(slug, source_id)) if label else None
