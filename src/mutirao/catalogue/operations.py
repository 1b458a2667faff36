# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every write of the catalogue: products with their shelves, and suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue import permissions
from mutirao.catalogue.errors import ProductAlreadyThere, SupplierAlreadyThere
from mutirao.catalogue.events import ProductUnitChanging
from mutirao.catalogue.models import Category, Product, Supplier
from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.core.quantities import UNITS
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import InvalidValue
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.work import emit, operation, record
from mutirao.network.country_names import require_country
from mutirao.network.models import Enterprise, Municipality, Network
from mutirao.network.operations.enterprises import read_phone, read_tax_id

PRODUCT_FIELDS = ("name", "unit", "category", "ncm", "description", "weight_kg")
SUPPLIER_FIELDS = (
    "name", "country", "tax_id_kind", "tax_id", "enterprise", "is_solidarity", "is_local", "municipality", "city",
    "contact_name", "phone", "email", "notes",
)  # fmt: skip
NCM_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductData:
    """What is said about a product. `category` by name; `weight_kg` is what one unit weighs."""

    name: str
    unit: str
    category: str = ""
    ncm: str = ""
    description: str = ""
    weight_kg: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierData:
    """What is said about a supplier. `tax_id` in any writing; `enterprise` when the supplier is one of the network.

    No `country` means the network's; `city` serves where there is no `municipality` of Brazil's list.
    """

    name: str
    country: str = ""
    tax_id: str = ""
    enterprise: Enterprise | None = None
    is_solidarity: bool = False
    is_local: bool = False
    municipality: Municipality | None = None
    city: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    notes: str = ""


# --- products --------------------------------------------------------------------------------------------------------


@operation
def add_product(network: Network, data: ProductData, *, actor: Actor, key: str = "") -> Product:
    """Put a product into the catalogue; the same form (`key`) sent again gives the same product.

    Raises: NotAllowed, InvalidValue, ProductAlreadyThere (same name in the same unit).
    """
    actor.require(permissions.EDIT_CATALOGUE, network)
    if not first_time("catalogue.add_product", key, network_id=network.pk):
        sent_before: Product | None = Product.objects.filter(folded=fold(data.name), unit=data.unit).first()
        if sent_before is not None:
            return sent_before
    product = Product(network=network)
    _fill_product(product, data, actor)
    _save_product(product)
    record(actor, "catalogue.product_added", product, **_said(product, PRODUCT_FIELDS))
    return product


@operation
def edit_product(product: Product, data: ProductData, *, actor: Actor, seen: str = "") -> Product:
    """Change a product. `seen` is the version the form was filled from (kernel.changes.version).

    Upper modules may refuse another unit once quantities were noted in the old one.
    Raises: NotAllowed, StaleEdit, InvalidValue, ProductAlreadyThere.
    """
    actor.require(permissions.EDIT_CATALOGUE, product)
    product = lock(product)
    check_seen(product, PRODUCT_FIELDS, seen)
    before = snapshot(product, PRODUCT_FIELDS)
    _fill_product(product, data, actor)
    changed = differences(before, snapshot(product, PRODUCT_FIELDS))
    if changed:
        if "unit" in changed:
            emit(ProductUnitChanging(product.network_id, product.pk, before["unit"], product.unit))
        _save_product(product, update_fields=list(changed))
        record(actor, "catalogue.product_edited", product, changes=changed)
    return product


@operation
def use_product(product: Product, *, in_use: bool, actor: Actor, reason: str = "") -> Product:
    """Take a product out of use for new rounds, or back into use. Raises: NotAllowed."""
    actor.require(permissions.EDIT_CATALOGUE, product)
    product = lock(product)
    if product.is_active != in_use:
        product.is_active = in_use
        product.save(update_fields=["is_active"])
        act = "catalogue.product_reused" if in_use else "catalogue.product_retired"
        record(actor, act, product, reason=reason.strip())
    return product


@operation
def category_named(name: str, *, actor: Actor) -> Category | None:
    """The shelf of that name in the active network, begun when it is new; None for no name."""
    name = " ".join(name.split())
    if not fold(name):
        return None
    found: Category | None = Category.objects.filter(folded=fold(name)).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            begun: Category = Category.objects.create(name=name, network_id=tenancy.active_network_id())
    except IntegrityError:  # somebody else just began it
        existing: Category = Category.objects.get(folded=fold(name))
        return existing
    record(actor, "catalogue.category_added", begun)
    return begun


def _fill_product(product: Product, data: ProductData, actor: Actor) -> None:
    name = " ".join(data.name.split())
    if not fold(name):
        raise InvalidValue(_("Informe o nome."), field="name")
    if data.unit not in UNITS:
        raise InvalidValue(_("Escolha a unidade."), field="unit")
    if data.weight_kg is not None and data.weight_kg <= 0:
        raise InvalidValue(_("O peso tem que ser maior que zero."), field="weight_kg")
    product.name, product.unit = name, data.unit
    product.ncm, product.description = read_ncm(data.ncm), data.description.strip()
    product.weight_kg = data.weight_kg
    product.category = category_named(data.category, actor=actor)


def read_ncm(text: str) -> str:
    """A Mercosur goods code in any writing as its 8 digits; empty stays empty. Raises: InvalidValue."""
    digits = "".join(mark for mark in text if mark not in " .-")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == NCM_DIGITS):
        raise InvalidValue(_("O NCM tem 8 algarismos; confira na nota fiscal."), field="ncm")
    return digits


def _save_product(product: Product, **kwargs: Any) -> None:
    try:
        with transaction.atomic():
            product.save(**kwargs)
    except IntegrityError:
        twins = Product.objects.exclude(pk=product.pk).filter(folded=fold(product.name), unit=product.unit)
        if (twin := twins.first()) is None:
            raise
        raise ProductAlreadyThere(name=twin.name, unit=twin.unit) from None


# --- suppliers -------------------------------------------------------------------------------------------------------


@operation
def add_supplier(network: Network, data: SupplierData, *, actor: Actor, key: str = "") -> Supplier:
    """Note a supplier; the same form (`key`) sent again gives the same supplier.

    Raises: NotAllowed, InvalidTaxId, InvalidValue, SupplierAlreadyThere (same name or same registration).
    """
    actor.require(permissions.EDIT_CATALOGUE, network)
    if not first_time("catalogue.add_supplier", key, network_id=network.pk):
        sent_before: Supplier | None = Supplier.objects.filter(folded=fold(data.name)).first()
        if sent_before is not None:
            return sent_before
    supplier = Supplier(network=network)
    _fill_supplier(supplier, data)
    _save_supplier(supplier)
    record(actor, "catalogue.supplier_added", supplier, **_said(supplier, SUPPLIER_FIELDS))
    return supplier


@operation
def edit_supplier(supplier: Supplier, data: SupplierData, *, actor: Actor, seen: str = "") -> Supplier:
    """Change a supplier. `seen` is the version the form was filled from (kernel.changes.version).

    Raises: NotAllowed, StaleEdit, InvalidTaxId, InvalidValue, SupplierAlreadyThere.
    """
    actor.require(permissions.EDIT_CATALOGUE, supplier)
    supplier = lock(supplier)
    check_seen(supplier, SUPPLIER_FIELDS, seen)
    before = snapshot(supplier, SUPPLIER_FIELDS)
    _fill_supplier(supplier, data)
    if changed := differences(before, snapshot(supplier, SUPPLIER_FIELDS)):
        _save_supplier(supplier, update_fields=list(changed))
        record(actor, "catalogue.supplier_edited", supplier, changes=changed)
    return supplier


@operation
def use_supplier(supplier: Supplier, *, in_use: bool, actor: Actor, reason: str = "") -> Supplier:
    """Take a supplier out of use for new quotes, or back into use. Raises: NotAllowed."""
    actor.require(permissions.EDIT_CATALOGUE, supplier)
    supplier = lock(supplier)
    if supplier.is_active != in_use:
        supplier.is_active = in_use
        supplier.save(update_fields=["is_active"])
        act = "catalogue.supplier_reused" if in_use else "catalogue.supplier_retired"
        record(actor, act, supplier, reason=reason.strip())
    return supplier


def _fill_supplier(supplier: Supplier, data: SupplierData) -> None:
    name = " ".join(data.name.split())
    if not fold(name):
        raise InvalidValue(_("Informe o nome."), field="name")
    country = require_country(data.country or supplier.network.country)
    if data.municipality is not None and country != "BR":
        raise InvalidValue(_("A lista de municípios é do Brasil. Para outro país, escreva a cidade."), field="city")
    tax_id = read_tax_id(data.tax_id, country)
    supplier.name, supplier.country = name, country
    supplier.tax_id_kind, supplier.tax_id = tax_id.kind, tax_id.number
    supplier.city = "" if data.municipality else " ".join(data.city.split())
    supplier.enterprise, supplier.municipality = data.enterprise, data.municipality
    supplier.is_solidarity, supplier.is_local = data.is_solidarity, data.is_local
    supplier.contact_name, supplier.phone = data.contact_name.strip(), _phone(data.phone, supplier)
    supplier.email, supplier.notes = data.email.strip().lower(), data.notes.strip()


def _phone(text: str, supplier: Supplier) -> str:
    # What came unchecked from a list may stay while other things are put right.
    return supplier.phone if text.strip() == supplier.phone else read_phone(text, supplier.country)


def _save_supplier(supplier: Supplier, **kwargs: Any) -> None:
    try:
        with transaction.atomic():
            supplier.save(**kwargs)
    except IntegrityError:
        others = Supplier.objects.exclude(pk=supplier.pk)
        if supplier.tax_id and (twin := others.filter(country=supplier.country, tax_id=supplier.tax_id).first()):
            words = _("O registro %(tax_id)s já é do fornecedor “%(name)s”.")
            raise SupplierAlreadyThere(words, field="tax_id", tax_id=supplier.tax_id_written, name=twin.name) from None
        if twin := others.filter(folded=fold(supplier.name)).first():
            words = _("Já existe o fornecedor “%(name)s” nesta rede.")
            raise SupplierAlreadyThere(words, field="name", name=twin.name) from None
        raise


def _said(row: Product | Supplier, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in snapshot(row, fields).items() if value not in (None, "", False)}
