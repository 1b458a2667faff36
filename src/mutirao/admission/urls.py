# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses below /rede/<slug>/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "admission"
urlpatterns: list[URLPattern] = []
