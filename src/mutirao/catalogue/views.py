# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of products and suppliers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutirao.catalogue import operations, permissions, queries
from mutirao.catalogue.forms import ProductFilter, ProductForm, SupplierFilter, SupplierForm
from mutirao.catalogue.operations import PRODUCT_FIELDS, SUPPLIER_FIELDS
from mutirao.kernel import changes
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network import panels
from mutirao.network.access import NetworkRequest
from mutirao.network.paging import page_of
from mutirao.network.permissions import SEE_AUDIT
from mutirao.network.queries import require_somewhere


@require_GET
def products(request: NetworkRequest, slug: str) -> HttpResponse:
    """The list of products, filtered and in pages."""
    require_somewhere(request.actor, permissions.SEE_CATALOGUE)
    found = ProductFilter(request.GET, queryset=queries.products_visible_to(request.actor), request=request)
    context = {"filter": found, "page": page_of(request, found.qs), "may_edit": _may_edit(request)}
    return render(request, "catalogue/products.html", context)


@require_GET
def product(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """One product, and what upper modules have to show of it."""
    row = queries.product_for(request.actor, pk)
    context = {
        "product": row,
        "panels": panels.rendered("product", request, row),
        "may_edit": _may_edit(request),
        "may_audit": request.actor.can(SEE_AUDIT),
    }
    return render(request, "catalogue/product.html", context)


@require_http_methods(["GET", "POST"])
def product_new(request: NetworkRequest, slug: str) -> HttpResponse:
    """Put a product into the catalogue."""
    request.actor.require(permissions.EDIT_CATALOGUE, request.network)
    form = ProductForm(request.POST or None)
    key = request.POST.get("idempotency_key") or str(uuid.uuid4())
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.add_product(request.network, form.data_given(), actor=request.actor, key=key)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("“%(name)s” está no catálogo.") % {"name": row.name})
            return redirect("catalogue:product", slug=slug, pk=row.pk)
    context = {"form": form, "key": key, "keep": "product-new"}
    return render(request, "catalogue/product_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def product_edit(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Change a product."""
    row = queries.product_for(request.actor, pk)
    request.actor.require(permissions.EDIT_CATALOGUE, row)
    initial = ProductForm.initial_for(row) | {"seen": changes.version(row, PRODUCT_FIELDS)}
    form = ProductForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_product(row, form.data_given(), actor=request.actor, seen=form.cleaned_data["seen"])
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("O produto foi guardado."))
            return redirect("catalogue:product", slug=slug, pk=pk)
    context = {"form": form, "product": row, "keep": f"product-{pk}"}
    return render(request, "catalogue/product_form.html", context, status=422 if form.errors else 200)


@require_POST
def product_use(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Out of use or back; undone by the same button."""
    row = queries.product_for(request.actor, pk)
    row = operations.use_product(row, in_use=request.POST.get("in_use") == "1", actor=request.actor)
    messages.success(request, _("O produto voltou ao uso.") if row.is_active else _("O produto saiu de uso."))
    return redirect("catalogue:product", slug=slug, pk=pk)


@require_GET
def suppliers(request: NetworkRequest, slug: str) -> HttpResponse:
    """The list of suppliers, filtered and in pages."""
    require_somewhere(request.actor, permissions.SEE_CATALOGUE)
    found = SupplierFilter(request.GET, queryset=queries.suppliers_visible_to(request.actor), request=request)
    context = {"filter": found, "page": page_of(request, found.qs), "may_edit": _may_edit(request)}
    return render(request, "catalogue/suppliers.html", context)


@require_GET
def supplier(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """One supplier, and what upper modules have to show of it."""
    row = queries.supplier_for(request.actor, pk)
    context = {
        "supplier": row,
        "tax_id": queries.supplier_tax_id_words(request.actor, row),
        "panels": panels.rendered("supplier", request, row),
        "may_edit": _may_edit(request),
        "may_audit": request.actor.can(SEE_AUDIT),
    }
    return render(request, "catalogue/supplier.html", context)


@require_http_methods(["GET", "POST"])
def supplier_new(request: NetworkRequest, slug: str) -> HttpResponse:
    """Note a supplier."""
    request.actor.require(permissions.EDIT_CATALOGUE, request.network)
    form = SupplierForm(request.POST or None, network=request.network)
    key = request.POST.get("idempotency_key") or str(uuid.uuid4())
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.add_supplier(request.network, form.data_given(), actor=request.actor, key=key)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("“%(name)s” está entre os fornecedores.") % {"name": row.name})
            return redirect("catalogue:supplier", slug=slug, pk=row.pk)
    context = {"form": form, "key": key, "keep": "supplier-new"}
    return render(request, "catalogue/supplier_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def supplier_edit(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Change a supplier."""
    row = queries.supplier_for(request.actor, pk)
    request.actor.require(permissions.EDIT_CATALOGUE, row)
    initial = SupplierForm.initial_for(row) | {"seen": changes.version(row, SUPPLIER_FIELDS)}
    form = SupplierForm(request.POST or None, initial=initial, network=request.network)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_supplier(row, form.data_given(), actor=request.actor, seen=form.cleaned_data["seen"])
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("O fornecedor foi guardado."))
            return redirect("catalogue:supplier", slug=slug, pk=pk)
    context = {"form": form, "supplier": row, "keep": f"supplier-{pk}"}
    return render(request, "catalogue/supplier_form.html", context, status=422 if form.errors else 200)


@require_POST
def supplier_use(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Out of use or back; undone by the same button."""
    row = queries.supplier_for(request.actor, pk)
    row = operations.use_supplier(row, in_use=request.POST.get("in_use") == "1", actor=request.actor)
    messages.success(request, _("O fornecedor voltou ao uso.") if row.is_active else _("O fornecedor saiu de uso."))
    return redirect("catalogue:supplier", slug=slug, pk=pk)


def _may_edit(request: NetworkRequest) -> bool:
    return request.actor.can(permissions.EDIT_CATALOGUE)
