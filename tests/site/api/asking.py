# SPDX-License-Identifier: AGPL-3.0-or-later
"""A program that asks: a token of a person, and the client that sends it."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from tests import factories

from mutirao.kernel.actors import Actor
from mutirao.network.models import Enterprise, Person
from mutirao.network.operations import make_token


def own(person: Person) -> Actor:
    return Actor(name=str(person), person_id=person.pk)


def secret_of(person: Person, *, name: str = "Planilha", reads_only: bool = False, days: int = 30) -> str:
    return make_token(person, name=name, days=days, reads_only=reads_only, actor=own(person)).secret


class Program:
    """Sends a token with everything it asks."""

    def __init__(self, secret: str, **headers: str) -> None:
        self.client, self.headers = Client(headers={"Authorization": f"Bearer {secret}", **headers}), headers

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = json.dumps({} if body is None else body)
        return self.client.generic(
            method, f"/api/v1{path}", sent, content_type="application/json", headers={**headers}
        )  # fmt: skip


def with_role(role: str, enterprise: Enterprise | None = None) -> Person:
    """Somebody with a role in the active network, who signs in in two steps."""
    person = factories.person()
    factories.role(person, role, enterprise)
    factories.second_factor(person)
    return person


def program_of(role: str, enterprise: Enterprise | None = None, *, reads_only: bool = False, **headers: str) -> Program:
    return Program(secret_of(with_role(role, enterprise), reads_only=reads_only), **headers)
