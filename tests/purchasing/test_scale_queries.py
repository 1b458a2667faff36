# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of a round stay the same work whatever the number of enterprises: queries are counted at every stage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories
from tests.purchasing import factories as make

from mutirao.governance import operations as governance
from mutirao.governance.models import Motion
from mutirao.kernel import formats, tenancy
from mutirao.kernel.actors import Actor
from mutirao.network.models import Enterprise, Network
from mutirao.payments import operations as payments
from mutirao.payments.models import Charge
from mutirao.purchasing.models import CostShare, QuoteLine
from mutirao.purchasing.operations import approval, award, orders, receipts, rounds, sharing
from mutirao.purchasing.operations.receipts import Document, LineReceived
from mutirao.purchasing.views import sharing as pages

TEAM_PAGES = {
    "taking needs": ["", "pedidos/", "pedidos/empreendimentos/", "pedidos/{enterprise}/"],
    "quoting": ["", "pedidos/", "pedidos/empreendimentos/", "cotacoes/", "comparar/"],
    "received": ["", "partilha/", "custos/", "contas/"],
    "charged": ["", "contas/", "contas/?imprimir=1", "contas/?ver=pagamentos", "contas/?ver=lancamentos"],
}
OWN_PAGES = {
    "taking needs": ["", "pedidos/{enterprise}/"],
    "quoting": ["", "cotacoes/", "comparar/"],
    "received": ["", "partilha/", "contas/"],
    "charged": ["", "contas/", "contas/{enterprise}/"],
}


class Walk:
    """A round of `number` enterprises, led from stage to stage by the operations that the screens call."""

    def __init__(self, network: Network, number: int) -> None:
        self.network = network
        self.team: Actor = factories.actor(network, "coordination")
        self.enterprises = [factories.enterprise(name=f"Grupo {index:02}") for index in range(number)]
        self.round = make.open_round(network, self.team, fees_minor=1_001, fees_purpose="Fundo")
        for enterprise in self.enterprises:
            make.enter(self.round, enterprise, self.team, "10", "3", place=self.round.places.first())

    def of(self, enterprise: Enterprise) -> Actor:
        return factories.actor(self.network, "enterprise_coordinator", enterprise)

    def quoting(self) -> None:
        rounds.close_needs(self.round, actor=self.team)
        goods = make.goods(self.round)
        quote = make.quote(self.round, self.team, *(make.line(good, "3.10") for good in goods), freight_minor=900)
        wanted = dict(zip((good.pk for good in goods), (10, 3), strict=True))
        packs = {
            line.pk: wanted[line.good_id] * len(self.enterprises) for line in QuoteLine.objects.filter(quote=quote)
        }
        self.round.refresh_from_db()
        award.draw_split(self.round, packs=packs, actor=self.team)
        award.choose(self.round, kind="manual", reason="É de casa", actor=self.team)
        self.round.refresh_from_db()

    def received(self) -> None:
        motion = approval.put_to_approval(self.round, actor=self.team)
        for enterprise in self.enterprises:
            motion.refresh_from_db()
            if motion.state == Motion.State.OPEN:
                governance.answer_motion(motion, enterprise=enterprise, answer="yes", actor=self.of(enterprise))
        self.round.refresh_from_db()
        for order in orders.prepare_orders(self.round, actor=self.team):
            orders.mark_sent(order, how="mensagem", actor=self.team)
            order.refresh_from_db()
            lines = {line.pk: LineReceived(Decimal(line.quantity)) for line in order.lines.all()}
            receipts.record_receipt(order, lines=lines, document=Document(freight_minor=900), actor=self.team)
        self.round.refresh_from_db()

    def charged(self) -> None:
        sharing.charge_round(self.round, actor=self.team)
        treasurer = factories.actor(self.network, "treasury")
        for charge in Charge.objects.filter(state="open"):
            payments.record_payment(
                charge.enterprise,
                amount_minor=charge.amount_minor,
                received_on=charge.issued_on,
                method="pix",
                actor=treasurer,
            )
        self.round.refresh_from_db()


def queries_of(walk: Walk, paths: list[str], role: str, enterprise: Enterprise | None = None) -> dict[str, int]:
    """How many queries each page takes once it was asked for before."""
    browser = Client()
    make.signed_in(browser, role, enterprise)
    found = {}
    for path in paths:
        address = make.url(walk.round, path.format(enterprise=walk.enterprises[0].pk))
        assert browser.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        found[f"{role} {path}"] = len(captured)
    return found


def queries_at_every_stage(number: int) -> dict[str, int]:
    network = factories.network()
    found: dict[str, int] = {}
    with tenancy.activated(network):
        walk = Walk(network, number)
        for stage in TEAM_PAGES:
            if stage != "taking needs":
                getattr(walk, stage)()
            seen = queries_of(walk, TEAM_PAGES[stage], "purchasing")
            seen |= queries_of(walk, OWN_PAGES[stage], "enterprise_coordinator", walk.enterprises[0])
            found |= {f"{stage}: {page}": count for page, count in seen.items()}
    return found


@pytest.mark.django_db
def test_pages_take_as_many_queries_with_twelve_enterprises_as_with_three() -> None:
    few, many = queries_at_every_stage(3), queries_at_every_stage(12)
    assert {page: (few[page], many[page]) for page in few if few[page] != many[page]} == {}
    assert max(many.values()) < 60


def page_text(browser: Client, walk: Walk, path: str) -> str:
    return str(browser.get(make.url(walk.round, path)).content.decode()).replace("\xa0", " ")


def money(minor: int) -> str:
    return formats.money(minor, "BRL").replace("\xa0", " ")


@pytest.fixture
def charged(network: Any, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Five enterprises, charged and paid; two rows on a page."""
    walk = Walk(network, 5)
    walk.quoting()
    walk.received()
    walk.charged()
    for size in ("A_PAGE", "AN_EXCERPT", "ON_THE_WALL"):
        monkeypatch.setattr(pages, size, 2)
    return walk


def test_accounts_come_a_page_at_a_time_and_their_totals_are_of_all(charged: Walk, client: Client) -> None:
    make.signed_in(client, "purchasing")
    total = sum(share.total_minor for share in CostShare.objects.all())
    assert total == 5 * (10 + 3) * 310 + 900 + 1_001
    seen = []
    for page in ("contas/", "contas/?page=2", "contas/?page=3"):
        text = page_text(client, charged, page)
        assert money(total) in text
        seen += [name for name in (one.name for one in charged.enterprises) if f"{name}</a></th>" in text]
    assert seen == [one.name for one in charged.enterprises]
    assert "não confere" not in page_text(client, charged, "contas/")


def test_payments_and_entries_beyond_the_excerpt_are_a_click_away(charged: Walk, client: Client) -> None:
    make.signed_in(client, "purchasing")
    text = page_text(client, charged, "contas/")
    assert "Ver todos os 5 pagamentos" in text
    assert "?ver=lancamentos" in text
    listed = "".join(page_text(client, charged, f"contas/?ver=pagamentos&page={page}") for page in (1, 2, 3))
    assert all(one.name in listed for one in charged.enterprises)


def test_the_printed_page_of_many_gives_sums_and_of_few_gives_names(
    charged: Walk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.signed_in(client, "purchasing")
    text = page_text(client, charged, "contas/?imprimir=1")
    assert "Cobranças pagas por inteiro: 5; em parte: 0; ainda não pagas: 0." in text
    assert not any(one.name in text for one in charged.enterprises)
    monkeypatch.setattr(pages, "ON_THE_WALL", 5)
    monkeypatch.setattr(pages, "A_PAGE", 50)
    text = page_text(client, charged, "contas/?imprimir=1")
    assert all(one.name in text for one in charged.enterprises)


def test_the_preview_of_costs_pages_its_rows_and_sums_all(
    network: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(network, 5)
    walk.quoting()
    walk.received()
    monkeypatch.setattr(pages, "A_PAGE", 2)
    make.signed_in(client, "purchasing")
    first, last = page_text(client, walk, "custos/"), page_text(client, walk, "custos/?page=3")
    total = money(5 * (10 + 3) * 310 + 900 + 1_001)
    assert total in first
    assert total in last
    assert "Grupo 00" in first
    assert "Grupo 04" not in first
    assert "Grupo 04" in last


def test_the_list_for_the_wall_comes_in_parts(
    network: Network, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "A_PRINTED_PART", 2)
    walk = Walk(network, 3)
    walk.quoting()
    walk.received()
    make.signed_in(client, "purchasing")
    first = client.get(make.url(walk.round, "partilha/?tudo=1")).content.decode()
    assert "Imprima uma de cada vez" in first
    assert "Grupo 01" in first
    assert "Grupo 02" not in first
    assert "tudo=1" in first.split('rel="next"')[0].rsplit("<a", 1)[1] + first.split('rel="next"')[1].split(">")[0]
    assert "Grupo 02" in client.get(make.url(walk.round, "partilha/?tudo=1&page=2")).content.decode()
