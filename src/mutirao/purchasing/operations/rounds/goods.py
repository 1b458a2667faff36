# SPDX-License-Identifier: AGPL-3.0-or-later
"""The goods that a round buys: which, in what packs, in what order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Max

from mutirao.catalogue.models import Product
from mutirao.kernel import formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.quantities import QUANTITY_PLACES, unit
from mutirao.kernel.errors import DomainError, InvalidValue, SeveralProblems
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import (
    GoodAlreadyThere,
    GoodIsNeeded,
    GoodIsQuoted,
    GoodPackTooFine,
    GoodPackWrong,
    MinimumPacksWrong,
)
from mutirao.purchasing.models import (
    PurchaseRound,
    QuoteLine,
    RoundGood,
)
from mutirao.purchasing.operations.taking import (
    State,
    change_round,
    require_same_network,
    take_round,
)
from mutirao.purchasing.queries.prices import last_prices

CHANGING_GOODS = (State.DRAFT, State.OPEN)
LARGEST_PACK = Decimal(10) ** 6
MOST_PACKS = 10**6
"""Beyond these a comma was lost; together they stay within what the database keeps."""


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
