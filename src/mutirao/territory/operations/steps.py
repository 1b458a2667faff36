# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes next with a partner: marked, changed, done, dropped, reopened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import differences, snapshot, stale, version
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network.models import Person, RoleAssignment
from mutirao.territory import permissions
from mutirao.territory.errors import (
    DateMissing,
    NextStepByStranger,
    NextStepThere,
    NoNextStep,
    NotAStep,
    NothingSaid,
    ReasonMissing,
)
from mutirao.territory.events import NextStepSet, NextStepTaken
from mutirao.territory.models import Meeting, Partner
from mutirao.territory.operations.striking import strike
from mutirao.territory.operations.told import last_told

STEP_FIELDS = ("next_step", "next_step_until", "next_step_by")
STEP_ACTS = (
    "territory.next_step_set",
    "territory.next_step_edited",
    "territory.next_step_done",
    "territory.next_step_dropped",
    "territory.next_step_reopened",
)


def _check_seen(row: Partner, seen: str) -> None:
    """As `check_seen`, but naming who changed the step, not who changed something else about the partner."""
    if seen and seen != version(row, STEP_FIELDS):
        raise stale(row, last=last_told(row, STEP_ACTS))


def _takes_part(person: Person) -> bool:
    held = RoleAssignment.held_on(clock.today())
    return bool(RoleAssignment.objects.filter(held, person=person).exists())


def _put(row: Partner, step: str, until: dt.date | None, by: Person | None) -> dict[str, Any]:
    """Write the step on a locked row, tell whoever no longer has it; what differs."""
    before, had, words = snapshot(row, STEP_FIELDS), row.next_step_by_id, row.next_step
    row.next_step, row.next_step_until, row.next_step_by = step, until, by
    changed = differences(before, snapshot(row, STEP_FIELDS))
    if changed:
        row.save(update_fields=STEP_FIELDS)
    if had is not None and had != row.next_step_by_id:
        emit(NextStepTaken(row.network_id, row.pk, had, words))
    return changed


@operation
def set_next_step(
    partner: Partner, *, what: str, until: dt.date | None, actor: Actor, by: Person | None = None, seen: str = ""
) -> Partner:
    """Mark what is to be done next with a partner, or change it: by when and by whom; the team's where nobody is named.

    Raises: StaleEdit, NothingSaid, DateMissing, NextStepByStranger.
    """
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not what.strip():
        raise NothingSaid(field="what")
    if until is None:
        raise DateMissing(field="until")
    row = lock(partner)
    _check_seen(row, seen)
    if by is not None and by.pk != row.next_step_by_id and not _takes_part(by):
        raise NextStepByStranger
    was_there = bool(row.next_step)
    changed = _put(row, what.strip()[:240], until, by)
    if not changed:
        return row
    if was_there:
        record(actor, "territory.next_step_edited", row, changes=changed)
    else:
        record(actor, "territory.next_step_set", row, next_step=row.next_step, until=until, by=str(by or ""))
    emit(NextStepSet(row.network_id, row.pk, by.pk if by else None, until.isoformat()))
    return row


def _require_own(actor: Actor, partner: Partner, person_id: int | None) -> None:
    """Whoever the step was given to, and whoever looks after partners."""
    if actor.person_id is None or person_id != actor.person_id:
        actor.require(permissions.EDIT_PARTNERS, partner)


@operation
def finish_next_step(partner: Partner, *, how: str, actor: Actor, seen: str = "") -> Meeting:
    """The next step is done: it becomes a talk with what came of it. Whoever it was given to may say so.

    Raises: NoNextStep for one done before; StaleEdit when it is another by now.
    """
    row = lock(partner)
    _require_own(actor, row, row.next_step_by_id)
    if not row.next_step:
        raise NoNextStep(partner=row.name)
    _check_seen(row, seen)
    meeting = Meeting(
        network_id=row.network_id,
        partner=row,
        held_on=clock.today(),
        who=actor.name[:240],
        what=f"{row.next_step}\n{how.strip()}".strip(),
        step=row.next_step,
        step_by=row.next_step_by,
        step_until=row.next_step_until,
    )
    meeting.save()
    row.next_step, row.next_step_until, row.next_step_by = "", None, None
    row.save(update_fields=STEP_FIELDS)
    record(actor, "territory.next_step_done", row, next_step=meeting.step, how=how.strip()[:500])
    return meeting


@operation
def drop_next_step(partner: Partner, *, reason: str, actor: Actor, seen: str = "") -> Partner:
    """Take a next step away that is not to be done. Raises: ReasonMissing, NoNextStep, StaleEdit."""
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not reason.strip():
        raise ReasonMissing
    row = lock(partner)
    if not row.next_step:
        raise NoNextStep(partner=row.name)
    _check_seen(row, seen)
    changed = _put(row, "", None, None)
    record(actor, "territory.next_step_dropped", row, reason=reason.strip(), changes=changed)
    return row


@operation
def reopen_next_step(meeting: Meeting, *, reason: str, actor: Actor) -> Partner:
    """A next step was not done after all: it waits again, and the talk that said so is struck out.

    Raises: ReasonMissing; NotAStep; NextStepThere while another one waits.
    """
    row: Meeting
    partner: Partner
    row, partner = lock_all([meeting, meeting.partner])
    _require_own(actor, partner, row.step_by_id)
    if not row.step or row.is_struck:
        raise NotAStep
    if partner.next_step:
        raise NextStepThere(partner=partner.name)
    strike(row, reason)
    by = row.step_by if row.step_by is not None and _takes_part(row.step_by) else None
    _put(partner, row.step, row.step_until, by)
    record(actor, "territory.next_step_reopened", partner, reason=row.struck_because, next_step=partner.next_step)
    emit(NextStepSet(partner.network_id, partner.pk, by.pk if by else None, str(partner.next_step_until or "")))
    return partner
