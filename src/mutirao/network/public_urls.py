# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses that need no role in a network: invitations, and the preparation of an empty installation."""

from __future__ import annotations

from django.urls import path

from mutirao.network.views import invitations, setup

urlpatterns = [
    path("convite/<str:token>/", invitations.invitation, name="invitation"),
    path("preparar/<str:token>/", setup.set_up, name="set_up"),
]
