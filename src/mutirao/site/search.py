# SPDX-License-Identifier: AGPL-3.0-or-later
"""One search over everything in a network that the person may see. See docs/decisions/0004-search.md."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mutirao.kernel import search as kernel_search
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import Words
from mutirao.kernel.search import Hit, Terms
from mutirao.network.access import NetworkRequest
from mutirao.network.permissions import SEE_NETWORK
from mutirao.network.queries import require_somewhere

PER_KIND = 8
"""Hits shown of each kind; when there are more the page says so."""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind."""

    kind: str
    label: Words
    hits: list[Hit]
    has_more: bool


def search(actor: Actor, text: str) -> list[Group]:
    """What the actor may see that has every word of the text, by kind; a fixed number of queries, none for no words."""
    terms = Terms.of(text)
    if not terms:
        return []
    groups = []
    for source in kernel_search.sources():
        hits = list(source.find(actor, terms, PER_KIND + 1))
        if hits:
            groups.append(Group(source.kind, source.label, hits[:PER_KIND], len(hits) > PER_KIND))
    return groups


@require_GET
def search_page(request: NetworkRequest, slug: str) -> HttpResponse:
    """The page of what was found."""
    require_somewhere(request.actor, SEE_NETWORK)
    text = request.GET.get("q", "").strip()
    groups = [
        (group, [(hit, reverse(hit.view, kwargs={"slug": slug, **hit.key})) for hit in group.hits])
        for group in search(request.actor, text)
    ]
    return render(request, "site/search.html", {"search_query": text, "groups": groups})
