# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file looked at and made harmless, or refused."""

from __future__ import annotations

import hashlib
import warnings
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from threading import BoundedSemaphore
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

from mutirao.kernel.core import pdf_safety
from mutirao.kernel.uploads.kinds import EXTENSIONS, LIMITS, MEGABYTE, Kind, kinds_in_words
from mutirao.kernel.uploads.names import safe_name
from mutirao.kernel.uploads.refusals import UploadRefused
from mutirao.kernel.uploads.signatures import audio_form, signature

MOST_PIXELS = 60_000_000
LONGEST_EDGE = 30_000
"""Pixels; a picture of 1 × 60,000,000 is no photograph."""
PHOTO_SIDE, DOCUMENT_SIDE = 1600, 2600
"""Longest side of what is kept, in pixels: to be looked at; to be read."""
MOST_MEMBERS = 2_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_RATIO = 400
_PICTURES_AT_A_TIME = BoundedSemaphore(2)
"""Sixty million pixels take 240 MB while they are made smaller; the others wait."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was looked at and may be kept."""

    kind: Kind
    name: str
    """As the person named it, without folders or tricks and with the extension of what it is; for showing."""
    content: bytes
    content_type: str
    extension: str

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """Fingerprint of what is kept, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    def as_file(self) -> ContentFile[bytes]:
        """For a FileField whose `upload_to` is `kept_below(…)`."""
        return ContentFile(self.content, name=f"file.{self.extension}")


def accept(file: Any, kinds: Collection[Kind], *, limit: int | None = None, longest_side: int = PHOTO_SIDE) -> Upload:
    """The file, made harmless, when it is one of `kinds`; pictures become JPEG of at most `longest_side` pixels.

    `limit` (bytes) lowers the kind's own. Raises: UploadRefused.
    """
    name = safe_name(file.name or "")
    roof = max(LIMITS[kind] for kind in kinds)
    _check_size(name, int(file.size), min(roof, limit or roof))
    file.seek(0)
    content: bytes = file.read(roof + 1)  # never more than may be, whatever the sender said of its size
    _check_size(name, len(content), min(roof, limit or roof))
    kind = _kind_of(content, name, kinds)
    _check_size(name, len(content), min(LIMITS[kind], limit or LIMITS[kind]))
    if kind is Kind.IMAGE:
        return Upload(kind, _named(name, "jpg"), _picture(content, name, longest_side), "image/jpeg", "jpg")
    if kind is Kind.PDF:
        _check_pdf(content, name)
        return Upload(kind, _named(name, "pdf"), content, "application/pdf", "pdf")
    extension, content_type = audio_form(content) if kind is Kind.AUDIO else _sheet_form(content, name)
    return Upload(kind, _named(name, extension), content, content_type, extension)


def _check_size(name: str, size: int, limit: int) -> None:
    if size == 0:
        raise UploadRefused("empty", name=name)
    if size > limit:
        raise UploadRefused("too_large", name=name, size=-(-size // MEGABYTE), limit=limit // MEGABYTE)


def _kind_of(content: bytes, name: str, kinds: Collection[Kind]) -> Kind:
    """What the first bytes say, when the name says the same and it may be sent. Raises: UploadRefused."""
    seen = signature(content)
    if seen in ("svg", "heic"):
        raise UploadRefused(seen, name=name)
    extension = PurePosixPath(name).suffix.lower().removeprefix(".")
    named = [kind for kind, several in EXTENSIONS.items() if extension in several]
    if seen == "text" and extension in ("csv", "tsv", "txt"):
        seen = Kind.SHEET
    if seen in tuple(Kind):
        if extension and seen not in named:
            raise UploadRefused("mismatch" if named else "kind", name=name, kinds=kinds_in_words(kinds))
        if seen in kinds:
            return Kind(seen)
    elif any(kind in kinds for kind in named):
        raise UploadRefused("mismatch", name=name)
    raise UploadRefused("kind", name=name, kinds=kinds_in_words(kinds))


def _named(name: str, extension: str) -> str:
    return f"{PurePosixPath(name).stem}.{extension}"


def _check_pdf(content: bytes, name: str) -> None:
    if problem := pdf_safety.first_problem(content):
        raise UploadRefused(f"pdf_{problem}", name=name)


def _picture(content: bytes, name: str, longest_side: int) -> bytes:
    """The picture as an upright JPEG without metadata, transparent parts white."""
    try:
        with _PICTURES_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is held below
            with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP", "GIF"]) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS or max(width, height) > LONGEST_EDGE:
                    raise UploadRefused("pixels", name=name, width=width, height=height)
                picture.draft("RGB", (longest_side, longest_side))  # a JPEG is decoded no larger than is kept
                upright: Image.Image = ImageOps.exif_transpose(picture)
                if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                    layers = upright.convert("RGBA")
                    layers.thumbnail((longest_side, longest_side))
                    upright = Image.new("RGB", layers.size, "white")
                    upright.paste(layers, mask=layers.getchannel("A"))
                upright = upright.convert("RGB")
                upright.thumbnail((longest_side, longest_side))
                buffer = BytesIO()
                upright.save(buffer, "JPEG", quality=84)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        raise UploadRefused("picture", name=name) from None
    return buffer.getvalue()


_SHEET_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv; charset=utf-8",
}


def _sheet_form(content: bytes, name: str) -> tuple[str, str]:
    """(extension, media type) of a spreadsheet whose table of contents promises nothing absurd."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls", _SHEET_TYPES["xls"]
    if not content.startswith(b"PK"):
        return "csv", _SHEET_TYPES["csv"]
    try:
        members = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, EOFError, NotImplementedError):
        raise UploadRefused("broken", name=name) from None
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(len(content), 10_000):
        raise UploadRefused("zip_bomb", name=name)
    names = {member.filename for member in members}
    if any(one.lower().endswith("vbaproject.bin") or one.startswith(("Basic/", "Scripts/")) for one in names):
        raise UploadRefused("macros", name=name)
    if any(one.startswith("/") or ".." in PurePosixPath(one.replace("\\", "/")).parts for one in names):
        raise UploadRefused("broken", name=name)
    form = "xlsx" if "xl/workbook.xml" in names else "ods" if "content.xml" in names else ""
    if not form:
        raise UploadRefused("mismatch", name=name)
    return form, _SHEET_TYPES[form]
