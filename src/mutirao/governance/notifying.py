# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom a motion tells what: that it asks for an answer, that its deadline is near, how it was decided."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mutirao.governance.events import MotionPassed, MotionPut, MotionRejected
from mutirao.governance.models import Entitlement, Motion
from mutirao.kernel import clock, formats
from mutirao.kernel.actors import system
from mutirao.kernel.events import after_commit, inside
from mutirao.network.models import Person
from mutirao.network.roles import ENTERPRISE_COORDINATOR
from mutirao.notices import kinds, queries
from mutirao.notices.operations import Said, notify, shorten
from mutirao.notices.reminding import Reminder

MOTION_PUT = kinds.declare(
    "governance.motion_put",
    _("Decisão que espera a resposta do empreendimento"),
    email=kinds.NOW,
    push=True,
    waits=True,
)
MOTION_DECIDED = kinds.declare("governance.motion_decided", _("Decisão tomada"))

REMIND = "mutirao.governance.tasks.remind_of_motion"
HOURS_BEFORE = 24
OLD_NEWS = dt.timedelta(days=7)
"""A decision that is older is not told any more, when the queue stood still that long."""


def _path(motion: Motion) -> str:
    return reverse("governance:motion", args=[motion.network.slug, motion.pk])


def _motion(motion_id: int) -> Motion:
    return Motion.objects.select_related("network").get(pk=motion_id)  # type: ignore[no-any-return]


@after_commit(MotionPut)
def tell_motion_put(event: MotionPut) -> None:
    """Whoever answers for an enterprise hears that it is asked."""
    motion = _motion(event.motion_id)
    if motion.state != Motion.State.OPEN:
        return  # heard of too late
    actor = system(event.network_id, why="Decisão em votação")
    shorten(_path(motion), actor=actor)
    until = motion.answer_until
    notify(
        _answering(motion),
        kind=MOTION_PUT,
        key=f"motion_put:{motion.pk}",
        words=lambda: Said(
            _t("Para decidir: %(motion)s") % {"motion": motion.title},
            _t("Responda pelo seu empreendimento até %(until)s.") % {"until": formats.moment(until)}
            if until
            else _t("Responda pelo seu empreendimento."),
        ),
        path=_path(motion),
        source=("governance.motion", motion.pk),
        actor=actor,
        until=until,
    )


def _reminder(network_id: int, motion_id: int, until: dt.datetime, since: dt.datetime) -> Reminder:
    return Reminder(
        task=REMIND,
        arguments={"motion_id": motion_id},
        key=f"governance.remind:{motion_id}",
        network_id=network_id,
        wanted=until - dt.timedelta(hours=HOURS_BEFORE),
        until=until,
        since=since,
    )


@inside(MotionPut)
def remind_later(event: MotionPut) -> None:
    """Ask for the reminder of the deadline."""
    if event.answer_until:
        until = dt.datetime.fromisoformat(event.answer_until)
        _reminder(event.network_id, event.motion_id, until, clock.now()).ask()


def remind_of_motion(motion_id: int, since: str) -> int:
    """Remind those whose enterprise has not answered an open motion, each outside their quiet hours; returns how many
    now."""
    motion = Motion.objects.select_related("network").filter(pk=motion_id, state=Motion.State.OPEN).first()
    if motion is None or motion.answer_until is None or motion.answer_until <= clock.now():
        return 0
    until = motion.answer_until
    reminder = _reminder(motion.network_id, motion.pk, until, dt.datetime.fromisoformat(since))
    return notify(
        reminder.due(_answering(motion, answer="")),
        kind=MOTION_PUT,
        key=f"motion_due:{motion.pk}",
        words=lambda: Said(
            _t("Falta a resposta do seu empreendimento: %(motion)s") % {"motion": motion.title},
            _t("O prazo termina em %(until)s.") % {"until": formats.moment(until)},
        ),
        path=_path(motion),
        source=("governance.motion", motion.pk),
        actor=system(motion.network_id, why="Lembrete do prazo"),
        until=until,
    )


def _tell_decided(event: MotionPassed | MotionRejected) -> None:
    motion = _motion(event.motion_id)
    if motion.decided_at is None or motion.decided_at < clock.now() - OLD_NEWS:
        return
    passed = isinstance(event, MotionPassed)
    notify(
        _answering(motion),
        kind=MOTION_DECIDED,
        key=f"motion_decided:{motion.pk}",
        words=lambda: Said(
            (_t("Aprovada: %(motion)s") if passed else _t("Recusada: %(motion)s")) % {"motion": motion.title}
        ),
        path=_path(motion),
        source=("governance.motion", motion.pk),
        actor=system(event.network_id, why="Decisão tomada"),
    )


@after_commit(MotionPassed)
def tell_passed(event: MotionPassed) -> None:
    """Who was asked hears that it passed."""
    _tell_decided(event)


@after_commit(MotionRejected)
def tell_rejected(event: MotionRejected) -> None:
    """Who was asked hears that it was rejected."""
    _tell_decided(event)


def _answering(motion: Motion, **which: str) -> list[Person]:
    rows = Entitlement.objects.filter(motion=motion, **which)
    return list(
        queries.people_of_enterprises(list(rows.values_list("enterprise_id", flat=True)), {ENTERPRISE_COORDINATOR})
    )
