# SPDX-License-Identifier: AGPL-3.0-or-later
"""Approval by the enterprises that take part. Without it no order leaves (a database trigger holds that too)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from mutirao.governance import operations as governance
from mutirao.governance.models import Motion
from mutirao.kernel import formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.work import operation, record
from mutirao.network.membership import VOTE, able
from mutirao.network.models import Enterprise
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import NothingAwarded
from mutirao.purchasing.models import AwardScenario, PurchaseRound
from mutirao.purchasing.operations.taking import change_round, require_reason, take_round
from mutirao.purchasing.queries.settings import settings_of

MOTION_SOURCE = "purchasing.round"
State = PurchaseRound.State


@operation
def put_to_approval(round_: PurchaseRound, *, actor: Actor, answer_until: dt.datetime | None = None) -> Motion:
    """Put the chosen award to the members that would get something of it; returns the motion.

    Raises: WrongState unless quotes are being compared; NothingAwarded when no scenario is chosen.
    """
    actor.require(permissions.AWARD, round_)
    round_ = take_round(round_, states={State.QUOTING})
    scenario = AwardScenario.objects.filter(round=round_, is_chosen=True).first()
    if scenario is None:
        raise NothingAwarded
    enterprises = list(
        able(Enterprise.objects.all(), VOTE)
        .filter(
            participations__round=round_,
            participations__allocations__stage="planned",
            participations__allocations__granted__gt=0,
        )
        .distinct()
    )
    if not enterprises:
        raise NothingAwarded
    total = formats.money(scenario.total_minor + round_.fees_minor, round_.currency)
    motion = governance.put_motion(
        title=_("Aprovar a compra: %(round)s") % {"round": round_.title},
        text=_("Compra de %(total)s (%(kind)s).") % {"total": total, "kind": scenario.get_kind_display()}
        + ("\n" + scenario.chosen_reason if scenario.chosen_reason else ""),
        rule=settings_of(round_.network_id).approval_rule,
        enterprises=enterprises,
        answer_until=answer_until,
        source=(MOTION_SOURCE, round_.pk),
        actor=actor,
    )
    change_round(round_, state=State.APPROVAL)
    record(actor, "purchasing.put_to_approval", round_, motion=motion.pk, total_minor=scenario.total_minor)
    return motion


@operation
def withdraw_approval(round_: PurchaseRound, *, reason: str, actor: Actor) -> PurchaseRound:
    """Take the purchase back from the vote, to compare quotes again.

    Raises: WrongState unless the round is in approval or approved with nothing ordered.
    """
    actor.require(permissions.AWARD, round_)
    reason = require_reason(reason)
    round_ = take_round(round_, states={State.APPROVAL, State.APPROVED})
    for motion in Motion.objects.filter(source_kind=MOTION_SOURCE, source_id=round_.pk, state=Motion.State.OPEN):
        governance.withdraw_motion(motion, reason=reason, actor=actor)
    change_round(round_, state=State.QUOTING)
    record(actor, "purchasing.approval_withdrawn", round_, reason=reason)
    return round_


@operation
def note_outcome(round_: PurchaseRound, *, passed: bool, motion_id: int, actor: Actor) -> PurchaseRound:
    """Carry the enterprises' decision over to the round: approved, or back to comparing quotes.

    A decision on a round that has moved on meanwhile changes nothing.
    """
    round_ = take_round(round_)
    if round_.state != State.APPROVAL:
        return round_
    change_round(round_, state=State.APPROVED if passed else State.QUOTING)
    record(actor, "purchasing.approved" if passed else "purchasing.refused", round_, motion=motion_id)
    return round_
