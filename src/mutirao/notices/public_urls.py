# SPDX-License-Identifier: AGPL-3.0-or-later
"""Short addresses in messages, and the address in every letter that stops the letters; included at the root."""

from __future__ import annotations

from django.urls import path

from mutirao.notices import views

urlpatterns = [
    path("l/<slug:code>/", views.short_link, name="notices_short"),
    path("avisos/parar/<str:token>/", views.stop, name="notices_stop"),
]
