# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be sent, how much of it, and how it is called."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import Words


class Kind(StrEnum):
    """What may be sent."""

    IMAGE = "image"
    PDF = "pdf"
    AUDIO = "audio"
    SHEET = "sheet"


MEGABYTE = 1024 * 1024
LIMITS = {Kind.IMAGE: 12 * MEGABYTE, Kind.PDF: 10 * MEGABYTE, Kind.AUDIO: 30 * MEGABYTE, Kind.SHEET: 10 * MEGABYTE}
"""Bytes of one file, by kind."""

EXTENSIONS: dict[Kind, tuple[str, ...]] = {
    Kind.IMAGE: ("jpg", "jpeg", "png", "webp", "gif"),
    Kind.PDF: ("pdf",),
    Kind.AUDIO: ("ogg", "oga", "opus", "mp3", "m4a", "mp4", "aac", "wav", "webm", "flac", "amr", "3gp"),
    Kind.SHEET: ("xlsx", "ods", "xls", "csv", "tsv", "txt"),
}
NAMES: dict[Kind, Words] = {
    Kind.IMAGE: _("foto (JPG, PNG ou WebP)"),
    Kind.PDF: _("PDF"),
    Kind.AUDIO: _("áudio (MP3, OGG, M4A ou WAV)"),
    Kind.SHEET: _("planilha (XLSX, ODS ou CSV)"),
}


def kinds_in_words(kinds: Iterable[Kind]) -> str:
    """What may be sent, for a sentence."""
    return ", ".join(str(NAMES[kind]) for kind in kinds)
