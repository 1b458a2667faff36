# SPDX-License-Identifier: AGPL-3.0-or-later
"""A name given inside one block of a page is not known in another block: used there, it is silently empty."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "src" / "mutirao"
PAGES = sorted(path for path in TEMPLATES.rglob("templates/**/*.html") if "{% extends" in path.read_text("utf-8"))
BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock(?: \w+)? %}", re.DOTALL)
GIVEN = re.compile(r"{% \w+ (?:\"[^\"]*\"|[^%\"])*?\b(?:as|asvar) (\w+)(?:\"[^\"]*\"|[^%\"])*%}")
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def addresses_lost(text: str) -> list[str]:
    """Names of addresses (`…_url`) that a block uses and only another block was given."""
    blocks = dict(BLOCK.findall(text))
    given = {name: set(GIVEN.findall(body)) for name, body in blocks.items()}
    lost = []
    for name, body in blocks.items():
        elsewhere = set().union(*(names for other, names in given.items() if other != name)) - given[name]
        tags = " ".join(re.sub(r'"[^"]*"', "", tag) for tag in TAG.findall(body))
        lost += [each for each in elsewhere if each.endswith("_url") and re.search(rf"(?<![\w.]){each}\b", tags)]
    return sorted(lost)


def test_a_lost_address_is_found() -> None:
    page = '{% block a %}{% url "x" as x_url %}{% endblock %}{% block b %}{% button w url=x_url %}{% endblock b %}'
    assert addresses_lost(page) == ["x_url"]
    assert addresses_lost(page.replace("{% block b %}", '{% block b %}{% url "x" as x_url %}')) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_leads_where_it_says(page: Path) -> None:
    assert addresses_lost(page.read_text("utf-8")) == []
