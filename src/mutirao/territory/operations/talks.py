# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was agreed with partners, and the talks."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.uploads import Upload
from mutirao.kernel.work import operation, record
from mutirao.territory import permissions
from mutirao.territory.errors import EndsBeforeItBegins, MeetingInTheFuture, NothingSaid
from mutirao.territory.models import Agreement, Meeting, Partner
from mutirao.territory.operations.striking import require_standing

AGREEMENT_FIELDS = ("text", "since", "until", "file_name")
MEETING_FIELDS = ("held_on", "who", "what")


def _agreed(text: str, since: dt.date, until: dt.date | None) -> dict[str, Any]:
    """As the row keeps it. Raises: NothingSaid, EndsBeforeItBegins."""
    if not text.strip():
        raise NothingSaid(field="text")
    if until is not None and until < since:
        raise EndsBeforeItBegins(field="until")
    return {"text": text.strip(), "since": since, "until": until}


def _keep_paper(agreement: Agreement, file: Upload) -> None:
    agreement.file_name, agreement.file_type = file.name[:160], file.content_type
    agreement.file.save(f"combinado.{file.extension}", file.as_file(), save=False)


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
    values = _agreed(text, since, until)
    if not first_time("territory.agreement", key, network_id=partner.network_id):
        return None
    agreement = Agreement(network_id=partner.network_id, partner=partner, **values)
    if file is not None:
        _keep_paper(agreement, file)
    agreement.save()
    record(actor, "territory.agreed", agreement, partner=partner.name, text=agreement.text, since=since, until=until)
    return agreement


@operation
def edit_agreement(
    agreement: Agreement,
    *,
    text: str,
    since: dt.date,
    actor: Actor,
    until: dt.date | None = None,
    file: Upload | None = None,
    drop_file: bool = False,
    seen: str = "",
) -> Agreement:
    """Correct what was agreed. A new paper takes the place of the one before, which is erased; the trail names both.

    Raises: StaleEdit, StruckOut, NothingSaid, EndsBeforeItBegins.
    """
    actor.require(permissions.EDIT_PARTNERS, agreement)
    row = lock(agreement)
    require_standing(row)
    check_seen(row, AGREEMENT_FIELDS, seen)
    before, paper = snapshot(row, AGREEMENT_FIELDS), row.file.name
    for name, value in _agreed(text, since, until).items():
        setattr(row, name, value)
    if file is not None:
        _keep_paper(row, file)
    elif drop_file:
        row.file, row.file_name, row.file_type = "", "", ""
    changed = differences(before, snapshot(row, AGREEMENT_FIELDS))
    if row.file.name != paper:
        # The same name may be another paper.
        changed.setdefault("file_name", [before["file_name"], row.file_name])
        if paper:
            transaction.on_commit(partial(default_storage.delete, paper))
    if changed:
        row.save()
        record(actor, "territory.agreement_corrected", row, partner=row.partner.name, changes=changed)
    return row


@operation
def note_meeting(
    partner: Partner, *, held_on: dt.date, who: str, what: str, actor: Actor, key: str = ""
) -> Meeting | None:
    """Write down a talk; None for the same form sent twice. Raises: NothingSaid, MeetingInTheFuture."""
    actor.require(permissions.EDIT_PARTNERS, partner)
    values = _talked(held_on, who, what)
    if not first_time("territory.meeting", key, network_id=partner.network_id):
        return None
    meeting = Meeting(network_id=partner.network_id, partner=partner, **values)
    meeting.save()
    record(actor, "territory.met", meeting, held_on=held_on)
    return meeting


def _talked(held_on: dt.date, who: str, what: str) -> dict[str, Any]:
    """As the row keeps it. Raises: NothingSaid, MeetingInTheFuture."""
    if not what.strip():
        raise NothingSaid(field="what")
    if held_on > clock.today():
        raise MeetingInTheFuture
    return {"held_on": held_on, "who": who.strip()[:240], "what": what.strip()}


@operation
def edit_meeting(meeting: Meeting, *, held_on: dt.date, who: str, what: str, actor: Actor, seen: str = "") -> Meeting:
    """Correct a talk. Raises: StaleEdit, StruckOut, NothingSaid, MeetingInTheFuture."""
    actor.require(permissions.EDIT_PARTNERS, meeting)
    row = lock(meeting)
    require_standing(row)
    check_seen(row, MEETING_FIELDS, seen)
    before = snapshot(row, MEETING_FIELDS)
    for name, value in _talked(held_on, who, what).items():
        setattr(row, name, value)
    if changed := differences(before, snapshot(row, MEETING_FIELDS)):
        row.save(update_fields=list(changed))
        record(actor, "territory.meeting_corrected", row, changes=changed)
    return row
