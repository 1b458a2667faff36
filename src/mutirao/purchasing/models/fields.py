# SPDX-License-Identifier: AGPL-3.0-or-later
"""How quantities and unit prices are kept."""

from __future__ import annotations

from django.db import models


def quantity_field(label: object = None, **kwargs: object) -> models.DecimalField:
    """A quantity or unit price: eighteen digits, six of them after the comma."""
    return models.DecimalField(label, max_digits=18, decimal_places=6, **kwargs)  # type: ignore[arg-type]
