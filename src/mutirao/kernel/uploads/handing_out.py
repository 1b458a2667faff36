# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kept files handed out so that no browser runs them on our address."""

from __future__ import annotations

import re
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from mutirao.kernel.uploads.names import safe_name

SHOWN_IN_PLACE = ("image/jpeg", "image/png", "image/webp", "audio/")
"""Only what cannot carry a script may open inside the browser; the rest is saved."""
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def serve(
    request: HttpRequest, file: Any, *, name: str, content_type: str, inline: bool = False, private: bool = True
) -> Any:
    """A kept file (a FieldFile or an open binary file) as an answer that no browser will run.

    Part of a file is given where it is asked for: phones play audio no other way.
    """
    handle = file.open("rb") if hasattr(file, "storage") else file
    size = handle.seek(0, 2) if not hasattr(file, "storage") else file.size
    handle.seek(0)
    inline = inline and content_type.startswith(SHOWN_IN_PLACE)
    part = _part_of(request.headers.get("Range", ""), size)
    response: Any
    if part is None:
        response = FileResponse(handle, content_type=content_type)
        response["Content-Length"] = str(size)
    else:
        first, last = part
        with handle:
            if first > last:
                response = HttpResponse(status=416)
                response["Content-Range"] = f"bytes */{size}"
                return response
            handle.seek(first)
            response = HttpResponse(handle.read(last - first + 1), content_type=content_type, status=206)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = content_disposition_header(not inline, safe_name(name)) or "inline"
    return harmless(response, private=private)


def _part_of(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the one range asked for; None for the whole, (1, 0) for a range that is not there."""
    match = _RANGE.fullmatch(header.strip())
    if not match or match[0] == "bytes=-":
        return None
    if not match[1]:
        return (max(0, size - int(match[2])), size - 1) if int(match[2]) and size else (1, 0)
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    return (first, last) if first < size else (1, 0)


def harmless(response: Any, *, private: bool = True) -> Any:
    """Headers for whatever people sent in: no sniffing, no scripts, in no frame, read by this address only."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    if private:
        response["Cache-Control"] = "private, max-age=3600"
    return response
