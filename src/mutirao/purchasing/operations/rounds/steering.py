# SPDX-License-Identifier: AGPL-3.0-or-later
"""A round on its way: open, invite, extend, close, reopen, cancel."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import SeveralProblems
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.network.membership import TAKE_PART, able, require_member
from mutirao.network.models import Enterprise
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import (
    AlreadyInvited,
    DeadlineNotLater,
    EnterpriseStaysOut,
    NewDeadlinePassed,
)
from mutirao.purchasing.events import NeedsClosed, RoundCancelled, RoundExtended, RoundOpened, RoundReopened
from mutirao.purchasing.models import (
    Participation,
    PurchaseRound,
)
from mutirao.purchasing.operations.taking import (
    State,
    change_round,
    require_reason,
    require_same_network,
    take_round,
)
from mutirao.purchasing.queries.rounds import missing_to_open

BEFORE_RECEIPT = (State.DRAFT, State.OPEN, State.QUOTING, State.APPROVAL, State.APPROVED, State.ORDERED)


@operation
def open_round(round_: PurchaseRound, *, actor: Actor, seen_version: int | None = None) -> PurchaseRound:
    """Announce the round: every active enterprise is invited to say what it needs until the deadline.

    Raises: NotAllowed; StaleEdit; WrongState; SeveralProblems with RoundHasNoGoods, RoundHasNoPlace, DeadlinePassed,
    DecisionMissing.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_, states=(State.DRAFT,), seen_version=seen_version)
    if problems := missing_to_open(fresh):
        raise SeveralProblems(problems)
    change_round(fresh, state=State.OPEN, opens_on=clock.today())
    invited = _invite_all(fresh)
    record(actor, "purchasing.round_opened", fresh, needs_until=fresh.needs_until, invited=invited)
    emit(RoundOpened(fresh.network_id, fresh.pk, fresh.needs_until.astimezone(dt.UTC).isoformat()))
    return fresh


def _invite_all(fresh: PurchaseRound) -> int:
    """Invite every active member that is not invited yet; returns how many are new."""
    missing = able(Enterprise.objects.filter(is_active=True), TAKE_PART).exclude(
        pk__in=fresh.participations.values("enterprise_id")
    )
    new = Participation.objects.bulk_create(
        [
            Participation(network_id=fresh.network_id, round=fresh, enterprise_id=enterprise_id)
            for enterprise_id in missing.values_list("pk", flat=True)
        ],
        batch_size=500,
    )
    return len(new)


@operation
def invite_enterprise(round_: PurchaseRound, *, enterprise: Enterprise, actor: Actor) -> Participation:
    """Invite an enterprise that joined the network after the opening.

    Raises: NotAllowed; WrongState unless the round takes needs; AlreadyInvited; EnterpriseStaysOut; StandingForbids.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_, states=(State.OPEN,))
    require_same_network(fresh, enterprise)
    enterprise = lock(enterprise)
    require_member(enterprise, TAKE_PART)
    if not enterprise.is_active:
        raise EnterpriseStaysOut(enterprise=enterprise.name)
    participation, is_new = Participation.objects.get_or_create(round=fresh, enterprise=enterprise)
    if not is_new:
        raise AlreadyInvited(enterprise=enterprise.name)
    record(actor, "purchasing.enterprise_invited", fresh, enterprise=enterprise.name)
    return participation  # type: ignore[no-any-return]


@operation
def extend_round(
    round_: PurchaseRound, *, until: dt.datetime, reason: str, actor: Actor, seen_version: int | None = None
) -> PurchaseRound:
    """Take needs for longer, for a reason that all can read.

    Raises: NotAllowed; StaleEdit; WrongState; ReasonMissing; DeadlineNotLater; NewDeadlinePassed.
    """
    actor.require(permissions.RUN_ROUND, round_)
    said = require_reason(reason)
    fresh = take_round(round_, states=(State.OPEN,), seen_version=seen_version)
    before = fresh.needs_until
    if until <= before:
        raise DeadlineNotLater(until=formats.moment(before))
    _require_future(until)
    change_round(fresh, needs_until=until)
    record(actor, "purchasing.round_extended", fresh, reason=said, before=before, until=until)
    emit(RoundExtended(fresh.network_id, fresh.pk, until.astimezone(dt.UTC).isoformat()))
    return fresh


def _require_future(until: dt.datetime) -> None:
    if until <= clock.now():
        raise NewDeadlinePassed(until=formats.moment(until))


@operation
def close_needs(round_: PurchaseRound, *, actor: Actor, seen_version: int | None = None) -> PurchaseRound:
    """End the taking of needs, before the deadline too; those who have not answered stay out.

    Raises: NotAllowed; StaleEdit; WrongState.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_, states=(State.OPEN,), seen_version=seen_version)
    _close(fresh, actor)
    return fresh


@operation
def close_needs_when_due(round_: PurchaseRound, *, actor: Actor) -> bool:
    """Close the needs if the round is open and its deadline, perhaps extended meanwhile, has come; else do nothing.

    Returns whether it closed them. Raises: NotAllowed.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_)
    if fresh.state != State.OPEN or clock.now() < fresh.needs_until:
        return False
    _close(fresh, actor)
    return True


def _close(fresh: PurchaseRound, actor: Actor) -> None:
    early = clock.now() < fresh.needs_until
    change_round(fresh, state=State.QUOTING)
    counts = dict(fresh.participations.order_by().values_list("state").annotate(Count("pk")))
    record(actor, "purchasing.needs_closed", fresh, early=early, **counts)
    emit(NeedsClosed(fresh.network_id, fresh.pk))


@operation
def reopen_round(
    round_: PurchaseRound, *, until: dt.datetime, reason: str, actor: Actor, seen_version: int | None = None
) -> PurchaseRound:
    """Take needs again while nothing is decided for good: from quoting, or from approval, which is withdrawn.

    Quotes stay; what was proposed no longer stands, since needs may change (see the handlers of `RoundReopened`).

    Raises: NotAllowed; StaleEdit; WrongState; ReasonMissing; NewDeadlinePassed.
    """
    actor.require(permissions.RUN_ROUND, round_)
    said = require_reason(reason)
    fresh = take_round(round_, states=(State.QUOTING, State.APPROVAL), seen_version=seen_version)
    _require_future(until)
    from_state = fresh.state
    change_round(fresh, state=State.OPEN, needs_until=until)
    invited = _invite_all(fresh)
    record(actor, "purchasing.round_reopened", fresh, reason=said, from_state=from_state, until=until, invited=invited)
    emit(RoundReopened(fresh.network_id, fresh.pk, from_state, until.astimezone(dt.UTC).isoformat()))
    return fresh


@operation
def cancel_round(round_: PurchaseRound, *, reason: str, actor: Actor, seen_version: int | None = None) -> PurchaseRound:
    """Give the round up, any time before goods are received. What was asked and quoted stays readable.

    Raises: NotAllowed; StaleEdit; WrongState; ReasonMissing.
    """
    actor.require(permissions.RUN_ROUND, round_)
    said = require_reason(reason)
    fresh = take_round(round_, states=BEFORE_RECEIPT, seen_version=seen_version)
    from_state = fresh.state
    change_round(fresh, state=State.CANCELLED, cancelled_reason=said)
    record(actor, "purchasing.round_cancelled", fresh, reason=said, from_state=from_state)
    emit(RoundCancelled(fresh.network_id, fresh.pk, from_state, said))
    return fresh
