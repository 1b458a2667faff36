# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stranger walks every operation of the API's own document, with another network's ids, and gets nothing.

Whatever the document comes to name is walked by itself; an id that it asks for and that is not in `samples` below
fails here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from tests import factories
from tests.site.api import stage
from tests.site.api.asking import Program, secret_of

from mutirao.kernel import tenancy
from mutirao.network import roles
from mutirao.network.models import Person

MARK = stage.MARK


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    needs_token: bool
    of_network: bool
    body: Any

    def by(self, program: Program, samples: dict[str, Any]) -> Any:
        path = self.path.format(**samples).removeprefix("/api/v1")
        return program.send(self.method.upper(), path, self.body, **{"Idempotency-Key": f"passeio-{self.method}"})

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def calls(samples: dict[str, Any]) -> Iterator[Call]:
    """Every operation of the document, with a body that would be taken in from who may."""
    document = Client().get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = stage.body_of(operation["operationId"], samples) if "requestBody" in operation else None
            yield Call(method, path, "security" in operation, "{slug}" in path, body)


def with_every_role(network: Any) -> Person:
    """Somebody of another network who may do everything there, by every role there is."""
    person = factories.person()
    factories.second_factor(person)
    with tenancy.activated(network):
        own = factories.enterprise(name="Empreendimento de fora")
        for code, role in roles.ROLES.items():
            if code != roles.CONSULTANT:
                factories.role(person, code, own if role.of_enterprise else None)
    return person


@pytest.fixture
def here(network: Any, coordinator: Any) -> dict[str, Any]:
    """A network with something of everything, each with MARK in its name; the ids by which it is asked for."""
    return stage.furnished(network, coordinator)


def leaks(here: dict[str, Any]) -> list[str]:
    """What the stranger got to see or to change, call by call; nothing is right."""
    elsewhere = factories.network()
    program = Program(secret_of(with_every_role(elsewhere)))
    found = []
    for call in calls(here):
        if not call.of_network:
            continue
        for slug, allowed in ((here["slug"], {404}), (elsewhere.slug, {404, 200})):
            answer = call.by(program, {**here, "slug": slug})
            told = answer.content.decode()
            asks_for_one = call.path.count("{") > 1
            if answer.status_code not in (allowed - {200} if asks_for_one else allowed) or MARK in told:
                found.append(f"{call} in {slug}: {answer.status_code} {told[:200]}")
    return found


def test_a_stranger_gets_nothing_anywhere(here: dict[str, Any]) -> None:
    before = stage.kept(here)
    assert leaks(here) == []
    assert stage.kept(here) == before


def test_whoever_takes_part_gets_everything_that_the_stranger_was_refused(here: dict[str, Any]) -> None:
    """What is walked is there: the same calls, by who may, are answered with what the stranger must not see."""
    program = Program(stage.secret_of_insider(here))
    walked = 0
    for call in calls(here):
        answer = call.by(program, here)
        assert answer.status_code == 200, (str(call), answer.content)
        if call.of_network:
            assert MARK in answer.content.decode(), str(call)
            walked += 1
    assert walked >= stage.LEAST_CALLS


def test_the_walk_notices_a_scope_that_is_broken(here: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL the rows themselves are guarded too: there even a broken scope gives nothing away."""
    monkeypatch.setattr(tenancy.TenantManager, "get_queryset", models.Manager.get_queryset)
    found = leaks(here)
    assert bool(found) is (connection.vendor == "sqlite")


def test_without_a_token_every_operation_but_the_public_ones_asks_for_it(here: dict[str, Any]) -> None:
    for call in calls(here):
        answer = Client().generic(
            call.method.upper(), call.path.format(**here), json.dumps(call.body or {}), "application/json"
        )
        assert (answer.status_code == 401) is call.needs_token, (str(call), answer.status_code)


def test_a_token_that_only_reads_changes_nothing(here: dict[str, Any]) -> None:
    before = stage.kept(here)
    program = Program(stage.secret_of_insider(here, reads_only=True))
    for call in calls(here):
        answer = call.by(program, here)
        if call.method == "get":
            assert answer.status_code == 200, str(call)
        else:
            assert (answer.status_code, answer.json()["type"]) == (403, "urn:mutirao:token_reads_only"), str(call)
    assert stage.kept(here) == before
