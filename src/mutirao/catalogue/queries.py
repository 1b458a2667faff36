# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of the catalogue; each takes the actor it reads for."""

from __future__ import annotations

from django.db.models import Case, Q, QuerySet, Value, When

from mutirao.catalogue import permissions
from mutirao.catalogue.models import Product, Supplier
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotFound
from mutirao.kernel.search import Terms
from mutirao.network.core import tax_ids
from mutirao.network.queries import looks_like_tax_id


def products_visible_to(actor: Actor) -> QuerySet[Product]:
    """The active network's products; everybody who takes part in the network sees them."""
    rows: QuerySet[Product] = Product.objects.select_related("category")
    return rows if actor.can_somewhere(permissions.SEE_CATALOGUE) else rows.none()


def product_for(actor: Actor, pk: int) -> Product:
    """One product. Raises: NotFound when it is not there for this person."""
    found = products_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def find_products(rows: QuerySet[Product], terms: Terms) -> QuerySet[Product]:
    """Those that have every word in name, description, NCM or shelf; names that begin so come first."""
    if not terms:
        return rows
    begins = Case(When(folded__startswith=" ".join(terms.words), then=Value(0)), default=Value(1))
    return rows.filter(terms.within("findable", "category__folded")).order_by(begins, "folded", "unit")


def suppliers_visible_to(actor: Actor) -> QuerySet[Supplier]:
    """The active network's suppliers; everybody who takes part in the network sees them."""
    rows: QuerySet[Supplier] = Supplier.objects.select_related("municipality", "enterprise")
    return rows if actor.can_somewhere(permissions.SEE_CATALOGUE) else rows.none()


def supplier_for(actor: Actor, pk: int) -> Supplier:
    """One supplier. Raises: NotFound when it is not there for this person."""
    found = suppliers_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def find_suppliers(rows: QuerySet[Supplier], terms: Terms) -> QuerySet[Supplier]:
    """Those that have every word in name, contact, registration or municipality; names that begin so come first."""
    if not terms:
        return rows
    condition = terms.within("findable", "municipality__folded")
    if looks_like_tax_id(terms):
        condition |= Q(tax_id__startswith=terms.compact.upper())
    begins = Case(When(folded__startswith=" ".join(terms.words), then=Value(0)), default=Value(1))
    return rows.filter(condition).order_by(begins, "folded")


def supplier_tax_id_words(actor: Actor, supplier: Supplier) -> str:
    """The registration as the actor may see it: of a CPF only the middle for those who need not know it."""
    whole = actor.can(permissions.SEE_CATALOGUE)
    return supplier.tax_id_written if whole else tax_ids.veiled(supplier.tax_id, supplier.tax_id_kind)
