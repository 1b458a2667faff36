# SPDX-License-Identifier: AGPL-3.0-or-later
"""The award of a round as its core wants it, and what was computed, as screens want it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from mutirao.kernel import clock
from mutirao.purchasing.core.award.problem import AwardProblem, ItemNeed, PriceBreak
from mutirao.purchasing.core.award.problem import Quote as CoreQuote
from mutirao.purchasing.core.award.problem import QuoteLine as CoreLine
from mutirao.purchasing.models import AwardScenario, PurchaseRound, PurchasingSettings, Quote, QuoteLine
from mutirao.purchasing.queries.packs import GoodToOrder, orders_by_rule
from mutirao.purchasing.queries.settings import settings_of
from mutirao.purchasing.queries.sharing import kilograms_of

ZERO = Decimal(0)
MAX_PREFERENCE = 99


def quotes_of(round_: PurchaseRound) -> list[Quote]:
    """Every quote of a round that was not withdrawn, with lines and breaks."""
    return list(
        Quote.objects.filter(round=round_, is_withdrawn=False)
        .select_related("supplier")
        .prefetch_related("lines__breaks", "lines__good__product")
        .order_by("pk")
    )


def quotes_in_force(round_: PurchaseRound) -> list[Quote]:
    """Quotes that can still be ordered from today."""
    today = clock.today()
    return [quote for quote in quotes_of(round_) if quote.valid_until is None or quote.valid_until >= today]


def expired_quotes(round_: PurchaseRound) -> list[Quote]:
    """Quotes of the round whose validity has ended: they are left out of every comparison."""
    return list(
        Quote.objects.filter(round=round_, is_withdrawn=False, valid_until__lt=clock.today()).select_related("supplier")
    )


def goods_to_order(round_: PurchaseRound, quotes: Iterable[Quote]) -> dict[int, GoodToOrder]:
    """What to order of each good by the round's rule: packs are the good's own, else the smallest that is quoted."""
    packs: dict[int, list[Decimal]] = defaultdict(list)
    for quote in quotes:
        for line in quote.lines.all():
            packs[line.good_id].append(line.pack_size)
    return orders_by_rule(round_, {good_id: min(sizes) for good_id, sizes in packs.items()})


def load_award_problem(round_: PurchaseRound) -> AwardProblem:
    """The award of a round: goods by id, suppliers by quote id, lines keyed by quote line id (all as text)."""
    quotes = quotes_in_force(round_)
    settings = settings_of(round_.network_id)
    to_order = goods_to_order(round_, quotes)
    return AwardProblem(
        needs=tuple(ItemNeed(str(good.good_id), good.ordered) for good in to_order.values() if good.ordered > 0),
        quotes=core_quotes(quotes, settings=settings, goods=to_order.keys()),
        max_suppliers=settings.max_suppliers or None,
        cost_per_supplier=settings.supplier_cost_minor,
    )


def core_quotes(
    quotes: Iterable[Quote], *, settings: PurchasingSettings, goods: Collection[int]
) -> tuple[CoreQuote, ...]:
    """Quotes as the core reads them, with only the lines of the given goods; quotes left without lines stay out."""
    result = []
    for quote in quotes:
        lines = [line for line in quote.lines.all() if line.good_id in goods and line.breaks.all()]
        if not lines:
            continue
        weights = kilograms_of({line.good_id: line.good.product for line in lines})
        result.append(
            CoreQuote(
                supplier=str(quote.pk),
                lines=tuple(_core_line(line, weights) for line in lines),
                minimum_order=quote.minimum_order_minor,
                freight=quote.freight_minor,
                freight_per_kg=quote.freight_per_kg,
                free_freight_from=quote.free_freight_from_minor,
                preference=_preference(quote, settings),
            )
        )
    return tuple(result)


def _core_line(line: QuoteLine, weights: Mapping[str, Decimal]) -> CoreLine:
    return CoreLine(
        item=str(line.good_id),
        breaks=tuple(PriceBreak(step.from_quantity, step.unit_price) for step in line.breaks.all()),
        pack_size=line.pack_size,
        available=line.available,
        unit_weight=weights.get(str(line.good_id), ZERO),
        key=str(line.pk),
    )


def _preference(quote: Quote, settings: PurchasingSettings) -> int:
    """Whole percent by which the network counts a supplier's goods as cheaper than they are."""
    percent = settings.solidarity_preference if quote.supplier.is_solidarity else 0
    percent += settings.local_preference if quote.supplier.is_local else 0
    return min(percent, MAX_PREFERENCE)


def freight_by_quote(scenario: AwardScenario) -> dict[int, int]:
    """Freight of each supplier's order in a scenario, minor units, by quote id."""
    return {int(quote_id): int(minor) for quote_id, minor in scenario.details.get("freight", {}).items()}


def scenarios_of(round_: PurchaseRound) -> list[AwardScenario]:
    """What was computed for a round, in the order best, single, by hand, alone."""
    order = [kind.value for kind in AwardScenario.Kind]
    rows = AwardScenario.objects.filter(round=round_).prefetch_related(
        "lines__quote_line__quote__supplier", "lines__quote_line__good__product"
    )
    return sorted(rows, key=lambda row: order.index(row.kind))
