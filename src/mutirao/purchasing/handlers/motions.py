# SPDX-License-Identifier: AGPL-3.0-or-later
"""What enterprises decide about a purchase moves its round; what voids the round takes the question back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mutirao.governance import operations as governance
from mutirao.governance.events import MotionPassed, MotionRejected
from mutirao.governance.models import Motion
from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.purchasing.events import QuotesChanged, RoundCancelled, RoundReopened
from mutirao.purchasing.models import Allocation, AwardScenario, PurchaseOrder, PurchaseRound
from mutirao.purchasing.operations.approval import MOTION_SOURCE, note_outcome


def _outcome(event: MotionPassed | MotionRejected, *, passed: bool) -> None:
    if event.source_kind == MOTION_SOURCE and event.source_id is not None:
        round_ = PurchaseRound.objects.get(pk=event.source_id)
        note_outcome(round_, passed=passed, motion_id=event.motion_id, actor=acting(event.network_id))


@inside(MotionPassed)
def round_approved(event: MotionPassed) -> None:
    """The enterprises said yes: orders may be prepared."""
    _outcome(event, passed=True)


@inside(MotionRejected)
def round_refused(event: MotionRejected) -> None:
    """The enterprises said no: quotes are compared again."""
    _outcome(event, passed=False)


@inside(RoundReopened)
def void_proposal(event: RoundReopened) -> None:
    """Needs are open again: what was proposed on the old ones no longer holds."""
    _withdraw(event.round_id, event.network_id, why=_("Os pedidos foram reabertos"))
    AwardScenario.objects.filter(round_id=event.round_id).delete()
    Allocation.objects.filter(good__round_id=event.round_id, stage=Allocation.Stage.PLANNED).delete()


@inside(QuotesChanged)
def void_comparison(event: QuotesChanged) -> None:
    """What was computed from the old quotes no longer holds."""
    AwardScenario.objects.filter(round_id=event.round_id).delete()
    Allocation.objects.filter(good__round_id=event.round_id, stage=Allocation.Stage.PLANNED).delete()


@inside(RoundCancelled)
def void_purchase(event: RoundCancelled) -> None:
    """A cancelled round puts no question and leaves no order out."""
    _withdraw(event.round_id, event.network_id, why=event.reason)
    PurchaseOrder.objects.filter(
        round_id=event.round_id, state__in=[PurchaseOrder.State.PREPARED, PurchaseOrder.State.SENT]
    ).update(state=PurchaseOrder.State.CANCELLED)


def _withdraw(round_id: int, network_id: int, *, why: str) -> None:
    for motion in Motion.objects.filter(source_kind=MOTION_SOURCE, source_id=round_id, state=Motion.State.OPEN):
        governance.withdraw_motion(motion, reason=why, actor=acting(network_id))
