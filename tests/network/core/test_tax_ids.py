# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.network.core import tax_ids
from mutirao.network.core.tax_ids import TaxId, parse, veiled, written


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", TaxId("none", "")),
        ("  - ", TaxId("none", "")),
        ("16.727.230/0001-97", TaxId("cnpj", "16727230000197")),
        ("16727230000197", TaxId("cnpj", "16727230000197")),
        ("12.abc.345/01de-35", TaxId("cnpj", "12ABC34501DE35")),
        ("390.533.447-05", TaxId("cpf", "39053344705")),
    ],
)
def test_numbers_are_read_in_any_writing(typed: str, expected: TaxId) -> None:
    assert parse(typed) == expected


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("1672723000019", "length"),
        ("16.727.230/0001-98", "check_digits"),
        ("12.ABC.345/01DE-36", "check_digits"),
        ("390.533.447-06", "check_digits"),
        ("111.111.111-11", "check_digits"),
        ("39A.533.447-05", "characters"),
        ("12.ABÇ.345/01DE-35", "characters"),
        ("00.000.000/0000-00", "check_digits"),
    ],
)
def test_numbers_that_cannot_be_are_refused_with_the_problem(typed: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        parse(typed)


def test_numbers_are_written_with_their_punctuation() -> None:
    assert written("12ABC34501DE35") == "12.ABC.345/01DE-35"
    assert written("39053344705") == "390.533.447-05"
    assert written("") == ""


def test_a_cpf_is_veiled_and_a_cnpj_is_public() -> None:
    assert veiled("39053344705") == "***.533.447-**"
    assert veiled("16727230000197") == "16.727.230/0001-97"


def check_digits(root: str) -> str:
    """The rule written out: weights 2 to 9 from the right, each character worth its ASCII code minus 48."""
    for _turn in range(2):
        weights = [2 + place % 8 for place in range(len(root))][::-1]
        rest = sum((ord(mark) - 48) * weight for mark, weight in zip(root, weights, strict=True)) % 11
        root += str(0 if rest < 2 else 11 - rest)
    return root


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12).filter(lambda r: len(set(r)) > 1))
def test_every_cnpj_with_right_digits_holds_and_with_a_wrong_one_does_not(root: str) -> None:
    if root.startswith("0" * 12):
        return
    number = check_digits(root)
    assert parse(tax_ids.written(number)) == TaxId("cnpj", number)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with pytest.raises(ValueError, match="check_digits"):
        parse(wrong)
