# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom admission tells what, and when its days are spoken of (N4, N6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from mutirao.admission import notifying
from mutirao.admission import operations as do
from mutirao.admission.models import AdmissionSettings, Application, Certificate, Measure
from mutirao.kernel import clock, jobs
from mutirao.kernel.actors import Actor
from mutirao.network import access
from mutirao.network.models import Enterprise, Network, Person
from mutirao.notices.models import Delivery, Notice
from tests import factories
from tests.admission import makers

pytestmark = pytest.mark.usefixtures("noon")


def told(person: Person | Actor) -> list[str]:
    pk = person.person_id if isinstance(person, Actor) else person.pk
    return list(Notice.objects.filter(person=pk).order_by("pk").values_list("title", flat=True))


def remind(day: dt.date) -> int:
    with clock.at(dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)):
        return notifying.remind_of_days()


def letters(to: str = "rosa@exemplo.coop") -> list[str]:
    """What went to a group by e-mail, by subject."""
    jobs.drain()
    return [letter.subject for letter in mail.outbox if letter.to == [to]]


def last_letter(to: str = "rosa@exemplo.coop") -> Any:
    jobs.drain()
    return [letter for letter in mail.outbox if letter.to == [to]][-1]


@pytest.fixture
def coordinated(network: Network) -> tuple[Enterprise, Person]:
    """A member and who answers for it, since before any of the days of these tests."""
    enterprise, someone = factories.enterprise(name="Mãos da Terra"), factories.person(name="Lia")
    factories.role(someone, "enterprise_coordinator", enterprise, since=dt.date(2020, 1, 1))
    return enterprise, someone


def speaker(network: Network, person: Person) -> Actor:
    return access.actor_for(person, network)


def test_a_request_handed_in_is_told_to_the_coordination_and_receipted_to_the_group(
    network: Network, coordinator: Actor
) -> None:
    treasurer = factories.actor(network, "treasury")
    makers.submitted(network, email="rosa@exemplo.coop")
    assert told(coordinator) == ["Quitandeiras do Morro quer entrar na rede"]
    assert told(treasurer) == []
    assert letters() == ["Pedido recebido: Quitandeiras do Morro"]
    assert network.name in last_letter().from_email


def test_handing_in_twice_tells_once(network: Network, coordinator: Actor) -> None:
    application = makers.submitted(network)
    do.submit(application, actor=makers.guest(network))
    assert len(told(coordinator)) == 1


def test_whoever_is_named_hears_and_who_names_does_not(network: Network, coordinator: Actor) -> None:
    application = makers.submitted(network)
    one = makers.reviewer(network)
    do.name_reviewers(application, people=[makers.person(one), makers.person(coordinator)], actor=coordinator)
    assert told(one) == ["Examine o pedido de Quitandeiras do Morro"]
    assert told(coordinator) == ["Quitandeiras do Morro quer entrar na rede"]
    assert Notice.objects.get(person=one.person_id).path.endswith("/examinar/")


def test_a_question_goes_to_the_group_and_its_answer_to_those_who_review(network: Network, coordinator: Actor) -> None:
    application, actors = makers.under_review(network, coordinator, email="rosa@exemplo.coop")
    question = do.ask(application, text="Quem guarda o caixa?", actor=actors[0])
    assert letters()[-1] == f"{network.name} pergunta a Quitandeiras do Morro"
    assert "Quem guarda o caixa?" in last_letter().body
    do.answer_question(question, answer="A Rosa, e todas olham.", actor=makers.guest(network))
    assert [told(one)[-1] for one in actors] == ["Quitandeiras do Morro respondeu"] * 3


def test_the_decision_is_told_to_everybody_but_who_gave_the_last_vote(network: Network, coordinator: Actor) -> None:
    application, actors = makers.under_review(network, coordinator, email="rosa@exemplo.coop")
    for one in actors[:2]:
        application = makers.vote(application, one, "yes")
    assert told(coordinator)[-1] == "Quitandeiras do Morro entrou na rede"
    assert "entrou" in told(actors[0])[-1]
    assert "entrou" not in told(actors[1])[-1]
    assert letters()[-1] == "Quitandeiras do Morro entrou na rede"
    assert "Voto yes." in last_letter().body


def test_a_refusal_says_why_and_until_when_to_appeal(network: Network, coordinator: Actor) -> None:
    makers.refused(network, coordinator, email="rosa@exemplo.coop")
    assert "Voto no." in last_letter().body
    assert "01/04/2026" in last_letter().body


def test_a_company_hears_of_its_refusal(network: Network, coordinator: Actor) -> None:
    application = makers.started(network, legal_form="company", email="dono@exemplo.com").application
    do.submit(application, actor=makers.guest(network))
    assert letters("dono@exemplo.com") == ["Resposta ao pedido de Quitandeiras do Morro"]


def test_a_group_with_account_is_told_in_the_app_and_gets_no_letter(
    network: Network, coordinator: Actor, coordinated: tuple[Enterprise, Person]
) -> None:
    enterprise, lia = coordinated
    do.issue_certificate(enterprise, actor=coordinator)
    application = do.start_renewal(enterprise, actor=speaker(network, lia)).application
    Application.objects.filter(pk=application.pk).update(
        email=lia.email.upper(), phone="1", activity="pão", member_count=3, municipality=factories.municipality()
    )
    do.submit(makers.answered(Application.objects.get(pk=application.pk)), actor=speaker(network, lia))
    one = makers.reviewer(network)
    do.name_reviewers(application, people=[makers.person(one)], actor=coordinator)
    do.ask(application, text="O que mudou?", actor=one)
    assert told(lia) == [f"A rede pergunta a {enterprise.name}"]
    assert letters(lia.email.upper()) == []
    assert told(coordinator)[0] == "Mãos da Terra quer renovar o certificado"


def test_the_example_network_writes_to_nobody(network: Network, coordinator: Actor) -> None:
    Network.objects.filter(pk=network.pk).update(is_example=True)
    makers.submitted(Network.objects.get(pk=network.pk), email="rosa@exemplo.coop")
    assert letters() == []
    assert not Delivery.objects.exists()
    assert len(told(coordinator)) == 1


def test_a_review_is_reminded_a_week_before_and_the_coordination_when_it_is_late(
    network: Network, coordinator: Actor
) -> None:
    application, actors = makers.under_review(network, coordinator)
    makers.vote(application, actors[0], "yes")
    day = Application.objects.get(pk=application.pk).decide_by
    spoken = {days: count for days in range(-12, 60) if (count := remind(day + dt.timedelta(days=days)))}
    assert spoken == {-7: 2, 1: 1}
    assert told(actors[0]) == ["Examine o pedido de Quitandeiras do Morro"]
    assert told(actors[1])[1:] == ["Falta o seu parecer: Quitandeiras do Morro"]
    assert told(coordinator)[-1] == "Passou o prazo do pedido de Quitandeiras do Morro"


def test_a_certificate_speaks_when_the_networks_days_of_notice_begin_a_week_before_and_when_it_ran_out(
    network: Network, coordinator: Actor, coordinated: tuple[Enterprise, Person]
) -> None:
    enterprise, lia = coordinated
    certificate = do.issue_certificate(enterprise, actor=coordinator)
    AdmissionSettings.objects.create(network=network, reminder_days=30)
    end = certificate.expires_on
    assert [days for days in range(-70, 5) if remind(end + dt.timedelta(days=days))] == [-30, -7]
    with clock.at(dt.datetime.combine(end + dt.timedelta(days=1), dt.time(15), tzinfo=dt.UTC)):
        do.expire_certificate(certificate, actor=coordinator)
    assert told(lia) == ["Renove o certificado de Mãos da Terra"] * 2 + ["Certificado vencido: Mãos da Terra"]


def test_the_job_asked_for_at_issue_and_the_look_of_every_day_tell_once(
    network: Network, coordinator: Actor, coordinated: tuple[Enterprise, Person]
) -> None:
    certificate = do.issue_certificate(coordinated[0], actor=coordinator)
    day = certificate.expires_on - dt.timedelta(days=60)
    with clock.at(dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)):
        assert do.remind_of_renewal(certificate, actor=coordinator)
    assert remind(day) == 0
    assert len(told(coordinated[1])) == 1


def test_a_renewal_under_way_is_not_asked_for_again(
    network: Network, coordinator: Actor, coordinated: tuple[Enterprise, Person]
) -> None:
    enterprise, lia = coordinated
    certificate = do.issue_certificate(enterprise, actor=coordinator)
    do.start_renewal(enterprise, actor=speaker(network, lia))
    assert remind(certificate.expires_on - dt.timedelta(days=5)) == 0


def test_an_exclusion_is_told_reminded_and_its_appeal_followed(
    network: Network, coordinator: Actor, coordinated: tuple[Enterprise, Person], noon: dt.datetime
) -> None:
    enterprise, lia = coordinated
    council = factories.actor(network, "council")
    measure: Any = do.open_exclusion(enterprise, reason="Não vem às reuniões", actor=coordinator)
    assert told(lia) == ["Propuseram excluir Mãos da Terra da rede"]
    assert "Não vem às reuniões" in Notice.objects.get(person=lia).body
    assert [days for days in range(-9, 3) if remind(measure.hear_until + dt.timedelta(days=days))] == [-3]
    with clock.at(noon + dt.timedelta(days=20)):
        measure = do.decide_exclusion(measure, excluded=True, reason="Seis faltas", actor=coordinator)
    assert told(lia)[-1] == "Mãos da Terra foi excluído da rede"
    assert [days for days in range(-12, 3) if remind(measure.appeal_until + dt.timedelta(days=days))] == [-7]
    with clock.at(noon + dt.timedelta(days=22)):
        appeal = do.file_appeal(text="Estávamos na colheita", measure=measure, actor=speaker(network, lia))
    # Not to the coordinator, who decided before and does not decide again.
    assert told(council) == ["Mãos da Terra recorreu à assembleia"]
    assert told(coordinator) == []
    assert [days for days in range(-9, 60) if remind(appeal.decide_by + dt.timedelta(days=days))] == [-7, 1]
    assert told(council)[1:] == ["Recurso à espera: Mãos da Terra", "Passou o prazo do recurso de Mãos da Terra"]
    with clock.at(noon + dt.timedelta(days=60)):
        do.decide_appeal(
            appeal, upheld=True, reason="A colheita explica", minutes_on=clock.today(), minutes_kept="Livro 2",
            actor=council,
        )  # fmt: skip
    assert told(lia)[-1] == "Recurso aceito: Mãos da Terra"
    assert Measure.objects.get(pk=measure.pk).state == "overturned"
    assert Certificate.objects.count() == 0


def test_a_suspended_enterprise_hears_the_reason_and_the_end(
    network: Network, coordinator: Actor, coordinated: tuple[Enterprise, Person]
) -> None:
    enterprise, lia = coordinated
    measure = do.suspend(enterprise, reason="Falta o balanço", actor=coordinator)
    do.lift_suspension(measure, reason="Chegou", actor=coordinator)
    assert told(lia) == ["Mãos da Terra está suspenso", "Suspensão de Mãos da Terra: encerrada"]


def test_words_are_in_the_networks_language_for_who_chose_none(network: Network, coordinator: Actor) -> None:
    Network.objects.filter(pk=network.pk).update(language="en")
    someone = makers.person(coordinator)
    assert someone.language == ""
    makers.submitted(Network.objects.get(pk=network.pk))
    body = Notice.objects.get(person=someone).body
    assert "2026-04-16" in body  # the day is written as English readers here do
