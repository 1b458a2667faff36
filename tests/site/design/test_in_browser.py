# SPDX-License-Identifier: AGPL-3.0-or-later
"""The design system in a real browser: it fits a phone, can be read, and its own elements keep their promises."""

from __future__ import annotations

import base64
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from django.core.asgi import get_asgi_application
from tests.site.design import urls

pytest.importorskip("playwright.sync_api")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

pytestmark = pytest.mark.journey

PHONE, DESK = (360, 740), (1280, 900)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = (os.environ.get("MUTIRAO_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if name and (found := shutil.which(name))), None)
    if not program:
        pytest.skip("no Chromium on this machine: left out")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    """The pages of the tests, served for real; they need no database."""
    settings.ROOT_URLCONF = "tests.site.design.urls"
    urls.RECEIVED.clear()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    config = uvicorn.Config(get_asgi_application(), lifespan="off", log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 15
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    contexts, complaints = [], []
    expect.set_options(timeout=15_000)

    def hear(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def open_one(size: tuple[int, int], *, dark: bool = False, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            locale="pt-BR",
            base_url=address,
            java_script_enabled=javascript,
            has_touch=size[0] < 600,
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hear)
        contexts.append(context)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def grave(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:140] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", ["/estilo/", "/moldura/", "/guardado/"])
def test_pages_fit_and_axe_finds_nothing_grave(
    open_page: OpenPage, path: str, size: tuple[int, int], dark: bool
) -> None:
    page = open_page(size, dark=dark)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert grave(page) == []


@pytest.mark.parametrize("path", ["/estilo/", "/moldura/", "/guardado/"])
def test_what_a_thumb_presses_is_large_enough(open_page: OpenPage, path: str) -> None:
    page = open_page(PHONE)
    page.goto(path)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, select, summary, input, nav a, .rows a')]
        .filter((e) => e.checkVisibility() && e.type !== 'hidden' && !e.closest('label'))
        .map((e) => [e, e.getBoundingClientRect()])
        .filter(([e, box]) => box.height < 43.5 || box.width < 43.5)
        .filter(([e]) => !e.closest('.figures'))
        .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_the_whole_frame_works_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(DESK)
    page.goto("/moldura/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    menu = page.locator("details.networks > summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Rede da Serra")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Rede da Serra")).to_be_hidden()
    expect(menu).to_be_focused()


def test_focus_is_seen(open_page: OpenPage) -> None:
    page = open_page(DESK)
    page.goto("/moldura/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_the_phone_has_its_menu_below_and_the_rest_under_more(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/moldura/")
    below = page.get_by_role("navigation", name="Principal, no telefone")
    expect(below.get_by_role("link", name="Rodadas")).to_be_visible()
    expect(below.get_by_role("link", name="Regras")).to_be_hidden()
    below.get_by_text("Mais").tap()
    expect(below.get_by_role("link", name="Regras")).to_be_visible()
    expect(page.locator(".side")).to_be_hidden()


def test_everything_is_reached_without_javascript(open_page: OpenPage) -> None:
    page = open_page(PHONE, javascript=False)
    page.goto("/moldura/")
    page.get_by_text("Mais", exact=True).tap()
    expect(page.locator(".bottombar").get_by_role("link", name="Regras")).to_be_visible()
    page.goto("/guardado/")
    page.get_by_label("Farinha").fill("7,5")
    page.get_by_role("button", name="Enviar").tap()
    expect(page.get_by_text("Necessidades enviadas.")).to_be_visible()
    assert [sent["flour"] for sent in urls.RECEIVED] == ["7,5"]


def test_the_theme_changes_at_once_and_stays(open_page: OpenPage) -> None:
    page = open_page(DESK)
    page.goto("/enviado/")
    page.locator("details.user > summary").click()
    page.get_by_role("button", name="Escura").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/moldura/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(24, 19, 16)"


def test_buttons_step_the_quantity_as_it_is_written_here(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/guardado/")
    field = page.get_by_role("textbox", name="Farinha (kg)")
    more = page.get_by_role("button", name=re.compile("^Mais: Farinha"))
    less = page.get_by_role("button", name=re.compile("^Menos: Farinha"))
    more.tap()
    expect(field).to_have_value("3")
    more.tap()
    expect(field).to_have_value("3,5")
    for _ in range(9):
        less.tap()
    expect(field).to_have_value("0")
    field.fill("1.234,5")
    more.tap()
    expect(field).to_have_value("1235")
    field.fill("doze")
    more.tap()
    expect(field).to_have_value("doze")


def test_what_was_typed_comes_back_after_the_page_was_lost(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/guardado/")
    page.get_by_label("Recado").fill("Deixar na cozinha")
    expect(page.get_by_text("Guardado neste aparelho")).to_be_visible()
    page.goto("/moldura/")
    page.goto("/guardado/")
    expect(page.get_by_label("Recado")).to_have_value("Deixar na cozinha")
    page.get_by_role("button", name="Descartar o rascunho").tap()
    expect(page.get_by_label("Recado")).to_have_value("")
    page.reload()
    expect(page.get_by_label("Recado")).to_have_value("")


def test_a_dropped_connection_sends_the_same_message_once_it_returns(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/guardado/")
    page.get_by_role("textbox", name="Farinha (kg)").fill("12,5")
    tried: list[str] = []

    def drop(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        tried.append(str(route.request.post_data))
        route.abort("internetdisconnected")

    page.route("**/guardado/", drop)
    page.context.set_offline(True)
    page.get_by_role("button", name="Enviar").tap()
    expect(page.get_by_text("Sem conexão: está guardado neste aparelho")).to_be_visible()
    assert urls.RECEIVED == []
    page.unroute("**/guardado/")
    page.context.set_offline(False)
    expect(page.get_by_text("Necessidades enviadas.")).to_be_visible()
    assert [sent["flour"] for sent in urls.RECEIVED] == ["12,5"]
    assert urls.RECEIVED[0]["idempotency_key"] in tried[0]
    page.goto("/guardado/")
    expect(page.get_by_role("textbox", name="Farinha (kg)")).to_have_value("2,5")


def test_an_answer_lost_on_the_way_is_asked_for_with_the_same_key(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/guardado/")
    page.get_by_role("textbox", name="Farinha (kg)").fill("9")
    first = True

    def lose_answer(route: Route) -> None:
        nonlocal first
        if route.request.method == "POST" and first:
            first = False
            route.fetch(max_redirects=0)  # it arrives there; the answer does not come back
            route.abort("connectionreset")
            return
        route.continue_()

    page.route("**/guardado/", lose_answer)
    page.get_by_role("button", name="Enviar").tap()
    expect(page.get_by_text("O servidor não respondeu.")).to_be_visible()
    page.get_by_role("button", name="Enviar").tap()
    expect(page.get_by_text("Necessidades enviadas.").first).to_be_visible()
    keys = [sent["idempotency_key"] for sent in urls.RECEIVED]
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_other_content_after_a_lost_answer_gets_another_key(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/guardado/")
    page.get_by_role("textbox", name="Farinha (kg)").fill("9")
    first = True

    def lose_answer(route: Route) -> None:
        nonlocal first
        if route.request.method == "POST" and first:
            first = False
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
            return
        route.continue_()

    page.route("**/guardado/", lose_answer)
    page.get_by_role("button", name="Enviar").tap()
    expect(page.get_by_text("O servidor não respondeu.")).to_be_visible()
    page.get_by_role("textbox", name="Farinha (kg)").fill("10")
    page.get_by_role("button", name="Enviar").tap()
    expect(page.get_by_text("Necessidades enviadas.").first).to_be_visible()
    assert [sent["flour"] for sent in urls.RECEIVED] == ["9", "10"]
    assert len({sent["idempotency_key"] for sent in urls.RECEIVED}) == 2


def test_nothing_goes_out_by_itself_while_one_types_on(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/guardado/")
    page.get_by_role("textbox", name="Farinha (kg)").fill("9")
    page.context.set_offline(True)
    page.get_by_role("button", name="Enviar").tap()
    expect(page.get_by_text("Sem conexão: está guardado neste aparelho")).to_be_visible()
    page.get_by_role("textbox", name="Farinha (kg)").fill("1")
    page.context.set_offline(False)
    expect(page.get_by_text("Guardado neste aparelho")).to_be_visible()
    page.wait_for_timeout(300)
    assert urls.RECEIVED == []


def test_a_double_tap_sends_once(open_page: OpenPage) -> None:
    for path in ("/guardado/", "/simples/"):
        urls.RECEIVED.clear()
        page = open_page(PHONE)
        page.goto(path)
        page.get_by_role("textbox", name="Farinha (kg)").fill("4")
        page.get_by_role("button", name="Enviar").dblclick(no_wait_after=True)
        expect(page.get_by_text("Necessidades enviadas.")).to_be_visible()
        assert len(urls.RECEIVED) == 1


def test_an_error_keeps_the_draft_and_leads_to_the_summary(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/guardado/")
    page.get_by_role("textbox", name="Farinha (kg)").fill("doze")
    page.get_by_label("Recado").fill("Deixar na cozinha")
    page.get_by_role("button", name="Enviar").tap()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(page.get_by_role("textbox", name="Farinha (kg)")).to_have_value("doze")
    page.goto("/guardado/")
    expect(page.get_by_label("Recado")).to_have_value("Deixar na cozinha")


def test_a_sum_worked_out_on_the_way_does_not_lose_the_draft(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/guardado/")
    page.get_by_role("textbox", name="Farinha (kg)").fill("30")
    page.get_by_role("button", name="Calcular").tap()
    expect(page.locator("keep-form form")).not_to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("textbox", name="Farinha (kg)")).to_have_value("30")
    assert urls.RECEIVED == []
    page.goto("/moldura/")
    page.goto("/guardado/")
    expect(page.get_by_role("textbox", name="Farinha (kg)")).to_have_value("30")
    expect(page.get_by_text("Recuperamos o que você tinha digitado.")).to_be_visible()
    page.get_by_role("button", name="Enviar").tap()
    expect(page.get_by_text("Necessidades enviadas.")).to_be_visible()
    page.goto("/guardado/")
    expect(page.get_by_role("textbox", name="Farinha (kg)")).to_have_value("2,5")


def test_a_draft_older_than_the_page_is_offered_not_applied(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/guardado/")
    page.get_by_label("Recado").fill("Rascunho")
    expect(page.get_by_text("Guardado neste aparelho")).to_be_visible()
    page.evaluate(
        """() => {
        const key = Object.keys(localStorage).find((k) => k.startsWith('mutirao:keep:'));
        const draft = JSON.parse(localStorage[key]);
        draft.base.note = ['de outra hora'];
        localStorage[key] = JSON.stringify(draft);
        }"""
    )
    page.goto("/guardado/")
    expect(page.get_by_text("esta página mudou depois dele")).to_be_visible()
    expect(page.get_by_label("Recado")).to_have_value("")
    page.get_by_role("button", name="Usar o rascunho").tap()
    expect(page.get_by_label("Recado")).to_have_value("Rascunho")


def test_text_is_copied_and_said_so(open_page: OpenPage) -> None:
    page = open_page(DESK)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/estilo/")
    page.get_by_role("button", name="Copiar endereço").first.click()
    expect(page.get_by_text("Copiado").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "https://rede.exemplo/r/7kq2"


def test_a_picture_is_shown_before_it_is_sent(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto("/estilo/")
    dot = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
    page.get_by_label(re.compile("Foto da embalagem")).first.set_input_files(
        {"name": "saco.gif", "mimeType": "image/gif", "buffer": dot}
    )
    expect(page.get_by_alt_text("saco.gif")).to_be_visible()


def test_a_printed_table_stays_a_table(open_page: OpenPage) -> None:
    page = open_page((700, 900))
    page.goto("/estilo/")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.table td')).display") == "table-cell"
    expect(page.locator(".masthead .end")).to_be_hidden()


def test_long_work_is_asked_about_until_it_is_done(open_page: OpenPage) -> None:
    urls.ASKED.clear()
    page = open_page(PHONE)
    page.goto("/htmx/")
    expect(page.get_by_text("Pronto")).to_be_visible()
    expect(page.locator("html")).not_to_have_class(re.compile("is-loading"))
    page.wait_for_timeout(700)
    assert urls.ASKED == ["true"] * 3


def test_htmx_carries_the_protection_against_forgery(open_page: OpenPage) -> None:
    page = open_page(DESK)
    page.goto("/htmx/")
    page.get_by_role("button", name="Contar").click()
    expect(page.locator("#conta")).to_have_text("contado")
