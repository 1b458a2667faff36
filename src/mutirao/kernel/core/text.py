# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text made comparable: what people mean by "the same name" whatever accents, capitals and spaces they type."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower case, without accents, single spaces: "  Pão de  MEL" → "pao de mel".

    Source: Unicode NFKD without combining marks, then full case folding.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(plain.split())
