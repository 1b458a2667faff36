# SPDX-License-Identifier: AGPL-3.0-or-later
"""The payments' part of the API: what enterprises owe the network, for whoever may see it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema

from mutirao.kernel.api import Listing, Money, Named, Paging, RowId, Slug, Text, given, narrowed, one_of, part_of
from mutirao.kernel.errors import NotFound
from mutirao.network.access import NetworkRequest
from mutirao.network.queries import require_somewhere
from mutirao.payments import permissions, queries
from mutirao.payments.forms import ChargeFilter
from mutirao.payments.models import Charge, Settlement

router = Router(tags=["cobranças"])


class ChargeOut(Schema):
    """What an enterprise owes for something; `txid` finds it again on a bank statement."""

    id: int
    number: int
    enterprise: Named
    title: str
    state: Annotated[str, one_of(Charge.State)]
    amount: Money
    settled: Money
    open: Money
    issued_on: dt.date
    due_on: dt.date
    txid: str


class SettlementOut(Schema):
    """How part of a charge was settled; below zero where it was taken back."""

    kind: Annotated[str, one_of(Settlement.Kind)]
    amount: Money
    on: dt.date


class WholeChargeOut(ChargeOut):
    """A charge with what was settled of it, and the Pix code that pays the rest (empty where there is none)."""

    settlements: list[SettlementOut]
    pix: str


class ChargesOut(Listing):
    """A part of the list of charges."""

    items: list[ChargeOut]


class ChargeQuery(Paging):
    """The same filters as the page's; without `state`: all of them."""

    q: Text | None = None
    state: Literal["open", "overdue", "paid", "written_off", "cancelled"] | None = None
    due_until: dt.date | None = None


@router.get("/cobrancas", response=ChargesOut, summary="As cobranças que a pessoa vê")
def charges(request: NetworkRequest, slug: Slug, asked: Query[ChargeQuery]) -> ChargesOut:
    require_somewhere(request.actor, permissions.SEE_CHARGES)
    visible = queries.charges_visible_to(request.actor)
    rows, at = part_of(narrowed(ChargeFilter(given(asked), queryset=visible)), asked)
    return ChargesOut(items=[ChargeOut(**_told(row)) for row in rows], **at)


@router.get("/cobrancas/{charge_id}", response=WholeChargeOut, summary="Uma cobrança e como se paga")
def charge(request: NetworkRequest, slug: Slug, charge_id: RowId) -> WholeChargeOut:
    row = queries.charge_with_history(request.actor, charge_id)
    if row is None:
        raise NotFound
    request.actor.require(permissions.SEE_CHARGES, row)
    settings = queries.settings_of(request.network)
    settlements = [
        SettlementOut(kind=one.kind, amount=Money(minor=one.amount_minor, currency=row.currency), on=one.on)
        for one in row.settlements.all()
    ]
    pix = queries.pix_text(request.network, settings, amount_minor=row.open_minor, txid=row.txid)
    return WholeChargeOut(**_told(row), settlements=settlements, pix=pix if row.open_minor else "")


def _told(row: Charge) -> dict[str, Any]:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=row.currency)

    return {
        "id": row.pk, "number": row.number, "enterprise": Named(id=row.enterprise_id, name=row.enterprise.name),
        "title": row.title, "state": row.state, "amount": money(row.amount_minor),
        "settled": money(row.settled_minor), "open": money(row.open_minor), "issued_on": row.issued_on,
        "due_on": row.due_on, "txid": row.txid,
    }  # fmt: skip
