# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files are streamed by the server as it can take them, without Django's warning and without being read whole."""

from __future__ import annotations

import asyncio
import warnings
from pathlib import Path
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest
from django.test import AsyncClient
from django.urls import path

from mutirao.site import asgi

SIZE = 20 << 20
given: dict[str, Path] = {}


def big(_request: HttpRequest) -> FileResponse:
    return FileResponse(given["file"].open("rb"), content_type="application/zip")


urlpatterns = [path("grande", big)]


@pytest.mark.urls(__name__)
def test_a_large_file_goes_out_piece_by_piece(tmp_path: Path) -> None:
    given["file"] = tmp_path / "a.zip"
    given["file"].write_bytes(b"0123456789abcdef" * (SIZE // 16))
    messages = [{"type": "http.request", "body": b""}]
    sizes: list[int] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await asyncio.sleep(600)  # the reader stays
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        sizes.append(len(message.get("body", b"")))

    scope = {"type": "http", "method": "GET", "path": "/grande", "headers": [], "query_string": b""}
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*synchronous iterators.*")
        asyncio.run(asgi.application(scope, receive, send))
    assert sum(sizes) == SIZE
    assert max(sizes) <= 1 << 18


def test_static_files_are_sent_without_a_warning() -> None:
    async def ask() -> tuple[int, bytes]:
        answer = await AsyncClient().get("/static/mutirao/device.js")
        return answer.status_code, b"".join([part async for part in answer.streaming_content])

    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*synchronous iterators.*")
        status, content = asyncio.run(ask())
    assert status == 200
    assert b"SPDX" in content
