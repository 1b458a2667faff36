# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rounds at their stages, made by the operations that the screens call. The network must be active."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.test import Client
from tests import factories

from mutirao.catalogue.models import Product, Supplier
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network.models import Enterprise, Network, Person
from mutirao.purchasing.models import DeliveryPlace, Participation, PurchaseRound, Quote, RoundGood
from mutirao.purchasing.operations import needs, quotes, rounds
from mutirao.purchasing.operations.needs import NeedItem
from mutirao.purchasing.operations.quotes import BreakItem, LineItem, QuoteTerms


def place(**fields: Any) -> DeliveryPlace:
    return DeliveryPlace.objects.create(**{"name": f"Local {DeliveryPlace.objects.count() + 1}", **fields})


def draft_round(
    network: Network, actor: Actor, *, products: Sequence[Product] | None = None, days: int = 7, **details: Any
) -> PurchaseRound:
    """A round in preparation with everything that it needs to be opened: two products and one place."""
    given = {
        "title": "Farinhas de março",
        "decided_on": clock.today(),
        "decision_note": "Comprar juntos em março.",
        "places": [place()],
        **details,
    }
    round_ = rounds.open_draft_round(network, needs_until=clock.now() + dt.timedelta(days=days), actor=actor, **given)
    goods = [factories.product(), factories.product()] if products is None else list(products)
    if goods:
        rounds.add_goods(round_, products=goods, actor=actor)
    round_.refresh_from_db()
    return round_


def open_round(network: Network, actor: Actor, **details: Any) -> PurchaseRound:
    """A round that takes needs; enterprises made before are invited."""
    return rounds.open_round(draft_round(network, actor, **details), actor=actor)


def goods(round_: PurchaseRound) -> list[RoundGood]:
    return list(round_.goods.select_related("product"))


def participation(round_: PurchaseRound, enterprise: Enterprise) -> Participation:
    return Participation.objects.select_related("round", "enterprise").get(round=round_, enterprise=enterprise)


def items(round_: PurchaseRound, *quantities: str | tuple[str, str]) -> list[NeedItem]:
    """Needs of the round's goods in their order: "10" or ("10", "2") with tolerance; "" leaves a good out."""
    made = []
    for good, written in zip(goods(round_), quantities, strict=False):
        quantity, tolerance = written if isinstance(written, tuple) else (written, "0")
        if quantity:
            made.append(NeedItem(good.pk, Decimal(quantity), Decimal(tolerance)))
    return made


def enter(
    round_: PurchaseRound, enterprise: Enterprise, actor: Actor, *quantities: str | tuple[str, str], **details: Any
) -> Participation:
    """The enterprise's needs, told to the centre by phone."""
    return needs.enter_needs(
        participation(round_, enterprise),
        items=items(round_, *quantities),
        **{"place": None, "told_by": "Dona Lúcia", "actor": actor, **details},
    )


def line(good: RoundGood, *breaks: tuple[str, str] | str, **fields: Any) -> LineItem:
    """An offer for a good: "5.20", or ("from", "price") for each break."""
    steps = [("0", written) if isinstance(written, str) else written for written in breaks]
    return LineItem(
        good_id=good.pk, breaks=tuple(BreakItem(Decimal(start), Decimal(price)) for start, price in steps), **fields
    )


def quote(
    round_: PurchaseRound, actor: Actor, *lines: LineItem, supplier: Supplier | None = None, **terms: Any
) -> Quote:
    return quotes.enter_quote(
        round_, supplier=supplier or factories.supplier(), lines=lines, terms=QuoteTerms(**terms), actor=actor
    )


def signed_in(client: Client, role: str, enterprise: Enterprise | None = None) -> Person:
    """A new person with one role, signed in with this client."""
    someone = factories.person()
    factories.role(someone, role, enterprise)
    client.force_login(someone)
    return someone


def url(round_: PurchaseRound, path: str = "") -> str:
    """The address of a page of the round."""
    return f"/rede/{round_.network.slug}/rodadas/{round_.number}/{path}"
