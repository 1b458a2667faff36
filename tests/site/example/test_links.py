# SPDX-License-Identifier: AGPL-3.0-or-later
"""The example network: whoever signs in can follow every link that is shown, and trail and books hold."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from tests.site.example.walking import walked_by

pytestmark = [pytest.mark.usefixtures("example", "db"), pytest.mark.xdist_group("example")]
LOOKED_AT = ("coordenacao", "conselho", "socia")


def test_trail_and_books_hold() -> None:
    said = io.StringIO()
    call_command("mutirao_check", stdout=said)
    assert "Tudo certo." in said.getvalue()


@pytest.mark.usefixtures("walked")
def test_whoever_signs_in_can_follow_every_link() -> None:
    broken = {}
    for name in LOOKED_AT:
        answers = walked_by(name)
        assert len(answers) > 60, name
        broken |= {(name, at): told for at, told in answers.items() if told[0] not in (200, 301, 302)}
    assert broken == {}
