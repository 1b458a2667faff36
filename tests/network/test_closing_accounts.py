# SPDX-License-Identifier: AGPL-3.0-or-later
"""Closing an account, opening it again, and inviting again whoever let an invitation run out (N1, N3)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from tests import factories

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.errors import InvalidValue, NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.network import access, operations
from mutirao.network.models import Invitation, Network, Person, RoleAssignment
from mutirao.network.operations import Bounds

PASSWORD = "uma-senha-longa"


def with_role(role: str = "sales") -> Person:
    someone = factories.person(password=PASSWORD)
    factories.role(someone, role)
    return someone


def sign_in(client: Client, person: Person) -> None:
    client.post("/conta/entrar/", {"login": person.email, "password": PASSWORD})


def again(client: Client) -> None:
    """Confirm that one is oneself, as the page asks before."""
    client.post("/conta/confirmar/", {"password": PASSWORD})


def inside(client: Client) -> bool:
    return "_auth_user_id" in client.session


def held(person: Person) -> int:
    with tenancy.unscoped("test"):
        return RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person=person).count()


# --- one's own -------------------------------------------------------------------------------------------------------


def test_whoever_closes_their_account_is_out_and_reads_what_happened(network: Network, client: Client) -> None:
    person = with_role()
    sign_in(client, person)
    phone = Client()
    sign_in(phone, person)
    again(client)
    page = client.get("/conta/protecao/fechar/").content.decode()
    assert f"{network}: " in page
    assert person.email in page
    answer = client.post("/conta/protecao/fechar/", {"email": person.email.upper()}, follow=True)
    assert "Sua conta está fechada" in answer.content.decode()
    assert not inside(client)
    assert phone.get(f"/rede/{network.slug}/").status_code in (302, 403)
    person.refresh_from_db()
    assert not person.is_active
    assert held(person) == 0
    sign_in(client, person)
    assert not inside(client)
    (entry,) = AuditEntry.objects.filter(act="network.account_closed")
    assert entry.reason == "A própria pessoa fechou a conta"
    assert AuditEntry.objects.filter(act="network.role_ended", network_id=network.pk).count() == 1


def test_the_address_has_to_be_typed(network: Network, client: Client) -> None:
    person = with_role()
    sign_in(client, person)
    again(client)
    answer = client.post("/conta/protecao/fechar/", {"email": "outra@exemplo.coop"})
    assert answer.status_code == 422
    assert "Este não é o e-mail desta conta" in answer.content.decode()
    assert inside(client)


def test_one_has_to_be_oneself_again(network: Network, client: Client) -> None:
    person = with_role()
    sign_in(client, person)
    answer = client.post("/conta/protecao/fechar/", {"email": person.email})
    assert answer.status_code == 302
    assert "/conta/confirmar/" in answer["Location"]
    person.refresh_from_db()
    assert person.is_active


def test_the_last_of_a_coordination_hands_over_first(network: Network, client: Client) -> None:
    person = with_role("coordination")
    sign_in(client, person)
    again(client)
    answer = client.post("/conta/protecao/fechar/", {"email": person.email})
    assert answer.status_code == 422
    assert inside(client)
    assert held(person) == 1
    with_role("coordination")
    client.post("/conta/protecao/fechar/", {"email": person.email})
    assert not inside(client)


def test_nobody_closes_nobodys(network: Network) -> None:
    with pytest.raises(NotAllowed):
        operations.close_own_account(actor=system(None, why="Instalação"))


# --- by the installation ---------------------------------------------------------------------------------------------


def test_the_operator_closes_and_opens_again_by_command(network: Network, client: Client) -> None:
    person = with_role()
    sign_in(client, person)
    call_command("close_account", person.email.upper(), reason="Conta invadida")
    assert not inside(client)
    call_command("reopen_account", person.email, reason="Era engano")
    call_command("reopen_account", person.email, reason="Era engano")
    sign_in(client, person)
    assert inside(client)
    assert held(person) == 0
    acts = AuditEntry.objects.filter(act__startswith="network.account_").order_by("sequence")
    assert [(row.act, row.reason) for row in acts] == [
        ("network.account_closed", "Conta invadida"),
        ("network.account_reopened", "Era engano"),
    ]


def test_commands_refuse_in_words(network: Network) -> None:
    with pytest.raises(CommandError, match="Não há conta"):
        call_command("reopen_account", "ninguem@exemplo.coop", reason="x")
    with pytest.raises(CommandError, match="Diga por que"):
        call_command("reopen_account", with_role().email, reason=" ")
    with pytest.raises(CommandError):
        call_command("close_account", with_role("coordination").email, reason="x")


def test_a_coordination_neither_closes_nor_opens(network: Network, coordinator: Actor) -> None:
    person = with_role()
    for act in (operations.close_account, operations.reopen_account):
        with pytest.raises(NotAllowed):
            act(person, actor=coordinator, reason="x")
    with pytest.raises(InvalidValue):
        operations.reopen_account(person, actor=system(None, why="Instalação"), reason="")


# --- invitations that ran out ----------------------------------------------------------------------------------------


@pytest.fixture
def boss(network: Network, client: Client) -> Person:
    someone = with_role("coordination")
    sign_in(client, someone)
    return someone


def ran_out(network: Network, boss: Person, days_ago: int = 2, **fields: object) -> Invitation:
    issued = operations.invite(
        network, actor=access.actor_for(boss, network),
        **{"role": "sales", "name": "Dita Reis", "email": "dita@exemplo.coop", **fields},  # type: ignore[arg-type]
    )  # fmt: skip
    when = clock.now() - dt.timedelta(days=days_ago)
    Invitation.objects.filter(pk=issued.invitation.pk).update(expires_at=when)
    return Invitation.objects.get(pk=issued.invitation.pk)


def test_an_expired_invitation_is_made_again_as_it_was_and_leaves_the_list(
    network: Network, boss: Person, client: Client
) -> None:
    old = ran_out(network, boss)
    ran_out(network, boss, days_ago=200, name="Muito Antiga", email="")
    base = f"/rede/{network.slug}/pessoas/"
    page = client.get(base).content.decode()
    assert "Convites vencidos" in page
    assert "Muito Antiga" not in page
    url = f"{base}convidar/?again={old.pk}"
    assert f'href="{url}"' in page
    form = client.get(url).content.decode()
    assert 'value="Dita Reis"' in form
    assert 'value="dita@exemplo.coop"' in form
    answer = client.post(url, {"role": "sales", "name": old.name, "email": old.email, "days": "14"})
    assert answer.status_code == 200
    old.refresh_from_db()
    assert old.revoked_at is not None
    assert Invitation.objects.filter(revoked_at=None, name="Dita Reis").count() == 1
    assert "Convites vencidos" not in client.get(base).content.decode()


def test_a_consultancy_keeps_what_it_was_for_and_asks_for_a_new_end(
    network: Network, boss: Person, client: Client
) -> None:
    bounds = Bounds(until=clock.today() + dt.timedelta(days=10), task="Estudo de compras", parts=("purchasing",))
    old = ran_out(network, boss, role="consultant", bounds=bounds)
    Invitation.objects.filter(pk=old.pk).update(role_until=clock.today())
    form = client.get(f"/rede/{network.slug}/pessoas/convidar/?again={old.pk}").content.decode()
    assert 'value="Estudo de compras"' in form
    assert f'value="{clock.today() - dt.timedelta(days=1)}"' not in form


def test_nobody_makes_again_what_they_may_not_give(network: Network, boss: Person, client: Client) -> None:
    old = ran_out(network, boss)
    someone = factories.person(password=PASSWORD)
    factories.role(someone, "enterprise_coordinator", factories.enterprise())
    other = Client()
    sign_in(other, someone)
    form = other.get(f"/rede/{network.slug}/pessoas/convidar/?again={old.pk}").content.decode()
    assert "Dita Reis" not in form
    assert "dita@exemplo.coop" not in form
