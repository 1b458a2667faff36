# SPDX-License-Identifier: AGPL-3.0-or-later
"""Named people review without conflict of interest, ask, give opinions and decide; the decision has its reasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from mutirao.admission import operations as do
from mutirao.admission import queries
from mutirao.admission.errors import (
    AlreadyVoted,
    AssemblyDecides,
    ConflictOfInterest,
    GroundMissing,
    MinutesNeeded,
    NameBelongsToAnother,
    NotAReviewer,
    OpinionsMissing,
    QuestionsOpen,
    ReasonMissing,
    RequiredNotMet,
    ReviewersDecide,
    TooFewReviewers,
    WrongState,
)
from mutirao.admission.models import Certificate
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.network import trail
from mutirao.network.models import Contact, Delegation, Enterprise
from tests import factories
from tests.admission import makers

pytestmark = pytest.mark.usefixtures("noon")
TODAY = dt.date(2026, 3, 2)


def test_two_of_three_admit_and_the_group_is_a_member_with_a_certificate(network: Any, coordinator: Actor) -> None:
    application = makers.admitted(network, coordinator)
    application.refresh_from_db()
    assert (application.state, application.decided_by) == ("admitted", "reviewers")
    assert application.decision_reason == "Voto yes.\nVoto yes."
    row = Enterprise.objects.get(name="Quitandeiras do Morro")
    assert (row.standing, row.member_since, row.member_count) == ("member", TODAY, 7)
    assert Contact.objects.get(enterprise=row).phone == "+551355502020"
    certificate = Certificate.objects.get(enterprise=row)
    assert (certificate.issued_on, certificate.expires_on) == (TODAY, dt.date(2028, 3, 2))


def test_a_refusal_names_the_criterion_and_its_reasons(network: Any, coordinator: Actor) -> None:
    application = makers.refused(network, coordinator)
    application.refresh_from_db()
    assert (application.state, application.appeal_until) == ("refused", dt.date(2026, 4, 1))
    assert [item.code for item in application.items.filter(is_refusal_ground=True)] == ["self_management"]
    assert not Enterprise.objects.filter(name="Quitandeiras do Morro").exists()
    assert not Certificate.objects.exists()
    assert AuditEntry.objects.get(act="admission.refused").data["grounds"]


def test_no_refusal_without_a_criterion_no_admission_against_one_nothing_without_a_reason(
    network: Any, coordinator: Actor
) -> None:
    application, (one, two, three) = makers.under_review(network, coordinator)
    with pytest.raises(OpinionsMissing):
        do.vote(application, choice="yes", reason="Bom.", actor=one)
    makers.opine(application, one)
    with pytest.raises(GroundMissing):
        do.vote(application, choice="no", reason="Não gosto.", actor=one)
    with pytest.raises(ReasonMissing):
        do.vote(application, choice="yes", reason=" ", actor=one)
    makers.opine(application, two, unmet="autonomy")
    with pytest.raises(RequiredNotMet):
        do.vote(application, choice="yes", reason="Assim mesmo.", actor=two)
    item = application.items.first()
    with pytest.raises(ReasonMissing):
        do.give_opinion(application, opinions={item.pk: ("not_met", " ")}, actor=three)
    application.refresh_from_db()
    assert application.state == "review"


def test_the_trail_says_that_a_reviewer_acted_as_such(network: Any, coordinator: Actor) -> None:
    application, (one, *_others) = makers.under_review(network, coordinator)
    do.ask(application, text="Como repartem?", actor=coordinator)
    do.withdraw_question(application.questions.get(), actor=coordinator)
    makers.vote(application, one, "yes")
    said = dict(AuditEntry.objects.values_list("act", "data__acting_as"))
    assert said["admission.voted"] == said["admission.opinion_given"] == "reviewer"
    assert said["admission.question_asked"] == said["admission.question_withdrawn"] == "coordination"
    assert trail.by_whom(AuditEntry.objects.get(act="admission.voted")) == "como Quem examina"


def test_a_vote_is_given_once(network: Any, coordinator: Actor) -> None:
    application, (one, *_others) = makers.under_review(network, coordinator)
    makers.vote(application, one, "yes")
    with pytest.raises(AlreadyVoted):
        do.vote(application, choice="yes", reason="De novo", actor=one)
    with pytest.raises(AlreadyVoted):
        makers.opine(application, one)


def test_only_those_who_were_named_review(network: Any, coordinator: Actor) -> None:
    application, _reviewers = makers.under_review(network, coordinator)
    for somebody in (coordinator, makers.reviewer(network)):
        with pytest.raises(NotAReviewer):
            makers.vote(application, somebody, "yes")
    with pytest.raises(NotAllowed):
        do.name_reviewers(application, people=[factories.person()], actor=makers.reviewer(network))
    with pytest.raises(InvalidValue):
        do.name_reviewers(application, people=[factories.person()], actor=coordinator)


def test_one_alone_decides_nothing_where_three_are_needed(network: Any, coordinator: Actor) -> None:
    application, (one,) = makers.under_review(network, coordinator, how_many=1)
    with pytest.raises(TooFewReviewers):
        makers.vote(application, one, "yes")


@pytest.mark.parametrize("why", ["role", "proposed", "contact", "reference", "declared"])
def test_whoever_has_an_interest_does_not_review(network: Any, coordinator: Actor, why: str) -> None:
    row = factories.enterprise(standing="candidate", name="Quitandeiras do Morro")
    somebody = factories.actor(network, "council")
    person = makers.person(somebody)
    place = factories.municipality()
    if why == "proposed":
        boss = factories.actor(network, "coordination")
        started, person = do.propose(row, contact_name="Rosa", phone="(13) 5550-2020", actor=boss), makers.person(boss)
        data = makers.data(municipality=place)
        do.edit_application(started.application, data, actor=boss)
    else:
        email = person.email if why == "contact" else ""
        started = makers.started(network, email=email, municipality=place)
        if why == "role":
            do.link_enterprise(started.application, enterprise=row, actor=coordinator)
            factories.role(person, "enterprise_member", row, until=TODAY)
    application = do.submit(makers.answered(started.application), actor=makers.guest(network))
    if why == "reference":
        member = factories.enterprise()
        factories.role(person, "enterprise_coordinator", member)
        do.add_evidence(application, kind="reference", text="Conheço.", enterprise=member, actor=makers.again(somebody))
    if why == "declared":
        do.declare_conflict(application, reason="é minha irmã", actor=somebody)
    with pytest.raises(ConflictOfInterest) as refused:
        do.name_reviewers(application, people=[person], actor=coordinator)
    assert str(person) in refused.value.words()
    assert dict(queries.possible_reviewers(application))[person]


def test_a_reviewer_who_declares_kinship_steps_back_and_the_vote_no_longer_counts(
    network: Any, coordinator: Actor
) -> None:
    application, (one, two, _three) = makers.under_review(network, coordinator)
    makers.vote(application, one, "yes")
    do.declare_conflict(application, reason="cunhada", actor=one)
    with pytest.raises(NotAReviewer):
        makers.vote(application, one, "yes")
    with pytest.raises(TooFewReviewers):
        makers.vote(application, two, "yes")
    assert AuditEntry.objects.filter(act="admission.conflict_declared").exists()


@pytest.mark.parametrize("how", ["reference", "role", "delegation"])
def test_an_interest_that_begins_after_the_vote_takes_the_vote_out_of_the_count(
    network: Any, coordinator: Actor, how: str
) -> None:
    application, (one, two, three) = makers.under_review(network, coordinator)
    makers.vote(application, one, "yes")
    person = makers.person(one)
    if how == "reference":
        member = factories.enterprise()
        factories.role(person, "enterprise_coordinator", member)
        do.add_evidence(application, kind="reference", text="Conheço.", enterprise=member, actor=makers.again(one))
    else:
        candidate = factories.enterprise(standing="candidate", name=application.name)
        application = do.link_enterprise(application, enterprise=candidate, actor=coordinator)
        holder = factories.role(
            person if how == "role" else factories.person(), "enterprise_coordinator", candidate
        )  # fmt: skip
        if how == "delegation":
            Delegation.objects.create(
                assignment=holder, to_person=person, since=TODAY, until=TODAY + dt.timedelta(days=2), reason="férias"
            )
    assert [row.person_id for row in queries.progress_of(application).reviewers] == [two.person_id, three.person_id]
    with pytest.raises(TooFewReviewers):
        makers.vote(application, two, "yes")
    do.name_reviewers(application, people=[makers.person(makers.reviewer(network))], actor=coordinator)
    assert do.vote(application, choice="yes", reason="Sim", actor=two).state == "review"
    assert makers.vote(application, three, "yes").state == "admitted"
    assert "Voto" not in application.decision_reason.split("\n")[0]


def test_whoever_began_the_request_for_the_group_does_not_review_it(network: Any, coordinator: Actor) -> None:
    boss = factories.actor(network, "coordination")
    started = do.start_application(network, makers.data(municipality=factories.municipality()), actor=boss)
    application = do.submit(makers.answered(started.application), actor=makers.guest(network))
    with pytest.raises(ConflictOfInterest):
        do.name_reviewers(application, people=[makers.person(boss)], actor=coordinator)


def test_when_too_few_are_free_of_conflict_the_next_step_says_the_way_out(network: Any, coordinator: Actor) -> None:
    application, (one, *_others) = makers.under_review(network, coordinator)
    do.declare_conflict(application, reason="cunhada", actor=one)
    with pytest.raises(TooFewReviewers) as refused:
        makers.vote(application, _others[0], "yes")
    assert "Regras" in refused.value.advice()


def test_a_question_waits_for_its_answer_before_anybody_votes(network: Any, coordinator: Actor) -> None:
    application, (one, *_others) = makers.under_review(network, coordinator)
    question = do.ask(application, text="Como repartem?", actor=one)
    with pytest.raises(QuestionsOpen):
        makers.vote(application, one, "yes")
    do.answer_question(question, answer="Por horas.", actor=makers.guest(network))
    assert makers.vote(application, one, "yes").state == "review"
    with pytest.raises(NotAReviewer):
        do.ask(application, text="E eu?", actor=makers.reviewer(network))


def test_a_tie_goes_to_the_assembly(network: Any, coordinator: Actor) -> None:
    do.edit_settings(network, reviewers_needed=2, actor=coordinator)
    application, (one, two) = makers.under_review(network, coordinator, how_many=2)
    minutes = {"minutes_on": TODAY, "minutes_kept": "Livro 2"}
    with pytest.raises(ReviewersDecide):
        do.decide_by_assembly(application, admitted=True, reason="Sim", actor=coordinator, **minutes)
    makers.vote(application, one, "yes")
    makers.vote(application, two, "no", unmet="autonomy")
    assert queries.progress_of(application).outcome == "tied"
    done = do.decide_by_assembly(application, admitted=True, reason="A assembleia ouviu.", actor=coordinator, **minutes)
    assert (done.state, done.decided_by, done.minutes_kept) == ("admitted", "assembly", "Livro 2")


def test_where_the_assembly_decides_votes_do_not_and_minutes_and_grounds_are_needed(
    network: Any, coordinator: Actor
) -> None:
    do.edit_settings(network, decided_by="assembly", actor=coordinator)
    application, (one, *_others) = makers.under_review(network, coordinator)
    with pytest.raises(AssemblyDecides):
        makers.vote(application, one, "yes")
    told: dict[str, Any] = {"reason": "Não é autogestão.", "admitted": False, "actor": coordinator}
    with pytest.raises(MinutesNeeded):
        do.decide_by_assembly(application, minutes_on=None, minutes_kept="x", **told)
    with pytest.raises(GroundMissing):
        do.decide_by_assembly(application, minutes_on=TODAY, minutes_kept="Livro", **told)
    ground = application.items.first()
    done = do.decide_by_assembly(application, minutes_on=TODAY, minutes_kept="Livro", grounds=[ground], **told)
    assert done.state == "refused"


def test_a_decided_request_is_decided(network: Any, coordinator: Actor) -> None:
    application, (one, two, three) = makers.under_review(network, coordinator)
    makers.vote(application, one, "yes")
    makers.vote(application, two, "yes")
    with pytest.raises(WrongState):
        makers.vote(application, three, "no", unmet="autonomy")
    with pytest.raises(WrongState):
        do.withdraw(application, actor=makers.guest(network))


def test_a_name_of_somebody_else_in_the_network_is_seen_before_the_admission(network: Any, coordinator: Actor) -> None:
    twin = factories.enterprise(name="Quitandeiras do morro", standing="left")
    application, (one, two, _three) = makers.under_review(network, coordinator)
    makers.vote(application, one, "yes")
    makers.opine(application, two)
    with pytest.raises(NameBelongsToAnother):
        do.vote(application, choice="yes", reason="Sim", actor=two)
    do.link_enterprise(application, enterprise=twin, actor=coordinator)
    assert do.vote(application, choice="yes", reason="Sim", actor=two).state == "admitted"
    twin.refresh_from_db()
    assert twin.standing == "member"


def test_a_renewal_is_the_same_enterprise_with_the_answers_of_before_and_a_new_certificate(
    network: Any, coordinator: Actor
) -> None:
    row = makers.admitted(network, coordinator).enterprise
    speaker = factories.actor(network, "enterprise_coordinator", row)
    started = do.start_renewal(row, actor=speaker)
    assert started.application.items.first().answer == "Decidimos tudo em roda."
    application = do.submit(started.application, actor=speaker)
    actors = [makers.reviewer(network) for _ in range(3)]
    with pytest.raises(ConflictOfInterest):
        do.name_reviewers(application, people=[makers.person(speaker)], actor=coordinator)
    do.name_reviewers(application, people=[makers.person(one) for one in actors], actor=coordinator)
    for one in actors[:2]:
        makers.vote(application, one, "yes")
    states = list(Certificate.objects.filter(enterprise=row).order_by("number").values_list("state", flat=True))
    assert states == ["replaced", "valid"]
    row.refresh_from_db()
    assert row.standing == "member"
