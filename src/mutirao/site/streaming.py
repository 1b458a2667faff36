# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files go out piece by piece under ASGI, where Django would read each whole into memory, and warn of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from itertools import islice

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

_AT_ONCE = 64
"""Pieces of a file (4 KB each) that are read in one turn of the request's thread."""


class StreamingMiddleware:
    """Gives what is streamed to the server as it can take it; stands outside of everything that streams or packs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(request, ASGIRequest) and isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _piece_by_piece(response.streaming_content)  # type: ignore[arg-type]
        return response


async def _piece_by_piece(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    def next_pieces(iterator: Iterator[bytes]) -> bytes:
        return b"".join(islice(iterator, _AT_ONCE))

    iterator = iter(parts)
    while pieces := await sync_to_async(next_pieces)(iterator):
        yield pieces
