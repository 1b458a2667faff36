# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying what enterprises make and use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from mutirao.catalogue.models import Product
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.work import operation, record
from mutirao.network.models import Enterprise, Network
from mutirao.territory import permissions
from mutirao.territory.errors import (
    LinkAlreadyThere,
    QuantityNotPositive,
)
from mutirao.territory.models import (
    ChainLink,
    months_to_mask,
)

LINK_FIELDS = ("quantity", "per", "season", "sold_to", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkData:
    """How much of a product, in its unit; months 1 to 12, none for the whole year."""

    quantity: Decimal | None = None
    per: str = ChainLink.Per.MONTH
    months: tuple[int, ...] = ()
    sold_to: str = ""
    note: str = ""

    def values(self, direction: str) -> dict[str, Any]:
        """As the row keeps them. Raises: QuantityNotPositive."""
        if self.quantity is not None and self.quantity <= 0:
            raise QuantityNotPositive
        makes = direction == ChainLink.Direction.MAKES
        return {
            "quantity": self.quantity,
            "per": ChainLink.Per(self.per),
            "season": months_to_mask(self.months),
            "sold_to": self.sold_to.strip()[:160] if makes else "",
            "note": self.note.strip()[:240],
        }


@operation
def add_link(
    enterprise: Enterprise, *, product: Product, direction: str, data: LinkData, actor: Actor, key: str = ""
) -> ChainLink | None:
    """Say that an enterprise makes or uses a product; None for the same form sent twice.

    Raises: LinkAlreadyThere, QuantityNotPositive.
    """
    actor.require(permissions.EDIT_CHAIN, enterprise)
    if not first_time("territory.link", key, network_id=enterprise.network_id):
        return None
    link = ChainLink(
        network_id=enterprise.network_id,
        enterprise=enterprise,
        product=product,
        direction=ChainLink.Direction(direction),
        **data.values(direction),
    )
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError:
        raise LinkAlreadyThere(enterprise=str(enterprise), product=str(product)) from None
    record(actor, "territory.link_added", link, **_told(link))
    return link


@operation
def edit_link(link: ChainLink, *, data: LinkData, actor: Actor, seen: str = "") -> ChainLink:
    """Change how much, when, and who buys. Raises: StaleEdit, QuantityNotPositive."""
    actor.require(permissions.EDIT_CHAIN, link)
    row = lock(link)
    check_seen(row, LINK_FIELDS, seen)
    _write_link(row, data, actor)
    return row


def _write_link(row: ChainLink, data: LinkData, actor: Actor) -> None:
    before = snapshot(row, LINK_FIELDS)
    for name, value in data.values(row.direction).items():
        setattr(row, name, value)
    if changed := differences(before, snapshot(row, LINK_FIELDS)):
        row.updated_at = clock.now()
        row.save(update_fields=[*changed, "updated_at"])
        record(actor, "territory.link_edited", row, changes=changed)


@operation
def remove_link(link: ChainLink, *, actor: Actor) -> None:
    """Say that an enterprise no longer makes or uses a product."""
    actor.require(permissions.EDIT_CHAIN, link)
    row = lock(link)
    record(actor, "territory.link_removed", row, **_told(row))
    row.delete()


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """One row of a sheet, or of a list that brings many at once."""

    enterprise: Enterprise
    product: Product
    direction: str
    data: LinkData


@operation
def save_links(network: Network, *, wanted: Sequence[LinkWanted], actor: Actor) -> int:
    """Add what is new and change what differs, many at once; how many rows that was. Raises: QuantityNotPositive."""
    for enterprise in {item.enterprise.pk: item.enterprise for item in wanted}.values():
        actor.require(permissions.EDIT_CHAIN, enterprise)
    there = {
        (link.enterprise_id, link.product_id, link.direction): link
        for link in ChainLink.objects.select_for_update(of=("self",)).select_related("enterprise", "product")
    }
    new: list[ChainLink] = []
    touched = 0
    for item in wanted:
        known = there.get((item.enterprise.pk, item.product.pk, item.direction))
        if known is None:
            new.append(
                ChainLink(
                    network_id=network.pk,
                    enterprise=item.enterprise,
                    product=item.product,
                    direction=ChainLink.Direction(item.direction),
                    **item.data.values(item.direction),
                )
            )
        else:
            _write_link(known, item.data, actor)
            touched += 1
    for link in ChainLink.objects.bulk_create(new, batch_size=500):
        record(actor, "territory.link_added", link, **_told(link))
    return len(new) + touched


def _told(link: ChainLink) -> dict[str, Any]:
    return {
        "enterprise": link.enterprise.name,
        "product": link.product.name,
        "direction": str(link.direction),
        **{name: value for name, value in snapshot(link, LINK_FIELDS).items() if value not in (None, "", 0)},
    }
