# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever holds every role in one network asks there for the rows of another: each view looks for its row itself."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db.models import Min
from django.test import Client
from django.urls import get_resolver, resolve
from tests import factories
from tests.site.test_strangers import addresses

from mutirao.kernel import tenancy
from mutirao.kernel.tenancy import TenantModel
from mutirao.network import roles
from mutirao.network.models import Enterprise, Network, Person

_HOLE = re.compile(r"<(\w+):(\w+)>")
_HOME = "/rede/<slug:slug>/"
_NO_ROWS = ("importar/modelo/", "importar/previa/", "importar/<slug:code>/", "regras/entrada/criterios/")
"""Below the network's address: what stands in these holes is the program's word or the secret of one's own upload."""


def of_every_role(network: Network) -> Client:
    """Signed in as somebody who may do everything there is in a network."""
    person = factories.person(name="Estranha de Fora", email="estranha@example.org")
    with tenancy.activated(network):
        enterprise = factories.enterprise()
        for code, role in roles.ROLES.items():
            if code != "consultant":
                factories.role(person, code, enterprise if role.of_enterprise else None)
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(pk=person.pk))
    return client


def tenant_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel) and not model._meta.abstract]


def rows_seen(walked: dict[str, tuple[int, str]]) -> dict[str, set[tuple[str, ...]]]:
    """Route up to each of its holes → what stood in the holes, where a page was shown."""
    seen: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for address, (status, _from) in walked.items():
        path = urlsplit(address).path
        if status != 200 or not path.startswith("/rede/"):
            continue
        match = resolve(path)
        route = "/" + match.route
        values = [str(match.kwargs[name]) for _kind, name in _HOLE.findall(route)]
        for number, hole in enumerate(_HOLE.finditer(route)):
            seen[route[: hole.end()]].add(tuple(values[: number + 1]))
    return seen


def filled(route: str, seen: dict[str, set[tuple[str, ...]]], slug: str, numbers: list[str]) -> list[str]:
    """A route's addresses below another network: with rows that were seen there, else, after the part that was seen,
    with the numbers of rows that there are."""
    holes = list(_HOLE.finditer(route))
    depth = max(number for number in range(len(holes)) if number == 0 or route[: holes[number].end()] in seen)
    known = sorted(seen[route[: holes[depth].end()]])[:3]
    if depth < len(holes) - 1:
        known = [(*values, *[number] * (len(holes) - 1 - depth)) for values in known[:1] for number in numbers]
    found = []
    for values in known:
        path = route
        for hole, value in zip(holes, (slug, *values[1:]), strict=True):
            path = path.replace(hole[0], value, 1)
        found.append(path)
    return found


def found_elsewhere(walked: dict[str, tuple[int, str]]) -> tuple[dict[str, Any], int]:
    """(answers that are no "not found", by address; how many were asked)."""
    elsewhere = factories.network()
    client = of_every_role(elsewhere)
    with tenancy.unscoped("names that nobody elsewhere may read"):
        names = list(Enterprise.objects.exclude(network=elsewhere).values_list("name", flat=True))
        first = {model._base_manager.aggregate(n=Min("pk"))["n"] for model in tenant_models()}
    numbers = [str(number) for number in sorted(first - {None})[:8]]
    seen, wrong, asked = rows_seen(walked), {}, 0
    for route in addresses(get_resolver()):
        holes = _HOLE.findall(route)
        if not route.startswith(_HOME) or route.removeprefix(_HOME).startswith(_NO_ROWS):
            continue
        if len(holes) == 1:
            answer = client.get(route.replace("<slug:slug>", elsewhere.slug))
            asked += 1
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told = [name for name in names if name.encode() in said]
            if told or answer.status_code >= 500:
                wrong[route] = (answer.status_code, told[:3])
            continue
        for path in filled(route, seen, elsewhere.slug, numbers):
            for method in ("get", "post"):
                answer = getattr(client, method)(path)
                asked += 1
                if answer.status_code not in (404, 405):
                    wrong[f"{method} {path}"] = answer.status_code
    return wrong, asked
