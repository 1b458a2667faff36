# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server's entry. The embedded worker starts with the first process that serves and ends with it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutirao.site.settings")
_django = get_asgi_application()

from django.conf import settings  # noqa: E402 - settings and models are ready only after the line above
from django.utils.translation import gettext as _  # noqa: E402

from mutirao.kernel.jobs import Worker  # noqa: E402

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


async def _lifespan(receive: Receive, send: Send) -> None:
    worker = Worker() if settings.EMBEDDED_WORKER else None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            if worker:
                worker.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if worker:
                worker.stop(timeout=5)
            await send({"type": "lifespan.shutdown.complete"})
            return


def _bounded(receive: Receive) -> Receive:
    """Ends a request whose body goes on past the limit, whatever its length was said to be."""
    left = settings.MOST_REQUEST_BYTES

    async def bounded() -> dict[str, Any]:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if left < 0 else message

    return bounded


def _said_length(scope: dict[str, Any]) -> int:
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return int(said) if said.isdigit() else 0


async def _refuse_size(send: Send) -> None:
    """In plain words and without a page: nothing of the request is read."""
    words = _("O que você enviou é grande demais: de uma vez cabem até %(size)s MB.")
    body = (words % {"size": settings.MOST_REQUEST_BYTES >> 20}).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """ASGI: the life of the process here, every request to Django."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and _said_length(scope) > settings.MOST_REQUEST_BYTES:
        await _refuse_size(send)
    else:
        await _django(scope, _bounded(receive), send)  # type: ignore[arg-type]
