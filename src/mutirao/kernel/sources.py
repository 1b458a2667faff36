# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a row of a lower module came from, in words and as a link.

A lower module keeps an opaque (kind, id); the module that owns the kind says here how it is named and where it is seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

UrlFunction = Callable[[str, int], str]
"""(slug of the network, source id) → address of the page of what it is; "" where there is none."""
LabelFunction = Callable[[Collection[int]], Mapping[int, str]]
"""Source ids → words for each, in a fixed number of queries; ids that are gone are left out."""


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A source as a reader sees it; `url` is empty where there is no page for it."""

    label: str
    url: str


LinksFunction = Callable[[str, Collection[int]], Mapping[int, SourceLink]]
"""(slug of the network, source ids) → each with its words and address, in a fixed number of queries."""

_registry: dict[str, LinksFunction] = {}


def register(kind: str, url_function: UrlFunction, label_function: LabelFunction) -> None:
    """Say how sources of a kind ("purchasing.round") are named and where they are seen; called once, at start.

    Raises: ValueError when the kind is registered twice.
    """

    def links(slug: str, ids: Collection[int]) -> Mapping[int, SourceLink]:
        return {pk: SourceLink(label, url_function(slug, pk)) for pk, label in label_function(ids).items()}

    register_links(kind, links)


def register_links(kind: str, links_function: LinksFunction) -> None:
    """As `register`, for kinds whose address takes a look at the database: words and addresses of many at once.

    Raises: ValueError when the kind is registered twice.
    """
    if kind in _registry:
        raise ValueError(f"source kind {kind} is registered twice")
    _registry[kind] = links_function


def describe(sources: Iterable[tuple[str, int | None]], *, slug: str) -> dict[tuple[str, int], SourceLink]:
    """Links for sources of any kinds; a kind that nobody registered shows as it is stored, without a link."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, pk in sources:
        if kind and pk is not None:
            by_kind[kind].add(pk)
    found: dict[tuple[str, int], SourceLink] = {}
    for kind, ids in by_kind.items():
        if kind not in _registry:
            found.update({(kind, pk): SourceLink(f"{kind} {pk}", "") for pk in ids})
            continue
        links = _registry[kind](slug, ids)
        found.update({(kind, pk): links[pk] for pk in ids if pk in links})
    return found


def link(kind: str, source_id: int | None, *, slug: str) -> SourceLink | None:
    """How to show one source; None for no source or one that is gone."""
    return None if source_id is None else describe([(kind, source_id)], slug=slug).get((kind, source_id))
