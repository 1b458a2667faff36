# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is missing in the chains: bought outside though made inside, used and made by nobody, made without a buyer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mutirao.territory.core.geo import Point, distance_km


@dataclass(frozen=True, slots=True)
class Link:
    """An enterprise makes a product, or uses it. `yearly` in the product's unit, None where nobody said how much.

    `sold` tells whether somebody is named who buys what is made.
    """

    enterprise: int
    product: int
    makes: bool
    yearly: Decimal | None = None
    sold: bool = False


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought from suppliers outside: in all, and what each enterprise took of it."""

    product: int
    quantity: Decimal
    value_minor: int
    asked: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """From somebody who makes to somebody who uses; whole kilometres, None where a place is unknown."""

    maker: int
    user: int
    km: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """One product with what is missing about it. `made` and `used` a year, None where nobody said; `bought` outside."""

    product: int
    makers: tuple[int, ...]
    users: tuple[int, ...]
    made: Decimal | None
    used: Decimal | None
    bought: Bought | None
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Gaps:
    """Each list by what weighs most: the value bought, else how many use or make it, else the product's number."""

    bought_outside: tuple[Gap, ...]
    made_by_nobody: tuple[Gap, ...]
    without_buyer: tuple[Gap, ...]


def find_gaps(
    links: Iterable[Link],
    bought: Iterable[Bought],
    places: Mapping[int, Point],
    *,
    bought_by_partners: Collection[int] = (),
) -> Gaps:
    """The three kinds of gap. `places` are (latitude, longitude) by enterprise; partners' goods count as sold."""
    makes: dict[int, list[Link]] = defaultdict(list)
    uses: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        (makes if link.makes else uses)[link.product].append(link)
    outside = {one.product: one for one in bought if one.quantity > 0}
    found: tuple[list[Gap], list[Gap], list[Gap]] = ([], [], [])
    for product in sorted({*makes, *uses, *outside}):
        gap = _gap(product, makes[product], uses[product], outside.get(product), places)
        others = set(gap.users) - set(gap.makers) if len(gap.makers) == 1 else set(gap.users)
        if gap.bought is not None and gap.makers and others:
            found[0].append(gap)
        if gap.users and not gap.makers:
            found[1].append(gap)
        sold = product in bought_by_partners or bool(others) or gap.bought is not None
        if gap.makers and not sold and not all(link.sold for link in makes[product]):
            found[2].append(gap)
    return Gaps(*(tuple(sorted(gaps, key=_weight)) for gaps in found))


def _weight(gap: Gap) -> tuple[int, int, int]:
    value = gap.bought.value_minor if gap.bought else 0
    return -value, -len(gap.users) - len(gap.makers), gap.product


def _gap(
    product: int, makes: Sequence[Link], uses: Sequence[Link], bought: Bought | None, places: Mapping[int, Point]
) -> Gap:
    makers = tuple(sorted(link.enterprise for link in makes))
    asked = {pk for pk, quantity in bought.asked.items() if quantity > 0} if bought else set()
    users = tuple(sorted({link.enterprise for link in uses} | asked))
    return Gap(product, makers, users, _sum(makes), _sum(uses), bought, nearest(makers, users, places))


def _sum(links: Sequence[Link]) -> Decimal | None:
    """What is said in all; None where nobody said anything."""
    said = [link.yearly for link in links if link.yearly is not None]
    return sum(said, Decimal(0)) if said else None


def nearest(makers: Iterable[int], users: Iterable[int], places: Mapping[int, Point]) -> tuple[Way, ...]:
    """For each user the nearest other maker, the shortest way first; unknown places last, then by number."""
    all_makers = sorted(makers)
    ways = []
    for user in sorted(users):
        reach = [Way(maker, user, _km(maker, user, places)) for maker in all_makers if maker != user]
        if reach:
            ways.append(min(reach, key=_short))
    return tuple(sorted(ways, key=_short))


def _km(one: int, other: int, places: Mapping[int, Point]) -> int | None:
    here, there = places.get(one), places.get(other)
    return None if here is None or there is None else round(distance_km(here, there))


def _short(way: Way) -> tuple[bool, int, int, int]:
    return way.km is None, way.km or 0, way.maker, way.user
