# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of the territory; each takes the actor it reads for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from mutirao.catalogue.models import Product
from mutirao.catalogue.queries import products_visible_to
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotFound
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Enterprise
from mutirao.network.queries import enterprises_visible_to
from mutirao.territory import outside, permissions
from mutirao.territory.core.chain import Gaps, Link, find_gaps
from mutirao.territory.core.geo import Point
from mutirao.territory.models import Agreement, ChainLink, Meeting, Partner, PartnerPerson, PublicCall

LOOKED_BACK = dt.timedelta(days=365)
"""How far back purchases count for what is missing: a year, so that every season is in it."""
CHANGED_BY = frozenset(
    {
        "territory.agreement_corrected", "territory.agreement_struck",
        "territory.meeting_corrected", "territory.meeting_struck",
        "territory.call_edited", "territory.call_struck",
    }
)  # fmt: skip
"""What the trail says where something that was written down was changed after."""
Entry = TypeVar("Entry", Agreement, Meeting, PublicCall)
NEXT_STEP_AHEAD, CALL_AHEAD = dt.timedelta(days=14), dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the map, in degrees, its edges included."""

    south: Decimal
    west: Decimal
    north: Decimal
    east: Decimal


# --- who makes and uses what -----------------------------------------------------------------------------------------


def links_visible_to(actor: Actor) -> QuerySet[ChainLink]:
    """What the network's active enterprises make and use; everybody in the network sees it."""
    rows: QuerySet[ChainLink] = ChainLink.objects.select_related("enterprise", "product")
    return rows if actor.can_somewhere(permissions.SEE_TERRITORY) else rows.none()


def links_of(enterprise: Enterprise, actor: Actor) -> list[ChainLink]:
    """What one enterprise makes, then what it uses, by name."""
    return list(links_visible_to(actor).filter(enterprise=enterprise).order_by("direction", "product__folded"))


def link_for(actor: Actor, enterprise: Enterprise, pk: int) -> ChainLink:
    """One line of an enterprise. Raises: NotFound."""
    found = links_visible_to(actor).filter(enterprise=enterprise, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def products_in_chain(actor: Actor) -> QuerySet[Product]:
    """The products that somebody makes or uses."""
    return products_visible_to(actor).filter(Exists(ChainLink.objects.filter(product=OuterRef("pk"))))


def enterprises_on_map(actor: Actor) -> QuerySet[Enterprise]:
    """The active enterprises."""
    if not actor.can_somewhere(permissions.SEE_TERRITORY):
        return Enterprise.objects.none()  # type: ignore[no-any-return]
    return enterprises_visible_to(actor).filter(is_active=True)


def with_links(enterprises: Iterable[Enterprise]) -> list[Enterprise]:
    """Enterprises with what they make and use, in one query more."""
    rows = list(enterprises)
    links = ChainLink.objects.select_related("product").order_by("product__folded")
    prefetch_related_objects(rows, Prefetch("chain_links", links))
    return rows


def directions_of(product: Product) -> dict[int, set[str]]:
    """Who makes a product and who uses it, by the enterprise's number."""
    found: dict[int, set[str]] = {}
    for enterprise, direction in ChainLink.objects.filter(product=product).values_list("enterprise_id", "direction"):
        found.setdefault(enterprise, set()).add(direction)
    return found


def within(rows: QuerySet[Enterprise], area: Area) -> QuerySet[Enterprise]:
    """Enterprises that lie in an area by their own place, else by their municipality's."""
    own = Q(latitude__range=(area.south, area.north), longitude__range=(area.west, area.east))
    return rows.filter(own | Q(Q(latitude=None) | Q(longitude=None), **_town_within(area)))


def partners_within(rows: QuerySet[Partner], area: Area) -> QuerySet[Partner]:
    """Partners whose municipality lies in an area."""
    return rows.filter(**_town_within(area))


def _town_within(area: Area) -> dict[str, Any]:
    return {
        "municipality__latitude__range": (area.south, area.north),
        "municipality__longitude__range": (area.west, area.east),
    }


def enterprises_with(rows: QuerySet[Enterprise], *, product: Product | None, direction: str) -> QuerySet[Enterprise]:
    """Those that make or use (either, for an empty direction) a product, or anything at all for None."""
    if product is None and not direction:
        return rows
    links = ChainLink.objects.filter(enterprise=OuterRef("pk"))
    if product is not None:
        links = links.filter(product=product)
    if direction:
        links = links.filter(direction=direction)
    return rows.filter(Exists(links))


def places_of(enterprises: Iterable[Enterprise]) -> dict[int, Point]:
    """Where enterprises are, in degrees; those whose place is unknown are left out."""
    return {
        row.pk: (float(position[0]), float(position[1]))
        for row in enterprises
        if (position := row.position) is not None
    }


# --- what is missing -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """The gaps of the chains with the rows they speak of."""

    gaps: Gaps
    products: Mapping[int, Product]
    enterprises: Mapping[int, Enterprise]
    since: dt.date
    said: int
    """How many lines enterprises have written: with none, nothing can be told."""


def missing(actor: Actor) -> Missing:
    """What is bought outside though made inside, used and made by nobody, made without a buyer; the last year."""
    since = clock.today() - LOOKED_BACK
    links = list(links_visible_to(actor).filter(enterprise__is_active=True).select_related(None))
    enterprises = {row.pk: row for row in enterprises_visible_to(actor).filter(is_active=True)} if links else {}
    bought = outside.bought_since(since) if links else []
    partners = set(Partner.objects.filter(is_active=True).values_list("products", flat=True)) - {None}
    gaps = find_gaps(
        [
            Link(
                link.enterprise_id,
                link.product_id,
                link.direction == ChainLink.Direction.MAKES,
                link.yearly,
                bool(link.sold_to),
            )
            for link in links
        ],
        [
            outside.Bought(
                one.product,
                one.quantity,
                one.value_minor,
                {pk: quantity for pk, quantity in one.asked.items() if pk in enterprises},
            )
            for one in bought
        ],
        places_of(enterprises.values()),
        bought_by_partners=partners,
    )
    wanted = {gap.product for kind in (gaps.bought_outside, gaps.made_by_nobody, gaps.without_buyer) for gap in kind}
    products = {row.pk: row for row in products_visible_to(actor).filter(pk__in=wanted)}
    return Missing(gaps, products, enterprises, since, len(links))


# --- partners --------------------------------------------------------------------------------------------------------


def partners_visible_to(actor: Actor) -> QuerySet[Partner]:
    """The actors of the territory; everybody in the network may read who they are and what was agreed."""
    rows: QuerySet[Partner] = Partner.objects.select_related("municipality", "next_step_by", "network")
    return rows if actor.can_somewhere(permissions.SEE_PARTNERS) else rows.none()


def partner_for(actor: Actor, pk: int) -> Partner:
    """One partner. Raises: NotFound."""
    found = partners_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def people_of(partner: Partner, actor: Actor) -> list[PartnerPerson] | None:
    """Whom to talk to at a partner; None for those who may not see it."""
    if not actor.can_somewhere(permissions.SEE_PARTNER_PEOPLE):
        return None
    return list(partner.people.all())


def calls_visible_to(actor: Actor) -> QuerySet[PublicCall]:
    """Public calls with their buyers, by deadline."""
    rows: QuerySet[PublicCall] = PublicCall.objects.select_related("partner__network")
    return rows if actor.can_somewhere(permissions.SEE_PARTNERS) else rows.none()


def call_for(actor: Actor, pk: int) -> PublicCall:
    """One public call. Raises: NotFound."""
    found = calls_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def open_calls(actor: Actor) -> QuerySet[PublicCall]:
    """Calls whose deadline is not over."""
    return calls_visible_to(actor).filter(closes_on__gte=clock.today(), struck_at=None)


def cancelled_calls(actor: Actor) -> QuerySet[PublicCall]:
    """Calls struck out before their deadline: calendars that have them take them off."""
    return calls_visible_to(actor).filter(closes_on__gte=clock.today()).exclude(struck_at=None)


def entry_for(actor: Actor, model: type[Entry], pk: int) -> Entry:
    """One agreement, talk or public call, struck out or not, with its partner. Raises: NotFound."""
    rows: QuerySet[Entry] = model.objects.select_related("partner__network").filter(pk=pk)
    found = rows.first() if actor.can_somewhere(permissions.SEE_PARTNERS) else None
    if found is None:
        raise NotFound
    return found


def last_changes(rows: Iterable[Agreement | Meeting | PublicCall]) -> dict[tuple[str, int], AuditEntry]:
    """Who corrected or struck out what last, and when, in one query: (kind, number of the row) → entry of the trail."""
    wanted = [(row._meta.label_lower, str(row.pk), row.network_id) for row in rows]
    if not wanted:
        return {}
    entries = AuditEntry.objects.filter(
        network_id=wanted[0][2],
        subject_kind__in={kind for kind, _pk, _network in wanted},
        subject_id__in={pk for _kind, pk, _network in wanted},
        act__in=CHANGED_BY,
    )
    return {(entry.subject_kind, int(entry.subject_id)): entry for entry in entries.order_by("sequence")}


def next_steps_due(actor: Actor) -> Sequence[Partner]:
    """Next steps that wait for this person within a fortnight, late ones too: its own; the team's for the team."""
    if not actor.can_somewhere(permissions.SEE_PARTNERS):
        return []
    mine = Q(next_step_by_id=actor.person_id) if actor.person_id else Q(pk__in=())
    if actor.can(permissions.EDIT_PARTNERS):
        mine |= Q(next_step_by__isnull=True)
    rows = partners_visible_to(actor).filter(mine, is_active=True).exclude(next_step="")
    return list(rows.filter(next_step_until__lte=clock.today() + NEXT_STEP_AHEAD).order_by("next_step_until"))


def calls_due(actor: Actor) -> Sequence[PublicCall]:
    """Undecided calls that close within a month, for those who prepare proposals."""
    if not actor.can(permissions.EDIT_PARTNERS):
        return []
    soon = open_calls(actor).filter(outcome__in=PublicCall.UNDECIDED, closes_on__lte=clock.today() + CALL_AHEAD)
    return list(soon.filter(partner__is_active=True))
