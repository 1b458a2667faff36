# SPDX-License-Identifier: AGPL-3.0-or-later
"""A supplier answers by its link, the bell tells the team, and a device shows what is pushed to it (B3, N6)."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from mutirao.kernel import clock
from mutirao.network.models import Person
from mutirao.purchasing.models import PriceBreak, PurchaseRound, Quote, QuoteRequest
from mutirao.purchasing.operations import quote_requests as asking
from tests import factories
from tests.journeys.doing import fits
from tests.purchasing import factories as buying

if TYPE_CHECKING:
    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.journey


@pytest.fixture
def round_(network: Any, coordinator: Actor) -> PurchaseRound:
    enterprise = factories.enterprise(name="Mãos da Terra")
    products = [factories.product(name="Arroz"), factories.product(name="Feijão")]
    made = buying.open_round(network, coordinator, products=products)
    buying.enter(made, enterprise, coordinator, "60", "20")
    return buying.rounds.close_needs(made, actor=coordinator)


def link(round_: PurchaseRound, coordinator: Actor, name: str) -> str:
    until = clock.now() + dt.timedelta(days=3)
    supplier = factories.supplier(name=name)
    [row] = asking.ask_for_quotes(round_, suppliers=[supplier], answer_until=until, actor=coordinator)
    return f"/cotar/{asking.token_of(row)}/"


def test_a_supplier_answers_on_the_phone_and_corrects_and_the_team_reads_it_on_the_bell(
    round_: PurchaseRound, coordinator: Actor, open_page: Any, sign_in: Any, check_accessible: Any, shot: Any
) -> None:
    address = link(round_, coordinator, "Armazém do Povo")
    page = open_page(360, 740)
    page.goto(address)
    assert fits(page)
    check_accessible(page)
    page.get_by_label("Preço por kg, Arroz").fill("5,20")
    page.get_by_label("Tamanho da embalagem, Arroz").fill("30")
    page.get_by_role("button", name="Enviar a cotação").click()
    page.get_by_text("Recebemos a sua cotação").wait_for()
    page.get_by_text("Corrigir a cotação").click()
    page.get_by_label("Preço por kg, Arroz").fill("5,00")
    shot(page, "supplier-corrects")
    page.get_by_role("button", name="Enviar a correção").click()
    page.get_by_text("R$ 5,00").wait_for()
    check_accessible(page)
    assert Quote.objects.count() == 2
    assert PriceBreak.objects.get(line__quote__is_withdrawn=False).unit_price == 5
    team = open_page(360, 740, dark=True)
    buyer = factories.person()
    factories.role(buyer, "purchasing")
    sign_in(team, buyer)
    team.goto(buying.url(round_, "cotacoes/links/"))
    assert fits(team)
    check_accessible(team)
    team.get_by_text("Armazém do Povo").click()
    team.get_by_role("link", name="Ver a cotação").wait_for()
    assert fits(team)
    check_accessible(team)


def test_a_supplier_without_scripts_keeps_a_draft_and_declines(
    round_: PurchaseRound, coordinator: Actor, open_page: Any
) -> None:
    page = open_page(360, 740, javascript=False)
    page.goto(link(round_, coordinator, "Boa Safra"))
    page.get_by_label("Preço por kg, Feijão").fill("7,70")
    page.get_by_role("button", name="Guardar e continuar depois").click()
    assert page.get_by_label("Preço por kg, Feijão").input_value() == "7,70"
    page.get_by_text("Não forneço", exact=True).click()
    page.get_by_label("Se quiser, diga por quê").fill("Safra ruim")
    page.get_by_role("button", name="Avisar que não forneço").click()
    page.get_by_text("Você avisou em").wait_for()
    assert QuoteRequest.objects.get().decline_reason == "Safra ruim"
    assert not Quote.objects.exists()


def test_the_page_of_choices_reads_well_and_a_pushed_message_is_shown(
    network: Any, coordinator: Actor, open_page: Any, sign_in: Any, check_accessible: Any, site: Any, shot: Any
) -> None:
    page = open_page(360, 740, worker=True)
    sign_in(page, Person.objects.get(pk=coordinator.person_id))
    page.context.grant_permissions(["notifications"], origin=site.url)
    page.goto(f"/rede/{network.slug}/avisos/como/")
    assert fits(page)
    check_accessible(page)
    shot(page, "notice-choices")
    page.get_by_role("button", name="Guardar").click()
    page.get_by_text("Suas escolhas foram guardadas.").wait_for()
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerVersionUpdated", lambda event: found.extend(event["versions"]))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session.send("ServiceWorker.enable")
    for _turn in range(50):
        if any(one["status"] == "activated" for one in found):
            break
        page.wait_for_timeout(100)
    said = {"title": "Prazo acabando", "body": "até 20:00", "url": f"/rede/{network.slug}/avisos/", "tag": "n1"}
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": site.url, "registrationId": found[-1]["registrationId"], "data": json.dumps(said)},
    )
    shown: list[Any] = []
    for _turn in range(50):
        shown = page.evaluate(
            "navigator.serviceWorker.ready.then((one) => one.getNotifications())"
            ".then((all) => all.map((one) => [one.title, one.body, one.data.url]))"
        )
        if shown:
            break
        page.wait_for_timeout(100)
    assert shown == [["Prazo acabando", "até 20:00", f"/rede/{network.slug}/avisos/"]]
