# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting motions to enterprises, taking their answers, deciding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from django.db import IntegrityError, transaction

from mutirao.governance import permissions
from mutirao.governance.core.tally import Outcome, Rule, Tally, count
from mutirao.governance.errors import (
    DeadlineInThePast,
    MotionAlreadyOpen,
    MotionClosed,
    MotionStillRunning,
    NobodyToAsk,
    NotEntitled,
    ReasonMissing,
    WhoSaidMissing,
)
from mutirao.governance.events import MotionPassed, MotionPut, MotionRejected, MotionWithdrawn
from mutirao.governance.models import Entitlement, GivenAnswer, Motion
from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network.membership import VOTE, require_member, require_members
from mutirao.network.models import Enterprise

Source = tuple[str, int]
"""What a motion is about, opaque here: kind and id of an upper module's row."""


@operation
def put_motion(
    title: str,
    *,
    enterprises: Sequence[Enterprise],
    actor: Actor,
    text: str = "",
    rule: str = Motion.Rule.MAJORITY_OF_ALL,
    answer_until: dt.datetime | None = None,
    source: Source | None = None,
) -> Motion:
    """Put a question with a yes or no to enterprises, one answer each, until an aware moment or without a deadline.

    Raises: NobodyToAsk; StandingForbids for one that is no member; DeadlineInThePast; MotionAlreadyOpen when one about
    the same source is open.
    """
    voters = {enterprise.pk: enterprise for enterprise in enterprises}
    if not voters:
        raise NobodyToAsk
    for enterprise in voters.values():
        actor.require(permissions.PUT_MOTION, enterprise)
    require_members(voters.values(), VOTE)
    if answer_until is not None and answer_until <= clock.now():
        raise DeadlineInThePast(until=formats.moment(answer_until))
    kind, number = source or ("", None)
    motion = Motion(
        network_id=next(iter(voters.values())).network_id,
        title=title.strip()[:200],
        text=text.strip(),
        rule=Motion.Rule(rule),
        answer_until=answer_until,
        put_by_id=actor.person_id,
        source_kind=kind,
        source_id=number,
    )
    _save_one_open(motion)
    Entitlement.objects.bulk_create(
        Entitlement(network_id=motion.network_id, motion=motion, enterprise=enterprise)
        for _pk, enterprise in sorted(voters.items())
    )
    record(actor, "governance.motion_put", motion, rule=motion.rule, answer_until=answer_until, asked=sorted(voters))
    emit(
        MotionPut(
            network_id=motion.network_id,
            motion_id=motion.pk,
            source_kind=kind,
            source_id=number,
            answer_until=answer_until.isoformat() if answer_until else "",
        )
    )
    return motion


def _save_one_open(motion: Motion) -> None:
    """Save, or say which motion about the same source is open: the constraint decides, also between two at once."""
    try:
        with transaction.atomic():
            motion.save()
    except IntegrityError:
        earlier = Motion.objects.filter(
            source_kind=motion.source_kind, source_id=motion.source_id, state=Motion.State.OPEN
        ).first()
        if motion.source_id is None or earlier is None:
            raise
        raise MotionAlreadyOpen(title=earlier.title) from None


@operation
def answer_motion(
    motion: Motion,
    *,
    enterprise: Enterprise,
    answer: str,
    actor: Actor,
    reason: str = "",
    recorded_for: str = "",
) -> Entitlement:
    """Answer for an enterprise; while the motion is open an answer may be changed, and every one stays on record.

    `recorded_for` names who gave the answer by phone where the centre writes it down. The motion is decided with the
    answer that makes its outcome certain. The same answer again changes nothing.

    Raises: MotionClosed; NotEntitled; StandingForbids while it is no member;
    ReasonMissing for a no without a reason; WhoSaidMissing when the centre does
    not say who answered.
    """
    said_by = recorded_for.strip()[:120]
    if said_by or not actor.acts_by(permissions.ANSWER_MOTION, enterprise):
        _require_writing_down(enterprise, said_by, actor)
    choice, why = Entitlement.Answer(answer), reason.strip()
    if choice == Entitlement.Answer.NO and not why:
        raise ReasonMissing
    row, enterprise = lock_all([motion, enterprise])
    _refuse_closed(row)
    require_member(enterprise, VOTE)
    entitlement: Entitlement | None = Entitlement.objects.filter(motion=row, enterprise=enterprise).first()
    if entitlement is None:
        raise NotEntitled(enterprise=str(enterprise))
    if (entitlement.answer, entitlement.reason, entitlement.recorded_for) == (choice, why, said_by):
        return entitlement
    _write(entitlement, choice, why, said_by, actor)
    _decide(row, _tally(row).certain, actor)
    return entitlement


def _require_writing_down(enterprise: Enterprise, said_by: str, actor: Actor) -> None:
    """Only the centre writes down what somebody else said; whoever may do neither is told about answering."""
    if not actor.acts_by(permissions.RECORD_ANSWER, enterprise):
        actor.require(permissions.RECORD_ANSWER if said_by else permissions.ANSWER_MOTION, enterprise)
    if not said_by:
        raise WhoSaidMissing


def _refuse_closed(motion: Motion) -> None:
    if motion.state != Motion.State.OPEN:
        raise MotionClosed(state=str(motion.get_state_display()))
    if motion.answer_until is not None and clock.now() > motion.answer_until:
        raise MotionClosed(state=formats.moment(motion.answer_until))


def _write(entitlement: Entitlement, choice: Entitlement.Answer, why: str, said_by: str, actor: Actor) -> None:
    before = entitlement.answer
    via = "phone" if said_by else actor.via
    moment = clock.now()
    entitlement.answer, entitlement.reason, entitlement.recorded_for = choice, why, said_by
    entitlement.answered_at, entitlement.answered_by_id, entitlement.via = moment, actor.person_id, via
    entitlement.save(update_fields=["answer", "reason", "recorded_for", "answered_at", "answered_by", "via"])
    GivenAnswer.objects.create(
        network_id=entitlement.network_id,
        entitlement=entitlement,
        answer=choice,
        reason=why,
        at=moment,
        by_id=actor.person_id,
        recorded_for=said_by,
        via=via,
    )
    record(
        actor,
        "governance.motion_answered",
        entitlement.motion,
        reason=why,
        enterprise=entitlement.enterprise_id,
        answer=str(choice),
        before=str(before),
        recorded_for=said_by,
    )


def _tally(motion: Motion) -> Tally:
    answers = Entitlement.objects.filter(motion=motion).values_list("answer", flat=True)
    return count(cast(Rule, str(motion.rule)), answers)


def _decide(motion: Motion, outcome: Outcome, actor: Actor) -> None:
    """Close a locked motion with its outcome and announce it; nothing while the outcome is open."""
    if outcome == "open":
        return
    passed = outcome == "passed"
    tally = _tally(motion)
    motion.state = Motion.State.PASSED if passed else Motion.State.REJECTED
    motion.decided_at = clock.now()
    motion.save(update_fields=["state", "decided_at"])
    record(
        actor,
        "governance.motion_passed" if passed else "governance.motion_rejected",
        motion,
        yes=tally.yes,
        no=tally.no,
        abstain=tally.abstain,
        missing=tally.missing,
        needed=tally.needed,
    )
    emit(
        (MotionPassed if passed else MotionRejected)(motion.network_id, motion.pk, motion.source_kind, motion.source_id)
    )


@operation
def close_motion(motion: Motion, *, actor: Actor) -> Motion:
    """Decide by the answers there are, once the deadline is over or where there is none; a closed one stays as it is.

    Raises: MotionStillRunning before the deadline.
    """
    actor.require(permissions.PUT_MOTION, motion)
    row = lock(motion)
    if row.state != Motion.State.OPEN:
        return row
    if row.answer_until is not None and clock.now() < row.answer_until:
        raise MotionStillRunning(until=formats.moment(row.answer_until))
    _decide(row, _tally(row).at_deadline, actor)
    return row


@operation
def withdraw_motion(motion: Motion, *, reason: str, actor: Actor) -> Motion:
    """Take a question back before it is decided. Raises: ReasonMissing, MotionClosed."""
    actor.require(permissions.PUT_MOTION, motion)
    why = reason.strip()
    if not why:
        raise ReasonMissing
    row = lock(motion)
    if row.state != Motion.State.OPEN:
        raise MotionClosed(state=str(row.get_state_display()))
    row.state, row.decided_at, row.withdrawal_reason = Motion.State.WITHDRAWN, clock.now(), why
    row.save(update_fields=["state", "decided_at", "withdrawal_reason"])
    record(actor, "governance.motion_withdrawn", row, reason=why)
    emit(MotionWithdrawn(row.network_id, row.pk, row.source_kind, row.source_id))
    return row


@operation
def release_from_motions(enterprise: Enterprise, *, actor: Actor) -> int:
    """Take an enterprise that is no member now out of the open motions it has not answered; returns how many.

    Whoever may not answer is not counted among those who are asked. What it answered as a member stays.
    """
    rows = Entitlement.objects.filter(enterprise=enterprise, answer="", motion__state=Motion.State.OPEN)
    motions: list[Motion] = lock_all(list(Motion.objects.filter(pk__in=rows.values("motion")).order_by("pk")))
    for motion in motions:
        if motion.state != Motion.State.OPEN:
            continue
        Entitlement.objects.filter(motion=motion, enterprise=enterprise, answer="").delete()
        record(actor, "governance.voter_released", motion, enterprise=str(enterprise))
        if Entitlement.objects.filter(motion=motion).exists():
            _decide(motion, _tally(motion).certain, actor)
    return len(motions)
