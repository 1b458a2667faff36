# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from tests import factories
from tests.ledger import makers

from mutirao.kernel.actors import Actor
from mutirao.ledger.models import Book


@pytest.fixture
def book(network: Any, noon: Any) -> Book:
    """The network's book, on 2 March 2026."""
    return makers.book_of(network)


@pytest.fixture
def accountant(network: Any) -> Actor:
    return factories.actor(network, "accountant")
