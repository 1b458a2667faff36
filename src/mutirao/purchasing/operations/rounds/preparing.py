# SPDX-License-Identifier: AGPL-3.0-or-later
"""Preparing a round: begin it, and change what is said about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from django.db.models import Max
from django.utils import timezone
from django.utils.crypto import get_random_string

from mutirao.kernel import clock, once
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError, SeveralProblems
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network.models import Network
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import (
    DecisionInTheFuture,
    DeliveryBeforeDeadline,
    FixedOnceOpen,
    PlaceInUse,
)
from mutirao.purchasing.models import (
    DeliveryPlace,
    Participation,
    PurchaseRound,
    PurchasingSettings,
    RoundGood,
)
from mutirao.purchasing.operations.taking import (
    State,
    change_round,
    check_taken,
    label_of,
    require_same_network,
    take_round,
)
from mutirao.purchasing.queries.prices import last_prices

LINK_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Easy to read aloud on the phone: no letters or digits that look alike."""


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
