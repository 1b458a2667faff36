# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printed pages: a typst template and plain data become a tagged PDF (PDF/UA-1), the same on every machine."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst


def render(
    template: Path, data: dict[str, Any], *, made_at: dt.datetime, files: Mapping[str, bytes] | None = None
) -> bytes:
    """The PDF of a template; the data reaches it as JSON under `sys.inputs.data`.

    `files` are pictures that the template names (`image("1.jpg")`), by plain names. Only the fonts inside the library
    are used, so that a page looks the same everywhere.
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
    pdf = typst.compile(
        template,
        root=template.parent,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(made_at.timestamp()),
    )
    return bytes(pdf)
