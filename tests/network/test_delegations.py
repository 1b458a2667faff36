# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roles bound to parts of the program and to a day; roles left to somebody while one is away; whose act it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from tests import factories

from mutirao.governance import operations as governance
from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.audit import check_chain
from mutirao.kernel.errors import InvalidValue, NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.network import access, operations, trail
from mutirao.network.errors import NotYoursToLeave, OversightDoesNotExecute, PersonNotHere
from mutirao.network.models import Delegation, Network, Person, RoleAssignment
from mutirao.network.operations import Bounds, EnterpriseData
from mutirao.network.permissions import ADD_ENTERPRISE, GRANT_NETWORK_ROLES, SEE_PEOPLE, SEE_TEAM
from mutirao.purchasing.permissions import RUN_ROUND, SEE_ROUNDS
from mutirao.purchasing.views.words import timeline

DAY = dt.timedelta(days=1)
REASON = "férias"


def holder(role: str, **fields: Any) -> RoleAssignment:
    """Somebody who holds a role and signs in in two steps: a role left to one wants it from the first day."""
    someone = factories.person(**fields)
    factories.second_factor(someone)
    return factories.role(someone, role)


def acting(row: RoleAssignment) -> Actor:
    return access.actor_for(row.person, row.network)


def leave(row: RoleAssignment, to: Person, *, days: int = 10, actor: Actor | None = None) -> list[Delegation]:
    today = clock.today()
    return operations.leave_roles(
        [row], to=to, since=today, until=today + days * DAY, reason=REASON, actor=actor or acting(row)
    )


# --- consultancies ---------------------------------------------------------------------------------------------------


def test_a_consultancy_sees_the_parts_agreed_and_changes_nothing(network: Network, coordinator: Actor) -> None:
    someone = factories.person()
    bounds = Bounds(until=clock.today() + 30 * DAY, task="Estudo de preços", parts=("purchasing",))
    operations.grant_role(someone, role="consultant", bounds=bounds, actor=coordinator)
    actor = access.actor_for(someone, network)
    assert actor.can(SEE_ROUNDS, network)
    assert actor.can(SEE_TEAM, network)
    assert not actor.can(RUN_ROUND, network)
    assert not actor.can(SEE_PEOPLE, network)
    assert not actor.can_somewhere("payments.see")


def test_a_consultancy_reads_no_figures_of_other_parts_on_the_first_page(network: Network, client: Client) -> None:
    someone = factories.person()
    factories.role(someone, "consultant", scope="ledger", task="Rever os livros")
    client.force_login(someone)
    page = client.get(f"/rede/{network.slug}/").content.decode()
    assert "Empreendimentos" in page
    assert "Economia em 12 meses" not in page
    assert "A receber" not in page
    factories.role(someone, "enterprise_member", factories.enterprise())
    page = client.get(f"/rede/{network.slug}/").content.decode()
    assert "Economia em 12 meses" in page
    assert "A receber" in page


def test_the_invitation_to_a_consultancy_says_until_when_what_for_and_what_it_sees(
    network: Network, coordinator: Actor, client: Client
) -> None:
    bounds = Bounds(until=dt.date(2027, 5, 21), task="Rever os livros", parts=("ledger",))
    issued = operations.invite(network, role="consultant", bounds=bounds, name="Úrsula", actor=coordinator)
    page = client.get(f"/convite/{issued.token}/").content.decode()
    assert "até 20/05/2027 · Rever os livros · vê Livros" in page


def test_the_trail_names_roles_and_invitations_in_words(network: Network, coordinator: Actor) -> None:
    operations.invite(network, role="training", name="Úrsula", actor=coordinator)
    row = operations.grant_role(factories.person(name="Ana"), role="sales", actor=coordinator)
    labels = set(AuditEntry.objects.values_list("subject_label", flat=True))
    assert {"Úrsula: Equipe de formação", "Ana: Equipe de comercialização"} <= labels
    assert str(row) == "Ana: Equipe de comercialização"


def test_a_consultancy_ends_by_itself(network: Network, coordinator: Actor, noon: Any) -> None:
    someone = factories.person()
    bounds = Bounds(until=clock.today() + DAY, task="Estudo", parts=("purchasing",))
    operations.grant_role(someone, role="consultant", bounds=bounds, actor=coordinator)
    with clock.at(noon + DAY):
        assert access.actor_for(someone, network).grants == frozenset()


@pytest.mark.parametrize(
    ("bounds", "field"),
    [
        (Bounds(task="Estudo", parts=("purchasing",)), "until"),
        (Bounds(until=dt.date(2999, 1, 1), parts=("purchasing",)), "task"),
        (Bounds(until=dt.date(2999, 1, 1), task="Estudo"), "parts"),
        (Bounds(until=dt.date(2999, 1, 1), task="Estudo", parts=("nothing",)), "parts"),
        (Bounds(until=dt.date(2000, 1, 1), task="Estudo", parts=("purchasing",)), "until"),
    ],
)
def test_a_consultancy_needs_parts_task_and_end(
    network: Network, coordinator: Actor, bounds: Bounds, field: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        operations.grant_role(factories.person(), role="consultant", bounds=bounds, actor=coordinator)
    assert refused.value.field == field


def test_the_database_knows_no_consultancy_without_end(network: Network) -> None:
    with pytest.raises(IntegrityError):
        RoleAssignment.objects.create(person=factories.person(), role="consultant", scope="purchasing", task="x")


def test_an_invitation_carries_the_bounds_of_the_role(network: Network, coordinator: Actor) -> None:
    bounds = Bounds(until=clock.today() + 30 * DAY, task="Estudo", parts=("ledger",))
    issued = operations.invite(network, role="consultant", bounds=bounds, actor=coordinator)
    person = factories.person()
    row = operations.accept_invitation(issued.token, actor=access.actor_for(person, network))
    assert (row.until, row.task, row.scope) == (bounds.until, "Estudo", "ledger")


def test_several_consultancies_reach_what_each_reaches(network: Network) -> None:
    row = factories.role(factories.person(), "consultant", scope="ledger")
    factories.role(row.person, "consultant", scope="purchasing")
    (grant,) = acting(row).grants
    assert grant.parts == {"ledger", "purchasing"}


# --- left to somebody ------------------------------------------------------------------------------------------------


def test_what_is_done_in_somebodys_place_says_so_in_the_trail(network: Network) -> None:
    rosa, beto = holder("purchasing", name="Rosa"), holder("training", name="Beto")
    leave(rosa, beto.person)
    actor = acting(beto)
    operations.add_enterprise(network, EnterpriseData(name="Mãos da Terra", legal_form="informal"), actor=actor)
    entry = AuditEntry.objects.get(act="network.enterprise_added")
    assert entry.actor_name == "Beto"
    assert (entry.data["acting_as"], entry.data["in_place_of"]) == ("purchasing", "Rosa")
    assert entry.data["in_place_of_id"] == rosa.person_id
    assert trail.by_whom(entry) == "no lugar de Rosa, como Equipe de compras"
    assert timeline([entry])[0]["who"] == "Beto, no lugar de Rosa, como Equipe de compras"
    assert check_chain(network.pk) is None


def test_an_answer_says_in_which_role_and_in_whose_place(network: Network, coordinator: Actor) -> None:
    """Also where the operation asks who may, instead of requiring one right."""
    row = factories.enterprise()
    rosa = factories.role(factories.person(name="Rosa"), "enterprise_coordinator", row)
    beto = factories.role(factories.person(name="Beto"), "enterprise_member", row)
    leave(rosa, beto.person)
    motion = governance.put_motion("Comprar?", enterprises=[row, factories.enterprise()], actor=coordinator)
    governance.answer_motion(motion, enterprise=row, answer="yes", actor=acting(beto))
    entry = AuditEntry.objects.get(act="governance.motion_answered")
    assert trail.by_whom(entry) == "no lugar de Rosa, como Coordenação do empreendimento"
    bought = factories.actor(network, "purchasing")
    governance.answer_motion(motion, enterprise=row, answer="no", reason="caro", recorded_for="Rosa", actor=bought)
    assert AuditEntry.objects.filter(act="governance.motion_answered").last().data["acting_as"] == "purchasing"


def test_ones_own_role_goes_before_one_left_by_somebody(network: Network) -> None:
    rosa, beto = holder("purchasing"), holder("administration")
    leave(rosa, beto.person)
    operations.add_enterprise(network, EnterpriseData(name="Nova", legal_form="informal"), actor=acting(beto))
    data = AuditEntry.objects.get(act="network.enterprise_added").data
    assert data["acting_as"] == "administration"
    assert "in_place_of" not in data


def test_a_delegation_ends_on_its_day_with_the_role_and_when_taken_back(network: Network, noon: Any) -> None:
    beto = holder("training")

    def stands_in() -> bool:
        return acting(beto).can(RUN_ROUND, network)

    rosa = holder("purchasing")
    (given,) = leave(rosa, beto.person, days=3)
    assert stands_in()
    with clock.at(noon + 3 * DAY):
        assert not stands_in()
    operations.take_back(given, actor=acting(rosa))
    assert not stands_in()
    leave(rosa, beto.person)
    assert stands_in()
    RoleAssignment.objects.filter(pk=rosa.pk).update(until=clock.today())
    assert not stands_in()


def test_nothing_is_left_to_whoever_has_no_role_any_more(network: Network) -> None:
    rosa, beto = holder("purchasing"), holder("training")
    leave(rosa, beto.person)
    RoleAssignment.objects.filter(pk=beto.pk).update(until=clock.today())
    assert acting(beto).grants == frozenset()


def test_only_ones_own_roles_are_left_so_nothing_is_passed_on(network: Network) -> None:
    rosa, beto, caio = holder("purchasing"), holder("training"), holder("sales")
    leave(rosa, beto.person)
    with pytest.raises(NotYoursToLeave):
        leave(rosa, caio.person, actor=acting(beto))


@pytest.mark.parametrize("role", ["council", "consultant"])
def test_a_personal_mandate_is_not_left_to_anybody(network: Network, role: str) -> None:
    with pytest.raises(NotYoursToLeave):
        leave(holder(role), holder("training").person, days=2)


def test_who_oversees_does_not_execute_in_somebodys_place(network: Network) -> None:
    with pytest.raises(OversightDoesNotExecute):
        leave(holder("treasury"), holder("council").person)


def test_a_role_is_left_only_to_people_of_the_network_and_for_a_time(network: Network) -> None:
    rosa = holder("purchasing")
    with pytest.raises(PersonNotHere):
        leave(rosa, factories.person())
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        stranger = holder("purchasing").person
    with pytest.raises(PersonNotHere):
        leave(rosa, stranger)
    for days in (0, 181):
        with pytest.raises(InvalidValue):
            leave(rosa, holder("training").person, days=days)
    with pytest.raises(InvalidValue):
        leave(rosa, rosa.person)


def test_rights_over_others_are_not_left(network: Network) -> None:
    """Whoever stands in for the coordination cannot make themself, or a friend, part of it."""
    rosa, beto = holder("coordination"), holder("training")
    leave(rosa, beto.person)
    actor = acting(beto)
    assert not actor.can(GRANT_NETWORK_ROLES, network)
    with pytest.raises(NotAllowed):
        operations.grant_role(beto.person, role="coordination", actor=actor)
    with pytest.raises(NotAllowed):
        operations.invite(network, role="coordination", actor=actor)


def test_a_stranger_to_it_ends_no_delegation(network: Network, coordinator: Actor) -> None:
    (given,) = leave(holder("purchasing"), holder("training").person)
    with pytest.raises(NotAllowed):
        operations.take_back(given, actor=acting(holder("sales")))
    assert operations.take_back(given, actor=coordinator).taken_back_at is not None


def test_an_act_allowed_only_to_look_does_not_speak_for_a_change(network: Network) -> None:
    row = holder("administration")
    factories.role(row.person, "accountant")
    actor = acting(row)
    operations.add_enterprise(network, EnterpriseData(name="Nova", legal_form="informal"), actor=actor)
    assert AuditEntry.objects.get(act="network.enterprise_added").data["acting_as"] == "administration"
    assert actor.can(ADD_ENTERPRISE, network)


# --- pages -----------------------------------------------------------------------------------------------------------


def test_one_leaves_a_role_on_the_page_and_the_team_shows_it(network: Network, client: Client) -> None:
    rosa = holder("purchasing", name="Rosa", phone="+55 16 99999-0000")
    holder("training", name="Beto", email="beto@exemplo.coop")
    client.force_login(rosa.person)
    base = f"/rede/{network.slug}/equipe/"
    today = clock.today()
    sent = {
        "roles": [str(rosa.pk)], "to": "Beto (be•••@exemplo.coop)", "since": today.isoformat(),
        "last_day": (today + DAY).isoformat(), "reason": REASON,
    }  # fmt: skip
    assert client.post(f"{base}delegar/", {**sent, "to": "Ninguém"}).status_code == 422
    assert client.post(f"{base}delegar/", sent).status_code == 302
    page = client.get(base).content.decode()
    assert "Beto age no lugar desta pessoa" in page
    assert "+55 16 99999-0000" in page
    given = Delegation.objects.get()
    assert "Encerrar a delegação?" in client.get(f"{base}delegar/{given.pk}/encerrar/").content.decode()
    assert client.post(f"{base}delegar/{given.pk}/encerrar/").status_code == 302
    assert "age no lugar" not in client.get(base).content.decode()


def test_the_team_page_shows_consultancies_and_what_waits(network: Network, client: Client) -> None:
    row = factories.role(factories.person(name="Dora"), "consultant", task="Estudo de preços")
    client.force_login(row.person)
    page = client.get(f"/rede/{network.slug}/equipe/").content.decode()
    assert "Estudo de preços" in page
    assert "Compras coletivas" in page
