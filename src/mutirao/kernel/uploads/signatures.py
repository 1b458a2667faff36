# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re

from mutirao.kernel.uploads.kinds import Kind

_ACTIVE = re.compile(rb"<\s*(svg|html|script|!doctype|\?xml|body|iframe|head)\b")


def signature(content: bytes) -> str:
    """What a file is by its first bytes: a Kind, "heic", "svg" (also HTML and XML), "text", or "other"."""
    head = content[:1024]
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return Kind.IMAGE
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.IMAGE
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"):
        return "heic"
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if audio_form(content)[0]:
        return Kind.AUDIO
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return Kind.SHEET
    # Browsers skip blanks, marks and comments before the first tag; UTF-16 has a zero beside each letter.
    plain = content[:65536].replace(b"\x00", b"").lower()
    if _ACTIVE.search(plain):
        return "svg"
    return "other" if re.search(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", plain[:4096]) else "text"


def audio_form(content: bytes) -> tuple[str, str]:
    """(extension, media type) of an audio file by its first bytes; empty when it is none."""
    head = content[:16]
    if head.startswith(b"OggS"):
        return "ogg", "audio/ogg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav", "audio/wav"
    if head.startswith(b"fLaC"):
        return "flac", "audio/flac"
    if head.startswith(b"#!AMR"):
        return "amr", "audio/amr"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm", "audio/webm"
    if head[4:8] == b"ftyp" and head[8:11] in (b"M4A", b"M4B", b"mp4", b"iso", b"3gp", b"das", b"MSN"):
        return "m4a", "audio/mp4"
    if head.startswith(b"ID3"):
        return "mp3", "audio/mpeg"
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        layer = head[1] >> 1 & 3
        if layer == 0 and head[1] & 0xF0 == 0xF0:
            return "aac", "audio/aac"
        if layer and head[1] >> 3 & 3 != 1 and head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3:
            return "mp3", "audio/mpeg"
    return "", ""
