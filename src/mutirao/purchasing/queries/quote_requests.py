# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests for quotes as the team reads them, and the goods as a supplier is shown them."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from mutirao.catalogue.models import Supplier
from mutirao.kernel.errors import NotFound
from mutirao.purchasing.models import PurchaseRound, Quote, QuoteFile, QuoteRequest
from mutirao.purchasing.queries.needs import ConsolidatedGood, consolidated
from mutirao.purchasing.queries.quotes import suppliers_to_quote


def requests_of(round_: PurchaseRound) -> QuerySet[QuoteRequest]:
    """A round's requests by supplier, with how many files came."""
    rows: QuerySet[QuoteRequest] = (
        QuoteRequest.objects.filter(round=round_)
        .select_related("supplier", "asked_by")
        .annotate(file_count=Count("files"))
        .order_by("supplier__folded")
    )
    return rows


def request_for(round_: PurchaseRound, request_id: int) -> QuoteRequest:
    """One request of a round. Raises: NotFound."""
    found = requests_of(round_).filter(pk=request_id).first()
    if found is None:
        raise NotFound
    found.round = round_
    return found


def suppliers_to_ask(round_: PurchaseRound) -> QuerySet[Supplier]:
    """Suppliers in use without a quote and without a link that works, by name."""
    asked = QuoteRequest.objects.filter(round=round_, revoked_at__isnull=True).values("supplier")
    return suppliers_to_quote(round_).exclude(pk__in=asked)


def goods_to_quote(round_: PurchaseRound) -> list[ConsolidatedGood]:
    """What a supplier is shown: what somebody asked for; everything on the list while needs still come in."""
    goods = consolidated(round_)
    return goods if round_.state == PurchaseRound.State.OPEN else [good for good in goods if good.quantity]


def file_for(round_: PurchaseRound, file_id: int) -> QuoteFile:
    """A file that a supplier of the round sent. Raises: NotFound."""
    found: QuoteFile | None = QuoteFile.objects.filter(request__round=round_, pk=file_id).first()
    if found is None:
        raise NotFound
    return found


def files_with(quote: Quote) -> QuerySet[QuoteFile]:
    """The files that came from a quote's supplier in its round."""
    rows: QuerySet[QuoteFile] = QuoteFile.objects.filter(
        request__round=quote.round_id, request__supplier=quote.supplier_id
    )
    return rows
