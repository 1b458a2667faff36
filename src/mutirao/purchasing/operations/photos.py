# SPDX-License-Identifier: AGPL-3.0-or-later
"""Photos made anew from their pixels: nothing of the uploaded file itself is kept."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

from mutirao.purchasing.errors import PhotoUnreadable

LARGEST_BYTES = 12 * 1024 * 1024
LARGEST_PIXELS = 60_000_000
LONGEST_SIDE = 1600


def readable_photo(file: Any) -> ContentFile[bytes]:
    """The photo as a JPEG of at most 1600 pixels a side, upright, without metadata.

    Raises: PhotoUnreadable when it is no JPEG, PNG or WebP picture, or larger than 12 MB or 60 megapixels.
    """
    if file.size > LARGEST_BYTES:
        raise PhotoUnreadable
    try:
        with Image.open(file, formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise PhotoUnreadable
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            buffer = BytesIO()
            upright.save(buffer, "JPEG", quality=82)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise PhotoUnreadable from None
    return ContentFile(buffer.getvalue())
