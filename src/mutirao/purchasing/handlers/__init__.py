# SPDX-License-Identifier: AGPL-3.0-or-later
"""What purchase rounds do when something happens; importing this package subscribes."""

from __future__ import annotations

from mutirao.purchasing.handlers import (
    books,
    currency,
    motions,
    notices,
    products,
    quote_requests,
    rounds,
    savings,
    sources,
    standing,
)

__all__ = [
    "books", "currency", "motions", "notices", "products", "quote_requests", "rounds", "savings", "sources", "standing",
]  # fmt: skip
