# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was agreed with partners, the talks, the next steps."""

from __future__ import annotations

import datetime as dt

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.uploads import Upload
from mutirao.kernel.work import emit, operation, record
from mutirao.network.models import Person, RoleAssignment
from mutirao.territory import permissions
from mutirao.territory.errors import (
    DateMissing,
    EndsBeforeItBegins,
    MeetingInTheFuture,
    NextStepByStranger,
    NoNextStep,
    NothingSaid,
)
from mutirao.territory.events import NextStepSet
from mutirao.territory.models import Agreement, Meeting, Partner


@operation
def add_agreement(
    partner: Partner,
    *,
    text: str,
    since: dt.date,
    actor: Actor,
    until: dt.date | None = None,
    file: Upload | None = None,
    key: str = "",
) -> Agreement | None:
    """Write down what was agreed, perhaps with the signed paper; None for the same form sent twice.

    Raises: NothingSaid, EndsBeforeItBegins.
    """
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not text.strip():
        raise NothingSaid(field="text")
    if until is not None and until < since:
        raise EndsBeforeItBegins(field="until")
    if not first_time("territory.agreement", key, network_id=partner.network_id):
        return None
    agreement = Agreement(network_id=partner.network_id, partner=partner, text=text.strip(), since=since, until=until)
    if file is not None:
        agreement.file_name, agreement.file_type = file.name[:160], file.content_type
        agreement.file.save(f"combinado.{file.extension}", file.as_file(), save=False)
    agreement.save()
    record(actor, "territory.agreed", partner, text=agreement.text[:500], since=since, until=until)
    return agreement


@operation
def note_meeting(
    partner: Partner, *, held_on: dt.date, who: str, what: str, actor: Actor, key: str = ""
) -> Meeting | None:
    """Write down a talk; None for the same form sent twice. Raises: NothingSaid, MeetingInTheFuture."""
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not what.strip():
        raise NothingSaid(field="what")
    if held_on > clock.today():
        raise MeetingInTheFuture
    if not first_time("territory.meeting", key, network_id=partner.network_id):
        return None
    meeting = Meeting(
        network_id=partner.network_id, partner=partner, held_on=held_on, who=who.strip()[:240], what=what.strip()
    )
    meeting.save()
    record(actor, "territory.met", partner, held_on=held_on)
    return meeting


@operation
def set_next_step(
    partner: Partner, *, what: str, until: dt.date | None, actor: Actor, by: Person | None = None
) -> Partner:
    """Mark what is to be done next with a partner, by when and by whom; the team's where nobody is named.

    Raises: NothingSaid, DateMissing, NextStepByStranger.
    """
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not what.strip():
        raise NothingSaid(field="what")
    if until is None:
        raise DateMissing(field="until")
    if by is not None and not _takes_part(by):
        raise NextStepByStranger
    row = lock(partner)
    row.next_step, row.next_step_until, row.next_step_by = what.strip()[:240], until, by
    row.save(update_fields=["next_step", "next_step_until", "next_step_by"])
    record(actor, "territory.next_step_set", row, next_step=row.next_step, until=until, by=str(by or ""))
    emit(NextStepSet(row.network_id, row.pk, by.pk if by else None, until.isoformat()))
    return row


def _takes_part(person: Person) -> bool:
    held = RoleAssignment.held_on(clock.today())
    return bool(RoleAssignment.objects.filter(held, person=person).exists())


@operation
def finish_next_step(partner: Partner, *, how: str, actor: Actor) -> Meeting:
    """The next step is done: it becomes a talk with what came of it. Whoever it was given to may say so.

    Raises: NoNextStep for one done before.
    """
    row = lock(partner)
    if actor.person_id is None or row.next_step_by_id != actor.person_id:
        actor.require(permissions.EDIT_PARTNERS, row)
    if not row.next_step:
        raise NoNextStep(partner=row.name)
    what = f"{row.next_step}\n{how.strip()}".strip()
    meeting = Meeting(network_id=row.network_id, partner=row, held_on=clock.today(), who=actor.name[:240], what=what)
    meeting.save()
    row.next_step, row.next_step_until, row.next_step_by = "", None, None
    row.save(update_fields=["next_step", "next_step_until", "next_step_by"])
    record(actor, "territory.next_step_done", row, how=how.strip()[:500])
    return meeting
