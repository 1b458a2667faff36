# SPDX-License-Identifier: AGPL-3.0-or-later
"""Short addresses that people send each other; included at the root."""

from __future__ import annotations

from django.urls import path

from mutirao.purchasing.views import links, supplier_page

urlpatterns = [
    path("p/<slug:token>/", links.round_link, name="round_link"),
    path("cotar/<slug:token>/", supplier_page.supplier_quote, name="supplier_quote"),
]
