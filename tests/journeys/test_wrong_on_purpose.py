# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes wrong on purpose gets a clear answer and loses nothing."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from mutirao.kernel import clock, tenancy
from mutirao.kernel.models import AuditEntry, Submission
from mutirao.network import operations as network_operations
from mutirao.network.models import Enterprise, Invitation
from mutirao.purchasing.models import Need, PurchaseRound
from tests import factories
from tests.journeys.doing import coordinator_of, field, fits, press
from tests.purchasing import factories as make

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.journey


class Setting:
    """An open round with one enterprise, whose coordinator stands before the list of needs."""

    def __init__(self, network: Any, team: Actor, page: Page, sign_in: Any) -> None:
        self.enterprise = factories.enterprise(name="Cooperativa Mãos da Serra")
        self.round = make.open_round(network, team)
        self.good = make.goods(self.round)[0]
        self.person = coordinator_of(self.enterprise)
        self.page = page
        sign_in(page, self.person)
        page.goto(self.address)

    @property
    def address(self) -> str:
        return make.url(self.round, "meu-pedido/")

    def type(self, quantity: str, page: Page | None = None) -> None:
        field(page or self.page, self.good.product.name).fill(quantity)

    def asked(self) -> list[str]:
        return [str(row.quantity.normalize()) for row in Need.objects.filter(good=self.good)]


@pytest.fixture
def setting(network: Any, coordinator: Actor, phone_page: Page, sign_in: Any) -> Setting:
    return Setting(network, coordinator, phone_page, sign_in)


def test_a_broken_spreadsheet_is_refused_in_words(network: Any, desk_page: Page, sign_in: Any, shot: Any) -> None:
    person = factories.person()
    factories.role(person, "purchasing")
    sign_in(desk_page, person)
    desk_page.goto(f"/rede/{network.slug}/importar/enterprises/")
    desk_page.get_by_label("Planilha").set_input_files(
        {"name": "empreendimentos.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04" + b"\x00nada" * 40}
    )
    press(desk_page, "Ver o que será importado")
    expect(desk_page.locator("[data-error-summary]")).to_contain_text("Planilha")
    expect(desk_page.get_by_role("button", name="Ver o que será importado")).to_be_visible()
    shot(desk_page, "desk")
    assert not Enterprise.objects.exists()


def test_two_taps_at_once_take_the_needs_in_once(setting: Setting) -> None:
    setting.type("7,5")
    statuses = setting.page.evaluate(
        """async () => {
            const form = document.querySelector("main keep-form form");
            const sent = () => { const data = new FormData(form); data.set("act", "send"); return data; };
            const send = () => fetch(location.href, { method: "POST", body: sent() });
            return (await Promise.all([send(), send(), send()])).map((answer) => answer.status);
        }"""
    )
    assert statuses == [200, 200, 200]
    assert setting.asked() == ["7.5"]
    assert Submission.objects.filter(kind__contains="need").count() == 1
    assert AuditEntry.objects.filter(act="purchasing.needs_entered").count() == 1


def test_of_two_coordinators_at_once_the_second_keeps_what_was_typed(
    setting: Setting, open_page: Any, sign_in: Any, shot: Any
) -> None:
    other = open_page(360, 740)
    sign_in(other, coordinator_of(setting.enterprise, name="Bento Alves"))
    other.goto(setting.address)
    setting.type("7,5")
    setting.type("12", other)
    press(other, "Enviar o pedido")
    expect(other.get_by_text("foi recebido")).to_be_visible()
    press(setting.page, "Enviar o pedido")
    expect(setting.page.get_by_text("Bento Alves mudou este pedido").first).to_be_visible()
    expect(field(setting.page, setting.good.product.name)).to_have_value("7,5")
    expect(setting.page.get_by_text("Agora está guardado: 12 kg")).to_be_visible()
    assert setting.asked() == ["12"]
    assert fits(setting.page)
    shot(setting.page, "phone")
    press(setting.page, "Enviar o pedido")
    expect(setting.page.get_by_text("foi recebido")).to_be_visible()
    assert setting.asked() == ["7.5"]


def test_needs_after_the_deadline_are_told_so_and_stay_on_the_screen(setting: Setting, shot: Any) -> None:
    setting.type("7,5")
    PurchaseRound.objects.update(needs_until=clock.now() - dt.timedelta(minutes=1))
    press(setting.page, "Enviar o pedido")
    expect(setting.page.get_by_text("O prazo dos pedidos da rodada").first).to_be_visible()
    expect(setting.page.get_by_text("ela pode prorrogar o prazo").first).to_be_visible()
    expect(setting.page.get_by_text("dá para mudar quantas vezes quiser")).to_have_count(0)
    expect(field(setting.page, setting.good.product.name)).to_have_value("7,5")
    assert setting.asked() == []
    shot(setting.page, "phone")


def test_a_form_whose_protection_ran_out_says_so_and_the_draft_comes_back(setting: Setting, shot: Any) -> None:
    setting.type("7,5")
    expect(setting.page.get_by_text("Guardado neste aparelho")).to_be_visible()
    setting.page.context.clear_cookies(name=re.compile("csrf"))
    press(setting.page, "Enviar o pedido")
    expect(setting.page.get_by_text("ficou aberta tempo demais")).to_be_visible()
    assert setting.asked() == []
    shot(setting.page, "phone")
    setting.page.goto(setting.address)
    expect(field(setting.page, setting.good.product.name)).to_have_value("7,5")
    press(setting.page, "Enviar o pedido")
    expect(setting.page.get_by_text("foi recebido")).to_be_visible()
    assert setting.asked() == ["7.5"]


def test_a_stranger_finds_nothing_and_is_told_in_words(setting: Setting, shot: Any) -> None:
    page, slug = setting.page, setting.round.network.slug
    elsewhere = factories.network(name="Rede do Vale")
    with tenancy.activated(elsewhere):
        there = make.open_round(elsewhere, factories.actor(elsewhere, "coordination"), title="Sementes de maio")
    for address in (make.url(there), f"/rede/{slug}/rodadas/99/", f"/rede/{slug}/nada/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("não", re.I))
        expect(page.get_by_text("Rede do Vale")).to_have_count(0)
        expect(page.get_by_text("Sementes de maio")).to_have_count(0)
        assert fits(page)
    shot(page, "phone")


def test_an_expired_invitation_says_what_to_do(network: Any, coordinator: Actor, phone_page: Page, shot: Any) -> None:
    issued = network_operations.invite(network, role="treasury", name="Teresa", actor=coordinator)
    Invitation.objects.update(expires_at=clock.now() - dt.timedelta(days=1))
    phone_page.goto(f"/convite/{issued.token}/")
    expect(phone_page.get_by_text("Este convite venceu.").first).to_be_visible()
    expect(phone_page.get_by_text("Peça outro convite à coordenação.").first).to_be_visible()
    shot(phone_page, "phone")
