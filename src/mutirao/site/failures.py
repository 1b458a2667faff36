# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages for what went wrong: on our side, with a number to be told; and what was too large to be taken."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database and no session: they may be what is broken."""
    number = getattr(request, "request_id", "")
    return HttpResponse(render_to_string("500.html", {"request_id": number}), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A form that cannot be read; one that is too large says so (413)."""
    if isinstance(exception, _TOO_LARGE):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
        return render(request, "errors/too_large.html", {"limit": limit}, status=413)
    return render(request, "400.html", status=400)
