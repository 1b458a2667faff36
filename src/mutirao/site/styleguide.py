# SPDX-License-Identifier: AGPL-3.0-or-later
"""The living page of the design system (/estilo/) and the choice of light or dark."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("light", "dark")
ONE_YEAR = 365 * 24 * 60 * 60


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the person's choice of light, dark or "as the device" in a cookie that the server reads."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=ONE_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@cache
def icon_names() -> tuple[str, ...]:
    """Names of the icons in the sprite, in its order."""
    path = finders.find("mutirao/icons.svg")
    if not path:
        return ()
    with open(path, encoding="utf-8") as file:
        return tuple(re.findall(r'<symbol id="([\w-]+)"', file.read()))


def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component in both schemes, with the names to use."""
    return render(request, "site/estilo.html", {"icons": icon_names()})
