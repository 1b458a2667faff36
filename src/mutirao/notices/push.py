# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing a sealed message to a browser's push service."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from mutirao.kernel import clock
from mutirao.notices.core import webpush
from mutirao.notices.keys import push_key

TIMEOUT = 15
KEPT_SECONDS = 24 * 60 * 60
"""How long the push service keeps a message for a device that is off."""
VALID_SECONDS = 12 * 60 * 60


class DeviceGone(Exception):
    """The browser has unsubscribed: nothing reaches it any more."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def is_push_service(endpoint: str) -> bool:
    """Whether an address belongs to a push service of a known browser: the server calls no other address that somebody
    gives it. `*.` in a setting stands for any name below."""
    try:
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False
    for known in settings.PUSH_SERVICES:
        scheme, _colon, host = known.partition("://")
        if origin == known or (host.startswith("*.") and parts.scheme == scheme and parts.netloc.endswith(host[1:])):
            return parts.username is None
    return False


def send(endpoint: str, *, browser_key: str, auth: str, message: dict[str, str], urgent: bool) -> None:
    """Seal and send one message. Raises: DeviceGone; OSError when the service does not take it now; ValueError for an
    address or key that is none."""
    if not is_push_service(endpoint):
        raise ValueError("not a push service")
    parts = urlsplit(endpoint)
    body = webpush.seal(
        json.dumps(message, ensure_ascii=False).encode(),
        browser_key=webpush.unb64(browser_key),
        auth=webpush.unb64(auth),
        sender_key=ec.generate_private_key(ec.SECP256R1()),
        salt=os.urandom(16),
    )
    name = webpush.signed_name(
        push_key(),
        audience=f"{parts.scheme}://{parts.netloc}",
        subject=f"mailto:{settings.DEFAULT_FROM_EMAIL}",
        expires=int(clock.now().timestamp()) + VALID_SECONDS,
    )
    request = urllib.request.Request(  # noqa: S310 - the address was held against the known services
        endpoint,
        data=body,
        method="POST",
        headers={
            "Authorization": name,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_SECONDS),
            "Urgency": "high" if urgent else "normal",
        },
    )
    try:
        urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT).close()
    except urllib.error.HTTPError as refusal:
        refusal.close()
        if refusal.code in (404, 410):
            raise DeviceGone from None
        raise OSError(f"the push service answered {refusal.code}") from None
