# SPDX-License-Identifier: AGPL-3.0-or-later
"""What surrounds every request: the person's language, the network of the address, domain errors in words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from mutirao.kernel import clock, tenancy
from mutirao.kernel.errors import DomainError
from mutirao.network import access
from mutirao.network.errors import TokenMissing
from mutirao.network.languages import as_read_in
from mutirao.network.models import Network
from mutirao.site.api.door import VERSION
from mutirao.site.api.problems import is_api
from mutirao.site.errors import domain_error_response

GetResponse = Callable[[HttpRequest], HttpResponse]


class PersonLanguageMiddleware:
    """The language a signed-in person chose goes before the browser's; a program says by itself in which it asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if not language or (is_api(request) and "Accept-Language" in request.headers):
            return self.get_response(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            return self.get_response(request)


class DeviceMiddleware:
    """Notes for the page of devices that this one is still in use; every ten minutes at most, for it writes."""

    EVERY_SECONDS = 600
    KEY = "device_seen_at"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.session_key:
            moment = int(clock.now().timestamp())
            if moment - int(request.session.get(self.KEY, 0)) >= self.EVERY_SECONDS:
                request.session[self.KEY] = moment
                with suppress(PermissionDenied):  # the address is not known: behind a socket, without its proxy named
                    UserSession.objects.create_from_request(request)
        return self.get_response(request)


class NetworkMiddleware:
    """Addresses below /rede/<slug>/ belong to a network: it becomes the active one, and `request.actor` who acts. So do
    the API's, below /api/v1/rede/<slug>/.

    Whoever holds no role there gets the same "not found" as for a network that does not exist.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.network = None  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        by_program = is_api(request)
        parts = request.path_info.removeprefix(VERSION if by_program else "").split("/", 3)
        if len(parts) < 3 or parts[1] != "rede":
            return self.get_response(request)
        try:
            found = access.enter_network(request.user, parts[2], via="api" if by_program else "screen")
        except access.NoLongerHere as error:
            return domain_error_response(request, error)
        if found is None:
            if not request.user.is_authenticated:
                return domain_error_response(request, TokenMissing()) if by_program else access.sign_in_first(request)
            return domain_error_response(request, access.UnknownNetwork())
        request.network, request.actor = found  # type: ignore[attr-defined]
        network: Network = request.network  # type: ignore[attr-defined]
        with tenancy.activated(network), timezone.override(network.time_zone), as_read_in(network, request):
            response = self.get_response(request)
            # Pages are rendered inside the network, never lazily after it is left.
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
            return response


class DomainErrorMiddleware:
    """A rule that said no becomes a page, a fragment or a problem document with what to do next."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return domain_error_response(request, exception)
        return None
