# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printed pages: a typst template and plain data become a tagged PDF (PDF/UA-1), the same on every machine."""

from __future__ import annotations

import datetime as dt
import json
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

_NO_LETTER = re.compile(r'the text (?:contains the disallowed codepoint )?`"(.+?)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
NO_LETTER = "□"
"""What stands for a letter that no font here has."""


def render(
    template: Path, data: dict[str, Any], *, made_at: dt.datetime, files: Mapping[str, bytes] | None = None
) -> bytes:
    """The PDF of a template; the data reaches it as JSON under `sys.inputs.data`.

    `files` are pictures that the template names (`image("1.jpg")`), by plain names. The fonts inside the library are
    used, so that a page looks the same everywhere; the machine's own only for letters that those lack (Japanese,
    Korean…). What no font has is a square; an emoji is left out.
    Raises: typst.TypstError when the template is wrong: a programming error.
    """
    if not files:
        return _compile(template, data, made_at)
    with tempfile.TemporaryDirectory(prefix="mutirao-pdf-") as folder:
        for name, content in files.items():
            if Path(name).name != name:
                raise ValueError(f"{name!r} is no plain file name")
            (Path(folder) / name).write_bytes(content)
        copy = Path(folder) / template.name
        copy.write_bytes(template.read_bytes())
        return _compile(copy, data, made_at)


def _compile(template: Path, data: dict[str, Any], made_at: dt.datetime) -> bytes:
    try:
        return _typeset(template, data, made_at, own_fonts_only=True)
    except typst.TypstError as error:
        if not _missing(error):
            raise
    try:
        return _typeset(template, data, made_at, own_fonts_only=False)
    except typst.TypstError as error:
        missing = _missing(error)
        if not missing:
            raise
    return _typeset(template, _without(data, missing), made_at, own_fonts_only=False)


def _typeset(template: Path, data: dict[str, Any], made_at: dt.datetime, *, own_fonts_only: bool) -> bytes:
    pdf = typst.compile(
        template,
        root=template.parent,
        ignore_system_fonts=own_fonts_only,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(made_at.timestamp()),
    )
    return bytes(pdf)


def _missing(error: typst.TypstError) -> set[str]:
    """The letters that PDF/UA refuses, mostly because no font has them; empty for any other error."""
    found = "".join(_NO_LETTER.findall(error.diagnostic))
    return set(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), found))


def _without(value: Any, missing: set[str]) -> Any:
    """The data with those letters replaced wherever they stand."""
    if isinstance(value, str):
        return "".join(_instead(mark) if mark in missing else mark for mark in value)
    if isinstance(value, dict):
        return {name: _without(one, missing) for name, one in value.items()}
    return [_without(one, missing) for one in value] if isinstance(value, list | tuple) else value


def _instead(mark: str) -> str:
    return NO_LETTER if unicodedata.category(mark).startswith("L") else ""
