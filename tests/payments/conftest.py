# SPDX-License-Identifier: AGPL-3.0-or-later
"""Payments as it stands by itself: what modules above do about its events is tested with them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest
from tests import factories

from mutirao.kernel import events
from mutirao.kernel.actors import Actor
from mutirao.payments import events as of_payments

DAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _without_the_modules_above(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_inside", defaultdict(list))


@pytest.fixture
def heard(_without_the_modules_above: None) -> list[Any]:
    """Charges' and payments' events as a module above hears them inside the transaction."""
    got: list[Any] = []
    for kind in (of_payments.ChargesIssued, of_payments.PaymentRecorded, of_payments.PaymentReversed):
        events.inside(kind)(got.append)
    return got


@pytest.fixture
def treasurer(network: Any) -> Actor:
    return factories.actor(network, "treasury")
