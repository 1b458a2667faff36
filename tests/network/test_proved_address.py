# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who opened an account with somebody else's address, by an invitation that went around, does not stay in it (N3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from mutirao.kernel.models import AuditEntry
from mutirao.network import operations
from mutirao.network.models import Person

if TYPE_CHECKING:
    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.django_db
ROSA, SECRET = "rosa@exemplo.coop", "uma-senha-longa-mesmo"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def holder(network: Any, coordinator: Actor) -> Client:
    """Whoever had the link first, signed in with a password of their own in Rosa's name."""
    link = operations.invite(network, role="council", actor=coordinator).token
    client = Client()
    client.post(f"/convite/{link}/", {"name": "Rosa", "email": ROSA, "way": "password", "password": SECRET})
    assert is_in(client)
    mail.outbox.clear()
    return client


def is_in(client: Client) -> bool:
    return client.get("/conta/protecao/").status_code == 200


def enter_by_code(client: Client) -> None:
    client.post("/conta/entrar/codigo/", {"email": ROSA})
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body)
    assert code
    client.post("/conta/entrar/codigo/conferir/", {"code": code[0]})


def test_the_one_who_gets_the_letters_puts_whoever_came_before_out_and_their_password_too(holder: Client) -> None:
    rosa = Client()
    enter_by_code(rosa)
    answer = rosa.get("/conta/protecao/")
    assert answer.status_code == 200
    assert "A senha posta no convite saiu" in answer.content.decode()
    assert not is_in(holder)
    again = Client()
    again.post("/conta/entrar/", {"login": ROSA, "password": SECRET})
    assert not is_in(again)
    assert AuditEntry.objects.filter(act="network.address_proved").count() == 1


def test_a_new_password_by_the_letters_link_stays_and_the_old_device_goes(holder: Client) -> None:
    client = Client()
    client.post("/conta/senha/esqueci/", {"email": ROSA})
    link = re.search(r"/conta/senha/nova/\S+", mail.outbox[-1].body)
    assert link
    form = client.get(link[0])["Location"]
    client.post(form, {"password1": "outra-senha-de-rosa", "password2": "outra-senha-de-rosa"})
    assert not is_in(holder)
    rosa = Person.objects.get(email=ROSA)
    assert rosa.check_password("outra-senha-de-rosa")
    enter_by_code(client)
    rosa.refresh_from_db()
    assert rosa.check_password("outra-senha-de-rosa")


def test_a_password_set_after_the_proof_is_never_dropped(holder: Client) -> None:
    rosa = Client()
    enter_by_code(rosa)
    person = Person.objects.get(email=ROSA)
    person.set_password(SECRET)
    person.save()
    enter_by_code(Client())
    assert Person.objects.get(email=ROSA).check_password(SECRET)
