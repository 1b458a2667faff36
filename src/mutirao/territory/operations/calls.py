# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public calls of buyers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.territory import permissions
from mutirao.territory.errors import CallAlreadyThere, EndsBeforeItBegins, NothingSaid
from mutirao.territory.events import CallMoved
from mutirao.territory.models import Partner, PublicCall
from mutirao.territory.operations.striking import require_standing

CALL_FIELDS = ("number", "title", "opens_on", "closes_on", "value_minor", "goods", "link", "outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallData:
    """A public call; the value in minor units of the network's currency."""

    number: str
    title: str
    closes_on: dt.date
    opens_on: dt.date | None = None
    value_minor: int | None = None
    goods: str = ""
    link: str = ""
    outcome: str = PublicCall.Outcome.WATCHING

    def values(self) -> dict[str, Any]:
        """As the row keeps them. Raises: NothingSaid, EndsBeforeItBegins."""
        if not self.number.strip() or not self.title.strip():
            raise NothingSaid(field="title" if self.number.strip() else "number")
        if self.opens_on is not None and self.closes_on < self.opens_on:
            raise EndsBeforeItBegins(field="closes_on")
        return {
            "number": self.number.strip()[:40],
            "title": self.title.strip()[:200],
            "closes_on": self.closes_on,
            "opens_on": self.opens_on,
            "value_minor": self.value_minor,
            "goods": self.goods.strip(),
            "link": self.link.strip(),
            "outcome": PublicCall.Outcome(self.outcome),
        }


@operation
def add_call(partner: Partner, data: CallData, *, actor: Actor) -> PublicCall:
    """Write down a public call of a buyer. Raises: CallAlreadyThere, NothingSaid, EndsBeforeItBegins."""
    actor.require(permissions.EDIT_PARTNERS, partner)
    call = PublicCall(
        network_id=partner.network_id, partner=partner, currency=partner.network.currency, **data.values()
    )
    _save_call(call)
    record(actor, "territory.call_added", call, closes_on=call.closes_on, value_minor=call.value_minor)
    return call


@operation
def edit_call(call: PublicCall, data: CallData, *, actor: Actor, seen: str = "", reason: str = "") -> PublicCall:
    """Change a public call, its deadline, or how it went.

    Raises: StaleEdit, StruckOut, CallAlreadyThere, NothingSaid, EndsBeforeItBegins.
    """
    actor.require(permissions.EDIT_PARTNERS, call)
    row = lock(call)
    require_standing(row)
    check_seen(row, CALL_FIELDS, seen)
    before = snapshot(row, CALL_FIELDS)
    for name, value in data.values().items():
        setattr(row, name, value)
    if changed := differences(before, snapshot(row, CALL_FIELDS)):
        row.revision += 1
        _save_call(row)
        record(actor, "territory.call_edited", row, reason=reason.strip(), changes=changed)
        if "closes_on" in changed:
            emit(CallMoved(row.network_id, row.pk, changed["closes_on"][0].isoformat()))
    return row


def _save_call(call: PublicCall) -> None:
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError:
        raise CallAlreadyThere(number=call.number) from None
