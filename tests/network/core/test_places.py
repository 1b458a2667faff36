# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import pytest

from mutirao.network.core.places import STATE_BY_CODE, fold_place, split_place


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("São Carlos (SP)", ("sao carlos", "SP")),
        ("sao carlos/sp", ("sao carlos", "SP")),
        ("São  Carlos - SP", ("sao carlos", "SP")),
        ("São Carlos, sp", ("sao carlos", "SP")),
        ("São Carlos", ("sao carlos", "")),
        ("Sant'Ana do Livramento", ("sant ana do livramento", "")),
        ("Embu-Guaçu (SP)", ("embu guacu", "SP")),
        ("Embu-Guaçu", ("embu guacu", "")),
        ("Não-Me-Toque", ("nao me toque", "")),
        ("", ("", "")),
    ],
)
def test_a_municipality_is_read_with_or_without_its_state(typed: str, expected: tuple[str, str]) -> None:
    assert split_place(typed) == expected


def test_two_letters_that_are_no_state_belong_to_the_name() -> None:
    assert split_place("Vila - Xu") == (fold_place("Vila - Xu"), "")


def test_there_are_27_units() -> None:
    assert len(STATE_BY_CODE) == len(set(STATE_BY_CODE.values())) == 27
