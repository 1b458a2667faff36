# SPDX-License-Identifier: AGPL-3.0-or-later
"""Connections do not outlive their request: under ASGI nobody would use them again."""

from __future__ import annotations

import os

import pytest
from django.conf import settings


@pytest.mark.skipif("MUTIRAO_DB_MAX_AGE" in os.environ, reason="this machine says otherwise: left out")
def test_connections_close_with_their_request() -> None:
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] == 0
