# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of the catalogue, below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("produtos/", views.products, name="products"),
    path("produtos/novo/", views.product_new, name="product_new"),
    path("produtos/<int:pk>/", views.product, name="product"),
    path("produtos/<int:pk>/mudar/", views.product_edit, name="product_edit"),
    path("produtos/<int:pk>/uso/", views.product_use, name="product_use"),
    path("fornecedores/", views.suppliers, name="suppliers"),
    path("fornecedores/novo/", views.supplier_new, name="supplier_new"),
    path("fornecedores/<int:pk>/", views.supplier, name="supplier"),
    path("fornecedores/<int:pk>/mudar/", views.supplier_edit, name="supplier_edit"),
    path("fornecedores/<int:pk>/uso/", views.supplier_use, name="supplier_use"),
]
