# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from tests import factories

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.network import access, operations
from mutirao.network.errors import (
    AccountExists,
    InvitationExpired,
    InvitationForSomeoneElse,
    InvitationRevoked,
    InvitationUsed,
    LastCoordinator,
    RoleNeedsEnterprise,
    RoleTakesNoEnterprise,
    UnknownInvitation,
    UnknownRole,
    WeakPassword,
)
from mutirao.network.models import Invitation, Person, RoleAssignment


def as_actor(person: Person, network: Any) -> Actor:
    return access.actor_for(person, network, via="link")


def test_a_role_held_already_stays_one(network: Any, coordinator: Actor) -> None:
    person = factories.person()
    first = operations.grant_role(person, role="treasury", actor=coordinator)
    assert operations.grant_role(person, role="treasury", actor=coordinator) == first
    assert AuditEntry.objects.filter(act="network.role_granted").count() == 1


def test_roles_of_enterprises_want_one_and_network_roles_do_not(network: Any, coordinator: Actor) -> None:
    person, enterprise = factories.person(), factories.enterprise()
    with pytest.raises(RoleNeedsEnterprise):
        operations.grant_role(person, role="enterprise_member", actor=coordinator)
    with pytest.raises(RoleTakesNoEnterprise):
        operations.grant_role(person, role="treasury", enterprise=enterprise, actor=coordinator)
    with pytest.raises(UnknownRole):
        operations.grant_role(person, role="king", actor=coordinator)


def test_an_enterprise_coordinator_gives_roles_there_only(network: Any) -> None:
    own, other = factories.enterprise(), factories.enterprise()
    actor = factories.actor(network, "enterprise_coordinator", own)
    operations.grant_role(factories.person(), role="enterprise_member", enterprise=own, actor=actor)
    with pytest.raises(NotAllowed):
        operations.grant_role(factories.person(), role="enterprise_member", enterprise=other, actor=actor)
    with pytest.raises(NotAllowed):
        operations.grant_role(factories.person(), role="coordination", actor=actor)


def test_an_ended_role_opens_nothing_from_that_moment(network: Any, coordinator: Actor) -> None:
    person = factories.person()
    held = operations.grant_role(person, role="treasury", actor=coordinator)
    operations.end_role(held, actor=coordinator, reason="mudou de função")
    operations.end_role(held, actor=coordinator)
    assert access.actor_for(person, network).grants == frozenset()
    assert AuditEntry.objects.get(act="network.role_ended").reason == "mudou de função"


def test_a_role_can_be_given_again_after_it_ended(network: Any, coordinator: Actor) -> None:
    person = factories.person()
    operations.end_role(operations.grant_role(person, role="council", actor=coordinator), actor=coordinator)
    again = operations.grant_role(person, role="council", actor=coordinator)
    assert again.until is None
    assert {grant.role for grant in access.actor_for(person, network).grants} == {"council"}


def test_the_last_coordinator_cannot_go(network: Any, coordinator: Actor) -> None:
    only = RoleAssignment.objects.get(role="coordination")
    with pytest.raises(LastCoordinator):
        operations.end_role(only, actor=coordinator)
    operations.grant_role(factories.person(), role="coordination", actor=coordinator)
    operations.end_role(only, actor=coordinator)
    assert RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), role="coordination").count() == 1


def test_a_coordinator_whose_account_is_closed_does_not_count(network: Any, coordinator: Actor) -> None:
    operations.grant_role(factories.person(is_active=False), role="coordination", actor=coordinator)
    with pytest.raises(LastCoordinator):
        operations.end_role(RoleAssignment.objects.get(person_id=coordinator.person_id), actor=coordinator)


def test_only_the_hash_of_an_invitation_is_kept(network: Any, coordinator: Actor) -> None:
    issued = operations.invite(network, role="purchasing", actor=coordinator, name="Ana")
    assert re.fullmatch(r"[A-Za-z0-9_-]{20}", issued.token)
    assert re.fullmatch(r"[0-9a-f]{64}", issued.invitation.token_hash)
    trail = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert issued.token not in trail
    assert issued.invitation.token_hash not in trail


def test_a_form_sent_twice_makes_one_invitation_with_the_same_link(network: Any, coordinator: Actor) -> None:
    first = operations.invite(network, role="purchasing", actor=coordinator, key="form-1")
    again = operations.invite(network, role="purchasing", actor=coordinator, key="form-1")
    assert (first.token, first.invitation) == (again.token, again.invitation)
    changed = operations.invite(network, role="council", actor=coordinator, key="form-1")
    assert changed.token != first.token
    assert changed.invitation.role == "council"
    assert Invitation.objects.count() == 2


def test_a_signed_in_person_accepts_and_holds_the_role(network: Any, coordinator: Actor) -> None:
    enterprise, person = factories.enterprise(), factories.person()
    issued = operations.invite(network, role="enterprise_member", enterprise=enterprise, actor=coordinator)
    operations.accept_invitation(issued.token, actor=as_actor(person, network))
    assert access.actor_for(person, network).enterprise_ids == {enterprise.pk}
    # The phone sends it again.
    operations.accept_invitation(issued.token, actor=as_actor(person, network))
    assert RoleAssignment.objects.filter(person=person).count() == 1


def test_an_invitation_serves_once(network: Any, coordinator: Actor) -> None:
    issued = operations.invite(network, role="council", actor=coordinator)
    operations.accept_invitation(issued.token, actor=as_actor(factories.person(), network))
    with pytest.raises(InvitationUsed):
        operations.accept_invitation(issued.token, actor=as_actor(factories.person(), network))


def test_an_old_link_does_not_give_back_a_role_that_was_ended(network: Any, coordinator: Actor) -> None:
    person = factories.person()
    issued = operations.invite(network, role="council", actor=coordinator)
    held = operations.accept_invitation(issued.token, actor=as_actor(person, network))
    operations.end_role(held, actor=coordinator)
    with pytest.raises(InvitationUsed):
        operations.accept_invitation(issued.token, actor=as_actor(person, network))
    assert access.actor_for(person, network).grants == frozenset()


def test_an_invitation_runs_out_and_can_be_taken_back(network: Any, coordinator: Actor, noon: dt.datetime) -> None:
    actor = as_actor(factories.person(), network)
    old = operations.invite(network, role="council", actor=coordinator)
    with clock.at(noon + dt.timedelta(days=14)), pytest.raises(InvitationExpired):
        operations.accept_invitation(old.token, actor=actor)
    operations.revoke_invitation(old.invitation, actor=coordinator)
    operations.revoke_invitation(old.invitation, actor=coordinator)
    with pytest.raises(InvitationRevoked):
        operations.accept_invitation(old.token, actor=actor)
    with pytest.raises(UnknownInvitation):
        operations.accept_invitation("no-such-token", actor=actor)


def test_an_invitation_for_an_address_is_for_no_other(network: Any, coordinator: Actor) -> None:
    issued = operations.invite(network, role="council", actor=coordinator, email="Ana.Lima@exemplo.coop")
    with pytest.raises(InvitationForSomeoneElse) as refused:
        operations.accept_invitation(issued.token, actor=as_actor(factories.person(), network))
    assert "an•••@exemplo.coop" in str(refused.value)
    assert "lima" not in str(refused.value).lower()
    with pytest.raises(InvitationForSomeoneElse):
        operations.accept_with_new_account(issued.token, name="X", email="x@exemplo.coop", password="longa-e-boa-1")
    person = operations.accept_with_new_account(
        issued.token, name="Ana Lima", email="ana.lima@EXEMPLO.coop", password="longa-e-boa-1"
    )
    assert {grant.role for grant in access.actor_for(person, network).grants} == {"council"}


def test_a_new_account_wants_a_good_password_and_leaves_nothing_behind_without_it(
    network: Any, coordinator: Actor
) -> None:
    issued = operations.invite(network, role="council", actor=coordinator)
    with pytest.raises(WeakPassword):
        operations.accept_with_new_account(issued.token, name="Bia", email="bia@exemplo.coop", password="123")
    assert not Person.objects.filter(email="bia@exemplo.coop").exists()
    assert operations.invitations.invitation_of(issued.token)


def test_an_invitation_never_takes_over_an_account(network: Any, coordinator: Actor) -> None:
    victim = factories.person(password="senha-da-vitima")
    issued = operations.invite(network, role="council", actor=coordinator)
    with pytest.raises(AccountExists):
        operations.accept_with_new_account(issued.token, name="X", email=victim.email, password="outra-senha-77")
    assert operations.open_account(issued.token, name="X", email=victim.email) == victim
    victim.refresh_from_db()
    assert victim.check_password("senha-da-vitima")
    assert victim.name != "X"


def test_an_account_for_signing_in_by_code_has_no_password_and_no_role_yet(network: Any, coordinator: Actor) -> None:
    issued = operations.invite(network, role="council", actor=coordinator)
    person = operations.open_account(issued.token, name="Caio", email="caio@exemplo.coop")
    assert not person.has_usable_password()
    assert access.actor_for(person, network).grants == frozenset()
    operations.accept_invitation(issued.token, actor=as_actor(person, network))


def test_who_may_not_give_a_role_may_not_invite_into_it_nor_take_back(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    local = factories.actor(network, "enterprise_coordinator", enterprise)
    with pytest.raises(NotAllowed):
        operations.invite(network, role="coordination", actor=local)
    mine = operations.invite(network, role="enterprise_member", enterprise=enterprise, actor=local)
    operations.revoke_invitation(mine.invitation, actor=local)
    theirs = operations.invite(network, role="treasury", actor=coordinator)
    with pytest.raises(NotAllowed):
        operations.revoke_invitation(theirs.invitation, actor=local)


def test_accounts_are_opened_by_the_installation_and_invitations_only(network: Any, coordinator: Actor) -> None:
    with pytest.raises(NotAllowed):
        operations.create_person(name="X", email="x@exemplo.coop", actor=coordinator)


def test_people_change_their_own_data_only(network: Any) -> None:
    person, other = factories.person(), factories.person()
    actor = Actor(name=person.name, person_id=person.pk)
    operations.edit_own_data(person, name="Novo Nome", phone="16 3333", actor=actor)
    assert Person.objects.get(pk=person.pk).folded.startswith("novo nome")
    with pytest.raises(NotAllowed):
        operations.edit_own_data(other, name="Troça", phone="", actor=actor)


def test_a_link_of_one_network_grants_nothing_in_another(network: Any, coordinator: Actor) -> None:
    person, other = factories.person(), factories.network()
    issued = operations.invite(network, role="council", actor=coordinator)
    with tenancy.activated(other):
        operations.accept_invitation(issued.token, actor=as_actor(person, other))
    assert access.actor_for(person, other).grants == frozenset()
    assert access.actor_for(person, network).grants
