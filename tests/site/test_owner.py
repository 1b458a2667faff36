# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two roles in the database: which commands act as the one that owns the tables."""

from __future__ import annotations

import os
import sys

import django.core.management
import pytest

from mutirao import __main__ as entry

OWNER, PROGRAM = "postgresql://owner@here/mutirao", "postgresql://program@here/mutirao"


@pytest.mark.parametrize(
    ("command", "acts_as"),
    [
        ("prepare", OWNER),
        ("backup", OWNER),
        ("restore", OWNER),
        ("web", PROGRAM),
        ("work", PROGRAM),
        ("check", PROGRAM),
    ],
)
def test_only_what_must_own_the_tables_acts_as_their_owner(
    monkeypatch: pytest.MonkeyPatch, command: str, acts_as: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", PROGRAM)
    monkeypatch.setenv("MUTIRAO_OWNER_DATABASE_URL", OWNER)
    monkeypatch.setattr(sys, "argv", ["mutirao", command])
    seen: list[str] = []
    monkeypatch.setattr(
        django.core.management, "execute_from_command_line", lambda _line: seen.append(os.environ["DATABASE_URL"])
    )
    assert entry.main() == 0
    assert seen == [acts_as]
