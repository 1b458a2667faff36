# SPDX-License-Identifier: AGPL-3.0-or-later
"""QR codes drawn as SVG that a strict content policy admits: no style, no script, no size."""

from __future__ import annotations

import segno


def qr_svg(text: str) -> str:
    """The code as an SVG element, black on white with its quiet zone, scaled by whoever shows it."""
    return drawn(segno.make_qr(text, error="m"))


def drawn(code: segno.QRCode) -> str:
    """A code as such an element."""
    svg: str = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr-code", lineclass=None)
    return svg
