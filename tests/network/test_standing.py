# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where an enterprise stands: how it begins, who founds, what a company never is, and what standing forbids."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests import factories
from tests.importing.bringing import Bringing

from mutirao.governance import operations as governance
from mutirao.governance.models import Motion
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.ledger.permissions import SEE_ENTERPRISE_BOOK
from mutirao.network import access, membership, operations, permissions, roles
from mutirao.network.core import standing
from mutirao.network.errors import CompanyCannotBeMember, FoundingClosed, MinutesMissing, StandingCannotFollow
from mutirao.network.membership import StandingForbids
from mutirao.network.models import Enterprise, Person, RoleAssignment, StandingChange
from mutirao.network.operations import EnterpriseData
from mutirao.payments.permissions import SEE_CHARGES

pytestmark = pytest.mark.usefixtures("noon")

FOUNDED = dt.date(2025, 5, 10)
OUTSIDE = ["candidate", "suspended", "excluded", "left", "partner"]


def registered(network: Any, actor: Actor, **data: Any) -> Enterprise:
    values = {"name": "Mel da Serra", "legal_form": "informal", **data}
    return operations.add_enterprise(network, EnterpriseData(**values), actor=actor)


def test_who_is_registered_begins_as_candidate_and_a_company_as_partner(network: Any, coordinator: Actor) -> None:
    assert registered(network, coordinator).standing == "candidate"
    assert registered(network, coordinator, name="Usina Ltda", legal_form="company").standing == "partner"


def test_a_founder_is_recognised_by_the_minutes(network: Any, coordinator: Actor) -> None:
    row = registered(network, coordinator)
    founder = operations.recognise_founder(row, minutes_on=FOUNDED, minutes_kept="Cartório, livro 3", actor=coordinator)
    founder.refresh_from_db()
    assert (founder.standing, founder.member_since, founder.standing_since) == (
        "member", FOUNDED, dt.date(2026, 3, 2),
    )  # fmt: skip
    assert (founder.founding_minutes_on, founder.founding_minutes_kept) == (FOUNDED, "Cartório, livro 3")
    change = StandingChange.objects.get()
    assert (change.before, change.after, change.by_id) == ("candidate", "member", coordinator.person_id)
    assert AuditEntry.objects.filter(act="network.founder_recognised").exists()


def test_no_founder_without_minutes_nor_by_minutes_of_tomorrow(network: Any, coordinator: Actor) -> None:
    row = registered(network, coordinator)
    for day, kept in ((FOUNDED, "  "), (dt.date(2026, 3, 3), "Cartório")):
        with pytest.raises(MinutesMissing):
            operations.recognise_founder(row, minutes_on=day, minutes_kept=kept, actor=coordinator)


def test_no_founder_once_the_founding_is_closed(network: Any, coordinator: Actor) -> None:
    row = registered(network, coordinator)
    operations.close_founding(network, actor=coordinator)
    operations.close_founding(network, actor=coordinator)
    assert AuditEntry.objects.filter(act="network.founding_closed").count() == 1
    with pytest.raises(FoundingClosed) as refused:
        operations.recognise_founder(row, minutes_on=FOUNDED, minutes_kept="Cartório", actor=coordinator)
    assert "02/03/2026" in refused.value.words()


def test_only_the_coordination_recognises_founders_and_closes_the_founding(network: Any, coordinator: Actor) -> None:
    row = registered(network, coordinator)
    somebody = factories.actor(network, "purchasing")
    with pytest.raises(NotAllowed):
        operations.recognise_founder(row, minutes_on=FOUNDED, minutes_kept="Cartório", actor=somebody)
    with pytest.raises(NotAllowed):
        operations.close_founding(network, actor=somebody)


def test_a_company_is_no_founder_and_is_told_the_way(network: Any, coordinator: Actor) -> None:
    company = registered(network, coordinator, legal_form="company")
    with pytest.raises(CompanyCannotBeMember) as refused:
        operations.recognise_founder(company, minutes_on=FOUNDED, minutes_kept="Cartório", actor=coordinator)
    assert "parceiras" in refused.value.advice()


@pytest.mark.parametrize("wanted", ["candidate", "member", "suspended"])
def test_the_database_itself_knows_no_company_that_is_a_member(network: Any, wanted: str) -> None:
    company = factories.enterprise(legal_form="company")
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.filter(pk=company.pk).update(standing=wanted, member_since=FOUNDED)


def test_a_candidate_that_turns_out_a_company_is_a_partner_a_member_stays_what_it_is(
    network: Any, coordinator: Actor
) -> None:
    candidate, member = registered(network, coordinator), factories.enterprise(name="Pão")
    edited = operations.edit_enterprise(
        candidate, EnterpriseData(name="Mel da Serra", legal_form="company"), actor=coordinator
    )
    edited.refresh_from_db()
    assert (edited.legal_form, edited.standing) == ("company", "partner")
    with pytest.raises(CompanyCannotBeMember):
        operations.edit_enterprise(member, EnterpriseData(name="Pão", legal_form="company"), actor=coordinator)
    member.refresh_from_db()
    assert member.legal_form == "informal"


def test_a_partner_does_not_become_a_member_without_asking(network: Any, coordinator: Actor) -> None:
    partner = factories.enterprise(standing="partner")
    with pytest.raises(StandingCannotFollow):
        operations.recognise_founder(partner, minutes_on=FOUNDED, minutes_kept="Cartório", actor=coordinator)


def test_standing_says_what_is_refused_why_and_what_to_do(network: Any) -> None:
    assert membership.may(factories.enterprise(), membership.TAKE_PART)
    for code in OUTSIDE:
        row = factories.enterprise(standing=code)
        for doing in (membership.TAKE_PART, membership.VOTE, membership.SPEAK_FOR_OTHERS):
            with pytest.raises(StandingForbids) as refused:
                membership.require_member(row, doing)
            assert row.name in refused.value.words()
            assert refused.value.advice()


def test_what_was_asked_for_as_a_member_is_owed_also_by_who_left() -> None:
    owe = {code for code in standing.STANDINGS if standing.may(code, standing.OWE_SHARE)}
    assert owe == {"member", "suspended", "excluded", "left"}


@pytest.mark.parametrize("code", ["candidate", "excluded", "left", "partner"])
def test_no_role_and_no_invitation_for_who_is_no_member(network: Any, coordinator: Actor, code: str) -> None:
    row = factories.enterprise(standing=code)
    with pytest.raises(StandingForbids):
        operations.grant_role(factories.person(), role="enterprise_member", enterprise=row, actor=coordinator)
    with pytest.raises(StandingForbids):
        operations.invite(network, role="enterprise_member", enterprise=row, actor=coordinator)


def test_an_invitation_made_before_the_exclusion_is_worth_nothing_after(network: Any, coordinator: Actor) -> None:
    row = factories.enterprise()
    issued = operations.invite(network, role="enterprise_member", enterprise=row, actor=coordinator)
    Enterprise.objects.filter(pk=row.pk).update(standing="excluded")
    someone = factories.person()
    with pytest.raises(StandingForbids):
        operations.accept_invitation(issued.token, actor=Actor(name="x", person_id=someone.pk, network_id=network.pk))
    assert not RoleAssignment.objects.filter(person=someone).exists()


def test_who_spoke_for_an_excluded_enterprise_reads_its_accounts_and_nothing_else(network: Any) -> None:
    row, other = factories.enterprise(), factories.enterprise()
    actor = factories.actor(network, "enterprise_coordinator", row)
    Enterprise.objects.filter(pk=row.pk).update(standing="excluded")
    someone = Person.objects.get(pk=actor.person_id)
    now = access.actor_for(someone, network)
    row.refresh_from_db()
    assert now.can(SEE_CHARGES, row)
    assert now.can(SEE_ENTERPRISE_BOOK, row)
    assert not now.can(SEE_CHARGES, other)
    assert not now.can_somewhere(permissions.SEE_NETWORK)
    assert not now.can(permissions.EDIT_ENTERPRISE, row)
    Enterprise.objects.filter(pk=row.pk).update(standing="suspended")
    assert access.actor_for(someone, network).can(permissions.EDIT_ENTERPRISE, row)


def test_the_outside_roles_are_given_to_nobody() -> None:
    assert not roles.OUTSIDE_ROLES & roles.EVERYBODY


@pytest.mark.parametrize("code", OUTSIDE)
def test_no_motion_is_put_to_who_is_no_member(network: Any, coordinator: Actor, code: str) -> None:
    with pytest.raises(StandingForbids):
        governance.put_motion(
            "Comprar?", enterprises=[factories.enterprise(), factories.enterprise(standing=code)], actor=coordinator
        )
    assert not Motion.objects.exists()


def test_who_ceases_to_be_a_member_is_no_longer_waited_for_and_cannot_answer(network: Any, coordinator: Actor) -> None:
    rows = [factories.enterprise() for _ in range(3)]
    motion = governance.put_motion("Comprar?", enterprises=rows, rule="everyone", actor=coordinator)
    for row in rows[:2]:
        speaker = factories.actor(network, "enterprise_coordinator", row)
        governance.answer_motion(motion, enterprise=row, answer="yes", actor=speaker)
    late = factories.actor(network, "enterprise_coordinator", rows[2])
    other = governance.put_motion("Vender?", enterprises=rows, actor=coordinator)
    governance.answer_motion(other, enterprise=rows[2], answer="yes", actor=late)
    suspend(rows[2], coordinator)
    motion.refresh_from_db()
    assert motion.state == "passed"
    with pytest.raises(StandingForbids):
        governance.answer_motion(other, enterprise=rows[2], answer="no", reason="mudei", actor=late)
    assert other.entitlements.get(enterprise=rows[2]).answer == "yes"


def suspend(row: Enterprise, actor: Actor) -> None:
    """As the admission module does inside its own operations."""
    from django.db import transaction as unit  # noqa: PLC0415

    from mutirao.kernel.work import unit_of_work  # noqa: PLC0415

    with unit.atomic(), unit_of_work():
        operations.change_standing(row, "suspended", actor=actor, reason="teste")


SHEET = """
    Nome;Forma;Situação na rede;Ata de fundação de;Onde está a ata
    Mel da Serra;informal;fundadora;10/05/2025;Cartório, livro 3
    Costureiras;cooperativa;;;
    Usina Doce Ltda;empresa;parceira;;
"""


def test_a_sheet_brings_founders_with_their_minutes(network: Any, coordinator: Actor) -> None:
    Bringing("enterprises", network, coordinator).bring(SHEET)
    found = {row.name: row.standing for row in Enterprise.objects.all()}
    assert found == {"Mel da Serra": "member", "Costureiras": "candidate", "Usina Doce Ltda": "partner"}
    honey = Enterprise.objects.get(name="Mel da Serra")
    assert (honey.member_since, honey.founding_minutes_kept) == (FOUNDED, "Cartório, livro 3")
    assert StandingChange.objects.get().enterprise == honey
    Bringing("enterprises", network, coordinator).bring(SHEET)
    assert StandingChange.objects.count() == 1


def test_a_sheet_that_makes_a_company_a_member_is_refused_by_row_and_column(network: Any, coordinator: Actor) -> None:
    problems = Bringing("enterprises", network, coordinator).problems(
        """
        Nome;Forma;Situação na rede;Ata de fundação de;Onde está a ata
        Usina Doce Ltda;empresa;membro;10/05/2025;Cartório
        Costureiras;cooperativa;membro;;
        """
    )
    assert problems == [
        "Linha 2, coluna Situação na rede: empresa não pode ser membro da rede; só parceira, para fornecer ou comprar.",
        "Linha 3, coluna Situação na rede: só fundadores entram como membros por planilha: diga o dia da ata e onde "
        "ela está.",
    ]
    assert not Enterprise.objects.exists()


def test_a_sheet_brings_no_founders_after_the_founding_and_changes_no_standing(
    network: Any, coordinator: Actor
) -> None:
    factories.enterprise(name="Saíram", standing="excluded")
    operations.close_founding(network, actor=coordinator)
    network.refresh_from_db()
    problems = Bringing("enterprises", network, coordinator).problems(
        SHEET + "    Saíram;informal;candidata;;\n    Saíram;empresa;;;\n"
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "Linha 2, coluna Situação na rede", "Linha 6, coluna Forma",
    ]  # fmt: skip


def test_a_sheet_makes_founders_only_for_who_may(network: Any) -> None:
    with pytest.raises(NotAllowed):
        Bringing("enterprises", network, factories.actor(network, "purchasing")).bring(SHEET)
