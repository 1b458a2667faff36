# SPDX-License-Identifier: AGPL-3.0-or-later
"""The example network: whoever signs in can follow every link that is shown, and trail and books hold."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from mutirao.network.models import Person
from mutirao.site.example import data

pytestmark = pytest.mark.django_db
LOOKED_AT = ("coordenacao", "conselho", "socia")


class Links(HTMLParser):
    """Where a page leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and ((tag == "a" and name == "href") or (tag in ("img", "audio", "source") and name == "src")):
                self.found.append(value)


def shape(path: str) -> str:
    """One address for all pages of a kind: numbers, codes and names that change are left out."""
    return re.sub(r"[A-Za-z0-9_-]{16,}", "*", re.sub(r"\d+", "0", path))


def walk(client: Client, start: str) -> dict[str, tuple[int, str]]:
    """Follow every link from `start`, two of a shape where numbers differ; address → (status, from where)."""
    answers: dict[str, tuple[int, str]] = {}
    times: dict[str, int] = {}
    queue = [(start, "")]
    while queue:
        address, shown_on = queue.pop(0)
        path = urlsplit(address).path
        kind = shape(path) + "?" * bool(urlsplit(address).query)
        if address in answers or times.get(kind, 0) >= (2 if "0" in kind else 1):
            continue
        times[kind] = times.get(kind, 0) + 1
        answer = client.get(address)
        answers[address] = (answer.status_code, shown_on)
        if answer.status_code in (301, 302):
            queue.append((urljoin(address, answer["Location"]), address))
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            answer.close()
            continue
        for link in Links(answer.content.decode()).found:
            leads = urljoin(address, link).partition("#")[0]
            if leads.startswith("/") and not leads.startswith(("/static/", "/conta/sair")):
                queue.append((leads, address))
    return answers


def test_whoever_signs_in_to_the_example_can_follow_every_link_and_the_books_hold(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert default_storage.location == str(tmp_path)
    call_command("load_example", verbosity=0, stdout=io.StringIO())
    said = io.StringIO()
    call_command("mutirao_check", stdout=said)
    assert "Tudo certo." in said.getvalue()
    broken = {}
    for name in LOOKED_AT:
        client = Client(raise_request_exception=False)
        client.force_login(Person.objects.get(email=f"{name}@raizes.example"))
        answers = walk(client, f"/rede/{data.NETWORK_SLUG}/")
        assert len(answers) > 60, name
        broken |= {(name, at): told for at, told in answers.items() if told[0] not in (200, 301, 302)}
    assert broken == {}
