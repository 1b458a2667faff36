# SPDX-License-Identifier: AGPL-3.0-or-later
"""Without JavaScript, and by keyboard alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from mutirao.purchasing.models import Need
from mutirao.purchasing.operations import approval, orders, sharing
from tests import factories
from tests.journeys.doing import PASSWORD, control, coordinator_of, enter, field, fits, press
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.journey


def test_needs_approval_and_charge_without_javascript(
    network: Any, coordinator: Actor, open_page: Any, shot: Any
) -> None:
    story = Story(network, coordinator)
    approval.put_to_approval(story.round, actor=coordinator)
    asking = make.open_round(network, coordinator, title="Açúcar de abril")
    good = make.goods(asking)[0]
    page = open_page(360, 740, javascript=False)
    enter(page, coordinator_of(story.first, story.second))

    page.goto(make.url(asking, f"pedidos/{story.first.pk}/"))
    field(page, good.product.name).fill("7,5")
    press(page, "Calcular")
    expect(field(page, good.product.name)).to_have_value("7,5")
    press(page, "Enviar o pedido")
    expect(page.get_by_text("foi recebido")).to_be_visible()
    assert [str(row.quantity.normalize()) for row in Need.objects.filter(good=good)] == ["7.5"]

    for name in ("Um", "Dois"):
        page.goto(make.url(story.round))
        press(page, f"Responder por {name}")
        press(page.locator("section", has_text=f"A resposta de {name}"), "Aprovar")
    page.goto(make.url(story.round))
    expect(page.get_by_text("aprovada").first).to_be_visible()

    story.round.refresh_from_db()
    (order,) = orders.prepare_orders(story.round, actor=coordinator)
    orders.mark_sent(order, how="mensagem", actor=coordinator)
    order.refresh_from_db()
    story.write_receipt(order, "15")
    sharing.charge_round(story.round, actor=coordinator)
    page.goto(f"/rede/{network.slug}/cobrancas/")
    page.locator("main").get_by_role("link", name=re.compile("Farinhas de março")).first.click()
    expect(page.get_by_text("Falta pagar").first).to_be_visible()
    expect(page.get_by_text("Por que este valor")).to_be_visible()
    assert fits(page)
    shot(page, "charge")


def tab_to(page: Page, wanted: Locator, *, most: int = 80) -> None:
    """Press Tab until the wanted one has the focus, as somebody without a mouse does."""
    expect(wanted).to_be_visible()
    for _press in range(most):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by {most} tabs")


def test_signing_in_and_entering_a_need_by_keyboard_alone(network: Any, coordinator: Actor, desk_page: Page) -> None:
    enterprise = factories.enterprise(name="Grupo Pão da Terra")
    round_ = make.open_round(network, coordinator)
    good = make.goods(round_)[0]
    person = coordinator_of(enterprise)
    page = desk_page
    page.goto("/conta/entrar/")
    tab_to(page, field(page, "E-mail"))
    page.keyboard.type(person.email)
    tab_to(page, page.get_by_label(re.compile("^Senha")))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=re.compile("Olá"))).to_be_visible()
    tab_to(page, page.get_by_role("link", name=re.compile("^Diga o que")).first)
    page.keyboard.press("Enter")
    tab_to(page, field(page, good.product.name))
    page.keyboard.type("7,5")
    tab_to(page, control(page, "Enviar o pedido"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("foi recebido")).to_be_visible()
    assert [str(row.quantity.normalize()) for row in Need.objects.filter(good=good)] == ["7.5"]
