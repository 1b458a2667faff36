# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.notices import views

app_name = "notices"
urlpatterns = [
    path("avisos/", views.inbox, name="inbox"),
    path("avisos/lidos/", views.mark_all_read, name="mark_all_read"),
    path("avisos/<int:pk>/abrir/", views.open_notice, name="open"),
    path("avisos/como/", views.settings, name="settings"),
    path("avisos/como/teste/", views.test, name="test"),
    path("avisos/como/aparelhos/", views.add_device, name="device_add"),
    path("avisos/como/aparelhos/<int:pk>/tirar/", views.remove_device, name="device_remove"),
]
