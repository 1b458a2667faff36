# SPDX-License-Identifier: AGPL-3.0-or-later
"""Suspending, excluding, leaving, appealing: with reasons, the right to be heard, and an assembly as the last word."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mutirao.admission import permissions, queries
from mutirao.admission.errors import (
    AlreadyAppealed,
    AppealRunning,
    AppealTooLate,
    CompanyIsPartner,
    DecidedBefore,
    MeasureNotSo,
    MeasureUnderWay,
    MinutesNeeded,
    NotAMemberNow,
    OwnEnterprise,
    ReasonMissing,
    StillToBeHeard,
    WrongState,
)
from mutirao.admission.events import (
    AppealDecided,
    AppealFiled,
    ApplicationAdmitted,
    EnterpriseLeft,
    HearingOpened,
    MeasureEnded,
    MeasureTaken,
)
from mutirao.admission.models import Appeal, Application, Measure
from mutirao.admission.operations.applications import require_applicant
from mutirao.admission.operations.review import admit
from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network import operations as network
from mutirao.network.core import standing
from mutirao.network.models import Enterprise

State = Measure.State
Kind = Measure.Kind
_AFTER = {Kind.SUSPENSION: standing.SUSPENDED, Kind.EXCLUSION: standing.EXCLUDED}


def _why(text: str, field: str = "reason") -> str:
    if not text.strip():
        raise ReasonMissing(field=field)
    return text.strip()


def _refuse_if_under_way(enterprise: Enterprise) -> None:
    if Measure.objects.filter(enterprise=enterprise, state__in=(State.HEARING, State.ON_HOLD)).exists():
        raise MeasureUnderWay


def _refuse_own(enterprise: Enterprise, actor: Actor) -> None:
    """Raises: OwnEnterprise for whoever has a role in it, own or left by somebody away."""
    if enterprise.pk in {grant.enterprise_id for grant in actor.grants}:
        raise OwnEnterprise(enterprise=enterprise.name)


def _require_standing(enterprise: Enterprise, *allowed: str) -> None:
    if enterprise.standing not in allowed:
        raise NotAMemberNow(enterprise=enterprise.name, standing=enterprise.get_standing_display())


@operation
def suspend(enterprise: Enterprise, *, reason: str, actor: Actor) -> Measure:
    """Suspend a member at once, with a reason it reads; it pays and reads, asks for nothing and does not vote.

    It may appeal to the assembly. Raises: NotAllowed, ReasonMissing, NotAMemberNow, MeasureUnderWay.
    """
    actor.require(permissions.SANCTION, enterprise)
    why = _why(reason)
    enterprise = lock(enterprise)
    _require_standing(enterprise, standing.MEMBER)
    _refuse_if_under_way(enterprise)
    measure = Measure.objects.create(
        network_id=enterprise.network_id, enterprise=enterprise, kind=Kind.SUSPENSION, state=State.HEARING,
        reason=why, opened_by_id=actor.person_id, opened_on=clock.today(),
    )  # fmt: skip
    _take(measure, enterprise, why, actor)
    return measure  # type: ignore[no-any-return]


@operation
def open_exclusion(enterprise: Enterprise, *, reason: str, actor: Actor) -> Measure:
    """Propose to exclude a member; before anything is decided it is heard until a day (the network's own rule).

    Raises: NotAllowed, ReasonMissing, NotAMemberNow, MeasureUnderWay.
    """
    actor.require(permissions.SANCTION, enterprise)
    why = _why(reason)
    enterprise = lock(enterprise)
    _require_standing(enterprise, standing.MEMBER, standing.SUSPENDED)
    _refuse_if_under_way(enterprise)
    until = clock.today() + dt.timedelta(days=queries.settings_of(enterprise.network_id).hearing_days)
    measure = Measure.objects.create(
        network_id=enterprise.network_id, enterprise=enterprise, kind=Kind.EXCLUSION, state=State.HEARING, reason=why,
        opened_by_id=actor.person_id, opened_on=clock.today(), hear_until=until,
    )  # fmt: skip
    record(actor, "admission.exclusion_proposed", enterprise, reason=why, hear_until=until)
    emit(HearingOpened(enterprise.network_id, enterprise.pk, measure.pk, until.isoformat()))
    return measure  # type: ignore[no-any-return]


@operation
def say_in_hearing(measure: Measure, *, text: str, actor: Actor) -> Measure:
    """What the enterprise says to the proposed exclusion; it may add until the measure is decided.

    Raises: NotAllowed, MeasureNotSo, ReasonMissing.
    """
    actor.require(permissions.SPEAK, measure.enterprise)
    said = _why(text, "text")
    measure = lock(measure)
    if measure.state != State.HEARING:
        raise MeasureNotSo(state=measure.get_state_display())
    measure.heard_text, measure.heard_on = said, clock.today()
    measure.save(update_fields=["heard_text", "heard_on"])
    record(actor, "admission.heard", measure.enterprise, text=said)
    return measure


@operation
def decide_exclusion(measure: Measure, *, excluded: bool, reason: str, actor: Actor) -> Measure:
    """Exclude, or drop the proposal, once the enterprise was heard or its time is over.

    Raises: NotAllowed, OwnEnterprise, MeasureNotSo, StillToBeHeard, ReasonMissing; AppealRunning while the assembly has
    not decided about a suspension.
    """
    actor.require(permissions.SANCTION, measure.enterprise)
    _refuse_own(measure.enterprise, actor)
    why = _why(reason)
    measure, enterprise = lock_all([measure, measure.enterprise])
    if measure.kind != Kind.EXCLUSION or measure.state != State.HEARING:
        raise MeasureNotSo(state=measure.get_state_display())
    if measure.heard_on is None and measure.hear_until is not None and clock.today() <= measure.hear_until:
        raise StillToBeHeard(until=formats.date(measure.hear_until))
    if excluded:
        if Appeal.objects.filter(measure__enterprise=enterprise, state=Appeal.State.OPEN).exists():
            raise AppealRunning
        _end_suspensions(enterprise, why, actor)
        _take(measure, enterprise, why, actor)
    else:
        measure.decided_by_id, measure.decided_on, measure.decision_reason = actor.person_id, clock.today(), why
        measure.save(update_fields=["decided_by", "decided_on", "decision_reason"])
        _end(measure, State.DROPPED, why, actor)
    return measure


def _end_suspensions(enterprise: Enterprise, why: str, actor: Actor) -> None:
    for suspension in Measure.objects.filter(enterprise=enterprise, kind=Kind.SUSPENSION, state=State.IN_FORCE):
        _end(suspension, State.LIFTED, why, actor)


def _stand_as_before(measure: Measure, enterprise: Enterprise, why: str, actor: Actor) -> None:
    """As it stood before a measure: the suspension that an exclusion ended holds again, so that it can be lifted."""
    network.change_standing(enterprise, measure.standing_before, actor=actor, reason=why)
    if measure.standing_before != standing.SUSPENDED:
        return
    ended = Measure.objects.filter(
        enterprise=enterprise, kind=Kind.SUSPENSION, state=State.LIFTED, pk__lt=measure.pk
    ).first()
    if ended is not None:
        ended.state, ended.ended_on, ended.end_reason = State.IN_FORCE, None, ""
        ended.save(update_fields=["state", "ended_on", "end_reason"])
        record(actor, "admission.measure_resumed", enterprise, reason=why, measure_kind=str(ended.kind))


def _take(measure: Measure, enterprise: Enterprise, why: str, actor: Actor) -> None:
    """Bring a locked measure into force: the standing changes, and the time to appeal runs."""
    rules = queries.settings_of(enterprise.network_id)
    today = clock.today()
    measure.standing_before, measure.state = enterprise.standing, State.IN_FORCE
    measure.decided_by_id, measure.decided_on, measure.decision_reason = actor.person_id, today, why
    measure.appeal_until = today + dt.timedelta(days=rules.appeal_days)
    measure.save(
        update_fields=[
            "standing_before", "state", "decided_by", "decided_on", "decision_reason", "appeal_until",
        ]
    )  # fmt: skip
    network.change_standing(enterprise, _AFTER[Kind(measure.kind)], actor=actor, reason=why)
    record(
        actor, "admission.measure_taken", enterprise, reason=why, measure_kind=str(measure.kind),
        appeal_until=measure.appeal_until,
    )  # fmt: skip
    emit(MeasureTaken(enterprise.network_id, enterprise.pk, measure.pk, measure.appeal_until.isoformat()))


def _end(measure: Measure, state: str, why: str, actor: Actor) -> None:
    measure.state, measure.ended_on, measure.end_reason = state, clock.today(), why
    measure.save(update_fields=["state", "ended_on", "end_reason"])
    record(
        actor, "admission.measure_ended", measure.enterprise, reason=why, measure_kind=str(measure.kind),
        measure_state=str(state),
    )  # fmt: skip
    emit(MeasureEnded(measure.network_id, measure.enterprise_id, measure.pk))


@operation
def lift_suspension(measure: Measure, *, reason: str, actor: Actor) -> Measure:
    """End a suspension: the enterprise is a member again. An appeal that runs is settled by it.

    Raises: NotAllowed, OwnEnterprise, MeasureNotSo, ReasonMissing.
    """
    actor.require(permissions.SANCTION, measure.enterprise)
    _refuse_own(measure.enterprise, actor)
    why = _why(reason)
    measure, enterprise = lock_all([measure, measure.enterprise])
    if measure.kind != Kind.SUSPENSION or measure.state not in (State.IN_FORCE, State.ON_HOLD):
        raise MeasureNotSo(state=measure.get_state_display())
    _end(measure, State.LIFTED, why, actor)
    network.change_standing(enterprise, standing.MEMBER, actor=actor, reason=why)
    _end_appeals(Appeal.objects.filter(measure=measure), Appeal.State.UPHELD, why)
    return measure


def _end_appeals(appeals: QuerySet[Appeal], state: str, why: str) -> None:
    """What the assembly need not decide any more."""
    appeals.filter(state=Appeal.State.OPEN).update(state=state, decided_on=clock.today(), decision_reason=why)


@operation
def leave(enterprise: Enterprise, *, reason: str, actor: Actor) -> Enterprise:
    """A member leaves by its own will: said by whoever speaks for it, or written down by the coordination.

    What it owes stays owed. Raises: NotAllowed, ReasonMissing, NotAMemberNow.
    """
    if not actor.acts_by(permissions.SPEAK, enterprise):
        actor.require(permissions.MANAGE, enterprise)
    why = _why(reason)
    enterprise = lock(enterprise)
    _require_standing(enterprise, standing.MEMBER, standing.SUSPENDED)
    for measure in Measure.objects.filter(
        enterprise=enterprise, state__in=(State.HEARING, State.IN_FORCE, State.ON_HOLD)
    ):
        _end(measure, State.DROPPED if measure.state == State.HEARING else State.LIFTED, why, actor)
    _end_appeals(Appeal.objects.filter(measure__enterprise=enterprise), Appeal.State.DROPPED, why)
    enterprise = network.change_standing(enterprise, standing.LEFT, actor=actor, reason=why)
    emit(EnterpriseLeft(enterprise.network_id, enterprise.pk))
    return enterprise


# --- appeals ---------------------------------------------------------------------------------------------------------


@operation
def file_appeal(
    *, text: str, actor: Actor, measure: Measure | None = None, application: Application | None = None
) -> Appeal:
    """Appeal to the assembly against a measure, or against the refusal of a request to join; once, in time.

    Where the network agreed so, the measure rests until the assembly has decided.
    Raises: NotAllowed, ReasonMissing, MeasureNotSo, WrongState, AppealTooLate, AlreadyAppealed, CompanyIsPartner.
    """
    if (measure is None) == (application is None):
        raise ValueError("an appeal is against one thing")
    said = _why(text, "text")
    if measure is not None:
        appeal = _against_measure(measure, said, actor)
    else:
        appeal = _against_refusal(application, said, actor)  # type: ignore[arg-type]
    record(
        actor, "admission.appeal_filed", _subject_of(appeal), text=said, decide_by=appeal.decide_by,
        suspends=appeal.suspends,
    )  # fmt: skip
    emit(AppealFiled(appeal.network_id, appeal.pk, appeal.decide_by.isoformat()))
    return appeal


def _against_measure(measure: Measure, said: str, actor: Actor) -> Appeal:
    actor.require(permissions.SPEAK, measure.enterprise)
    measure, enterprise = lock_all([measure, measure.enterprise])
    if Appeal.objects.filter(measure=measure).exists():
        raise AlreadyAppealed
    if measure.state != State.IN_FORCE:
        raise MeasureNotSo(state=measure.get_state_display())
    _in_time(measure.appeal_until)
    rules = queries.settings_of(measure.network_id)
    appeal: Appeal = Appeal.objects.create(
        network_id=measure.network_id, measure=measure, text=said, filed_by_id=actor.person_id,
        filed_on=clock.today(), suspends=rules.appeal_suspends,
        decide_by=clock.today() + dt.timedelta(days=rules.appeal_decision_days),
    )  # fmt: skip
    if rules.appeal_suspends:
        measure.state = State.ON_HOLD
        measure.save(update_fields=["state"])
        _stand_as_before(measure, enterprise, _("Recurso à assembleia suspende a medida"), actor)
    return appeal


def _against_refusal(application: Application, said: str, actor: Actor) -> Appeal:
    require_applicant(application, actor)
    application = lock(application)
    if Appeal.objects.filter(application=application).exists():
        raise AlreadyAppealed
    if application.state != Application.State.REFUSED:
        raise WrongState(state=application.get_state_display())
    if application.legal_form == Enterprise.LegalForm.COMPANY:
        raise CompanyIsPartner
    _in_time(application.appeal_until)
    days = queries.settings_of(application.network_id).appeal_decision_days
    made: Appeal = Appeal.objects.create(
        network_id=application.network_id, application=application, text=said, filed_by_id=actor.person_id,
        filed_on=clock.today(), decide_by=clock.today() + dt.timedelta(days=days),
    )  # fmt: skip
    return made


def _subject_of(appeal: Appeal) -> Any:
    """What the trail shows an appeal under: the enterprise, or the request."""
    return appeal.measure.enterprise if appeal.measure else appeal.application


def _in_time(until: dt.date | None) -> None:
    if until is None or clock.today() > until:
        raise AppealTooLate(until=formats.date(until) if until else "–")


@operation
def decide_appeal(
    appeal: Appeal, *, upheld: bool, reason: str, minutes_on: dt.date | None, minutes_kept: str, actor: Actor
) -> Appeal:
    """Record what the assembly decided, by somebody who did not take the decision appealed against.

    Upheld: the measure is undone, or the group is admitted. Rejected: the measure is in force (again).
    Raises: NotAllowed, OwnEnterprise, DecidedBefore, MeasureNotSo, ReasonMissing, MinutesNeeded.
    """
    actor.require(permissions.RECORD_APPEAL, appeal)
    if appeal.measure is not None:
        _refuse_own(appeal.measure.enterprise, actor)
    why = _why(reason)
    if minutes_on is None or minutes_on > clock.today() or not minutes_kept.strip():
        raise MinutesNeeded
    subject = appeal.measure or appeal.application
    appeal, _subject = lock_all([appeal, subject])
    if appeal.state != Appeal.State.OPEN:
        raise MeasureNotSo(state=appeal.get_state_display())
    if actor.person_id in queries.deciders_before(appeal):
        raise DecidedBefore
    appeal.state = Appeal.State.UPHELD if upheld else Appeal.State.REJECTED
    appeal.decided_on, appeal.decided_by_id, appeal.decision_reason = clock.today(), actor.person_id, why
    appeal.minutes_on, appeal.minutes_kept = minutes_on, minutes_kept.strip()[:200]
    appeal.save(update_fields=["state", "decided_on", "decided_by", "decision_reason", "minutes_on", "minutes_kept"])
    if appeal.measure is not None:
        _settle_measure(appeal.measure, upheld, why, actor)
    elif upheld and appeal.application is not None:
        _admit_after_all(appeal.application, why, appeal, actor)
    record(actor, "admission.appeal_decided", _subject_of(appeal), reason=why, upheld=upheld, minutes_on=minutes_on)
    emit(AppealDecided(appeal.network_id, appeal.pk, upheld))
    return appeal


def _settle_measure(measure: Measure, upheld: bool, why: str, actor: Actor) -> None:
    measure, enterprise = lock_all([measure, measure.enterprise])
    if upheld:
        _end(measure, State.OVERTURNED, why, actor)
        _stand_as_before(measure, enterprise, why, actor)
    elif measure.state == State.ON_HOLD:
        if measure.kind == Kind.EXCLUSION:
            _end_suspensions(enterprise, why, actor)
        measure.state = State.IN_FORCE
        measure.save(update_fields=["state"])
        network.change_standing(enterprise, _AFTER[Kind(measure.kind)], actor=actor, reason=why)


def _admit_after_all(application: Application, why: str, appeal: Appeal, actor: Actor) -> None:
    application = lock(application)
    application.state, application.decision_reason = Application.State.ADMITTED, why
    application.decided_by, application.decided_at = "assembly", clock.now()
    application.minutes_on, application.minutes_kept = appeal.minutes_on, appeal.minutes_kept
    application.enterprise = admit(application, actor=actor)
    application.save(
        update_fields=[
            "state", "decision_reason", "decided_by", "decided_at", "minutes_on", "minutes_kept", "enterprise",
        ]
    )  # fmt: skip
    record(actor, "admission.admitted", application, reason=why, decided_by="assembly")
    emit(ApplicationAdmitted(application.network_id, application.pk, application.enterprise.pk))
