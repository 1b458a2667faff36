# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address. What belongs to a network lies below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("rede/<slug:slug>/", views.network_home, name="network_home"),
]

handler500 = "mutirao.site.views.server_error"
