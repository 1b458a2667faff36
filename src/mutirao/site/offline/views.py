# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept on this device, and what the device asks when the connection is back."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mutirao.kernel import clock
from mutirao.site.offline.pages import home_of, pages_for


@require_safe
def device(request: HttpRequest) -> HttpResponse:
    """The page of what waits on this device. The device itself fills it in: the server knows nothing of it."""
    return render(request, "site/device.html")


@require_safe
def no_network(request: HttpRequest) -> HttpResponse:
    """What is shown in place of a page that was not kept."""
    return render(request, "site/no_network.html")


@never_cache
@require_safe
def who(request: HttpRequest) -> JsonResponse:
    """Who is signed in, a token for what waited, and the server's clock: the phone's own may be wrong.

    Nobody gets no token: its cookie, asked for in the background, would make void the one of the page for signing in
    that is being opened.
    """
    known = request.user.is_authenticated
    person, token = (str(request.user.pk), get_token(request)) if known else ("-", "")
    return JsonResponse({"who": person, "token": token, "now": clock.now().isoformat()})


@never_cache
@require_safe
def ahead(request: Any) -> HttpResponse:
    """Which pages to keep for whoever is signed in, each with its mark; none for nobody. A phone that has the list as
    it is gets a 304."""
    if not request.user.is_authenticated:
        return JsonResponse({"who": "-", "home": "", "pages": []})
    pages = pages_for(request.user)
    answer = JsonResponse({"who": str(request.user.pk), "home": home_of(request.user), "pages": pages})
    tag = f'"{hashlib.sha256(answer.content).hexdigest()[:20]}"'
    answer["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=answer) or answer
