# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stranger walks every address of a network, whichever module it belongs to, and gets nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests import factories

from mutirao.kernel import tenancy

SAMPLES = {"int": "1", "str": "1-1", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address that the program knows, converters filled with samples."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def of_a_network(slug: str) -> list[str]:
    """Addresses below /rede/<slug>/ with everything filled in."""
    found = []
    for route in addresses(get_resolver()):
        if not route.startswith("/rede/<slug:slug>/"):
            continue
        path = route.replace("<slug:slug>", slug)
        while "<" in path:
            start, end = path.index("<"), path.index(">")
            kind = path[start + 1 : end].split(":")[0]
            path = path[:start] + SAMPLES[kind] + path[end + 1 :]
        found.append(path)
    return found


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_gets_nothing_anywhere(network: Any, client: Client, method: str) -> None:
    client.force_login(factories.person())
    paths = of_a_network(network.slug)
    assert len(paths) > 100
    answers = {path: getattr(client, method)(path).status_code for path in paths}
    assert {path: status for path, status in answers.items() if status != 404} == {}


def test_somebody_of_another_network_gets_nothing_anywhere(network: Any, client: Client) -> None:
    elsewhere = factories.network()
    client.force_login(_coordinator_of(elsewhere))
    answers = {path: client.get(path).status_code for path in of_a_network(network.slug)}
    assert {path: status for path, status in answers.items() if status != 404} == {}


def test_whoever_is_not_signed_in_is_sent_to_sign_in(network: Any, client: Client) -> None:
    for path in of_a_network(network.slug):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/conta/entrar/?next="), path


def _coordinator_of(elsewhere: Any) -> Any:
    someone = factories.person()
    with tenancy.activated(elsewhere):
        factories.role(someone, "coordination")
    return someone
