# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which language a network's pages are read, and its papers written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import trans_real

from mutirao.network.models import Network


def _asks_for_a_known_one(request: HttpRequest) -> bool:
    known = {code.split("-")[0] for code, _name in settings.LANGUAGES}
    asked = trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return any(code.split("-")[0] in known for code, _weight in asked)


@contextmanager
def as_read_in(network: Network, request: HttpRequest) -> Iterator[None]:
    """The network's language for whoever chose none and whose browser asks for none that is spoken here."""
    chosen = getattr(request.user, "language", "") or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    if chosen or _asks_for_a_known_one(request):
        yield
        return
    with translation.override(network.language):
        request.LANGUAGE_CODE = network.language  # type: ignore[attr-defined]
        yield
