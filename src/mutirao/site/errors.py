# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place where a domain error becomes an answer: page, fragment, problem document or form error."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mutirao.kernel import clock
from mutirao.kernel.errors import DomainError
from mutirao.site.api import problems


def domain_error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error as the kind of answer that was asked for."""
    if problems.wanted(request):
        return problems.problem_of(request, error)
    answer = render(request, "errors/domain.html", {"error": error}, status=error.status)
    if (again_at := getattr(error, "again_at", None)) is not None:
        answer["Retry-After"] = str(max(1, round((again_at - clock.now()).total_seconds())))
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose protection ran out, mostly after signing out in another tab."""
    answer = render(
        request,
        "403_csrf.html",
        {"message": _("Esta página ficou aberta tempo demais ou você saiu em outra aba.")},
        status=403,
    )
    answer["X-Token-Over"] = "1"  # for what waited on a phone: to be sent again with a new token
    return answer
