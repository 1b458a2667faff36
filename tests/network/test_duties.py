# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody leaves the rounds with something open: what is open is named, with where to settle it (N1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.network import operations
from mutirao.network.duties import Duty, open_duties
from mutirao.network.errors import EnterpriseHasDuties
from mutirao.network.models import Enterprise, Network
from mutirao.payments import operations as payments
from mutirao.payments.models import Charge
from mutirao.purchasing.operations import approval, needs, rounds, sharing


@pytest.fixture
def enterprise(network: Network) -> Enterprise:
    return factories.enterprise(name="Mãos da Terra")


def words(enterprise: Enterprise) -> list[str]:
    return [str(duty.label).replace("\xa0", " ") for duty in open_duties(enterprise)]


def test_who_owes_nothing_leaves(enterprise: Enterprise, coordinator: Actor) -> None:
    assert open_duties(enterprise) == []
    operations.deactivate_enterprise(enterprise, actor=coordinator, reason="Mudou de cidade")
    enterprise.refresh_from_db()
    assert not enterprise.is_active


def test_a_need_in_an_open_round_keeps_and_declining_frees(
    network: Network, enterprise: Enterprise, coordinator: Actor
) -> None:
    round_ = make.open_round(network, coordinator)
    assert open_duties(enterprise) == []
    answer = make.enter(round_, enterprise, coordinator, "10")
    assert words(enterprise) == [
        "Pedido na rodada “Farinhas de março”, aberta: diga que o empreendimento não participa."
    ]
    with pytest.raises(EnterpriseHasDuties, match="Farinhas de março"):
        operations.deactivate_enterprise(enterprise, actor=coordinator, reason="Mudou de cidade")
    enterprise.refresh_from_db()
    assert enterprise.is_active
    assert not AuditEntry.objects.filter(act="network.enterprise_deactivated").exists()
    needs.decline_round(answer, told_by="Dona Lúcia", actor=coordinator)
    operations.deactivate_enterprise(enterprise, actor=coordinator, reason="Mudou de cidade")


def test_a_cancelled_round_keeps_nobody(network: Network, enterprise: Enterprise, coordinator: Actor) -> None:
    round_ = make.open_round(network, coordinator)
    make.enter(round_, enterprise, coordinator, "10")
    rounds.cancel_round(round_, reason="Sem fornecedor", actor=coordinator)
    assert open_duties(enterprise) == []


def test_an_unanswered_question_is_named(network: Network, coordinator: Actor) -> None:
    story = Story(network, coordinator)
    approval.put_to_approval(story.round, actor=coordinator)
    found = words(story.first)
    assert len(found) == 2
    assert any("Decisão em votação sem a resposta" in each for each in found)


def test_charges_and_credit_are_named_with_their_amounts(network: Network, coordinator: Actor) -> None:
    story = Story(network, coordinator)
    story.receive()
    sharing.charge_round(story.round, actor=coordinator)
    treasurer = factories.actor(network, "treasury")
    payments.grant_credit(story.first, amount_minor=500, reason="Caixas", actor=treasurer)
    assert words(story.first) == [
        "1 cobrança em aberto, de R$ 38,00: receba, ou dê baixa com o motivo.",
        "R$ 5,00 de crédito na rede: use numa cobrança ou devolva em dinheiro.",
    ]
    charge = Charge.objects.get(enterprise=story.first)
    payments.apply_credit(charge, amount_minor=500, actor=treasurer)
    payments.write_off(charge, reason="Enchente", actor=coordinator)
    assert open_duties(story.first) == []


def test_the_page_names_what_is_open_with_where_to_settle_it(
    client: Client, network: Network, coordinator: Any
) -> None:
    story = Story(network, coordinator)
    story.receive()
    sharing.charge_round(story.round, actor=coordinator)
    make.signed_in(client, "coordination")
    address = reverse("network:enterprise_activity", args=[network.slug, story.first.pk])
    page = client.get(address)
    (duty,) = open_duties(story.first)
    assert isinstance(duty, Duty)
    assert f'href="{duty.url}"' in page.content.decode()
    assert client.get(duty.url).status_code == 200
    assert client.post(address, {"reason": "Saiu"}).status_code == 409
    story.first.refresh_from_db()
    assert story.first.is_active
