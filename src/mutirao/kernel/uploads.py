# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that people send: photos are made anew from their pixels, documents and sound are known by their first bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from mutirao.kernel.errors import InvalidValue

LARGEST_PHOTO = 12 * 1024 * 1024
LARGEST_PIXELS = 60_000_000
LONGEST_SIDE = 1600
MEGABYTE = 1024 * 1024


class PhotoUnreadable(InvalidValue):
    code = "photo_unreadable"
    message = _("Esta foto não pôde ser lida.")
    next_step = _("Tire outra foto ou escolha um arquivo JPG, PNG ou WebP de até 12 MB.")
    field = "photos"


class FileNotTaken(InvalidValue):
    code = "file_not_taken"
    message = _("Este arquivo não é %(wanted)s.")
    next_step = _("Mande um arquivo de outro formato.")
    field = "file"


class FileTooLarge(InvalidValue):
    code = "file_too_large"
    message = _("Este arquivo tem mais de %(limit)s MB.")
    next_step = _("Mande um arquivo menor, ou em partes.")
    field = "file"


def readable_photo(file: Any) -> ContentFile[bytes]:
    """The photo as a JPEG of at most 1600 pixels a side, upright, without metadata.

    Raises: PhotoUnreadable when it is no JPEG, PNG or WebP picture, or larger than 12 MB or 60 megapixels.
    """
    if file.size > LARGEST_PHOTO:
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


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file as it is kept and sent again."""

    suffix: str
    content_type: str


PDF = FileType(".pdf", "application/pdf")
OGG = FileType(".ogg", "audio/ogg")
MP3 = FileType(".mp3", "audio/mpeg")
M4A = FileType(".m4a", "audio/mp4")


def file_type(beginning: bytes) -> FileType | None:
    """What a file is by its first 16 bytes, whatever its name says; None for what is not taken.

    Source: ISO 32000 §7.5.2 (%PDF-), RFC 3533 (OggS), ID3v2 §3.1 and MPEG-1 audio layer III frame sync,
    ISO 14496-12 §4.3 (ftyp) with the brands of sound alone.
    """
    if beginning.startswith(b"%PDF-"):
        return PDF
    if beginning.startswith(b"OggS"):
        return OGG
    if beginning.startswith(b"ID3") or (beginning[:1] == b"\xff" and len(beginning) > 1 and _is_layer_three(beginning)):
        return MP3
    if beginning[4:8] == b"ftyp" and beginning[8:12] in (b"M4A ", b"M4B ", b"mp42", b"isom", b"mp41"):
        return M4A
    return None


def _is_layer_three(beginning: bytes) -> bool:
    """Eleven bits of sync, a version that exists, and layer III."""
    second = beginning[1]
    return second & 0xE0 == 0xE0 and second >> 3 & 3 != 1 and second >> 1 & 3 == 1


def check_file(file: Any, *, limits: Mapping[FileType, int], wanted: str) -> FileType:
    """The type of an uploaded file, told by its content; `limits` in bytes for the types that are taken here.

    Raises: FileNotTaken (`wanted` says what would be), FileTooLarge.
    """
    file.seek(0)
    found = file_type(file.read(16))
    file.seek(0)
    if found is None or found not in limits:
        raise FileNotTaken(wanted=wanted)
    if file.size > limits[found]:
        raise FileTooLarge(limit=limits[found] // MEGABYTE)
    return found
