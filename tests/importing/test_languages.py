# SPDX-License-Identifier: AGPL-3.0-or-later
"""A model downloaded in one language is filled in and brought in by somebody who reads another."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from mutirao.kernel.actors import Actor
from mutirao.network.importing.model_files import model_file
from mutirao.network.importing.registry import kinds
from tests.importing.bringing import Bringing

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def test_four_languages_are_spoken() -> None:
    assert set(LANGUAGES) == {"pt-br", "es", "fr", "en"}


@pytest.mark.parametrize("written", LANGUAGES)
@pytest.mark.parametrize("read", LANGUAGES)
def test_models_are_recognised_whole_in_every_language(
    network: Any, coordinator: Actor, written: str, read: str
) -> None:
    for kind in kinds():
        if kind.target is not None or kind.of_installation:
            continue
        with translation.override(written):
            content = model_file(kind, "xlsx")
        with translation.override(read):
            found = Bringing(kind.code, network, coordinator).preview(content).understanding
            assert [column.field for column in found.used_columns] == [column.field for column in kind.columns]
            assert found.unused == [], kind.code
            # The example row is left out and the sheet of notes is not mentioned as left out.
            assert found.seen == 0, kind.code
