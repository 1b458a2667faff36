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


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """ASGI: the life of the process here, every request to Django."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await _django(scope, receive, send)  # type: ignore[arg-type]
