# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from tests import factories
from tests.purchasing import factories as make

from mutirao.catalogue.operations import ProductData, edit_product
from mutirao.kernel.actors import Actor
from mutirao.purchasing.errors import UnitIsInUse


def test_a_product_that_rounds_have_keeps_its_unit(network: Any, coordinator: Actor) -> None:
    product = factories.product(unit="kg")
    edit_product(product, ProductData(name="Farinha", unit="sc"), actor=coordinator)
    make.draft_round(network, coordinator, products=[product])
    with pytest.raises(UnitIsInUse):
        edit_product(product, ProductData(name="Farinha", unit="kg"), actor=coordinator)
    product.refresh_from_db()
    assert product.unit == "sc"
