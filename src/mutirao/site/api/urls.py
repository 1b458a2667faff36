# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of the API. The pages' come along: operations and letters name them."""

from __future__ import annotations

from django.urls import path

from mutirao.site.api.app import api
from mutirao.site.urls import handler400, handler500
from mutirao.site.urls import urlpatterns as pages

__all__ = ["handler400", "handler500", "urlpatterns"]

urlpatterns = [path("api/v1/", api.urls), *pages]
