# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often somebody may try: counted in the cache, in windows of fixed length."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.errors import DomainError

R = TypeVar("R")


def tried_too_often(kind: str, who: str, *, most: int, seconds: int) -> bool:
    """Whether `who` has used up the tries of this window; looking does not count as a try."""
    return int(cache.get(_key(kind, who, seconds), 0)) >= most


def count_try(kind: str, who: str, *, seconds: int) -> None:
    """Note a try of `who`."""
    key = _key(kind, who, seconds)
    cache.add(key, 0, timeout=seconds)
    try:
        cache.incr(key)
    except ValueError:  # the window ended between the two
        cache.set(key, 1, timeout=seconds)


def _key(kind: str, who: str, seconds: int) -> str:
    window = int(clock.now().timestamp()) // seconds
    return f"limit:{kind}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


class TooManyTries(DomainError):
    """Too much at once; `at` says when it may be tried again."""

    code = "too_many_tries"
    status = 429
    message = _("Foram muitas vezes seguidas.")
    next_step = _("Tente de novo a partir das %(time)s.")

    def __init__(self, again_at: dt.datetime) -> None:
        super().__init__(time=f"{timezone.localtime(again_at):%H:%M}")
        self.again_at = again_at


def client_of(request: HttpRequest) -> str:
    """Who asks: the person signed in, else the address, as far as proxies in front are trusted to name it."""
    if request.user.is_authenticated:
        return f"person {request.user.pk}"
    proxies = int(getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0))
    named = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(named) >= proxies:
        return f"address {named[-proxies]}"
    return f"address {request.META.get('REMOTE_ADDR', '')}"


def limited(
    kind: str, *, most: int, seconds: int, methods: tuple[str, ...] = ("POST",)
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Decorate a view: at most `most` requests by `methods` in each window of `seconds` a person or address.

    Raises: TooManyTries.
    """

    def decorate(view: Callable[..., R]) -> Callable[..., R]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> R:
            if request.method in methods:
                hold_back(kind, client_of(request), most=most, seconds=seconds)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def hold_back(kind: str, who: str, *, most: int, seconds: int) -> None:
    """Count a try. Raises: TooManyTries when it is one too many."""
    if tried_too_often(kind, who, most=most, seconds=seconds):
        ends = (int(clock.now().timestamp()) // seconds + 1) * seconds
        raise TooManyTries(dt.datetime.fromtimestamp(ends, tz=dt.UTC))
    count_try(kind, who, seconds=seconds)
