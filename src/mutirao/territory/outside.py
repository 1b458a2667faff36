# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was bought from suppliers outside: upper modules that buy say it here, this module asks.

outside.register(bought_in_rounds)     # purchasing
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal

from mutirao.territory.core.chain import Bought

Provider = Callable[[dt.date], Iterable[Bought]]
"""(since) → what the active network bought outside since that day, at most one entry a product."""

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Say where purchases are known; called once, when the app is ready."""
    if provider not in _providers:
        _providers.append(provider)


def bought_since(day: dt.date) -> list[Bought]:
    """Everything bought outside since a day, one entry a product, by the product's number."""
    found: dict[int, Bought] = {}
    for provider in _providers:
        for one in provider(day):
            known = found.get(one.product)
            found[one.product] = one if known is None else _together(known, one)
    return [found[product] for product in sorted(found)]


def _together(one: Bought, other: Bought) -> Bought:
    asked = dict(one.asked)
    for enterprise, quantity in other.asked.items():
        asked[enterprise] = asked.get(enterprise, Decimal(0)) + quantity
    return Bought(one.product, one.quantity + other.quantity, one.value_minor + other.value_minor, asked)
