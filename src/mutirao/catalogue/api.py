# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogue's part of the API: the products."""

from __future__ import annotations

from typing import Literal

from ninja import Query, Router, Schema

from mutirao.catalogue import permissions, queries
from mutirao.catalogue.forms import ProductFilter
from mutirao.kernel.api import Listing, Paging, Slug, Text, given, narrowed, part_of
from mutirao.network.access import NetworkRequest
from mutirao.network.queries import require_somewhere

router = Router(tags=["produtos"])


class ProductOut(Schema):
    """A product; needs, quotes and prices are in its unit."""

    id: int
    name: str
    unit: str
    category: str
    description: str
    ncm: str
    is_active: bool


class ProductsOut(Listing):
    """A part of the list of products."""

    items: list[ProductOut]


class ProductQuery(Paging):
    """The same filters as the page's; `category` by number. Without `situation`: those in use."""

    q: Text | None = None
    category: int | None = None
    situation: Literal["retired", "all"] | None = None


@router.get("/produtos", response=ProductsOut, summary="Os produtos da rede")
def products(request: NetworkRequest, slug: Slug, asked: Query[ProductQuery]) -> ProductsOut:
    require_somewhere(request.actor, permissions.SEE_CATALOGUE)
    visible = queries.products_visible_to(request.actor)
    rows, at = part_of(narrowed(ProductFilter(given(asked), queryset=visible, request=request)), asked)
    items = [
        ProductOut(
            id=row.pk, name=row.name, unit=row.unit, category=str(row.category or ""), description=row.description,
            ncm=row.ncm, is_active=row.is_active,
        )
        for row in rows
    ]  # fmt: skip
    return ProductsOut(items=items, **at)
