# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two coordinators at one form: the second reads who changed what, keeps what was typed, and decides (B1, N3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

from mutirao.kernel import changes
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import StaleEdit
from mutirao.network import operations as network_operations
from mutirao.network.models import Enterprise, Network
from mutirao.network.operations.enterprises import ENTERPRISE_FIELDS, EnterpriseData
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.operations import receipts, rounds
from mutirao.purchasing.operations.receipts import Document, LineReceived

TITLE = "Alguém mudou isto enquanto você editava"


def hidden(page: Any, form: str = "form") -> dict[str, Any]:
    """What the page's form would send back untouched."""
    made = page.context[form]
    sent = {}
    for bound in made:
        value = bound.value()
        if value is None or value is False or value == "":
            continue
        sent[bound.html_name] = made.fields[bound.name].prepare_value(value)
    return sent


@pytest.fixture
def enterprise(network: Network) -> Enterprise:
    return factories.enterprise(name="Mãos da Terra", activity="Hortas")


def edited_meanwhile(enterprise: Enterprise, actor: Actor, **said: Any) -> None:
    data = EnterpriseData(name=enterprise.name, legal_form=enterprise.legal_form, **said)
    network_operations.edit_enterprise(enterprise, data, actor=actor)


def test_the_second_reads_who_changed_what_and_when(enterprise: Enterprise, coordinator: Actor) -> None:
    seen = changes.version(enterprise, ENTERPRISE_FIELDS)
    edited_meanwhile(enterprise, coordinator, activity="Hortas e pomar")
    with pytest.raises(StaleEdit) as caught:
        network_operations.edit_enterprise(
            enterprise, EnterpriseData(name="Outra", legal_form="informal"), actor=coordinator, seen=seen
        )
    words = caught.value.words()
    assert coordinator.name in words
    assert "o que faz: Hortas → Hortas e pomar" in words


def test_the_form_says_what_is_kept_now_and_may_be_sent_again(
    client: Client, network: Network, enterprise: Enterprise, coordinator: Actor
) -> None:
    make.signed_in(client, "coordination")
    address = reverse("network:enterprise_edit", args=[network.slug, enterprise.pk])
    sent = {**hidden(client.get(address)), "notes": "Tem forno"}
    edited_meanwhile(enterprise, coordinator, activity="Hortas e pomar")
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert TITLE in page
    assert "Falta acertar" not in page
    assert coordinator.name in page
    assert answer.context["form"].stale_rows == [
        {"label": "O que faz", "value": "Hortas e pomar"},
        {"label": "Observações", "value": ""},
    ]
    assert "Tem forno" in page
    again = hidden(answer)
    assert again["seen"] != sent["seen"]
    assert client.post(address, again).status_code == 302
    enterprise.refresh_from_db()
    assert (enterprise.activity, enterprise.notes) == ("Hortas", "Tem forno")


def test_an_ordinary_mistake_is_still_counted(client: Client, network: Network, enterprise: Enterprise) -> None:
    make.signed_in(client, "coordination")
    address = reverse("network:enterprise_edit", args=[network.slug, enterprise.pk])
    page = client.post(address, {**hidden(client.get(address)), "name": ""}).content.decode()
    assert "Falta acertar uma coisa" in page
    assert TITLE not in page


def test_a_round_closed_on_an_old_look_names_what_happened(
    client: Client, network: Network, enterprise: Enterprise, coordinator: Actor
) -> None:
    round_: PurchaseRound = make.open_round(network, coordinator)
    make.signed_in(client, "purchasing")
    address = make.url(round_, "fechar-pedidos/")
    sent = hidden(client.get(address))
    rounds.edit_round(round_, title="Farinhas de abril", actor=coordinator)
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert TITLE in page
    assert coordinator.name in page
    assert client.post(address, hidden(answer)).status_code == 302


def test_a_receipt_written_by_two_names_the_first(network: Network, coordinator: Actor) -> None:
    story = Story(network, coordinator)
    order = story.receive("15")
    line = order.lines.get()
    with pytest.raises(StaleEdit, match=coordinator.name):
        receipts.record_receipt(
            order, lines={line.pk: LineReceived(Decimal(14))}, document=Document(), actor=story.team, seen_version=0
        )
