# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading motions and what was answered, for whoever may see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import cast

from django.db.models import Count, Q, QuerySet

from mutirao.governance import permissions
from mutirao.governance.core.tally import Rule, Tally, count
from mutirao.governance.models import Entitlement, GivenAnswer, Motion
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor


def motions_visible_to(actor: Actor) -> QuerySet[Motion]:
    """The network's motions, newest first: everybody in it may read what is decided and how."""
    rows: QuerySet[Motion] = Motion.objects.select_related("put_by")
    return rows if actor.can_somewhere(permissions.SEE_MOTIONS) else rows.none()


def with_counts(motions: QuerySet[Motion]) -> QuerySet[Motion]:
    """Motions with how many may answer (`asked`) and how many did (`answered`)."""
    counted = motions.annotate(
        asked=Count("entitlements"), answered=Count("entitlements", filter=~Q(entitlements__answer=""))
    )
    return counted.order_by("-opened_at", "-pk")


def waiting_for(actor: Actor) -> QuerySet[Entitlement]:
    """Open motions that wait for an answer of the actor's enterprises."""
    speaks_for = [pk for pk in actor.enterprise_ids if actor.can(permissions.ANSWER_MOTION, _Of(pk, actor.network_id))]
    rows: QuerySet[Entitlement] = Entitlement.objects.filter(
        motion__state=Motion.State.OPEN, answer="", enterprise_id__in=speaks_for
    )
    return rows.select_related("motion", "enterprise")


@dataclass(frozen=True, slots=True)
class _Of:
    """Stands for something of an enterprise where only its id is known."""

    enterprise_id: int
    network_id: int | None


@dataclass(frozen=True, slots=True)
class MotionView:
    """A motion as its page shows it. `mine`: for whom the actor answers; `changed`: earlier answers by entitlement."""

    motion: Motion
    tally: Tally
    given: list[Entitlement]
    missing: list[Entitlement]
    mine: list[Entitlement]
    changed: dict[int, list[GivenAnswer]]
    may_record: bool
    may_run: bool
    is_over: bool


def view_of(motion: Motion, actor: Actor) -> MotionView:
    """Everything a motion's page says, in two queries: answers first those given last, then who is missing."""
    rows = list(Entitlement.objects.filter(motion=motion).select_related("enterprise", "answered_by"))
    given = sorted((row for row in rows if row.answered_at), key=lambda row: (row.answered_at, row.pk), reverse=True)
    is_open = motion.state == Motion.State.OPEN
    is_over = motion.answer_until is not None and motion.answer_until <= clock.now()
    may_answer = is_open and not is_over
    return MotionView(
        motion=motion,
        tally=count(cast(Rule, str(motion.rule)), [row.answer for row in rows]),
        given=given,
        missing=[row for row in rows if not row.answer],
        mine=[row for row in rows if may_answer and actor.can(permissions.ANSWER_MOTION, row)],
        changed=_earlier(motion),
        may_record=may_answer and actor.can(permissions.RECORD_ANSWER, motion),
        may_run=is_open and actor.can(permissions.PUT_MOTION, motion),
        is_over=is_over,
    )


def _earlier(motion: Motion) -> dict[int, list[GivenAnswer]]:
    """Answers that were changed since, by entitlement, oldest first."""
    by_entitlement: dict[int, list[GivenAnswer]] = defaultdict(list)
    for row in GivenAnswer.objects.filter(entitlement__motion=motion).select_related("by"):
        by_entitlement[row.entitlement_id].append(row)
    return {key: rows[:-1] for key, rows in by_entitlement.items() if len(rows) > 1}
