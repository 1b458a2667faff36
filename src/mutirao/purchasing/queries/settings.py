# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network's standing rules for its rounds."""

from __future__ import annotations

from mutirao.purchasing.models import PurchasingSettings


def settings_of(network_id: int) -> PurchasingSettings:
    """A network's rules; the defaults, not saved, where it never chose."""
    found: PurchasingSettings | None = PurchasingSettings.objects.filter(network_id=network_id).first()
    return found or PurchasingSettings(network_id=network_id)
