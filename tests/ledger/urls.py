# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program's addresses with those of the books among them."""

from django.urls import include, path

from mutirao.site.urls import handler500
from mutirao.site.urls import urlpatterns as site_urlpatterns

__all__ = ["handler500", "urlpatterns"]
_included = any(getattr(pattern, "app_name", "") == "ledger" for pattern in site_urlpatterns)
urlpatterns = [
    *site_urlpatterns,
    *([] if _included else [path("rede/<slug:slug>/", include("mutirao.ledger.urls"))]),
]
