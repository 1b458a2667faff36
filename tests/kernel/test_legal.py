# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mutirao.kernel.legal import legal_values

SHARE = "pnae.family_farming.min_share"


@pytest.mark.parametrize(("year", "percent"), [(2010, 30), (2025, 30), (2026, 45)])
def test_the_value_in_force_on_the_day_counts(db: None, year: int, percent: int) -> None:
    parameter = legal_values("pnae.", on=dt.date(year, 1, 1))[SHARE]
    assert parameter.value == Decimal(percent)
    assert parameter.norm
    assert parameter.article


def test_what_is_not_known_is_not_guessed(db: None) -> None:
    assert legal_values("pnae.", on=dt.date(1990, 1, 1)) == {}
    assert legal_values("pnae.", on=dt.date(2026, 1, 1), country="AR") == {}
