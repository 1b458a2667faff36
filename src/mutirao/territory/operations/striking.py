# SPDX-License-Identifier: AGPL-3.0-or-later
"""Striking out what was written down by mistake: it stays readable, with why, and counts nowhere any more."""

from __future__ import annotations

from typing import TypeVar

from django.db import IntegrityError, transaction

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.territory import permissions
from mutirao.territory.errors import CallAlreadyThere, ReasonMissing, StruckOut
from mutirao.territory.events import CallStruck
from mutirao.territory.models import Agreement, Meeting, PublicCall

Entry = TypeVar("Entry", Agreement, Meeting, PublicCall)
STRUCK_FIELDS = ("struck_at", "struck_because")
ACTS = {
    Agreement: ("territory.agreement_struck", "territory.agreement_brought_back"),
    Meeting: ("territory.meeting_struck", "territory.meeting_brought_back"),
    PublicCall: ("territory.call_struck", "territory.call_brought_back"),
}
"""What the trail says of each: struck out, brought back."""


def require_standing(row: Agreement | Meeting | PublicCall) -> None:
    """What was struck out is not corrected. Raises: StruckOut."""
    if row.is_struck:
        raise StruckOut(why=row.struck_because)


@operation
def strike_out(entry: Entry, *, reason: str, actor: Actor, seen: str = "", fields: tuple[str, ...] = ()) -> Entry:
    """Strike out an agreement, a talk or a public call. `seen` is the version of `fields` that the reason speaks of.

    Raises: ReasonMissing, StruckOut, StaleEdit.
    """
    actor.require(permissions.EDIT_PARTNERS, entry)
    row = lock(entry)
    require_standing(row)
    check_seen(row, fields, seen)
    strike(row, reason)
    record(actor, ACTS[type(row)][0], row, reason=row.struck_because, partner=row.partner.name)
    if isinstance(row, PublicCall):
        emit(CallStruck(row.network_id, row.pk))
    return row


def strike(row: Agreement | Meeting | PublicCall, reason: str) -> None:
    """Mark a locked row as struck out. Raises: ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    row.struck_at, row.struck_because = clock.now(), reason.strip()[:300]
    _save(row)


@operation
def bring_back(entry: Entry, *, actor: Actor) -> Entry:
    """Bring back what was struck out; what stands already stays. Raises: CallAlreadyThere."""
    actor.require(permissions.EDIT_PARTNERS, entry)
    row = lock(entry)
    if not row.is_struck:
        return row
    row.struck_at, row.struck_because = None, ""
    _save(row)
    record(actor, ACTS[type(row)][1], row, partner=row.partner.name)
    return row


def _save(row: Agreement | Meeting | PublicCall) -> None:
    if not isinstance(row, PublicCall):
        row.save(update_fields=STRUCK_FIELDS)
        return
    row.revision += 1
    try:
        with transaction.atomic():
            row.save(update_fields=[*STRUCK_FIELDS, "revision"])
    except IntegrityError:
        raise CallAlreadyThere(number=row.number) from None
