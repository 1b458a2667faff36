# SPDX-License-Identifier: AGPL-3.0-or-later
"""Following every link of a page, as somebody who looks at everything once."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

from mutirao.network.models import Person
from mutirao.site.example import data


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
        if answer.streaming:
            for _part in answer.streaming_content:
                pass  # to the end: closing it by hand would close the test's connection too, once it is old
            continue
        if not answer["Content-Type"].startswith("text/html"):
            continue
        for link in Links(answer.content.decode()).found:
            leads = urljoin(address, link).partition("#")[0]
            if leads.startswith("/") and not leads.startswith(("/static/", "/conta/sair")):
                queue.append((leads, address))
    return answers


def walked_by(name: str) -> dict[str, tuple[int, str]]:
    """What somebody of the example network meets there."""
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(email=f"{name}@raizes.example"))
    return walk(client, f"/rede/{data.NETWORK_SLUG}/")
