# SPDX-License-Identifier: AGPL-3.0-or-later
"""A product that rounds have bought keeps its unit: needs, quotes and prices were said in it."""

from __future__ import annotations

from mutirao.catalogue.events import ProductUnitChanging
from mutirao.kernel.events import inside
from mutirao.kernel.formats import unit_name
from mutirao.purchasing.errors import UnitIsInUse
from mutirao.purchasing.models import RoundGood


@inside(ProductUnitChanging)
def keep_the_unit(event: ProductUnitChanging) -> None:
    """Refuse another unit once a round has the product. Raises: UnitIsInUse."""
    good = RoundGood.objects.filter(product_id=event.product_id).select_related("product").first()
    if good is not None:
        raise UnitIsInUse(product=good.product.name, unit=unit_name(event.old_unit))
