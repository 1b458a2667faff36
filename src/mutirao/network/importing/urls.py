# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of the import, below /rede/<slug>/importar/; included by network/urls.py, whose names they share."""

from __future__ import annotations

from django.urls import path

from mutirao.network.importing import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("modelo/<slug:code>.<slug:form>", views.model, name="import_model"),
    path("previa/<slug:token>/", views.preview, name="import_preview"),
    path("previa/<slug:token>/confirmar/", views.confirm, name="import_confirm"),
    path("previa/<slug:token>/descartar/", views.discard, name="import_discard"),
    path("<slug:code>/", views.upload, name="import_upload"),
]
