# SPDX-License-Identifier: AGPL-3.0-or-later
"""How rounds and orders are named where lower modules keep them as sources."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from mutirao.kernel import sources
from mutirao.purchasing.models import PurchaseOrder, PurchaseRound
from mutirao.purchasing.operations.accounts import ORDER_SOURCE
from mutirao.purchasing.operations.sharing import ROUND_SOURCE


def _round_url(slug: str, round_id: int) -> str:
    number = PurchaseRound.objects.filter(pk=round_id).values_list("number", flat=True).first()
    return reverse("purchasing:accountability", kwargs={"slug": slug, "number": number}) if number else ""


def _round_labels(ids: Collection[int]) -> dict[int, str]:
    return dict(PurchaseRound.objects.filter(pk__in=ids).values_list("pk", "title"))


def _order_url(slug: str, order_id: int) -> str:
    order = PurchaseOrder.objects.filter(pk=order_id).select_related("round").first()
    if order is None:
        return ""
    key = {"slug": slug, "number": order.round.number, "order_number": order.number}
    return reverse("purchasing:order", kwargs=key)


def _order_labels(ids: Collection[int]) -> dict[int, str]:
    rows = PurchaseOrder.objects.filter(pk__in=ids).select_related("supplier")
    return {order.pk: f"{order.number} · {order.supplier}" for order in rows}


sources.register(ROUND_SOURCE, _round_url, _round_labels)
sources.register(ORDER_SOURCE, _order_url, _order_labels)
