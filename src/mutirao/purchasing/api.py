# SPDX-License-Identifier: AGPL-3.0-or-later
"""The purchases' part of the API: the rounds, and what an enterprise needs in one. Takes needs in by the operation that
the phone's list calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from ninja import Field, Header, Query, Router, Schema
from pydantic import StringConstraints

from mutirao.kernel import clock, formats
from mutirao.kernel.api import (
    LARGEST_ID,
    LARGEST_NUMBER,
    Listing,
    Named,
    Number,
    Paging,
    Quantity,
    RowId,
    Slug,
    Strict,
    UnitPrice,
    one_of,
    part_of,
    plain,
    quantity,
)
from mutirao.kernel.errors import DomainError, InvalidValue, SeveralProblems
from mutirao.network.access import NetworkRequest
from mutirao.network.queries import require_somewhere
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import NeedsChangedMeanwhile, PlaceNotOfRound
from mutirao.purchasing.models import DeliveryPlace, Participation, PurchaseRound, RoundGood
from mutirao.purchasing.operations import needs as operations
from mutirao.purchasing.operations.needs import NeedItem
from mutirao.purchasing.queries import needs as queries
from mutirao.purchasing.queries import rounds as round_queries

router = Router(tags=["rodadas"])

RoundState = Annotated[str, one_of(PurchaseRound.State)]
AnswerState = Annotated[str, one_of(Participation.State)]
MOST_ITEMS = 2000
READ_AGAIN = _lazy("Leia o pedido de novo e mande-o com a versão que vier.")
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=80, pattern=r"^[!-~]+$",
        description="Made by the sender for each change (a UUID): sent again with the same key, it counts once",
    ),
]  # fmt: skip
Remark = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=240)]
Name = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=120)]


class AnswersOut(Schema):
    """How many enterprises were invited, and what they answered."""

    invited: int
    asked: int
    declined: int
    silent: int


class OwnAnswerOut(Schema):
    """What one of the person's own enterprises answered."""

    enterprise: Named
    state: AnswerState


class RoundOut(Schema):
    """A joint purchase; `takes_needs` is whether it takes needs now, `needs_until` its deadline."""

    number: int
    title: str
    state: RoundState
    currency: str
    opens_on: dt.date | None
    needs_until: dt.datetime
    takes_needs: bool
    deliver_on: dt.date | None
    answers: AnswersOut
    own: list[OwnAnswerOut]


class GoodOut(Schema):
    """A good that a round buys; needs name it by `id`. The last price is landed; packs of one are as the quotes say."""

    id: int
    product: Named
    unit: str
    note: str
    pack: Quantity
    minimum_packs: int
    last_price: UnitPrice | None


class WholeRoundOut(RoundOut):
    """A round with its goods and where they are collected."""

    places: list[Named]
    goods: list[GoodOut]
    notes: str


class RoundsOut(Listing):
    """A part of the list of rounds."""

    items: list[RoundOut]


class RoundQuery(Paging):
    """Those under way, or those that are over."""

    over: bool = False


@router.get("/rodadas", response=RoundsOut, summary="As rodadas de compra, a mais nova primeiro")
def rounds(request: NetworkRequest, slug: Slug, asked: Query[RoundQuery]) -> RoundsOut:
    require_somewhere(request.actor, permissions.SEE_ROUNDS)
    visible = round_queries.rounds_visible_to(request.actor).order_by("-number")
    over = {"state__in": round_queries.OVER}
    rows, at = part_of(visible.filter(**over) if asked.over else visible.exclude(**over), asked)
    return RoundsOut(items=[RoundOut(**told) for told in _told(request, rows)], **at)


@router.get("/rodadas/{number}", response=WholeRoundOut, summary="Uma rodada: prazos, produtos, locais")
def round_detail(request: NetworkRequest, slug: Slug, number: Number) -> WholeRoundOut:
    row = round_queries.round_for(request.actor, number)
    (told,) = _told(request, [row])
    goods = RoundGood.objects.filter(round=row).select_related("product")
    places = [Named(id=one.pk, name=one.name) for one in row.places.all()]
    return WholeRoundOut(**told, places=places, goods=[_good(row, one) for one in goods], notes=row.notes)


def _told(request: NetworkRequest, rows: list[PurchaseRound]) -> list[dict[str, Any]]:
    answers, own = round_queries.answers_of(rows), round_queries.own_participations(request.actor, rows)
    return [_round(row, answers.get(row.pk, round_queries.Answers()), own.get(row.pk, [])) for row in rows]


def _round(row: PurchaseRound, answers: round_queries.Answers, own: list[Participation]) -> dict[str, Any]:
    return {
        "number": row.number, "title": row.title, "state": row.state, "currency": row.currency,
        "opens_on": row.opens_on, "needs_until": timezone.localtime(row.needs_until),
        "takes_needs": row.takes_needs(clock.now()), "deliver_on": row.deliver_on,
        "answers": AnswersOut(
            invited=answers.invited, asked=answers.asked, declined=answers.declined, silent=answers.silent
        ),
        "own": [
            OwnAnswerOut(enterprise=Named(id=one.enterprise_id, name=one.enterprise.name), state=one.state)
            for one in own
        ],
    }  # fmt: skip


def _good(row: PurchaseRound, good: RoundGood) -> GoodOut:
    unit, price = good.product.unit, good.last_price
    return GoodOut(
        id=good.pk, product=Named(id=good.product_id, name=good.product.name), unit=unit, note=good.note,
        pack=quantity(good.pack_size, unit), minimum_packs=good.minimum_packs,
        last_price=None if price is None else UnitPrice(amount=plain(price), currency=row.currency, per=unit),
    )  # fmt: skip


# --- what an enterprise needs ----------------------------------------------------------------------------------------


class NeedOut(Schema):
    """What is asked for of one good, and how much more would be taken on top."""

    good: int
    product: str
    quantity: Quantity
    tolerance: Quantity


class NeedsOut(Schema):
    """An enterprise's list as it was taken in; `version` goes with the next change."""

    round: int
    enterprise: Named
    state: AnswerState
    version: int
    takes_needs: bool
    answered_at: dt.datetime | None
    place: Named | None
    remark: str
    told_by: str
    items: list[NeedOut]


class ItemIn(Strict):
    """What is asked for of one good of the round, in its unit; tolerance may be left out."""

    good: int = Field(ge=1, le=LARGEST_ID)
    quantity: Quantity
    tolerance: Quantity | None = None


class AnswerIn(Strict):
    """What goes with an answer. `version` is the one that was read; `told_by` who phoned, wanted of whoever does not
    coordinate the enterprise."""

    version: int = Field(ge=0, le=LARGEST_NUMBER)
    remark: Remark = ""
    told_by: Name = ""


class NeedsIn(AnswerIn):
    """The whole list: a good that is not in it is not asked for. `place` may be left out where there is only one."""

    items: list[ItemIn] = Field(max_length=MOST_ITEMS)
    place: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None


@router.get("/rodadas/{number}/pedidos/{enterprise_id}", response=NeedsOut, summary="O pedido de um empreendimento")
def needs(request: NetworkRequest, slug: Slug, number: Number, enterprise_id: RowId) -> NeedsOut:
    return _needs(_participation(request, number, enterprise_id))


@router.put("/rodadas/{number}/pedidos/{enterprise_id}", response=NeedsOut, summary="Mandar o pedido inteiro")
def enter_needs(
    request: NetworkRequest, slug: Slug, number: Number, enterprise_id: RowId, sent: NeedsIn, key: Key
) -> NeedsOut:
    participation = _participation(request, number, enterprise_id)
    request.actor.require(permissions.ENTER_NEEDS, participation)
    with _told_to_read_again():
        operations.enter_needs(
            participation, items=_items(participation, sent.items), place=_place(participation, sent.place),
            remark=sent.remark, told_by=sent.told_by, key=key, seen_version=sent.version, actor=request.actor,
        )  # fmt: skip
    return _needs(_participation(request, number, enterprise_id))


@router.post(
    "/rodadas/{number}/pedidos/{enterprise_id}/nao-participar", response=NeedsOut, summary="Não participar desta vez"
)
def decline_round(
    request: NetworkRequest, slug: Slug, number: Number, enterprise_id: RowId, sent: AnswerIn, key: Key
) -> NeedsOut:
    participation = _participation(request, number, enterprise_id)
    request.actor.require(permissions.ENTER_NEEDS, participation)
    with _told_to_read_again():
        operations.decline_round(
            participation, remark=sent.remark, told_by=sent.told_by, key=key, seen_version=sent.version,
            actor=request.actor,
        )  # fmt: skip
    return _needs(_participation(request, number, enterprise_id))


@contextmanager
def _told_to_read_again() -> Iterator[None]:
    """Who was overtaken is told what a program can do; the page's advice speaks of the page."""
    try:
        yield
    except NeedsChangedMeanwhile as error:
        error.next_step = READ_AGAIN
        raise


def _participation(request: NetworkRequest, number: int, enterprise_id: int) -> Participation:
    return queries.participation_for(request.actor, round_queries.round_for(request.actor, number), enterprise_id)


def _items(participation: Participation, sent: list[ItemIn]) -> list[NeedItem]:
    """The list as the operation takes it. Raises: SeveralProblems for a good named twice, or in another unit."""
    units = dict(RoundGood.objects.filter(round=participation.round_id).values_list("pk", "product__unit"))
    problems: list[DomainError] = []
    seen: set[int] = set()
    for item in sent:
        field = f"quantity-{item.good}"
        if item.good in seen:
            problems.append(InvalidValue(_("O produto nº %(good)s veio duas vezes."), field=field, good=item.good))
        seen.add(item.good)
        unit = units.get(item.good)
        if unit and any(one is not None and one.unit != unit for one in (item.quantity, item.tolerance)):
            words = _("O produto nº %(good)s se pede em %(unit)s.")
            problems.append(InvalidValue(words, field=field, good=item.good, unit=formats.unit_name(unit)))
    if problems:
        raise SeveralProblems(problems)
    return [
        NeedItem(item.good, Decimal(item.quantity.amount), Decimal(item.tolerance.amount if item.tolerance else 0))
        for item in sent
    ]


def _place(participation: Participation, place_id: int | None) -> DeliveryPlace | None:
    """Raises: PlaceNotOfRound."""
    if place_id is None:
        return None
    found: DeliveryPlace | None = participation.round.places.filter(pk=place_id).first()
    if found is None:
        raise PlaceNotOfRound
    return found


def _needs(row: Participation) -> NeedsOut:
    items = [
        NeedOut(
            good=good.good_id, product=good.name, quantity=quantity(good.now.quantity, good.unit),
            tolerance=quantity(good.now.tolerance, good.unit),
        )
        for good in queries.goods_for_answer(row)
        if good.now.quantity
    ]  # fmt: skip
    return NeedsOut(
        round=row.round.number, enterprise=Named(id=row.enterprise_id, name=row.enterprise.name),
        state=row.state,
        version=row.version, takes_needs=row.round.takes_needs(clock.now()),
        answered_at=timezone.localtime(row.answered_at) if row.answered_at else None,
        place=Named(id=row.place.pk, name=row.place.name) if row.place else None, remark=row.remark,
        told_by=row.told_by, items=items,
    )  # fmt: skip
