# SPDX-License-Identifier: AGPL-3.0-or-later
"""Previewing and importing in tests, in the active network."""

from __future__ import annotations

from typing import Any

import pytest

from mutirao.kernel.actors import Actor
from mutirao.network.importing.errors import ImportRefused
from mutirao.network.importing.layout import Options
from mutirao.network.importing.operations import Imported, import_file
from mutirao.network.importing.previewing import Preview, prepare
from mutirao.network.importing.registry import Context, kind_named


class Bringing:
    """One kind of file for one network, actor and target."""

    def __init__(self, kind: str, network: Any, actor: Actor, target: Any = None) -> None:
        self.kind, self.network, self.actor = kind_named(kind), network, actor
        self.context = Context(network, actor, target, "planilha.csv")

    def preview(self, content: bytes | str, **options: Any) -> Preview:
        return prepare(self.kind, encoded(content), Options(**options), self.context)

    def bring(self, content: bytes | str, **options: Any) -> Imported:
        return import_file(
            self.network, kind=self.kind, content=encoded(content), options=Options(**options), context=self.context,
            actor=self.actor,
        )  # fmt: skip

    def problems(self, content: bytes | str, **options: Any) -> list[str]:
        """The problems in words; importing the file is refused with the same ones."""
        found = [str(problem) for problem in self.preview(content, **options).problems]
        with pytest.raises(ImportRefused) as refused:
            self.bring(content, **options)
        assert [str(problem) for problem in refused.value.problems] == found
        return found


def encoded(content: bytes | str) -> bytes:
    if isinstance(content, bytes):
        return content
    return "\n".join(line.strip() for line in content.strip("\n").split("\n")).encode()
