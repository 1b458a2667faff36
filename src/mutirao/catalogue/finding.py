# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the search finds here: products and suppliers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.catalogue import queries
from mutirao.kernel import formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.search import Hit, Terms, register


def find_products(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Products by name, description, NCM or shelf."""
    rows = queries.find_products(queries.products_visible_to(actor), terms)[:limit]
    return [
        Hit(
            title=row.name,
            view="catalogue:product",
            key={"pk": row.pk},
            note=" · ".join(str(part) for part in (formats.unit_name(row.unit), row.category) if part),
        )
        for row in rows
    ]


def find_suppliers(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Suppliers by name, contact, registration or municipality."""
    rows = queries.find_suppliers(queries.suppliers_visible_to(actor), terms)[:limit]
    return [
        Hit(
            title=row.name,
            view="catalogue:supplier",
            key={"pk": row.pk},
            note=" · ".join(str(part) for part in (row.contact_name, row.place) if part),
        )
        for row in rows
    ]


register("product", find_products, label=_("Produtos"), order=20)
register("supplier", find_suppliers, label=_("Fornecedores"), order=30)
