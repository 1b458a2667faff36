# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a PDF holds anything besides pages: scripts, programs to start, forms that send, other files.

No reader of PDF is needed for that: the names of such things stand in the objects' dictionaries, in the open or inside
compressed object streams, and names may be written with #xx for any letter. What cannot be looked into is refused.
Source: ISO 32000-1, 7.3.5 (names), 7.5.7 (object streams), 12.6.4 (actions), 7.11.4 (embedded files).
"""

from __future__ import annotations

import re
import zlib

MOST_INFLATED = 64 * 1024 * 1024
"""Bytes of all object streams together."""
_BITE = 1 << 16

_NAME_END = rb"(?![A-Za-z0-9_.+-])"
# Long names are looked for everywhere, also where a stream's packed bytes seem to stand; short ones, which packed bytes
# hold by chance, between the streams only.
_NAMED: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("password", re.compile(rb"/Encrypt" + _NAME_END)),
    ("script", re.compile(rb"/JavaScript" + _NAME_END)),
    ("action", re.compile(rb"/(?:Launch|SubmitForm|ImportData|Rendition|RichMedia)" + _NAME_END)),
    ("embedded", re.compile(rb"/(?:EmbeddedFiles?|FileAttachment|Collection)" + _NAME_END)),
)
_SHORT: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("script", re.compile(rb"/(?:JS|XFA)" + _NAME_END)),
    ("action", re.compile(rb"/(?:GoToE|Movie)" + _NAME_END)),
    ("embedded", re.compile(rb"/AF" + _NAME_END)),
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_OBJECTS = re.compile(rb"/ObjStm" + _NAME_END)


def first_problem(content: bytes) -> str:
    """The first thing a PDF should not hold: password, script, action, embedded, or broken; "" when it holds none."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-4096:]:
        return "broken"
    whole = _plain(content)
    for code, pattern in _NAMED:
        if pattern.search(whole):
            return code
    packed, left = _object_streams(content), MOST_INFLATED
    if len(packed) != len(_OBJECTS.findall(whole)):
        return "broken"  # object streams that are not where they should be
    texts = [_between_streams(content)]
    for head, start in packed:
        text = _inflate(head, content, start, left)
        if text is None:
            return "broken"
        left -= len(text)
        texts.append(text)
    for text in map(_plain, texts):
        for code, pattern in (*_NAMED, *_SHORT):
            if pattern.search(text):
                return code
    return ""


def _plain(text: bytes) -> bytes:
    """Names with every #xx written out."""
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), text) if b"#" in text else text


def _object_streams(content: bytes) -> list[tuple[bytes, int]]:
    """(dictionary, first byte) of every stream that holds objects."""
    found = []
    for match in _STREAM.finditer(content):
        head = _plain(content[max(0, match.start() - 2048) : match.start()].rpartition(b"obj")[2])
        if _OBJECTS.search(head):
            found.append((head, match.end()))
    return found


def _between_streams(content: bytes) -> bytes:
    """What stands outside the streams."""
    kept, at = [], 0
    for match in _STREAM.finditer(content):
        if match.start() < at:
            continue
        kept.append(content[at : match.start()])
        end = content.find(b"endstream", match.end())
        if end < 0:
            at = len(content)
            break
        at = end
    return b"\n".join((*kept, content[at:]))


def _inflate(head: bytes, content: bytes, start: int, left: int) -> bytes | None:
    """The text of an object stream; None when it is packed in a way nobody uses, or is too large."""
    filters = re.findall(rb"/(\w+Decode|Fl|LZW|A85|AHx|RL|Crypt)" + _NAME_END, head)
    predictor = re.search(rb"/Predictor\s+(\d+)", head)
    if predictor and int(predictor[1]) > 1:
        return None
    if not filters and b"/Filter" not in head:
        end = content.find(b"endstream", start)
        return content[start:end] if 0 <= end - start <= left else None
    if filters not in ([b"FlateDecode"], [b"Fl"]):
        return None
    unpack, view, parts = zlib.decompressobj(), memoryview(content), []
    try:
        while not unpack.eof and start < len(view):
            text = unpack.decompress(view[start : start + _BITE], left + 1)
            if (left := left - len(text)) < 0:
                return None
            parts.append(text)
            start += _BITE
    except zlib.error:
        return None
    return b"".join(parts)
