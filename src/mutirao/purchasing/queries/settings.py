# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network's standing rules for its rounds."""

from __future__ import annotations

from django.db.models import QuerySet

from mutirao.purchasing.models import DeliveryPlace, PurchasingSettings


def settings_of(network_id: int) -> PurchasingSettings:
    """A network's rules; the defaults, not saved, where it never chose."""
    found: PurchasingSettings | None = PurchasingSettings.objects.filter(network_id=network_id).first()
    return found or PurchasingSettings(network_id=network_id)


def places_in_use() -> QuerySet[DeliveryPlace]:
    """Where the active network takes deliveries now, by name."""
    rows: QuerySet[DeliveryPlace] = DeliveryPlace.objects.filter(is_active=True)
    return rows
