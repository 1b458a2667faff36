# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal

import pytest

from mutirao.kernel.core.quantities import Quantity, find_unit


def test_conversion_is_exact_within_a_dimension() -> None:
    assert Quantity(Decimal("2.5"), "kg").to("g") == Quantity(Decimal(2500), "g")
    assert Quantity(Decimal(18), "un").to("dz") == Quantity(Decimal("1.5"), "dz")


def test_kilograms_do_not_become_litres() -> None:
    with pytest.raises(ValueError, match="does not convert"):
        Quantity(Decimal(1), "kg").to("l")


def test_a_third_of_a_dozen_has_no_finite_form() -> None:
    with pytest.raises(ValueError, match="no finite decimal form"):
        Quantity(Decimal(1), "un").to("dz")


def test_a_sack_converts_to_nothing_by_itself() -> None:
    with pytest.raises(ValueError, match="does not convert"):
        Quantity(Decimal(1), "sc").to("kg")


@pytest.mark.parametrize(
    ("written", "code"), [("KLG", "kg"), ("Dúzia", "dz"), ("und.", "un"), ("FRC", "un"), ("Maço", "mc"), ("  L ", "l")]
)
def test_units_are_found_as_people_write_them(written: str, code: str) -> None:
    found = find_unit(written)
    assert found is not None
    assert found.code == code


def test_an_unknown_unit_is_not_guessed() -> None:
    assert find_unit("arroba") is None


@pytest.mark.parametrize("wrong", [Decimal("NaN"), Decimal("Infinity"), 3, "3"])
def test_a_quantity_is_a_finite_decimal(wrong: object) -> None:
    with pytest.raises(TypeError):
        Quantity(wrong, "kg")  # type: ignore[arg-type]
