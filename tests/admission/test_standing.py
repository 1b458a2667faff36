# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates, suspension, exclusion with a hearing, leaving, appeals decided by others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mutirao.admission import operations as do
from mutirao.admission import queries
from mutirao.admission.errors import (
    AlreadyAppealed,
    AlreadyCertified,
    AlreadyInside,
    AppealRunning,
    AppealTooLate,
    CertificateToRenew,
    DecidedBefore,
    MeasureNotSo,
    MeasureUnderWay,
    MinutesNeeded,
    NotAMemberNow,
    OwnEnterprise,
    ReasonMissing,
    StillToBeHeard,
    UnknownCertificate,
)
from mutirao.admission.models import Certificate
from mutirao.admission.tasks import expire_certificate, remind_certificate
from mutirao.kernel import clock, jobs, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import Job
from mutirao.network import operations as network_do
from mutirao.network.errors import InvitationRevoked
from mutirao.network.models import Enterprise
from tests import factories
from tests.admission import makers

pytestmark = pytest.mark.usefixtures("noon")
TODAY = dt.date(2026, 3, 2)
MINUTES: dict[str, Any] = {"minutes_on": TODAY, "minutes_kept": "Livro 2"}


@pytest.fixture
def member(network: Any) -> Enterprise:
    return factories.enterprise(name="Pão da Vila")


@pytest.fixture
def speaker(network: Any, member: Enterprise) -> Actor:
    return factories.actor(network, "enterprise_coordinator", member)


def standing(row: Enterprise) -> str:
    row.refresh_from_db()
    return row.standing


def later(days: int) -> Any:
    return clock.at(clock.now() + dt.timedelta(days=days))


# --- certificates ----------------------------------------------------------------------------------------------------


def test_a_founder_is_certified_once_and_nobody_who_is_no_member(
    network: Any, coordinator: Actor, member: Enterprise
) -> None:
    certificate = do.issue_certificate(member, actor=coordinator)
    assert (certificate.number, certificate.expires_on) == (1, dt.date(2028, 3, 2))
    with pytest.raises(AlreadyCertified):
        do.issue_certificate(member, actor=coordinator)
    with pytest.raises(NotAMemberNow):
        do.issue_certificate(factories.enterprise(standing="candidate"), actor=coordinator)
    with pytest.raises(NotAllowed):
        do.issue_certificate(factories.enterprise(), actor=factories.actor(network, "council"))


def test_anybody_with_the_code_sees_how_it_stands_and_nobody_without(
    network: Any, coordinator: Actor, member: Enterprise
) -> None:
    certificate = do.issue_certificate(member, actor=coordinator)
    with tenancy.activated(factories.network()):
        found = queries.verify(certificate.code)
    assert (found.state, found.seal_holds) == ("valid", True)
    with later(800):
        assert queries.verify(certificate.code).state == "expired"
    Certificate.objects.update(enterprise_name="Outro nome")
    assert not queries.verify(certificate.code).seal_holds
    with pytest.raises(UnknownCertificate):
        queries.verify("A" * 20)


def test_the_last_day_is_valid_and_the_day_after_the_task_marks_it(
    network: Any, coordinator: Actor, member: Enterprise
) -> None:
    certificate = do.issue_certificate(member, actor=coordinator)
    waiting = {job.key: job.run_after.date() for job in Job.objects.filter(key__startswith="admission.")}
    assert waiting == {
        f"admission.remind:{certificate.pk}": dt.date(2028, 1, 2),
        f"admission.expire:{certificate.pk}": dt.date(2028, 3, 3),
    }
    with clock.at(dt.datetime(2028, 3, 2, 15, tzinfo=dt.UTC)):
        assert expire_certificate(certificate.pk) is False
        assert remind_certificate(certificate.pk) is True
    with clock.at(dt.datetime(2028, 3, 3, 15, tzinfo=dt.UTC)):
        jobs.drain()
        certificate.refresh_from_db()
        assert certificate.state == "expired"
        assert expire_certificate(certificate.pk) is False
        assert standing(member) == "member"
        with pytest.raises(CertificateToRenew) as refused:
            do.issue_certificate(member, actor=coordinator)
        assert "renovação" in refused.value.advice()


def test_the_check_of_an_old_certificate_says_that_its_enterprise_is_out(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    ran_out, replaced = do.issue_certificate(member, actor=coordinator), do.issue_certificate(
        factories.enterprise(), actor=coordinator
    )  # fmt: skip
    Certificate.objects.filter(pk=replaced.pk).update(state="replaced", enterprise=member)
    with later(800):
        expire_certificate(ran_out.pk)
        assert queries.verify(replaced.code).state == "replaced"
        do.leave(member, reason="Vamos parar", actor=makers.again(speaker))
        for code in (ran_out.code, replaced.code):
            assert queries.verify(code).state == "revoked"


def test_the_certificate_follows_the_standing(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    certificate = do.issue_certificate(member, actor=coordinator)
    measure = do.suspend(member, reason="Contas em aberto", actor=coordinator)
    assert queries.verify(certificate.code).state == "suspended"
    do.lift_suspension(measure, reason="Acertou", actor=coordinator)
    assert queries.verify(certificate.code).state == "valid"
    do.leave(member, reason="Vamos parar", actor=speaker)
    assert queries.verify(certificate.code).state == "revoked"


# --- suspension ------------------------------------------------------------------------------------------------------


def test_a_suspension_has_a_reason_and_is_of_a_member(network: Any, coordinator: Actor, member: Enterprise) -> None:
    with pytest.raises(ReasonMissing):
        do.suspend(member, reason=" ", actor=coordinator)
    with pytest.raises(NotAllowed):
        do.suspend(member, reason="x", actor=factories.actor(network, "treasury"))
    measure = do.suspend(member, reason="Contas em aberto", actor=coordinator)
    assert (standing(member), measure.state, measure.appeal_until) == ("suspended", "in_force", dt.date(2026, 4, 1))
    with pytest.raises(NotAMemberNow):
        do.suspend(member, reason="De novo", actor=coordinator)


# --- exclusion -------------------------------------------------------------------------------------------------------


def test_nobody_is_excluded_before_being_heard_or_the_time_is_over(
    network: Any, coordinator: Actor, member: Enterprise
) -> None:
    measure = do.open_exclusion(member, reason="Vendeu produto de fora como seu", actor=coordinator)
    assert measure.hear_until == dt.date(2026, 3, 17)
    assert standing(member) == "member"
    with pytest.raises(StillToBeHeard):
        do.decide_exclusion(measure, excluded=True, reason="Sim", actor=coordinator)
    with pytest.raises(MeasureUnderWay):
        do.open_exclusion(member, reason="Mais", actor=coordinator)
    with later(15), pytest.raises(StillToBeHeard):
        do.decide_exclusion(measure, excluded=True, reason="Sim", actor=coordinator)
    with later(16):
        do.decide_exclusion(measure, excluded=True, reason="Não respondeu", actor=coordinator)
    assert standing(member) == "excluded"


def test_once_heard_the_proposal_may_be_decided_or_dropped(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    measure = do.open_exclusion(member, reason="Motivo", actor=coordinator)
    with pytest.raises(NotAllowed):
        do.say_in_hearing(measure, text="x", actor=coordinator)
    do.say_in_hearing(measure, text="Foi engano, já trocamos.", actor=speaker)
    done = do.decide_exclusion(measure, excluded=False, reason="Explicou", actor=coordinator)
    assert (done.state, standing(member)) == ("dropped", "member")
    with pytest.raises(MeasureNotSo):
        do.decide_exclusion(measure, excluded=True, reason="Sim", actor=coordinator)


# --- leaving ---------------------------------------------------------------------------------------------------------


def test_a_member_leaves_by_its_own_will_and_only_by_who_speaks_for_it(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    measure = do.open_exclusion(member, reason="Motivo", actor=coordinator)
    with pytest.raises(NotAllowed):
        do.leave(member, reason="x", actor=factories.actor(network, "enterprise_member", member))
    do.leave(member, reason="Cada um vai para um lado", actor=speaker)
    measure.refresh_from_db()
    assert (standing(member), measure.state) == ("left", "dropped")


# --- appeals ---------------------------------------------------------------------------------------------------------


def test_an_appeal_holds_the_measure_until_the_assembly_decides(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    certificate = do.issue_certificate(member, actor=coordinator)
    measure = do.suspend(member, reason="Contas em aberto", actor=coordinator)
    appeal = do.file_appeal(measure=measure, text="Pagamos.", actor=makers.again(speaker))
    measure.refresh_from_db()
    assert (standing(member), measure.state, appeal.decide_by) == ("member", "on_hold", dt.date(2026, 5, 1))
    assert queries.verify(certificate.code).state == "valid"
    with pytest.raises(AlreadyAppealed):
        do.file_appeal(measure=measure, text="De novo", actor=makers.again(speaker))
    with pytest.raises(DecidedBefore):
        do.decide_appeal(appeal, upheld=False, reason="Não", actor=coordinator, **MINUTES)
    other = factories.actor(network, "council")
    with pytest.raises(MinutesNeeded):
        do.decide_appeal(appeal, upheld=False, reason="Não", minutes_on=None, minutes_kept="", actor=other)
    do.decide_appeal(appeal, upheld=False, reason="Não pagou", actor=other, **MINUTES)
    measure.refresh_from_db()
    assert (standing(member), measure.state) == ("suspended", "in_force")
    with pytest.raises(MeasureNotSo):
        do.decide_appeal(appeal, upheld=True, reason="Mudei", actor=other, **MINUTES)


def test_where_agreed_so_the_measure_goes_on_during_the_appeal_and_is_undone_when_upheld(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    do.edit_settings(network, appeal_suspends=False, actor=coordinator)
    measure = do.open_exclusion(member, reason="Motivo", actor=coordinator)
    do.say_in_hearing(measure, text="Não foi assim.", actor=speaker)
    measure = do.decide_exclusion(measure, excluded=True, reason="Foi", actor=coordinator)
    outside = makers.again(speaker)
    appeal = do.file_appeal(measure=measure, text="Ouçam a assembleia.", actor=outside)
    assert standing(member) == "excluded"
    other = factories.actor(network, "coordination")
    do.decide_appeal(appeal, upheld=True, reason="A assembleia ouviu", actor=other, **MINUTES)
    measure.refresh_from_db()
    assert (standing(member), measure.state) == ("member", "overturned")


def test_an_appeal_comes_in_time(network: Any, coordinator: Actor, member: Enterprise, speaker: Actor) -> None:
    measure = do.suspend(member, reason="Contas", actor=coordinator)
    with later(31), pytest.raises(AppealTooLate):
        do.file_appeal(measure=measure, text="Tarde", actor=makers.again(speaker))
    with pytest.raises(NotAllowed):
        do.file_appeal(measure=measure, text="x", actor=coordinator)


def test_a_refused_group_appeals_and_is_admitted_by_the_assembly(network: Any, coordinator: Actor) -> None:
    application = makers.refused(network, coordinator)
    appeal = do.file_appeal(application=application, text="Decidimos sim.", actor=makers.guest(network))
    voted = application.reviewers.exclude(vote="").first().person
    factories.role(voted, "coordination")
    from mutirao.network import access  # noqa: PLC0415

    with pytest.raises(DecidedBefore):
        do.decide_appeal(appeal, upheld=True, reason="x", actor=access.actor_for(voted, network), **MINUTES)
    do.decide_appeal(appeal, upheld=True, reason="A assembleia viu a ata.", actor=coordinator, **MINUTES)
    application.refresh_from_db()
    assert (application.state, application.enterprise.standing) == ("admitted", "member")
    assert Certificate.objects.filter(enterprise=application.enterprise, state="valid").exists()


def test_a_suspension_is_appealed_against_also_while_an_exclusion_is_heard(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    suspension = do.suspend(member, reason="Contas em aberto", actor=coordinator)
    exclusion = do.open_exclusion(member, reason="Não responde", actor=coordinator)
    outside = makers.again(speaker)
    appeal = do.file_appeal(measure=suspension, text="Pagamos.", actor=outside)
    assert standing(member) == "member"
    do.say_in_hearing(exclusion, text="Respondemos, sim.", actor=outside)
    with pytest.raises(AppealRunning):
        do.decide_exclusion(exclusion, excluded=True, reason="Sim", actor=coordinator)
    other = factories.actor(network, "council")
    do.decide_appeal(appeal, upheld=True, reason="Pagou", actor=other, **MINUTES)
    do.decide_exclusion(exclusion, excluded=True, reason="Não convence", actor=coordinator)
    exclusion.refresh_from_db()
    suspension.refresh_from_db()
    assert (standing(member), suspension.state, exclusion.standing_before) == ("excluded", "overturned", "member")


def test_nobody_decides_about_an_enterprise_in_which_they_have_a_role(network: Any, member: Enterprise) -> None:
    boss = factories.actor(network, "coordination")
    measure = do.suspend(member, reason="Contas em aberto", actor=boss)
    own = factories.actor(network, "enterprise_coordinator", member)
    factories.role(makers.person(own), "coordination")
    own = makers.again(own)
    appeal = do.file_appeal(measure=measure, text="Pagamos.", actor=own)
    with pytest.raises(OwnEnterprise):
        do.decide_appeal(appeal, upheld=True, reason="Sim", actor=own, **MINUTES)
    with pytest.raises(OwnEnterprise):
        do.lift_suspension(measure, reason="Acertou", actor=own)
    do.lift_suspension(measure, reason="Acertou", actor=boss)
    proposed = do.open_exclusion(member, reason="Motivo", actor=boss)
    with pytest.raises(OwnEnterprise):
        do.decide_exclusion(proposed, excluded=False, reason="Fica", actor=own)


def test_an_exclusion_undone_leaves_the_suspension_that_was_before_and_it_can_be_lifted(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    suspension = do.suspend(member, reason="Contas em aberto", actor=coordinator)
    exclusion = do.open_exclusion(member, reason="Motivo", actor=coordinator)
    do.say_in_hearing(exclusion, text="Não foi assim.", actor=makers.again(speaker))
    exclusion = do.decide_exclusion(exclusion, excluded=True, reason="Foi", actor=coordinator)
    appeal = do.file_appeal(measure=exclusion, text="Ouçam a assembleia.", actor=makers.again(speaker))
    suspension.refresh_from_db()
    assert (standing(member), suspension.state) == ("suspended", "in_force")
    other = factories.actor(network, "council")
    do.decide_appeal(appeal, upheld=True, reason="A assembleia ouviu", actor=other, **MINUTES)
    do.lift_suspension(suspension, reason="Acertou", actor=coordinator)
    assert standing(member) == "member"


def test_who_leaves_has_no_appeal_waiting(network: Any, coordinator: Actor, member: Enterprise, speaker: Actor) -> None:
    measure = do.suspend(member, reason="Contas em aberto", actor=coordinator)
    appeal = do.file_appeal(measure=measure, text="Pagamos.", actor=makers.again(speaker))
    do.leave(member, reason="Vamos parar", actor=makers.again(speaker))
    appeal.refresh_from_db()
    assert appeal.state == "dropped"
    assert queries.duties_of(factories.actor(network, "council")) == []


# --- what waits ------------------------------------------------------------------------------------------------------


def test_what_waits_is_told_to_who_can_do_it_and_late_when_the_day_is_over(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    application, (one, *_others) = makers.under_review(network, coordinator)
    do.open_exclusion(member, reason="Motivo", actor=coordinator)
    assert [duty.view for duty in queries.duties_of(one)] == ["admission:review"]
    assert [duty.title for duty in queries.duties_of(speaker)] == ["Dizer o que pensa da exclusão proposta"]
    assert queries.duties_of(coordinator) == []
    with later(60):
        late = queries.duties_of(coordinator)
        assert all(duty.late for duty in late)
        assert {duty.about for duty in late} == {application.name, member.name}


def test_the_certificates_end_waits_for_who_speaks_for_the_enterprise(
    network: Any, coordinator: Actor, member: Enterprise, speaker: Actor
) -> None:
    do.issue_certificate(member, actor=coordinator)
    assert queries.duties_of(speaker) == []
    with later(690):
        assert [duty.title for duty in queries.duties_of(speaker)] == ["Renovar o certificado"]


# --- the way in ------------------------------------------------------------------------------------------------------


def test_the_link_of_the_request_opens_one_account_and_does_not_bring_back_who_was_dismissed(
    network: Any, coordinator: Actor
) -> None:
    application = makers.admitted(network, coordinator)
    spare = do.welcome_in(application, actor=makers.guest(network))
    with later(1):
        issued = do.welcome_in(application, actor=makers.guest(network))
    rosa = factories.person(name="Rosa")
    accepting = Actor(name="Rosa", person_id=rosa.pk, network_id=network.pk, via="link")
    role = network_do.accept_invitation(issued.token, actor=accepting)
    assert (role.role, role.enterprise) == ("enterprise_coordinator", application.enterprise)
    with pytest.raises(AlreadyInside):
        do.welcome_in(application, actor=makers.guest(network))
    with later(3):
        network_do.dismiss(rosa, actor=coordinator, reason="Saiu")
    with later(4):
        with pytest.raises(AlreadyInside):
            do.welcome_in(application, actor=makers.guest(network))
        with pytest.raises(InvitationRevoked):
            network_do.accept_invitation(spare.token, actor=accepting)


def test_a_group_that_comes_back_has_its_way_in_again(network: Any, coordinator: Actor) -> None:
    twin = factories.enterprise(standing="left")
    factories.role(
        factories.person(), "enterprise_coordinator", twin, since=dt.date(2025, 1, 1), until=dt.date(2025, 6, 1)
    )
    application, (one, two, _three) = makers.under_review(network, coordinator)
    do.link_enterprise(application, enterprise=twin, actor=coordinator)
    makers.vote(application, one, "yes")
    makers.vote(application, two, "yes")
    assert do.welcome_in(application, actor=makers.guest(network)).invitation.enterprise == twin


def test_what_waits_is_found_with_the_same_few_queries_however_much_waits(network: Any, coordinator: Actor) -> None:
    def counted() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queried:
            found = queries.duties_of(coordinator)
        return len(found), len(queried)

    def more(number: int) -> None:
        makers.submitted(network, name=f"Grupo {number}")
        makers.under_review(network, coordinator, name=f"Outro {number}", how_many=2)
        refused = makers.refused(network, factories.actor(network, "coordination"), name=f"Recusado {number}")
        do.file_appeal(application=refused, text="Recorremos.", actor=makers.guest(network))
        do.open_exclusion(factories.enterprise(), reason="Motivo", actor=coordinator)

    more(0)
    few, asked = counted()
    for number in range(1, 4):
        more(number)
    assert counted() == (4 * few, asked)
