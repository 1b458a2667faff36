# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network's side: named reviewers without conflict of interest, questions, opinions, votes, the decision.

The application's row is locked first in every operation here: two reviewers deciding at once follow one another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from mutirao.admission import permissions, queries
from mutirao.admission.core.voting import outcome
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
from mutirao.admission.events import ApplicationAdmitted, ApplicationRefused, QuestionAsked, ReviewersNamed
from mutirao.admission.models import (
    AdmissionSettings,
    Application,
    ChecklistItem,
    Conflict,
    Opinion,
    Question,
    Reviewer,
)
from mutirao.admission.operations.certificates import issue_for
from mutirao.kernel import authority, clock
from mutirao.kernel.actors import Actor, Grant
from mutirao.kernel.errors import InvalidValue
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.network import operations as network
from mutirao.network import roles
from mutirao.network.core import standing
from mutirao.network.core.tax_ids import parse
from mutirao.network.models import Contact, Enterprise, Person

State = Application.State
Verdict = Opinion.Verdict
ByWhom = AdmissionSettings.DecidedBy


def _under_review(application: Application, *states: str) -> Application:
    application = lock(application)
    if application.state not in (states or (State.SUBMITTED, State.REVIEW)):
        raise WrongState(state=application.get_state_display())
    return application


def _own_review(application: Application, actor: Actor) -> Reviewer:
    """The actor's review, free of conflict also now. Raises: NotAReviewer, ConflictOfInterest."""
    reviewer = queries.review_of(actor, application)
    if reviewer is None:
        raise NotAReviewer
    _refuse_conflicts(application, [reviewer.person])
    authority.allowed_by(actor, Grant(roles.REVIEWER))
    return reviewer


def _refuse_conflicts(application: Application, people: Sequence[Person]) -> None:
    found = queries.conflicts_of(application, people)
    for person in people:
        if person.pk in found:
            raise ConflictOfInterest(person=str(person), why=found[person.pk])


@operation
def name_reviewers(application: Application, *, people: Sequence[Person], actor: Actor) -> list[Reviewer]:
    """Name who reviews a sent request, besides those named already; all free of conflict of interest.

    Raises: NotAllowed, WrongState, ConflictOfInterest; InvalidValue for somebody without a role in the network.
    """
    actor.require(permissions.MANAGE, application)
    application = _under_review(application)
    _refuse_conflicts(application, people)
    possible = {person.pk for person, _why in queries.possible_reviewers(application)}
    named = []
    for person in people:
        if person.pk not in possible:
            raise InvalidValue(_("%(person)s não tem papel nesta rede."), field="people", person=str(person))
        row, is_new = Reviewer.objects.get_or_create(
            application=application, person=person,
            defaults={"named_by_id": actor.person_id, "named_at": clock.now(), "network_id": application.network_id},
        )  # fmt: skip
        if row.released_at is not None:
            row.released_at = None
            row.save(update_fields=["released_at"])
            is_new = True
        if is_new:
            named.append(row)
    if named:
        application.state = State.REVIEW
        application.save(update_fields=["state"])
        record(actor, "admission.reviewers_named", application, people=[str(row.person) for row in named])
        ids = tuple(row.person_id for row in named)
        emit(ReviewersNamed(application.network_id, application.pk, ids))
    return named


@operation
def declare_conflict(application: Application, *, reason: str, actor: Actor, person: Person | None = None) -> Conflict:
    """Say that oneself, or (by the coordination) somebody else, has kinship or interest: that person reviews no more.

    A vote given before no longer counts. Raises: NotAllowed, WrongState, ReasonMissing.
    """
    someone = person or Person.objects.get(pk=actor.person_id or 0)
    if someone.pk != actor.person_id:
        actor.require(permissions.MANAGE, application)
    elif not actor.can(permissions.SEE, application) and queries.review_of(actor, application) is None:
        raise NotAReviewer
    if not reason.strip():
        raise ReasonMissing
    application = _under_review(application)
    conflict, is_new = Conflict.objects.get_or_create(
        application=application, person=someone,
        defaults={
            "reason": reason.strip()[:200], "declared_by_id": actor.person_id, "declared_at": clock.now(),
            "network_id": application.network_id,
        },
    )  # fmt: skip
    if is_new:
        Reviewer.objects.filter(application=application, person=someone).update(
            released_at=clock.now(), vote="", reason="", voted_at=None
        )
        record(actor, "admission.conflict_declared", application, reason=conflict.reason, person=str(someone))
    return conflict  # type: ignore[no-any-return]


@operation
def ask(application: Application, *, text: str, actor: Actor) -> Question:
    """Ask the group something; it reads and answers by its link. Raises: NotAReviewer, WrongState, InvalidValue."""
    if not actor.acts_by(permissions.MANAGE, application):
        _own_review(application, actor)
    application = _under_review(application)
    if not text.strip():
        raise InvalidValue(_("Escreva a pergunta."), field="text")
    question = Question.objects.create(
        network_id=application.network_id, application=application, text=text.strip(), asked_by_id=actor.person_id,
        asked_at=clock.now(),
    )  # fmt: skip
    record(actor, "admission.question_asked", application, question=question.text)
    emit(QuestionAsked(application.network_id, application.pk, question.pk))
    return question  # type: ignore[no-any-return]


@operation
def withdraw_question(question: Question, *, actor: Actor) -> None:
    """Take back a question that needs no answer any more. Raises: NotAReviewer."""
    if not actor.acts_by(permissions.MANAGE, question.application):
        _own_review(question.application, actor)
    application = _under_review(question.application)
    question = lock(question)
    if question.answered_at is None:
        record(actor, "admission.question_withdrawn", application, question=question.text)
        question.delete()


@operation
def give_opinion(application: Application, *, opinions: Mapping[int, tuple[str, str]], actor: Actor) -> list[Opinion]:
    """A reviewer's opinion on criteria: item id → (verdict, note); those not named stay as they are.

    Raises: NotAReviewer, ConflictOfInterest, WrongState, AlreadyVoted; ReasonMissing for "not met" without a note.
    """
    application = _under_review(application, State.REVIEW)
    reviewer = _own_review(application, actor)
    if reviewer.vote:
        raise AlreadyVoted
    items = {item.pk: item for item in application.items.all()}
    given = []
    for pk, (verdict, note) in opinions.items():
        if pk not in items or verdict not in Verdict.values:
            raise InvalidValue(field=f"verdict-{pk}")
        if verdict == Verdict.NOT_MET and not note.strip():
            raise ReasonMissing(field=f"note-{pk}")
        row, _is_new = Opinion.objects.update_or_create(
            reviewer=reviewer, item=items[pk],
            defaults={"verdict": verdict, "note": note.strip(), "at": clock.now(), "network_id": reviewer.network_id},
        )  # fmt: skip
        given.append(row)
    record(
        actor, "admission.opinion_given", application,
        opinions={items[pk].title: verdict for pk, (verdict, _note) in opinions.items()},
    )  # fmt: skip
    return given


@operation
def vote(application: Application, *, choice: str, reason: str, actor: Actor) -> Application:
    """A reviewer's vote, after an opinion on every criterion; the request is decided with the vote that settles it.

    The reason is read by the group. Raises: NotAReviewer, ConflictOfInterest, WrongState, AssemblyDecides,
    TooFewReviewers, QuestionsOpen, AlreadyVoted, ReasonMissing, OpinionsMissing; RequiredNotMet for a yes against a
    required criterion; GroundMissing for a no without one.
    """
    application = _under_review(application, State.REVIEW)
    reviewer = _own_review(application, actor)
    rules = queries.settings_of(application.network_id)
    if rules.decided_by == ByWhom.ASSEMBLY:
        raise AssemblyDecides
    progress = queries.progress_of(application)
    if len(progress.reviewers) < rules.reviewers_needed:
        raise TooFewReviewers(needed=rules.reviewers_needed, now=len(progress.reviewers))
    if progress.open_questions:
        raise QuestionsOpen
    if reviewer.vote:
        raise AlreadyVoted
    if not reason.strip():
        raise ReasonMissing
    decision = Reviewer.Vote(choice)
    _check_opinions(application, reviewer, decision)
    reviewer.vote, reviewer.reason, reviewer.voted_at = decision, reason.strip(), clock.now()
    reviewer.save(update_fields=["vote", "reason", "voted_at"])
    record(actor, "admission.voted", application, reason=reason.strip(), vote=str(decision))
    votes = {row.pk: row.vote for row in progress.reviewers} | {reviewer.pk: decision}
    result = outcome(list(votes.values()))
    if result in ("admitted", "refused"):
        _decide_by_votes(application, admitted=result == "admitted", actor=actor)
    return application


def _check_opinions(application: Application, reviewer: Reviewer, decision: Reviewer.Vote) -> None:
    given = dict(reviewer.opinions.values_list("item_id", "verdict"))
    items = list(application.items.all())
    if missing := [item.title for item in items if item.pk not in given]:
        raise OpinionsMissing(what=", ".join(missing))
    unmet = [item for item in items if item.is_required and given[item.pk] == Verdict.NOT_MET]
    if decision == Reviewer.Vote.YES and unmet:
        raise RequiredNotMet(what=unmet[0].title)
    if decision == Reviewer.Vote.NO and not unmet:
        raise GroundMissing


def _decide_by_votes(application: Application, *, admitted: bool, actor: Actor) -> None:
    wanted = Reviewer.Vote.YES if admitted else Reviewer.Vote.NO
    rows = [row for row in queries.counted_reviewers(application) if row.vote == wanted]
    reason = "\n".join(row.reason for row in rows)
    grounds = ChecklistItem.objects.filter(
        application=application, is_required=True, opinions__reviewer__in=rows, opinions__verdict=Verdict.NOT_MET
    ).distinct()
    decide(application, admitted=admitted, reason=reason, grounds=list(grounds), by=ByWhom.REVIEWERS, actor=actor)


@operation
def decide_by_assembly(
    application: Application,
    *,
    admitted: bool,
    reason: str,
    minutes_on: dt.date | None,
    minutes_kept: str,
    actor: Actor,
    grounds: Sequence[ChecklistItem] = (),
) -> Application:
    """Record what the assembly decided, where it decides or the votes are tied.

    Raises: NotAllowed, ConflictOfInterest, WrongState, ReviewersDecide, QuestionsOpen, ReasonMissing, MinutesNeeded;
    GroundMissing for a refusal that names no required criterion.
    """
    actor.require(permissions.MANAGE, application)
    application = _under_review(application, State.REVIEW)
    if actor.person_id:
        _refuse_conflicts(application, [Person.objects.get(pk=actor.person_id)])
    progress = queries.progress_of(application)
    if len(progress.reviewers) < progress.needed:
        raise TooFewReviewers(needed=progress.needed, now=len(progress.reviewers))
    if not progress.assembly_decides:
        raise ReviewersDecide
    if progress.open_questions:
        raise QuestionsOpen
    if not reason.strip():
        raise ReasonMissing
    if minutes_on is None or minutes_on > clock.today() or not minutes_kept.strip():
        raise MinutesNeeded
    own = {item.pk for item in application.items.all() if item.is_required}
    if not admitted and not any(item.pk in own for item in grounds):
        raise GroundMissing(field="grounds")
    application.minutes_on, application.minutes_kept = minutes_on, minutes_kept.strip()[:200]
    application.save(update_fields=["minutes_on", "minutes_kept"])
    decide(
        application, admitted=admitted, reason=reason.strip(), grounds=[] if admitted else grounds,
        by=ByWhom.ASSEMBLY, actor=actor,
    )  # fmt: skip
    return application


def decide(
    application: Application,
    *,
    admitted: bool,
    reason: str,
    grounds: Sequence[ChecklistItem],
    by: str,
    actor: Actor,
) -> None:
    """Part of operations, on a locked application: write the decision; the group becomes a member with certificate.

    Raises: NameBelongsToAnother when its name or registration is somebody else's in the network.
    """
    rules = queries.settings_of(application.network_id)
    application.state = State.ADMITTED if admitted else State.REFUSED
    application.decided_at, application.decided_by = clock.now(), by
    application.decision_recorded_by_id, application.decision_reason = actor.person_id, reason
    if admitted:
        application.enterprise = admit(application, actor=actor)
    else:
        application.appeal_until = clock.today() + dt.timedelta(days=rules.appeal_days)
    application.save(
        update_fields=[
            "state", "decided_at", "decided_by", "decision_recorded_by", "decision_reason", "enterprise",
            "appeal_until",
        ]
    )  # fmt: skip
    for item in grounds:
        item.is_refusal_ground = True
        item.save(update_fields=["is_refusal_ground"])
    act = "admission.admitted" if admitted else "admission.refused"
    record(actor, act, application, reason=reason, decided_by=str(by), grounds=[item.title for item in grounds])
    if application.enterprise is not None and admitted:
        emit(ApplicationAdmitted(application.network_id, application.pk, application.enterprise.pk))
    elif not admitted:
        emit(ApplicationRefused(application.network_id, application.pk))


def admit(application: Application, *, actor: Actor) -> Enterprise:
    """Part of operations: the enterprise of an admitted application is a member and has its certificate."""
    enterprise = application.enterprise or _enterprise_named(application, actor)
    if application.kind == Application.Kind.ENTRY:
        reason = _("Pedido de entrada nº %(number)s") % {"number": application.number}
        enterprise = lock(enterprise)
        if enterprise.standing not in (standing.CANDIDATE, standing.MEMBER):
            # Who left, was excluded or was a partner asked again, and stands as a candidate for a moment.
            enterprise = network.change_standing(enterprise, standing.CANDIDATE, actor=actor, reason=reason)
        enterprise = network.change_standing(enterprise, standing.MEMBER, actor=actor, reason=reason)
    issue_for(enterprise, application=application, actor=actor)
    return enterprise


def _enterprise_named(application: Application, actor: Actor) -> Enterprise:
    if (twin := queries.twin_of(application)) is not None:
        raise NameBelongsToAnother(enterprise=twin.name)
    tax_id = parse(application.tax_id, application.country)
    enterprise = Enterprise.objects.create(
        network_id=application.network_id, name=application.name, legal_form=application.legal_form,
        country=application.country, tax_id=tax_id.number, tax_id_kind=tax_id.kind, activity=application.activity,
        municipality=application.municipality, city=application.city, member_count=application.member_count,
        joined_on=clock.today(),
    )  # fmt: skip
    Contact.objects.create(
        network_id=application.network_id, enterprise=enterprise, name=application.contact_name,
        phone=application.phone, email=application.email,
    )  # fmt: skip
    record(actor, "network.enterprise_added", enterprise, name=enterprise.name, legal_form=enterprise.legal_form)
    return enterprise  # type: ignore[no-any-return]
