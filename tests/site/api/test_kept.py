# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept about a person's programs: told to the person without the secrets, and gone with the person."""

from __future__ import annotations

from typing import Any

import pytest
from tests import factories
from tests.site.api.asking import Program, secret_of

from mutirao.kernel.actors import system
from mutirao.network.models import AccessToken, Person
from mutirao.site.keeping import erasure, people


@pytest.fixture
def member(network: Any) -> Person:
    person = factories.person(name="Rosa Prado")
    factories.role(person, "enterprise_member", factories.enterprise())
    return person


def test_a_person_takes_the_list_of_programs_along_without_what_opens_anything(member: Person) -> None:
    secret = secret_of(member, name="Planilha da feira")
    row = AccessToken.objects.get()
    section = next(one for one in people.sections_about(member) if one.label == "network.AccessToken")
    assert "Planilha da feira" in str(section.rows)
    assert row.digest not in str(section.rows)
    assert secret not in str(section.rows)
    assert {name for name, _words in section.columns} == {
        "id", "person", "name", "prefix", "reads_only", "created_at", "expires_at", "last_used_at", "ended_at",
    }  # fmt: skip


def test_with_a_forgotten_person_the_programs_go(member: Person) -> None:
    program = Program(secret_of(member))
    erasure.erase_person(member, actor=system(None, why="Mutirão"), asked_by="operator")
    assert not AccessToken.objects.exists()
    assert program.get("/").status_code == 401
