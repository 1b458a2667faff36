# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who comes in by /api/: whoever sends a working token, and nobody by a cookie. Pages pass by untouched."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mutirao.kernel.errors import DomainError
from mutirao.kernel.limits import client_of, hold_back
from mutirao.network.errors import TokenReadsOnly, TokenRefused
from mutirao.network.models import AccessToken
from mutirao.network.operations import token_of
from mutirao.site.api import problems
from mutirao.site.api.problems import is_api

GetResponse = Callable[[HttpRequest], HttpResponse]

VERSION = "/api/v1"
URLS = "mutirao.site.api.urls"
MOST_A_MINUTE = 300
MOST_REFUSED_A_MINUTE = 30
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ApiDoorMiddleware:
    """Stands before the session's: cookies are not looked at; whatever goes wrong is told as a problem document.

    The addresses of the API are of a list of their own, so that their framework is loaded when the first program asks,
    and costs nobody else the time.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.urlconf = URLS  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if answer.status_code >= 400 and answer.get("Content-Type") != problems.CONTENT_TYPE:
            plain, answer = answer, problems.of_status(request, answer.status_code)
            if "Allow" in plain:
                answer["Allow"] = plain["Allow"]
        answer["Cache-Control"] = "no-store"
        return answer


class ApiTokenMiddleware:
    """Stands after the session's: the person is who the token belongs to."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request):
            try:
                self._let_in(request)
            except DomainError as error:
                return problems.problem_of(request, error)
        return self.get_response(request)

    def _let_in(self, request: HttpRequest) -> None:
        sent = request.headers.get("Authorization", "")
        token = self._token(request, sent) if sent else None
        if token is not None:
            request.user = token.person
        request.token = token  # type: ignore[attr-defined]
        hold_back("api", client_of(request), most=MOST_A_MINUTE, seconds=60)
        if token is not None and token.reads_only and request.method not in READING:
            raise TokenReadsOnly

    def _token(self, request: HttpRequest, sent: str) -> AccessToken:
        scheme, _space, secret = sent.partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise TokenRefused
            return token_of(secret.strip())
        except TokenRefused:
            hold_back("api.refused", client_of(request), most=MOST_REFUSED_A_MINUTE, seconds=60)
            raise
