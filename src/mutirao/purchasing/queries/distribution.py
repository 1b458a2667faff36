# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who collects what, and what everybody would pay, as screens and the wall want it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet, Sum

from mutirao.purchasing.models import Allocation, Participation, PurchaseRound, Receipt
from mutirao.purchasing.queries.sharing import cost_shares, orders_still_out, usable_by_good


@dataclass(frozen=True, slots=True)
class Portion:
    """A good that an enterprise gets: `granted` of what it `asked`, of which `from_tolerance` beyond its need."""

    product: str
    unit: str
    asked: Decimal
    granted: Decimal
    from_tolerance: Decimal

    @property
    def missing(self) -> Decimal:
        """Asked for and not granted."""
        return max(self.asked - self.granted, Decimal(0))


@dataclass(slots=True)
class Basket:
    """Everything that one enterprise collects."""

    participation: Participation
    portions: list[Portion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GoodBalance:
    """A good as a whole: `amount` bought or come, `granted` to all, `leftover` that nobody takes, `missing` needs."""

    product: str
    unit: str
    asked: Decimal
    amount: Decimal
    granted: Decimal

    @property
    def leftover(self) -> Decimal:
        """Bought or come and wanted by nobody."""
        return max(self.amount - self.granted, Decimal(0))

    @property
    def missing(self) -> Decimal:
        """Asked for and not granted."""
        return max(self.asked - self.granted, Decimal(0))


def current_stage(round_: PurchaseRound) -> str:
    """The stage of allocation that counts now: what came, else what was planned."""
    came = Allocation.objects.filter(good__round=round_, stage=Allocation.Stage.RECEIVED).exists()
    return Allocation.Stage.RECEIVED if came else Allocation.Stage.PLANNED


def collecting(round_: PurchaseRound, *, stage: str) -> QuerySet[Participation]:
    """Participations that get something at a stage, by place and name."""
    gets = Allocation.objects.filter(participation=OuterRef("pk"), stage=stage, granted__gt=0)
    rows: QuerySet[Participation] = (
        Participation.objects.filter(Exists(gets), round=round_)
        .select_related("enterprise", "place")
        .order_by("place__name", "enterprise__folded", "pk")
    )
    return rows


def baskets(participations: Sequence[Participation], *, stage: str) -> list[Basket]:
    """What each of the given enterprises collects; two queries whatever their number."""
    found = {participation.pk: Basket(participation) for participation in participations}
    rows = (
        Allocation.objects.filter(participation__in=found, stage=stage)
        .select_related("good__product")
        .order_by("good__position", "good_id")
    )
    asked: dict[tuple[int, int], Decimal] = {
        (need.participation_id, need.good_id): need.quantity
        for participation in Participation.objects.filter(pk__in=found).prefetch_related("needs")
        for need in participation.needs.all()
    }
    for row in rows:
        found[row.participation_id].portions.append(
            Portion(
                product=row.good.product.name,
                unit=row.good.product.unit,
                asked=asked.get((row.participation_id, row.good_id), Decimal(0)),
                granted=row.granted,
                from_tolerance=row.from_tolerance,
            )
        )
    return list(found.values())


def good_balances(round_: PurchaseRound, *, stage: str) -> list[GoodBalance]:
    """Each good as a whole at a stage, summed by the database."""
    granted = dict(
        Allocation.objects.filter(good__round=round_, stage=stage).values_list("good_id").annotate(all=Sum("granted"))
    )
    goods = list(round_.goods.select_related("product").annotate(asked=Sum("needs__quantity")))
    if stage == Allocation.Stage.RECEIVED:
        amounts = usable_by_good(round_)
    else:
        amounts = defaultdict(Decimal)
        scenario = round_.scenarios.filter(is_chosen=True).first()
        for line in scenario.lines.select_related("quote_line") if scenario else ():
            amounts[line.quote_line.good_id] += line.quantity
    return [
        GoodBalance(
            product=good.product.name,
            unit=good.product.unit,
            asked=good.asked or Decimal(0),
            amount=amounts.get(good.pk, Decimal(0)),
            granted=granted.get(good.pk) or Decimal(0),
        )
        for good in goods
        if good.asked
    ]


@dataclass(frozen=True, slots=True)
class SharePreview:
    """What one enterprise would pay, in minor units."""

    enterprise: str
    goods_minor: int
    freight_minor: int
    fees_minor: int

    @property
    def total_minor(self) -> int:
        """Goods, freight and fees."""
        return self.goods_minor + self.freight_minor + self.fees_minor


Parts = dict[int, tuple[int, int, int]]
"""Participation id → goods, freight and fees, minor units."""


@dataclass(frozen=True, slots=True)
class CostPreview:
    """What charging would do, and what still stands in its way. `parts` in the order of the enterprises' names."""

    parts: Parts
    still_out: list[str]

    def __len__(self) -> int:
        return len(self.parts)

    def __getitem__(self, wanted: slice) -> list[SharePreview]:
        """A page of rows; the names are read for it alone."""
        keys = list(self.parts)[wanted]
        names = dict(Participation.objects.filter(pk__in=keys).values_list("pk", "enterprise__name"))
        return [SharePreview(names[pk], *self.parts[pk]) for pk in keys]

    @property
    def goods_minor(self) -> int:
        """Goods of all."""
        return sum(goods for goods, _freight, _fees in self.parts.values())

    @property
    def freight_minor(self) -> int:
        """Freight and other expenses of all."""
        return sum(freight for _goods, freight, _fees in self.parts.values())

    @property
    def fees_minor(self) -> int:
        """Fees of all."""
        return sum(fees for _goods, _freight, fees in self.parts.values())

    @property
    def total_minor(self) -> int:
        """Everything."""
        return self.goods_minor + self.freight_minor + self.fees_minor


def preview(round_: PurchaseRound) -> CostPreview:
    """What everybody would pay if costs were shared now; reckoned once for each state of what it is reckoned from."""
    out = [f"{order.number} ({order.supplier})" for order in orders_still_out(round_)]
    stages = (PurchaseRound.State.RECEIVED, PurchaseRound.State.ORDERED)
    if out or round_.state not in stages:
        return CostPreview({}, out)
    key = _state_of_costs(round_)
    shared: Parts | None = cache.get(key)
    if shared is None:
        shared = _shared_now(round_)
        cache.set(key, shared, KEPT_SECONDS)
    by_name = Participation.objects.filter(round=round_).order_by("enterprise__folded", "pk")
    return CostPreview({pk: shared[pk] for pk in by_name.values_list("pk", flat=True) if pk in shared}, [])


KEPT_SECONDS = 60 * 60


def _state_of_costs(round_: PurchaseRound) -> str:
    """Names everything that the shares are reckoned from: the round's version (which grows with every rule, receipt
    and state), its own token and the version of each receipt. Another state has another name: nothing old is shown."""
    receipts = Receipt.objects.filter(order__round=round_).order_by("order_id").values_list("order_id", "version")
    told = ",".join([round_.link_token, *(f"{order_id}-{version}" for order_id, version in receipts)])
    digest = hashlib.sha256(told.encode()).hexdigest()[:24]
    return f"purchasing.costs:{round_.network_id}:{round_.pk}:{round_.version}:{round_.state}:{digest}"


def _shared_now(round_: PurchaseRound) -> Parts:
    shares = cost_shares(round_)
    goods: dict[int, int] = defaultdict(int)
    freight: dict[int, int] = defaultdict(int)
    for part in shares.parts:
        goods[int(part.who)] += part.goods
        freight[int(part.who)] += part.freight
    return {pk: (goods[pk], freight[pk], shares.fees.get(str(pk), 0)) for pk in goods}
