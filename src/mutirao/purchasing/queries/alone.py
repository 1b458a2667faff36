# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each enterprise would have paid buying alone."""

from __future__ import annotations

from mutirao.purchasing.models import PurchaseRound


def alone_costs(round_: PurchaseRound) -> dict[int, int]:
    return {}
