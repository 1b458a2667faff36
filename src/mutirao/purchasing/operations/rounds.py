# SPDX-License-Identifier: AGPL-3.0-or-later
"""The course of a round up to the quotes: prepare, open, extend, close, reopen, cancel. Each leaves a trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.crypto import get_random_string

from mutirao.catalogue.models import Product
from mutirao.kernel import clock, formats, once
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.quantities import QUANTITY_PLACES, unit
from mutirao.kernel.errors import DomainError, InvalidValue, SeveralProblems
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.network.membership import TAKE_PART, able, require_member
from mutirao.network.models import Enterprise, Network
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import (
    AlreadyInvited,
    DeadlineNotLater,
    DecisionInTheFuture,
    DeliveryBeforeDeadline,
    EnterpriseStaysOut,
    FixedOnceOpen,
    GoodAlreadyThere,
    GoodIsNeeded,
    GoodIsQuoted,
    GoodPackTooFine,
    GoodPackWrong,
    MinimumPacksWrong,
    NewDeadlinePassed,
    PlaceInUse,
)
from mutirao.purchasing.events import NeedsClosed, RoundCancelled, RoundExtended, RoundOpened, RoundReopened
from mutirao.purchasing.models import (
    DeliveryPlace,
    Participation,
    PurchaseRound,
    PurchasingSettings,
    QuoteLine,
    RoundGood,
)
from mutirao.purchasing.operations.taking import (
    State,
    change_round,
    check_taken,
    label_of,
    require_reason,
    require_same_network,
    take_round,
)
from mutirao.purchasing.queries.prices import last_prices
from mutirao.purchasing.queries.rounds import missing_to_open

LINK_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Easy to read aloud on the phone: no letters or digits that look alike."""
BEFORE_RECEIPT = (State.DRAFT, State.OPEN, State.QUOTING, State.APPROVAL, State.APPROVED, State.ORDERED)
CHANGING_GOODS = (State.DRAFT, State.OPEN)
LARGEST_PACK = Decimal(10) ** 6
MOST_PACKS = 10**6
"""Beyond these a comma was lost; together they stay within what the database keeps."""


class RoundDetails(TypedDict, total=False):
    """What may be said about a round. Amounts in minor units of its currency; `None` means "not said"."""

    opens_on: dt.date | None
    deliver_on: dt.date | None
    places: Sequence[DeliveryPlace]
    allocation_rule: str
    freight_rule: str
    fee_rule: str
    fees_minor: int
    fees_purpose: str
    budget_minor: int | None
    decided_on: dt.date | None
    decision_note: str
    notes: str


class RoundChanges(RoundDetails, total=False):
    """The same, with what every round has from the beginning."""

    title: str
    needs_until: dt.datetime


FIXED_ONCE_OPEN = frozenset(
    {
        "opens_on",
        "needs_until",
        "allocation_rule",
        "freight_rule",
        "fee_rule",
        "fees_minor",
        "fees_purpose",
        "decided_on",
        "decision_note",
    }
)
"""Announced to everybody at the opening; the deadline moves only by `extend_round` and `reopen_round`."""


@operation
def open_draft_round(
    network: Network,
    *,
    title: str,
    needs_until: dt.datetime,
    actor: Actor,
    copy_from: PurchaseRound | None = None,
    key: str = "",
    **details: Unpack[RoundDetails],
) -> PurchaseRound:
    """Begin a round, seen by the team only. Rules come from the network's settings; `copy_from` gives the goods,
    places, rules and fees of an earlier round, at the prices they were last bought for. The same `key` again begins no
    second round.

    Raises: NotAllowed; SeveralProblems as `edit_round`.
    """
    actor.require(permissions.RUN_ROUND, network)
    if not once.first_time("purchasing.round", key, network_id=network.pk):
        return PurchaseRound.objects.filter(title=title.strip()).latest("number")  # type: ignore[no-any-return]
    # The settings' row also keeps two new rounds from taking the same number.
    rules: PurchasingSettings = lock(PurchasingSettings.objects.get_or_create(network=network)[0])
    last: int = PurchaseRound.objects.aggregate(last=Max("number"))["last"] or 0
    round_ = PurchaseRound(
        number=last + 1,
        title=title.strip(),
        currency=network.currency,
        needs_until=needs_until,
        allocation_rule=(copy_from or rules).allocation_rule,
        freight_rule=(copy_from or rules).freight_rule,
        fee_rule=(copy_from or rules).fee_rule,
        link_token=get_random_string(10, LINK_LETTERS),
    )
    if copy_from is not None:
        round_.fees_minor, round_.fees_purpose = copy_from.fees_minor, copy_from.fees_purpose
    round_.save()
    if copy_from is not None:
        require_same_network(round_, copy_from)
        round_.places.set(copy_from.places.filter(is_active=True))
        _copy_goods(copy_from, round_)
    else:
        # With a single place there is nothing to choose.
        places = list(DeliveryPlace.objects.filter(is_active=True)[:2])
        round_.places.set(places if len(places) == 1 else [])
    record(actor, "purchasing.round_drafted", round_, copied_from=copy_from.number if copy_from else None)
    return edit_round(round_, actor=actor, **details) if details else round_


def _copy_goods(source: PurchaseRound, target: PurchaseRound) -> None:
    goods = list(source.goods.filter(product__is_active=True).select_related("product"))
    prices = last_prices([good.product_id for good in goods])
    RoundGood.objects.bulk_create(
        RoundGood(
            network_id=target.network_id,
            round=target,
            product_id=good.product_id,
            pack_size=good.pack_size,
            minimum_packs=good.minimum_packs,
            last_price=prices.get(good.product_id, good.last_price),
            note=good.note,
            position=position,
        )
        for position, good in enumerate(goods, start=1)
    )


@operation
def edit_round(
    round_: PurchaseRound, *, actor: Actor, seen_version: int | None = None, **changes: Unpack[RoundChanges]
) -> PurchaseRound:
    """Change what is said about a round. Once it is open, what was announced stands (`FIXED_ONCE_OPEN`).

    Raises: NotAllowed; StaleEdit; WrongState once the purchase is ordered; SeveralProblems with FixedOnceOpen,
    PlaceInUse, DeliveryBeforeDeadline, DecisionInTheFuture.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_, states=(State.DRAFT, State.OPEN, State.QUOTING, State.APPROVAL, State.APPROVED))
    given: dict[str, Any] = dict(changes)
    places: Sequence[DeliveryPlace] | None = given.pop("places", None)
    for name, value in given.items():
        if isinstance(value, str):
            given[name] = value.strip()
    before = {name: getattr(fresh, name) for name in given}
    changed = {name: value for name, value in given.items() if value != before[name]}
    old_places = set(fresh.places.values_list("pk", flat=True))
    if not changed and (places is None or {place.pk for place in places} == old_places):
        return fresh  # sent twice, or nothing to do
    check_taken(fresh, seen_version=seen_version)
    problems = _problems_with(fresh, changed)
    if places is not None:
        require_same_network(fresh, *places)
        problems += _places_still_chosen(fresh, old_places - {place.pk for place in places})
    if problems:
        raise SeveralProblems(problems)
    trace: dict[str, list[Any]] = {name: [before[name], value] for name, value in changed.items()}
    if places is not None and {place.pk for place in places} != old_places:
        trace["places"] = [sorted(old_places), sorted(place.pk for place in places)]
        fresh.places.set(places)
    change_round(fresh, **changed)
    record(actor, "purchasing.round_edited", fresh, changes=trace)
    return fresh


def _problems_with(fresh: PurchaseRound, changed: dict[str, Any]) -> list[DomainError]:
    problems: list[DomainError] = []
    if fresh.state != State.DRAFT:
        fixed = sorted(FIXED_ONCE_OPEN & changed.keys())
        problems += [FixedOnceOpen(what=label_of(PurchaseRound, name), field=name) for name in fixed]
    deliver_on = changed.get("deliver_on", fresh.deliver_on)
    needs_until = changed.get("needs_until", fresh.needs_until)
    if {"deliver_on", "needs_until"} & changed.keys() and deliver_on and deliver_on < timezone.localdate(needs_until):
        problems.append(DeliveryBeforeDeadline())
    if (changed.get("decided_on") or dt.date.min) > clock.today():
        problems.append(DecisionInTheFuture())
    return problems


def _places_still_chosen(fresh: PurchaseRound, removed: set[int]) -> list[DomainError]:
    chosen = DeliveryPlace.objects.filter(
        pk__in=Participation.objects.filter(round=fresh, place__in=removed).values("place")
    )
    return [PlaceInUse(place=place.name) for place in chosen]


@operation
def add_goods(
    round_: PurchaseRound, *, products: Sequence[Product], actor: Actor, seen_version: int | None = None
) -> list[RoundGood]:
    """Put products at the end of the round's list, at the price they were last bought for.

    Raises: NotAllowed; StaleEdit; WrongState once needs are closed; GoodAlreadyThere; NotFound.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_, states=CHANGING_GOODS, seen_version=seen_version)
    require_same_network(fresh, *products)
    there = set(fresh.goods.values_list("product_id", flat=True))
    for product in products:
        if product.pk in there:
            raise GoodAlreadyThere(product=str(product))
        there.add(product.pk)
    prices = last_prices([product.pk for product in products])
    last: int = fresh.goods.aggregate(last=Max("position"))["last"] or 0
    goods = RoundGood.objects.bulk_create(
        RoundGood(
            network_id=fresh.network_id,
            round=fresh,
            product=product,
            last_price=prices.get(product.pk),
            position=position,
        )
        for position, product in enumerate(products, start=last + 1)
    )
    change_round(fresh)
    record(actor, "purchasing.goods_added", fresh, products=[str(product) for product in products])
    return list(goods)


@operation
def edit_good(
    good: RoundGood,
    *,
    actor: Actor,
    note: str | None = None,
    last_price: Decimal | None = None,
    pack_size: Decimal | None = None,
    minimum_packs: int | None = None,
    seen_version: int | None = None,
) -> RoundGood:
    """Say more about a good: a note for those who ask, the price per unit to estimate by, the pack by which needs
    become an order (in the good's unit; 1: the smallest that is quoted) and the least packs worth ordering. None leaves
    a thing as it is.

    Raises: NotAllowed; StaleEdit; WrongState once needs are closed; SeveralProblems with InvalidValue for a negative
    price, GoodPackWrong, GoodPackTooFine, MinimumPacksWrong.
    """
    actor.require(permissions.RUN_ROUND, good)
    fresh = take_round(good.round, states=CHANGING_GOODS, seen_version=seen_version)
    good = lock(good)
    given: dict[str, Any] = {
        "note": note if note is None else note.strip(),
        "last_price": last_price,
        "pack_size": pack_size,
        "minimum_packs": minimum_packs,
    }
    changed = {name: value for name, value in given.items() if value is not None and value != getattr(good, name)}
    if problems := _problems_with_good(good, changed):
        raise SeveralProblems(problems)
    if changed:
        before = {name: getattr(good, name) for name in changed}
        for name, value in changed.items():
            setattr(good, name, value)
        good.save(update_fields=list(changed))
        change_round(fresh)
        if {"pack_size", "minimum_packs"} & changed.keys():  # said together, or not understood
            changed |= {
                "pack_size": good.pack_size, "minimum_packs": good.minimum_packs, "unit": good.product.unit,
            }  # fmt: skip
        record(actor, "purchasing.good_edited", fresh, product=str(good.product), before=before, **changed)
    return good


def _problems_with_good(good: RoundGood, changed: dict[str, Any]) -> list[DomainError]:
    problems: list[DomainError] = []
    if changed.get("last_price", 0) < 0:
        problems.append(InvalidValue(field="last_price"))
    pack, measure = changed.get("pack_size", Decimal(1)), unit(good.product.unit)
    if not pack.is_finite() or not 0 < pack <= LARGEST_PACK:
        problems.append(GoodPackWrong(most=formats.quantity(LARGEST_PACK, measure.code)))
    elif pack % Decimal(1).scaleb(-min(measure.places, QUANTITY_PLACES)):
        problems.append(GoodPackTooFine(unit=formats.unit_name(measure.code), places=measure.places))
    if not 0 <= changed.get("minimum_packs", 0) <= MOST_PACKS:
        problems.append(MinimumPacksWrong(most=formats.number(Decimal(MOST_PACKS))))
    return problems


@operation
def remove_good(good: RoundGood, *, actor: Actor, seen_version: int | None = None) -> None:
    """Take a good off the list while nobody asked for it and no supplier quoted it.

    Raises: NotAllowed; StaleEdit; WrongState once needs are closed; GoodIsNeeded; GoodIsQuoted.
    """
    actor.require(permissions.RUN_ROUND, good)
    fresh = take_round(good.round, states=CHANGING_GOODS, seen_version=seen_version)
    good = lock(good)
    product = str(good.product)
    if count := good.needs.count():
        raise GoodIsNeeded(product=product, count=count)
    if QuoteLine.objects.filter(good=good, quote__is_withdrawn=False).exists():
        raise GoodIsQuoted(product=product)
    good.delete()
    change_round(fresh)
    record(actor, "purchasing.good_removed", fresh, product=product)


@operation
def reorder_goods(
    round_: PurchaseRound, *, good_ids: Sequence[int], actor: Actor, seen_version: int | None = None
) -> None:
    """Put the goods in the order given; goods not named follow as they stood.

    Raises: NotAllowed; StaleEdit; WrongState once needs are closed.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_, states=CHANGING_GOODS, seen_version=seen_version)
    wanted = {good_id: index for index, good_id in reversed(list(enumerate(good_ids)))}
    goods = list(fresh.goods.all())
    before = [good.pk for good in goods]
    # sorted() keeps the order of those not named, which all come last.
    goods.sort(key=lambda good: wanted.get(good.pk, len(wanted)))
    if [good.pk for good in goods] == before:
        return
    for position, good in enumerate(goods, start=1):
        good.position = position
    RoundGood.objects.bulk_update(goods, ["position"])
    change_round(fresh)
    record(actor, "purchasing.goods_reordered", fresh)


@operation
def open_round(round_: PurchaseRound, *, actor: Actor, seen_version: int | None = None) -> PurchaseRound:
    """Announce the round: every active enterprise is invited to say what it needs until the deadline.

    Raises: NotAllowed; StaleEdit; WrongState; SeveralProblems with RoundHasNoGoods, RoundHasNoPlace, DeadlinePassed,
    DecisionMissing.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_, states=(State.DRAFT,), seen_version=seen_version)
    if problems := missing_to_open(fresh):
        raise SeveralProblems(problems)
    change_round(fresh, state=State.OPEN, opens_on=clock.today())
    invited = _invite_all(fresh)
    record(actor, "purchasing.round_opened", fresh, needs_until=fresh.needs_until, invited=invited)
    emit(RoundOpened(fresh.network_id, fresh.pk, fresh.needs_until.astimezone(dt.UTC).isoformat()))
    return fresh


def _invite_all(fresh: PurchaseRound) -> int:
    """Invite every active member that is not invited yet; returns how many are new."""
    missing = able(Enterprise.objects.filter(is_active=True), TAKE_PART).exclude(
        pk__in=fresh.participations.values("enterprise_id")
    )
    new = Participation.objects.bulk_create(
        [
            Participation(network_id=fresh.network_id, round=fresh, enterprise_id=enterprise_id)
            for enterprise_id in missing.values_list("pk", flat=True)
        ],
        batch_size=500,
    )
    return len(new)


@operation
def invite_enterprise(round_: PurchaseRound, *, enterprise: Enterprise, actor: Actor) -> Participation:
    """Invite an enterprise that joined the network after the opening.

    Raises: NotAllowed; WrongState unless the round takes needs; AlreadyInvited; EnterpriseStaysOut; StandingForbids.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_, states=(State.OPEN,))
    require_same_network(fresh, enterprise)
    enterprise = lock(enterprise)
    require_member(enterprise, TAKE_PART)
    if not enterprise.is_active:
        raise EnterpriseStaysOut(enterprise=enterprise.name)
    participation, is_new = Participation.objects.get_or_create(round=fresh, enterprise=enterprise)
    if not is_new:
        raise AlreadyInvited(enterprise=enterprise.name)
    record(actor, "purchasing.enterprise_invited", fresh, enterprise=enterprise.name)
    return participation  # type: ignore[no-any-return]


@operation
def extend_round(
    round_: PurchaseRound, *, until: dt.datetime, reason: str, actor: Actor, seen_version: int | None = None
) -> PurchaseRound:
    """Take needs for longer, for a reason that all can read.

    Raises: NotAllowed; StaleEdit; WrongState; ReasonMissing; DeadlineNotLater; NewDeadlinePassed.
    """
    actor.require(permissions.RUN_ROUND, round_)
    said = require_reason(reason)
    fresh = take_round(round_, states=(State.OPEN,), seen_version=seen_version)
    before = fresh.needs_until
    if until <= before:
        raise DeadlineNotLater(until=formats.moment(before))
    _require_future(until)
    change_round(fresh, needs_until=until)
    record(actor, "purchasing.round_extended", fresh, reason=said, before=before, until=until)
    emit(RoundExtended(fresh.network_id, fresh.pk, until.astimezone(dt.UTC).isoformat()))
    return fresh


def _require_future(until: dt.datetime) -> None:
    if until <= clock.now():
        raise NewDeadlinePassed(until=formats.moment(until))


@operation
def close_needs(round_: PurchaseRound, *, actor: Actor, seen_version: int | None = None) -> PurchaseRound:
    """End the taking of needs, before the deadline too; those who have not answered stay out.

    Raises: NotAllowed; StaleEdit; WrongState.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_, states=(State.OPEN,), seen_version=seen_version)
    _close(fresh, actor)
    return fresh


@operation
def close_needs_when_due(round_: PurchaseRound, *, actor: Actor) -> bool:
    """Close the needs if the round is open and its deadline, perhaps extended meanwhile, has come; else do nothing.

    Returns whether it closed them. Raises: NotAllowed.
    """
    actor.require(permissions.RUN_ROUND, round_)
    fresh = take_round(round_)
    if fresh.state != State.OPEN or clock.now() < fresh.needs_until:
        return False
    _close(fresh, actor)
    return True


def _close(fresh: PurchaseRound, actor: Actor) -> None:
    early = clock.now() < fresh.needs_until
    change_round(fresh, state=State.QUOTING)
    counts = dict(fresh.participations.order_by().values_list("state").annotate(Count("pk")))
    record(actor, "purchasing.needs_closed", fresh, early=early, **counts)
    emit(NeedsClosed(fresh.network_id, fresh.pk))


@operation
def reopen_round(
    round_: PurchaseRound, *, until: dt.datetime, reason: str, actor: Actor, seen_version: int | None = None
) -> PurchaseRound:
    """Take needs again while nothing is decided for good: from quoting, or from approval, which is withdrawn.

    Quotes stay; what was proposed no longer stands, since needs may change (see the handlers of `RoundReopened`).

    Raises: NotAllowed; StaleEdit; WrongState; ReasonMissing; NewDeadlinePassed.
    """
    actor.require(permissions.RUN_ROUND, round_)
    said = require_reason(reason)
    fresh = take_round(round_, states=(State.QUOTING, State.APPROVAL), seen_version=seen_version)
    _require_future(until)
    from_state = fresh.state
    change_round(fresh, state=State.OPEN, needs_until=until)
    invited = _invite_all(fresh)
    record(actor, "purchasing.round_reopened", fresh, reason=said, from_state=from_state, until=until, invited=invited)
    emit(RoundReopened(fresh.network_id, fresh.pk, from_state, until.astimezone(dt.UTC).isoformat()))
    return fresh


@operation
def cancel_round(round_: PurchaseRound, *, reason: str, actor: Actor, seen_version: int | None = None) -> PurchaseRound:
    """Give the round up, any time before goods are received. What was asked and quoted stays readable.

    Raises: NotAllowed; StaleEdit; WrongState; ReasonMissing.
    """
    actor.require(permissions.RUN_ROUND, round_)
    said = require_reason(reason)
    fresh = take_round(round_, states=BEFORE_RECEIPT, seen_version=seen_version)
    from_state = fresh.state
    change_round(fresh, state=State.CANCELLED, cancelled_reason=said)
    record(actor, "purchasing.round_cancelled", fresh, reason=said, from_state=from_state)
    emit(RoundCancelled(fresh.network_id, fresh.pk, from_state, said))
    return fresh
