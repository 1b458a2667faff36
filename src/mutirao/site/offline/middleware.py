# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each answer tells the phone: whose it is, and whether it may be kept for reading without a connection."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponse]

WHO = "X-Who"
"""Whose session answered: the person's number, "-" for nobody. The same stands in the page (`data-who`)."""
MAY_KEEP = "X-Keep"
"""Only a page that says so is ever kept on the device."""
FROM_OUTBOX = "X-Outbox-Who"
"""Sent with a form that waited on the device: the person who filled it in."""
AHEAD = "X-Keep-Ahead"
"""Sent when a page is fetched to be kept, not to be looked at."""
TAG = "X-Keep-Tag"
"""Changes when the page does; a phone that has it sends it as `If-None-Match` and is spared the page. No `ETag`: the
browser's own store must not answer for a page that is looked at."""
PASSING = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": "|idempotency_key" value=")[^"]*"')
"""What is another at each look, though the page is the same."""

KEPT = frozenset(
    {
        "home",
        "network_home",
        "device",
        "purchasing:rounds",
        "purchasing:agenda",
        "purchasing:round",
        "purchasing:own_needs",
        "purchasing:need_list",
        "purchasing:need_summary",
        "purchasing:need_decline",
        "purchasing:orders",
        "purchasing:order",
        "purchasing:receive",
        "purchasing:distribution",
        "purchasing:accountability",
        "purchasing:share",
        "payments:charges",
        "payments:charge",
        "payments:pay",
        "payments:account",
        "payments:pay_account",
    }
)
"""What is read or filled in on the way: by the names of the addresses. Exports, settings, people's data, the trail and
whatever is not named here never stay on a phone."""


class OfflineMiddleware:
    """See the names above; one person's waiting form is never taken in under another's session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        who = str(request.user.pk) if request.user.is_authenticated else "-"
        claimed = request.headers.get(FROM_OUTBOX)
        if claimed is not None and claimed != who:
            answer: HttpResponse = JsonResponse(
                {"who": who, "title": _("Isto foi preenchido por outra pessoa.")}, status=409
            )
            answer[WHO] = who
            return answer
        is_ahead = AHEAD in request.headers
        answer = self._without_messages(request) if is_ahead else self.get_response(request)
        if answer.get("Content-Type", "").startswith("text/html"):
            answer[WHO] = who
            if who != "-" and request.method == "GET" and answer.status_code == 200 and _name(request) in KEPT:
                # A message is for now: what is kept is the page without it, fetched again.
                answer[MAY_KEEP] = "1" if is_ahead or not len(getattr(request, "_messages", ())) else "again"
                answer[TAG] = _tag(answer.content)
                if is_ahead and request.headers.get("If-None-Match") == answer[TAG]:
                    return _unchanged(answer)
        return answer

    def _without_messages(self, request: Any) -> HttpResponse:
        """A page fetched ahead shows no messages: they are for whoever looks, once."""
        kept, request._messages = request._messages, _NoMessages(request)
        try:
            return self.get_response(request)
        finally:
            request._messages = kept


class _NoMessages(BaseStorage):
    """Holds nothing and hands nothing out."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []


def _tag(content: bytes) -> str:
    lasting = PASSING.sub(rb"\1", content)
    return f'"{hashlib.sha256(lasting).hexdigest()[:20]}"'


def _unchanged(answer: HttpResponse) -> HttpResponse:
    return HttpResponse(status=304, headers={name: answer[name] for name in (WHO, MAY_KEEP, TAG)})


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
