# SPDX-License-Identifier: AGPL-3.0-or-later
"""How rounds and orders are named where lower modules keep them as sources."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from mutirao.kernel import sources
from mutirao.kernel.sources import SourceLink
from mutirao.purchasing.models import PurchaseOrder, PurchaseRound
from mutirao.purchasing.operations.accounts import ORDER_SOURCE
from mutirao.purchasing.operations.sharing import ROUND_SOURCE


def _rounds(slug: str, ids: Collection[int]) -> dict[int, SourceLink]:
    return {
        pk: SourceLink(title, reverse("purchasing:accountability", kwargs={"slug": slug, "number": number}))
        for pk, title, number in PurchaseRound.objects.filter(pk__in=ids).values_list("pk", "title", "number")
    }


def _orders(slug: str, ids: Collection[int]) -> dict[int, SourceLink]:
    found = {}
    for order in PurchaseOrder.objects.filter(pk__in=ids).select_related("supplier", "round"):
        key = {"slug": slug, "number": order.round.number, "order_number": order.number}
        found[order.pk] = SourceLink(f"{order.number} · {order.supplier}", reverse("purchasing:order", kwargs=key))
    return found


sources.register_links(ROUND_SOURCE, _rounds)
sources.register_links(ORDER_SOURCE, _orders)
