# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose it is: sessions that end, signing out, several people on one phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.journeys.doing import PASSWORD, enter, field, fits, press
from tests.journeys.phones import Bus, bus, phone, ready, wait_for

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.journey
__all__ = ["bus", "phone"]


def test_a_session_that_ended_asks_to_sign_in_and_then_sends(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    bus.fill_without_a_connection()
    phone.forget_the_session()
    phone.join()
    page.goto("/")
    expect(
        page.get_by_role("link", name=re.compile("1 envio guardado neste aparelho. Entre para enviar"))
    ).to_be_visible()
    assert bus.asked() == []
    enter(page, bus.rosa)
    wait_for(lambda: bus.asked() == ["7.5"], page)
    expect(page.locator("outbox-bar")).to_be_hidden()


def test_another_person_on_the_same_phone_sees_and_sends_nothing_of_the_first(bus: Bus, shot: Any) -> None:
    phone, page = bus.phone, bus.phone.page
    bus.fill_without_a_connection()
    phone.forget_the_session()
    phone.join()
    bento = factories.person(name="Bento Alves", password=PASSWORD)
    factories.role(bento, "enterprise_coordinator", factories.enterprise(name="Padaria do Vale"))
    enter(page, bento)
    ready(page, bento)
    expect(page.get_by_text("1 envio de outra pessoa que usa este aparelho")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)
    assert "Mãos da Serra" not in page.locator("main").inner_text()
    shot(page, "others")
    phone.cut()
    page.goto(bus.address)
    expect(page.get_by_text("Esta página não está guardada neste aparelho.")).to_be_visible()
    shot(page, "no-network")
    assert fits(page)
    phone.join()
    assert bus.asked() == []
    assert bus.taken_in() == 0


def test_a_session_that_ended_while_the_list_was_open_keeps_it_and_sends_it_after_signing_in(bus: Bus) -> None:
    page = bus.phone.page
    page.goto(bus.address)
    field(page, bus.good.product.name).fill("7,5")
    assert bus.phone.context is not None
    bus.phone.context.clear_cookies(name="sessionid")
    press(page, "Enviar o pedido")
    expect(page.get_by_role("heading", level=1, name="Entrar")).to_be_visible()
    enter(page, bus.rosa)
    wait_for(lambda: bus.asked() == ["7.5"], page)


def test_signing_out_wipes_what_was_kept_also_without_a_connection(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    kept = "async () => (await (await caches.open('mutirao-pages')).keys()).length"
    assert page.evaluate(kept) > 3
    phone.cut()
    page.goto("/")
    page.locator("details.menu.user > summary").click()
    page.get_by_role("button", name="Sair").click()
    expect(page.get_by_text("Você saiu neste aparelho")).to_be_visible()
    page.goto(bus.address)
    expect(page.get_by_text("Esta página não está guardada neste aparelho.")).to_be_visible()
    assert page.evaluate(kept) == 0
    # The server hears of it before anybody sees a page of that session again.
    phone.join()
    page.goto(bus.address)
    expect(page).to_have_url(re.compile("/conta/entrar/"))
    assert page.evaluate(kept) == 0


def test_what_waits_is_not_sent_by_the_session_that_was_left_without_a_connection(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    bus.fill_without_a_connection()
    page.locator("details.menu.user > summary").click()
    page.get_by_role("button", name="Sair").click()
    expect(page.get_by_text("Você saiu neste aparelho")).to_be_visible()
    phone.join()
    # As the browser's own waking does, before any page is asked for.
    page.evaluate("async () => { await MutiraoOutbox.flush({ wait: true }).catch(() => {}); }")
    page.wait_for_timeout(1000)
    assert bus.asked() == []
    enter(page, bus.rosa)
    wait_for(lambda: bus.asked() == ["7.5"], page)


def test_when_the_session_turns_out_to_have_ended_what_was_kept_goes(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    bus.fill_without_a_connection()
    assert phone.context is not None
    phone.context.clear_cookies(name="sessionid")
    phone.join()
    page.evaluate("async () => { await MutiraoOutbox.flush({ wait: true }).catch(() => {}); }")
    wait_for(lambda: not page.evaluate("async () => caches.has('mutirao-pages')"), page)
    assert bus.asked() == []
