# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printed pages: a typst template and plain data become a tagged PDF (PDF/UA-1), the same on every machine."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import typst


def render(template: Path, data: dict[str, Any], *, made_at: dt.datetime) -> bytes:
    """The PDF of a template; the data reaches it as JSON under `sys.inputs.data`.

    Only the fonts inside the library are used, so that a page looks the same everywhere.
    Raises: typst.TypstError when the template is wrong: a programming error.
    """
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
