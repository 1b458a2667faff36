# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from mutirao.kernel.core.chain import GENESIS, Break, Link, first_break, link_hash


def chain_of(*contents: dict[str, object]) -> list[Link]:
    links, previous = [], GENESIS
    for number, content in enumerate(contents, start=1):
        digest = link_hash(previous, content)
        links.append(Link(number, content, previous, digest))
        previous = digest
    return links


def test_an_untouched_chain_holds() -> None:
    assert first_break(chain_of({"a": 1}, {"a": 2}, {"ç": "ã"})) is None
    assert first_break([]) is None


@pytest.mark.parametrize("position", [0, 1, 2])
def test_an_altered_link_is_found(position: int) -> None:
    links = chain_of({"a": 1}, {"a": 2}, {"a": 3})
    links[position] = replace(links[position], content={"a": 99})
    assert first_break(links) == Break(position + 1, "altered")


def test_a_removed_link_is_found() -> None:
    links = chain_of({"a": 1}, {"a": 2}, {"a": 3})
    assert first_break(links[:1] + links[2:]) == Break(2, "missing")


def test_a_rewritten_end_does_not_fit_the_start() -> None:
    honest, forged = chain_of({"a": 1}, {"a": 2}), chain_of({"a": 9}, {"a": 2})
    assert first_break([honest[0], forged[1]]) == Break(2, "unlinked")
