# SPDX-License-Identifier: AGPL-3.0-or-later
"""The accountability of a round: every figure opens to what it came from, and is called what it is."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from tests import factories
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

from mutirao.kernel.actors import Actor
from mutirao.ledger.models import Entry
from mutirao.payments import operations as payments
from mutirao.payments.models import Bill, Charge, Payment
from mutirao.purchasing.operations import sharing
from mutirao.purchasing.queries.accountability import accountability


class Page(HTMLParser):
    """The links and the places of a page."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = set()
        self.feed(body[body.index("<main") : body.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.add(str(given["href"]))
        if given.get("id"):
            self.places.add(str(given["id"]))


@pytest.fixture
def story(network: Any, coordinator: Actor) -> Story:
    """One enterprise paid 20.00 of 38.00 and had the rest given up; the other paid with 2.00 of credit."""
    made = Story(network, coordinator)
    made.receive(credited_minor=300)
    sharing.charge_round(made.round, actor=coordinator)
    treasurer = factories.actor(network, "treasury")
    first, second = Charge.objects.order_by("-amount_minor")
    payments.record_payment(
        first.enterprise, amount_minor=2000, received_on=first.issued_on, method="pix", charge=first, actor=treasurer
    )
    payments.write_off(first, reason="Enchente", actor=coordinator)
    payments.grant_credit(second.enterprise, amount_minor=200, reason="Caixas", actor=treasurer)
    payments.apply_credit(second, amount_minor=200, actor=treasurer)
    bill = Bill.objects.get()
    payments.pay_bill(bill, amount_minor=1000, paid_on=first.issued_on, method="pix", actor=treasurer)
    return made


def page_of(client: Client, story: Story, path: str) -> Page:
    answer = client.get(make.url(story.round, path))
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_what_was_given_up_is_not_called_paid(story: Story) -> None:
    charges = accountability(story.round).charges
    whole, rest = (charge.amount_minor for charge in Charge.objects.order_by("-amount_minor"))
    assert (charges.paid_minor, charges.credited_minor, charges.written_off_minor) == (2000, 200, whole - 2000)
    assert charges.settled_minor == sum(charge.settled_minor for charge in Charge.objects.all())
    assert rest > 200


def test_a_bill_is_made_of_goods_credits_and_freight_that_add_up(story: Story) -> None:
    (row,) = accountability(story.round).bill_rows
    assert (row.goods_minor, row.credited_minor, row.extra_minor) == (4500, 300, 900)
    assert row.bill.amount_minor == row.goods_minor - row.credited_minor + row.extra_minor


def test_the_team_opens_every_step_from_the_need_to_the_entries(client: Client, story: Story, network: Any) -> None:
    make.signed_in(client, "coordination")
    page = page_of(client, story, "contas/")
    base = f"/rede/{network.slug}"
    good = make.goods(story.round)[0]
    bill, order = Bill.objects.get(), story.round.orders.get()
    expected = {
        make.url(story.round, f"pedidos/produto/{good.pk}/"),
        make.url(story.round, f"cotacoes/{story.quote.pk}/"),
        make.url(story.round, "comparar/") + "#best",
        f"{base}/contas-a-pagar/{bill.pk}/",
        make.url(story.round, f"encomendas/{order.number}/"),
        make.url(story.round, f"encomendas/{order.number}/") + "#chegou",
        *(make.url(story.round, f"contas/{charge.enterprise_id}/") for charge in Charge.objects.all()),
        *(f"{base}/cobrancas/{charge.pk}/" for charge in Charge.objects.all()),
        *(f"{base}/pagamentos/{payment.pk}/" for payment in Payment.objects.all()),
        *(
            f"{base}/livros/{entry.book_id}/lancamentos/{entry.pk}/"
            for entry in Entry.objects.filter(book__enterprise=None, source_kind="purchasing.round")
        ),
    }
    assert expected - page.links == set()
    assert any("/decisoes/" in link for link in page.links)
    for link in page.links:
        place = link.partition("#")[2]
        if link.startswith("#"):
            assert place in page.places, link
        elif link.startswith("/"):
            answer = client.get(link)
            assert answer.status_code == 200, link
            assert not place or place in Page(answer.content.decode()).places, link


def test_charge_payment_and_bill_open_to_their_entries(client: Client, story: Story, network: Any) -> None:
    make.signed_in(client, "coordination")
    charge, payment, bill = Charge.objects.order_by("-amount_minor")[0], Payment.objects.get(), Bill.objects.get()
    base = f"/rede/{network.slug}"
    for path, key in (
        (f"cobrancas/{charge.pk}/", f"charge:{charge.pk}"),
        (f"pagamentos/{payment.pk}/", f"payment:{payment.pk}"),
        (f"contas-a-pagar/{bill.pk}/", f"bill:{bill.pk}"),
        (f"contas-a-pagar/{bill.pk}/", f"bill-payment:{bill.payments.get().pk}"),
    ):
        links = Page(client.get(f"{base}/{path}").content.decode()).links
        entries = Entry.objects.filter(key=key)
        assert entries
        for entry in entries:
            assert f"{base}/livros/{entry.book_id}/lancamentos/{entry.pk}/" in links, key


def test_a_member_opens_what_is_the_own_enterprises_and_nothing_that_is_refused(client: Client, story: Story) -> None:
    make.signed_in(client, "enterprise_member", story.first)
    own = Charge.objects.get(enterprise=story.first)
    for path in ("contas/", f"contas/{story.first.pk}/", f"contas/{story.second.pk}/", "contas/?ver=pagamentos"):
        page = page_of(client, story, path)
        answers = {link: client.get(link).status_code for link in page.links if link.startswith("/")}
        assert {link: status for link, status in answers.items() if status != 200} == {}
        if path == "contas/":
            assert any(link.endswith(f"/cobrancas/{own.pk}/") for link in page.links)


def test_the_printed_page_has_the_same_totals_and_asks_nothing(client: Client, story: Story) -> None:
    make.signed_in(client, "coordination")
    body = client.get(make.url(story.round, "contas/?imprimir=1")).content.decode()
    assert "por quê?" not in body
    assert re.search(r"baixados sem pagamento", body)


def test_members_read_quotes_once_the_purchase_is_approved_and_not_before(
    client: Client, network: Any, coordinator: Actor
) -> None:
    made = Story(network, coordinator)
    make.signed_in(client, "enterprise_member", made.first)
    paths = ("cotacoes/", f"cotacoes/{made.quote.pk}/", "comparar/", "encomendas/")
    assert {client.get(make.url(made.round, path)).status_code for path in paths} == {403}
    assert not any("/cotacoes/" in link for link in page_of(client, made, "contas/").links)
    made.approve()
    assert {client.get(make.url(made.round, path)).status_code for path in paths} == {200}
