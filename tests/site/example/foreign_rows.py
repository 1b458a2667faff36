# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever holds every role in one network asks there for the rows of another: each view looks for its row itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve
from tests import factories
from tests.site.example.rows_beside import addresses_beside, make_parents, make_rows_beside
from tests.site.test_strangers import addresses

from mutirao.kernel import tenancy
from mutirao.network import roles
from mutirao.network.models import Enterprise, Network, Person

_HOLE = re.compile(r"<(\w+):(\w+)>")
_HOME = "/rede/<slug:slug>/"
_NO_ROWS = ("importar/modelo/", "importar/previa/", "importar/<slug:code>/")
"""Below the network's address: what stands in these holes is the program's word or the secret of one's own upload."""
_OF_THE_PARENT = (_HOME + "livros/<int:book_id>/exportar/<str:kind>/",)
"""Below a row of one's own this says in which form: no row."""


def of_every_role(network: Network, email: str, enterprise: Enterprise) -> tuple[Person, Client]:
    """Somebody signed in who may do everything there is in a network."""
    person = factories.person(name="Estranha de Fora", email=email)
    with tenancy.activated(network):
        for code, role in roles.ROLES.items():
            if code != "consultant":
                factories.role(person, code, enterprise if role.of_enterprise else None)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return person, client


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


def filled(route: str, rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A route's addresses with what stands in its holes."""
    found = []
    for values in rows:
        path = route
        for (kind, name), value in zip(_HOLE.findall(route), values, strict=True):
            path = path.replace(f"<{kind}:{name}>", value, 1)
        found.append(path)
    return found


def is_there(client: Client, path: str) -> bool:
    """Whether somebody of the row's own network is told anything else than "not found"; nothing stays changed."""
    with transaction.atomic():
        answer = client.get(path)
        if answer.status_code == 405:
            answer = client.post(path)
        transaction.set_rollback(True)
    return answer.status_code != 404


def found_elsewhere(walked: dict[str, tuple[int, str]], home: Network) -> tuple[dict[str, Any], int]:
    """(what went wrong, by address: an answer that is no "not found", or no row to ask for; how many were asked).

    Each address of a row is asked for with a row that there is, which its own people are shown; what hangs on another
    row also below a row of one's own.
    """
    with tenancy.unscoped("names that nobody elsewhere may read"):
        names = list(Enterprise.objects.values_list("name", flat=True))
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        enterprise = factories.enterprise()
        stranger, client = of_every_role(elsewhere, "estranha@example.org", enterprise)
        parents = make_parents(elsewhere.slug, enterprise)
    with tenancy.activated(home):
        member, own = of_every_role(home, "de-casa@example.org", Enterprise.objects.filter(standing="member")[0])
        make_rows_beside(member, stranger)
        beside = addresses_beside(home.slug)
    # Where a row was made to be asked for it is the one: what others of its kind say may be the program's own words.
    seen = rows_seen(walked) | rows_seen(dict.fromkeys(beside, (200, "")))
    above = rows_seen({address: (client.get(address).status_code, "") for address in parents})
    opened = {urlsplit(address).path for address, (status, _from) in walked.items() if status == 200}
    wrong: dict[str, Any] = {}
    asked = 0
    for route in addresses(get_resolver()):
        if not route.startswith(_HOME) or route.removeprefix(_HOME).startswith(_NO_ROWS):
            continue
        if route.count("<") == 1:
            answer = client.get(route.replace("<slug:slug>", elsewhere.slug))
            asked += 1
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told = [name for name in names if name.encode() in said]
            if told or answer.status_code >= 500:
                wrong[route] = (answer.status_code, told[:3])
            continue
        holes = [hole.end() for hole in _HOLE.finditer(route)]
        rows = [values[1:] for values in sorted(seen[route[: holes[-1]]])[:2]]
        at_home = filled(route, [(home.slug, *values) for values in rows])
        if not any(path in opened or is_there(own, path) for path in at_home):
            wrong[route] = f"nothing to ask for: {at_home}"
        foreign = [(elsewhere.slug, *values) for values in rows]
        if len(holes) > 2 and route not in _OF_THE_PARENT:
            (parent,) = above[route[: holes[1]]]  # one's own row, which somebody else's is asked for below
            foreign += [(*parent, *values[1:]) for values in rows[:1]]
        for path in filled(route, foreign):
            for method in ("get", "post"):
                answer = getattr(client, method)(path)
                asked += 1
                if answer.status_code not in (404, 405):
                    wrong[f"{method} {path}"] = answer.status_code
    return wrong, asked
