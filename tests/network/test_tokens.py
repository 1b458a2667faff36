# SPDX-License-Identifier: AGPL-3.0-or-later
"""Programs that act in a person's name: made with an end, seen once, gone with whatever else opened the account."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests import factories

from mutirao.kernel import clock, jobs, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed, NotFound
from mutirao.kernel.models import AuditEntry
from mutirao.network import access, operations
from mutirao.network.errors import TokenNameTaken, TokenNeedsSecondFactor, TokenRefused, TooManyTokens
from mutirao.network.models import AccessToken, Person
from mutirao.network.operations import tokens

PASSWORD = "uma-senha-longa"
PAGE = "/conta/protecao/programas/"


@pytest.fixture
def ana(network: Any) -> Person:
    person = factories.person(password=PASSWORD)
    factories.role(person, "purchasing")
    factories.second_factor(person)
    return person


def own(person: Person) -> Actor:
    return Actor(name=str(person), person_id=person.pk)


def make(person: Person, **changes: Any) -> tokens.Made:
    return tokens.make_token(
        person, **{"name": "Planilha", "days": 30, "reads_only": True, "actor": own(person), **changes}
    )  # fmt: skip


def working(person: Person) -> int:
    return AccessToken.objects.filter(person=person, ended_at__isnull=True).count()


@pytest.fixture
def beto(network: Any) -> Person:
    """Somebody of an enterprise, who signs in by a password alone."""
    person = factories.person(password=PASSWORD)
    factories.role(person, "enterprise_coordinator", factories.enterprise())
    return person


def confirmed(person: Person, client: Client) -> Client:
    """Signed in, and confirmed just now that one is oneself."""
    client.post("/conta/entrar/", {"login": person.email, "password": PASSWORD})
    client.post("/conta/confirmar/", {"password": PASSWORD})
    return client


def test_of_a_token_only_a_digest_is_kept(ana: Person) -> None:
    made = make(ana)
    row = AccessToken.objects.get()
    assert row.digest == hashlib.sha256(made.secret.encode()).hexdigest()
    assert made.secret.startswith(row.prefix)
    assert len(made.secret) - len(row.prefix) > 30
    assert made.secret not in str(AuditEntry.objects.values_list("data", flat=True))
    assert tokens.token_of(made.secret).person == ana


def test_making_and_ending_is_on_record(ana: Person) -> None:
    made = make(ana, reads_only=False)
    tokens.end_token(made.token, actor=own(ana))
    tokens.end_token(made.token, actor=own(ana))
    entries = AuditEntry.objects.filter(act__startswith="network.token", network_id=0).order_by("pk")
    assert [(one.act, one.actor_person_id) for one in entries] == [
        ("network.token_made", ana.pk), ("network.token_ended", ana.pk),
    ]  # fmt: skip
    assert entries[0].data["days"] == 30
    assert entries[0].data["reads_only"] is False


def test_the_owner_is_told_by_letter_without_the_secret(ana: Person) -> None:
    made = make(ana)
    jobs.drain()
    (letter,) = mail.outbox
    assert letter.to == [ana.email]
    assert "“Planilha”" in letter.body
    assert made.secret not in letter.body


def test_a_token_without_an_end_is_not_to_be_had(ana: Person) -> None:
    for days in (0, 31, 100_000, -1):
        with pytest.raises(InvalidValue):
            make(ana, days=days)
    made = make(ana, days=7)
    assert made.token.expires_at - made.token.created_at == dt.timedelta(days=7)
    with clock.at(clock.now() + dt.timedelta(days=7)), pytest.raises(TokenRefused):
        tokens.token_of(made.secret)


def test_nobody_makes_or_ends_one_for_somebody_else(ana: Person, coordinator: Actor) -> None:
    with pytest.raises(NotAllowed):
        make(ana, actor=coordinator)
    made = make(ana)
    with pytest.raises(NotFound):
        tokens.end_token(made.token, actor=coordinator)
    with pytest.raises(NotAllowed):
        tokens.end_tokens_of(ana, actor=coordinator)
    assert tokens.token_of(made.secret)


def test_names_are_told_apart_and_there_is_an_end_to_how_many(ana: Person) -> None:
    made = make(ana)
    with pytest.raises(TokenNameTaken):
        make(ana, name=" planilha ")
    with pytest.raises(InvalidValue):
        make(ana, name="  ")
    tokens.end_token(made.token, actor=own(ana))
    make(ana)
    for number in range(tokens.MOST - 1):
        make(ana, name=f"Programa {number}")
    with pytest.raises(TooManyTokens):
        make(ana, name="Mais um")


def test_whose_role_wants_the_second_factor_has_it_before_a_program_comes_in(network: Any) -> None:
    treasurer, member = factories.person(), factories.person()
    factories.role(treasurer, "treasury")
    factories.role(member, "enterprise_member", factories.enterprise())
    with pytest.raises(TokenNeedsSecondFactor) as refused:
        make(treasurer)
    assert "duas etapas" in refused.value.advice()
    assert make(member).secret
    factories.second_factor(treasurer)
    assert make(treasurer).secret


def test_programs_go_when_every_device_goes(ana: Person, network: Any, coordinator: Actor) -> None:
    """Dismissal, closing, the undoing of a second factor, a proved address: all end sessions by the same function."""
    made = make(ana)
    operations.end_other_sessions(ana, current_key=None, actor=own(ana))
    with pytest.raises(TokenRefused):
        tokens.token_of(made.secret)
    made = make(ana)
    operations.dismiss(ana, actor=coordinator, reason="saiu")
    with pytest.raises(TokenRefused):
        tokens.token_of(made.secret)


def test_a_lost_second_factor_takes_the_programs_along(ana: Person, network: Any) -> None:
    made = make(ana)
    operator = factories.person(is_operator=True)
    operations.undo_second_factor(ana, reason="perdeu o celular", actor=own(operator))
    with pytest.raises(TokenRefused):
        tokens.token_of(made.secret)


def test_whoever_still_works_in_another_network_keeps_the_token_for_that_one(
    ana: Person, network: Any, coordinator: Actor
) -> None:
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        factories.role(ana, "purchasing")
    made = make(ana)
    operations.dismiss(ana, actor=coordinator, reason="saiu")
    assert tokens.token_of(made.secret).person == ana
    assert access.actor_for(ana, network).grants == frozenset()


def test_a_new_password_ends_the_programs_let_in_under_the_old_one(beto: Person, client: Client) -> None:
    secret = make(beto).secret
    confirmed(beto, client)
    sent = {"oldpassword": PASSWORD, "password1": "outra-senha-longa", "password2": "outra-senha-longa"}
    assert client.post("/conta/senha/trocar/", sent).status_code == 302
    with pytest.raises(TokenRefused):
        tokens.token_of(secret)


def test_a_password_reset_by_letter_ends_them_too(beto: Person, client: Client) -> None:
    secret = make(beto).secret
    client.post("/conta/senha/esqueci/", {"email": beto.email})
    link = re.search(r"/conta/senha/nova/\S+", mail.outbox[-1].body)
    assert link
    form = client.get(link[0])["Location"]
    assert tokens.token_of(secret)
    client.post(form, {"password1": "outra-senha-longa", "password2": "outra-senha-longa"})
    with pytest.raises(TokenRefused):
        tokens.token_of(secret)
    assert AuditEntry.objects.filter(act="network.tokens_ended", actor_person_id=beto.pk).count() == 1


def test_use_is_noted_now_and_then(ana: Person, noon: Any) -> None:
    secret = make(ana).secret
    for minutes, noted in ((0, 0), (9, 0), (10, 10)):
        with clock.at(noon + dt.timedelta(minutes=minutes)):
            tokens.token_of(secret)
        assert AccessToken.objects.get().last_used_at == noon + dt.timedelta(minutes=noted)


# --- the page --------------------------------------------------------------------------------------------------------


def signed_in(person: Person, client: Client) -> Client:
    client.force_login(person)
    return client


def test_the_secret_is_shown_once(beto: Person, client: Client) -> None:
    confirmed(beto, client)
    answer = client.post(PAGE, {"name": "Planilha", "reads_only": "no", "days": "90"})
    secret = answer.context["made"].secret
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    row = AccessToken.objects.get()
    assert (row.person, row.reads_only) == (beto, False)
    again = client.get(PAGE).content.decode()
    assert secret not in again
    assert row.prefix in again
    twice = client.post(PAGE, {"name": "Planilha", "reads_only": "no", "days": "90"})
    assert twice.status_code == 422
    assert AccessToken.objects.count() == 1


def test_one_proves_who_one_is_before_a_program_comes_in(beto: Person, client: Client) -> None:
    answer = signed_in(beto, client).get(PAGE)
    assert answer.status_code == 302
    assert "/conta/confirmar/" in answer["Location"]
    assert Client().get(PAGE).status_code == 302


def test_one_ends_ones_own_and_nobody_elses(beto: Person, ana: Person, client: Client) -> None:
    mine, hers = make(beto).token, make(ana).token
    confirmed(beto, client)
    assert client.post(f"{PAGE}{hers.pk}/encerrar/").status_code == 404
    assert client.post(f"{PAGE}{mine.pk}/encerrar/").status_code == 302
    assert (working(beto), working(ana)) == (0, 1)
    assert "Já não entram" in client.get(PAGE).content.decode()


def test_what_the_operation_refuses_stands_on_the_page(network: Any, client: Client) -> None:
    treasurer = factories.person(password=PASSWORD)
    factories.role(treasurer, "treasury")
    answer = confirmed(treasurer, client).post(PAGE, {"name": "x", "reads_only": "yes", "days": "7"})
    assert answer.status_code == 422
    assert "duas etapas antes de dar acesso a um programa" in answer.content.decode()
    assert not AccessToken.objects.exists()
