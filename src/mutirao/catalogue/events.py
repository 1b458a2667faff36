# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened to products and suppliers; upper modules react."""

from __future__ import annotations

from dataclasses import dataclass

from mutirao.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ProductUnitChanging(Event):
    """A product is about to get another unit; a handler refuses by raising where quantities are in the old one."""

    product_id: int
    old_unit: str
    new_unit: str
