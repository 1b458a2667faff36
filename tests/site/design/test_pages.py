# SPDX-License-Identifier: AGPL-3.0-or-later
"""The frame of every page, the living page, the error pages, the choice of light or dark."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from mutirao import site
from mutirao.site import styleguide
from mutirao.site.templatetags import ui

TEMPLATES = Path(site.__file__).parent / "templates"

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Balance(HTMLParser):
    """Notes tags that close wrongly, ids and the headings in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)
        self.ids += [value for key, value in attrs if key == "id" and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for key, value in attrs if key == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def read(html: str) -> Balance:
    parser = Balance()
    parser.feed(html)
    parser.close()
    return parser


@pytest.fixture
def client(settings: Any) -> Client:
    settings.ROOT_URLCONF = "tests.site.design.urls"
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ["/estilo/", "/moldura/", "/guardado/", "/erro/403/", "/erro/400/", "/nao-ha/"])
def test_pages_are_well_formed(client: Client, address: str) -> None:
    found = read(client.get(address).content.decode())
    assert found.wrong == []
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert found.headings[0] == "h1"
    assert found.headings.count("h1") == 1


def test_the_frame_stands_without_anything_known() -> None:
    html = render_to_string("base.html", {})
    assert "bottombar" not in html
    assert 'id="conteudo"' in html


def test_the_frame_shows_where_one_is(client: Client) -> None:
    html = client.get("/moldura/").content.decode()
    assert html.count('aria-current="page"') == 2  # beside and below: one of them is shown
    assert "Rede da Serra" in html
    assert "Dona Zefa" in html
    assert 'action="/rede/raizes/procurar/"' in html
    assert 'hx-headers:inherited=\'{"X-CSRFToken": "' in html


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_kept_and_read_by_the_server(client: Client, theme: str) -> None:
    answer = client.post("/aparencia/", {"theme": theme, "next": "/moldura/"})
    assert answer["Location"] == "/moldura/"
    assert f'data-theme="{theme}"' in client.get("/moldura/").content.decode().split("<body")[0]


def test_as_the_device_forgets_the_choice(client: Client) -> None:
    client.post("/aparencia/", {"theme": "dark"})
    client.post("/aparencia/", {"theme": ""})
    assert "data-theme" not in client.get("/moldura/").content.decode().split("<body")[0]


def test_a_theme_that_does_not_exist_is_not_kept(client: Client) -> None:
    client.post("/aparencia/", {"theme": '"><script>'})
    assert "data-theme" not in client.get("/moldura/").content.decode().split("<body")[0]


@pytest.mark.parametrize("target", ["https://outro.exemplo/", "//outro.exemplo/", "javascript:alert(1)", ""])
def test_choosing_a_theme_never_leads_away(client: Client, target: str) -> None:
    assert client.post("/aparencia/", {"theme": "dark", "next": target})["Location"] == "/"


def test_choosing_a_theme_is_a_post(client: Client) -> None:
    assert client.get("/aparencia/").status_code == 405


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nao-ha/", 404, "Não achamos esta página"),
        ("/erro/403/", 403, "Seu papel não alcança esta página"),
        ("/erro/400/", 400, "O pedido chegou incompleto"),
    ],
)
def test_error_pages_say_what_to_do_next(client: Client, address: str, status: int, words: str) -> None:
    answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == status
    assert words in html
    assert "Ir para o início" in html
    assert 'href="/"' in html


def test_our_own_failure_needs_neither_database_nor_context() -> None:
    html = render_to_string("500.html")
    assert "Algo quebrou do nosso lado" in html
    assert "Tentar de novo" in html
    assert read(html).wrong == []


def test_a_refused_rule_says_what_is_wrong_and_what_to_do(client: Client) -> None:
    html = render_to_string(
        "errors/domain.html", {"error": {"words": "A rodada já fechou.", "advice": "Peça prorrogação."}}
    )
    assert "<h1>A rodada já fechou.</h1>" in html
    assert "Peça prorrogação." in html


def test_a_sent_form_leaves_its_note(client: Client) -> None:
    answer = client.post("/simples/", {"flour": "3,5", "note": "", "idempotency_key": "k"}, follow=True)
    html = answer.content.decode()
    assert "Necessidades enviadas." in html
    assert 'class="notice done" role="status"' in html


def test_every_group_is_on_the_living_page_in_both_schemes(client: Client) -> None:
    html = client.get("/estilo/").content.decode()
    for name, title, _usage in styleguide.GROUPS:
        start = html.index(f'<section id="{name}"><h2>{title}</h2>')
        section = html[start : html.find('<section id="', start + 1)]
        assert section.count('<div class="specimen flow" data-theme="light">') == 1
        assert section.count('<div class="specimen flow" data-theme="dark">') == 1


def test_every_component_tag_is_on_the_living_page() -> None:
    shown = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "components/estilo").glob("*.html"))
    shown += (TEMPLATES / "components/figures.html").read_text(encoding="utf-8")
    helpers = {"control", "affix_words", "error_links", "back_url", "logo", "icon"}
    missing = [name for name in ui.register.tags if name not in helpers and f"% {name} " not in shown]
    assert [name for name in missing if name not in ("idempotency_key", "copy")] == []
