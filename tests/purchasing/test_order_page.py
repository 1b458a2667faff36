# SPDX-License-Identifier: AGPL-3.0-or-later
"""An order's page: a short link and a ready text for the group, another text for the supplier (B5, N6)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.purchasing.test_second_half import Story

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.network.models import Person
from mutirao.notices.queries import short_path
from mutirao.purchasing.models import PurchaseOrder
from mutirao.purchasing.operations import orders


@pytest.fixture
def story(network: Any, coordinator: Actor) -> Story:
    return Story(network, coordinator)


def address_of(order: PurchaseOrder) -> str:
    kwargs = {"slug": order.network.slug, "number": order.round.number, "order_number": order.number}
    return reverse("purchasing:order", kwargs=kwargs)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def test_an_order_has_a_short_link_and_a_ready_text_for_the_group(story: Story) -> None:
    order = story.order()
    address, client = address_of(order), signed_in(story.team)
    short = short_path(address)
    assert short != address
    page = client.get(address)
    said = page.context["message"].split("\n")
    assert said[:3] == [
        story.network.name,
        f"Rodada de compra coletiva: {story.round.title}",
        f"Pedido {order.number} a {order.supplier}: enviado.",
    ]
    assert formats.money(order.goods_minor + order.freight_minor, story.round.currency) in said[3]
    assert said[-1] == f"http://testserver{short}"
    assert "Avisar o grupo" in page.content.decode()
    assert client.get(short)["Location"] == address


def test_the_suppliers_text_leads_to_no_page_of_the_network(story: Story) -> None:
    page = signed_in(story.team).get(address_of(story.order()))
    assert "http" not in page.context["text"]


def test_the_text_says_when_it_came(story: Story) -> None:
    order = story.receive()
    said = signed_in(story.team).get(address_of(order)).context["message"]
    assert f"Chegou em {formats.date(clock.today())}." in said
    assert "Entrega prevista" not in said


def test_nobody_is_called_to_an_order_that_was_cancelled(story: Story) -> None:
    order = story.order()
    orders.cancel_order(order, reason="O fornecedor fechou", actor=story.team)
    assert "Avisar o grupo" not in signed_in(story.team).get(address_of(order)).content.decode()


def test_the_short_link_opens_to_nobody_of_another_network(story: Story) -> None:
    short = short_path(address_of(story.order()))
    stranger = signed_in(factories.actor(factories.network(), "coordination"))
    assert stranger.get(short).status_code == 404
