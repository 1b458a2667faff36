# SPDX-License-Identifier: AGPL-3.0-or-later
"""The example network, loaded once for the tests of this folder; each is rolled back to it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings


@pytest.fixture(scope="package")
def example(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    kept = override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media")))
    with django_db_blocker.unblock(), kept, transaction.atomic():
        call_command("load_example", verbosity=0, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def walked(example: None) -> None:
    """Walks ask what views do, the same on every database: one of them is enough, and it is the one without a guard
    of its own between networks."""
    if connection.vendor != "sqlite":
        pytest.skip("walked on SQLite")
