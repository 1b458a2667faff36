# SPDX-License-Identifier: AGPL-3.0-or-later
"""What enterprises need: said by themselves, or by the centre for one that phoned.

The order of arrival (for the chronological rule) is the moment of the first list with quantities. Later changes keep
that place, whatever they change; who gives the round up gives the place up too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mutirao.kernel import clock, formats, once
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.quantities import QUANTITY_PLACES, unit
from mutirao.kernel.errors import DomainError, NotFound, SeveralProblems
from mutirao.kernel.locks import lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network.membership import TAKE_PART, require_member
from mutirao.network.models import Enterprise, Person
from mutirao.network.roles import ENTERPRISE_COORDINATOR
from mutirao.purchasing import permissions
from mutirao.purchasing.core.amounts import plain
from mutirao.purchasing.errors import (
    NeedNegative,
    NeedNotWhole,
    NeedsAreClosed,
    NeedsChangedMeanwhile,
    NeedTooFine,
    NeedTooLarge,
    NothingNeeded,
    PlaceMissing,
    PlaceNotOfRound,
    RoundNotOpen,
    ToldByMissing,
    ToleranceAlone,
)
from mutirao.purchasing.events import NeedsEntered, RoundDeclined
from mutirao.purchasing.models import DeliveryPlace, Need, Participation, PurchaseRound, RoundGood

State = Participation.State
LARGEST_NEED = Decimal(10) ** 9
"""What one enterprise can ask of one good; beyond it somebody mistyped."""


@dataclass(frozen=True, slots=True)
class NeedItem:
    """What is asked of one good of the round, in the product's unit."""

    good_id: int
    quantity: Decimal
    tolerance: Decimal = Decimal(0)


@operation
def enter_needs(
    participation: Participation,
    *,
    items: Sequence[NeedItem],
    place: DeliveryPlace | None,
    actor: Actor,
    remark: str = "",
    told_by: str = "",
    key: str = "",
    seen_version: int | None = None,
) -> Participation:
    """Take in an enterprise's whole list; goods not named, or named with zero, are not asked for.

    `place` may be None where the round has a single one. `told_by` names who phoned, required of whoever does not
    coordinate the enterprise. The same `key` again changes nothing. All problems are told at once; nothing is
    half-saved.

    Raises: NotAllowed; NotFound; StandingForbids unless it is a member;
    NeedsAreClosed after the deadline even if nobody closed the round; RoundNotOpen;
    NeedsChangedMeanwhile; SeveralProblems with NothingNeeded, PlaceMissing, PlaceNotOfRound, ToldByMissing and what
    is wrong with each good (`field` is "quantity-<good id>" or "tolerance-<good id>").
    """
    actor.require(permissions.ENTER_NEEDS, participation)
    if not once.first_time(f"purchasing.needs:{participation.pk}", key, network_id=participation.network_id):
        return Participation.objects.get(pk=participation.pk)  # type: ignore[no-any-return]
    fresh, round_ = _take(participation, seen_version, asking=True)
    goods = {good.pk: good for good in round_.goods.select_related("product")}
    if any(item.good_id not in goods for item in items):
        raise NotFound
    wanted = {item.good_id: item for item in items if item.quantity or item.tolerance}
    problems = [problem for item in wanted.values() for problem in _problems_with(item, goods[item.good_id])]
    if not wanted:
        problems.append(NothingNeeded())
    chosen, place_problem = _place(round_, place)
    problems += [place_problem] if place_problem else []
    problems += _told_by_problems(fresh, told_by, actor)
    if problems:
        raise SeveralProblems(problems)
    changes = _save_needs(fresh, wanted)
    _answer(fresh, State.ANSWERED, place=chosen, remark=remark, told_by=told_by, actor=actor)
    record(
        actor, "purchasing.needs_entered", fresh, round=round_.number, told_by=fresh.told_by, changes=changes,
        place=chosen.name if chosen else "",
    )  # fmt: skip
    emit(NeedsEntered(fresh.network_id, round_.pk, fresh.pk))
    return fresh


@operation
def decline_round(
    participation: Participation,
    *,
    actor: Actor,
    remark: str = "",
    told_by: str = "",
    key: str = "",
    seen_version: int | None = None,
) -> Participation:
    """Stay out of this round: what was asked for is taken back, and so is the place in the order of arrival.

    Raises: as `enter_needs`.
    """
    actor.require(permissions.ENTER_NEEDS, participation)
    if not once.first_time(f"purchasing.needs:{participation.pk}", key, network_id=participation.network_id):
        return Participation.objects.get(pk=participation.pk)  # type: ignore[no-any-return]
    fresh, round_ = _take(participation, seen_version, asking=False)
    if problems := _told_by_problems(fresh, told_by, actor):
        raise SeveralProblems(problems)
    changes = _save_needs(fresh, {})
    _answer(fresh, State.DECLINED, place=None, remark=remark, told_by=told_by, actor=actor)
    record(actor, "purchasing.round_declined", fresh, round=round_.number, told_by=fresh.told_by, changes=changes)
    emit(RoundDeclined(fresh.network_id, round_.pk, fresh.pk))
    return fresh


@operation
def withdraw_needs(enterprise: Enterprise, *, actor: Actor, reason: str) -> int:
    """Take back what an enterprise that is no member now asked for in rounds that still take needs; how many lists.

    Rounds whose needs are closed are left as they are: there others already count on what it asked for.
    """
    rows = Participation.objects.filter(
        enterprise=enterprise, round__state=PurchaseRound.State.OPEN, state=State.ANSWERED
    ).select_related("round")
    withdrawn = 0
    for row in rows:
        fresh, round_ = lock_all([row, row.round])
        if round_.state != PurchaseRound.State.OPEN or fresh.state != State.ANSWERED:
            continue
        changes = _save_needs(fresh, {})
        _answer(fresh, State.DECLINED, place=None, remark=fresh.remark, told_by="", actor=actor)
        record(actor, "purchasing.round_declined", fresh, reason=reason, round=round_.number, changes=changes)
        emit(RoundDeclined(fresh.network_id, round_.pk, fresh.pk))
        withdrawn += 1
    return withdrawn


def _take(
    participation: Participation, seen_version: int | None, *, asking: bool
) -> tuple[Participation, PurchaseRound]:
    """Participation and round, locked: the round cannot close between the look at it and the end."""
    fresh, round_, enterprise = lock_all([participation, participation.round, participation.enterprise])
    if asking:
        require_member(enterprise, TAKE_PART)
    moment = clock.now()
    if round_.state != PurchaseRound.State.OPEN:
        raise RoundNotOpen(round=round_.title, state=round_.get_state_display())
    if not round_.takes_needs(moment):
        raise NeedsAreClosed(round=round_.title, until=formats.moment(round_.needs_until))
    if seen_version is not None and seen_version != fresh.version:
        who = Person.objects.filter(pk=fresh.answered_by_id).values_list("name", flat=True).first()
        raise NeedsChangedMeanwhile(who=who or "Alguém")
    return fresh, round_


def _problems_with(item: NeedItem, good: RoundGood) -> list[DomainError]:
    """What is wrong with one good, in words with its name."""
    measure = unit(good.product.unit)
    params: dict[str, Any] = {
        "product": str(good.product),
        "unit": formats.unit_name(measure.code),
        "places": measure.places,
    }
    problems: list[DomainError] = []
    for name, amount in (("quantity", item.quantity), ("tolerance", item.tolerance)):
        field = f"{name}-{item.good_id}"
        if not amount.is_finite() or amount >= LARGEST_NEED:
            problems.append(NeedTooLarge(field=field, **params))
        elif amount < 0:
            problems.append(NeedNegative(field=field, **params))
        elif amount % Decimal(1).scaleb(-min(measure.places, QUANTITY_PLACES)):
            wrong = NeedTooFine if measure.places else NeedNotWhole
            problems.append(wrong(field=field, **params))
    if item.tolerance > 0 and item.quantity == 0:
        problems.append(ToleranceAlone(field=f"quantity-{item.good_id}", **params))
    return problems


def _place(round_: PurchaseRound, place: DeliveryPlace | None) -> tuple[DeliveryPlace | None, DomainError | None]:
    places: list[DeliveryPlace] = list(round_.places.all())
    if place is None:
        return (places[0], None) if len(places) == 1 else (None, PlaceMissing())
    return (place, None) if place in places else (None, PlaceNotOfRound())


def coordinates(actor: Actor, participation: Participation) -> bool:
    """Whether the actor speaks for the enterprise itself, rather than for the centre."""
    return actor.holds(ENTERPRISE_COORDINATOR, participation.enterprise_id)


def _told_by_problems(participation: Participation, told_by: str, actor: Actor) -> list[DomainError]:
    return [] if told_by.strip() or coordinates(actor, participation) else [ToldByMissing()]


def _save_needs(participation: Participation, wanted: dict[int, NeedItem]) -> dict[str, str]:
    """Make the stored needs those wanted; returns what changed, by product: "10 + 2 → 12 + 2"."""
    stored = {need.good_id: need for need in participation.needs.select_related("good__product")}
    names = {need.good_id: str(need.good) for need in stored.values()}
    missing = wanted.keys() - names.keys()
    names |= {good.pk: str(good) for good in RoundGood.objects.filter(pk__in=missing).select_related("product")}
    moment = clock.now()
    changes: dict[str, str] = {}
    new, changed = [], []
    for good_id, item in wanted.items():
        need = stored.pop(good_id, None)
        if need is None:
            changes[names[good_id]] = f"→ {_words(item.quantity, item.tolerance)}"
            new.append(
                Need(
                    network_id=participation.network_id, participation=participation, good_id=good_id,
                    quantity=item.quantity, tolerance=item.tolerance, updated_at=moment,
                )
            )  # fmt: skip
        elif (need.quantity, need.tolerance) != (item.quantity, item.tolerance):
            before = _words(need.quantity, need.tolerance)
            changes[names[good_id]] = f"{before} → {_words(item.quantity, item.tolerance)}"
            need.quantity, need.tolerance, need.updated_at = item.quantity, item.tolerance, moment
            changed.append(need)
    for good_id, need in stored.items():
        changes[names[good_id]] = f"{_words(need.quantity, need.tolerance)} →"
    Need.objects.bulk_create(new, batch_size=500)
    Need.objects.bulk_update(changed, ["quantity", "tolerance", "updated_at"], batch_size=200)
    Need.objects.filter(pk__in=[need.pk for need in stored.values()]).delete()
    return changes


def _words(quantity: Decimal, tolerance: Decimal) -> str:
    return plain(quantity) + (f" + {plain(tolerance)}" if tolerance else "")


def _answer(
    participation: Participation, state: str, *, place: DeliveryPlace | None, remark: str, told_by: str, actor: Actor
) -> None:
    moment = clock.now()
    if participation.state != state:
        participation.answered_at = moment
    participation.state = state
    participation.place = place
    participation.updated_at = moment
    participation.answered_by_id = actor.person_id
    participation.told_by = "" if coordinates(actor, participation) else told_by.strip()[:120]
    participation.remark = remark.strip()[:240]
    participation.version += 1
    participation.save(
        update_fields=[
            "state", "place", "answered_at", "updated_at", "answered_by", "told_by", "remark", "version",
        ]
    )  # fmt: skip
