# SPDX-License-Identifier: AGPL-3.0-or-later
"""The example network holds together: loaded once, looked at from several sides."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from tests.site.example.foreign_rows import found_elsewhere
from tests.site.example.walking import walked_by

from mutirao.network.models import Network

PEOPLE = ("coordenacao", "tesouraria", "conselho", "socia")


@pytest.mark.django_db
def test_the_example_network_holds_together(settings: Any, tmp_path: Any, subtests: pytest.Subtests) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("load_example", verbosity=0, stdout=io.StringIO())
    with subtests.test("its trail and books hold"):
        said = io.StringIO()
        call_command("mutirao_check", stdout=said)
        assert "Tudo certo." in said.getvalue()
    if connection.vendor != "sqlite":
        return  # Views do the same on every database; SQLite has no guard of its own between networks.
    walked = {name: walked_by(name) for name in PEOPLE}
    with subtests.test("whoever signs in can follow every link"):
        broken = {
            (name, address): told
            for name, answers in walked.items()
            for address, told in answers.items()
            if told[0] not in (200, 301, 302)
        }
        assert broken == {}
        assert min(len(answers) for answers in walked.values()) > 60
    with subtests.test("no view finds a row of another network"):
        wrong, asked = found_elsewhere(walked["tesouraria"] | walked["coordenacao"], Network.objects.get())
        assert wrong == {}
        assert asked > 650
