# SPDX-License-Identifier: AGPL-3.0-or-later
"""Only members ask for anything; what was asked for as a member is charged all the same (N4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from tests import factories
from tests.purchasing import factories as buying

from mutirao.admission import operations as admission
from mutirao.kernel.actors import Actor
from mutirao.network.membership import OWE_SHARE, StandingForbids, require_members
from mutirao.network.models import Enterprise
from mutirao.purchasing.models import Need, Participation, PurchaseRound
from mutirao.purchasing.operations import needs, rounds


@pytest.fixture
def enterprise(network: Any) -> Enterprise:
    return factories.enterprise(name="Mãos da Terra")


@pytest.fixture
def round_(enterprise: Enterprise, network: Any, coordinator: Actor, noon: dt.datetime) -> PurchaseRound:
    products = [factories.product(name="Arroz"), factories.product(name="Caixa", unit="un")]
    return buying.open_round(network, coordinator, products=products)


@pytest.mark.parametrize("code", ["candidate", "suspended", "excluded", "left", "partner"])
@pytest.mark.parametrize("by", ["itself", "the centre"])
def test_who_is_no_member_asks_for_nothing_by_whatever_hand(
    network: Any, round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor, code: str, by: str
) -> None:
    own = factories.actor(network, "enterprise_coordinator", enterprise)
    Enterprise.objects.filter(pk=enterprise.pk).update(standing=code)
    answer = buying.participation(round_, enterprise)
    with pytest.raises(StandingForbids):
        needs.enter_needs(
            answer, items=buying.items(round_, "3"), place=round_.places.first(), told_by="Ana",
            actor=own if by == "itself" else coordinator,
        )  # fmt: skip
    assert not Need.objects.exists()


def test_a_suspension_takes_lists_of_open_rounds_back_and_leaves_closed_ones(
    network: Any, round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor
) -> None:
    actor = factories.actor(network, "enterprise_coordinator", enterprise)
    place = round_.places.first()
    needs.enter_needs(
        buying.participation(round_, enterprise), items=buying.items(round_, "3"), place=place, actor=actor
    )
    closed = buying.open_round(network, coordinator, products=[factories.product(name="Feijão")])
    needs.enter_needs(
        buying.participation(closed, enterprise), items=buying.items(closed, "5"), place=closed.places.first(),
        actor=actor,
    )  # fmt: skip
    rounds.close_needs(closed, actor=coordinator)
    admission.suspend(enterprise, reason="Contas em aberto", actor=coordinator)
    assert buying.participation(round_, enterprise).state == Participation.State.DECLINED
    assert buying.participation(closed, enterprise).state == Participation.State.ANSWERED
    assert [need.good.product.name for need in Need.objects.all()] == ["Feijão"]


def test_the_page_of_a_list_that_was_taken_back_tells_its_history(
    network: Any, round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor, client: Client
) -> None:
    buying.enter(round_, enterprise, coordinator, "3", place=round_.places.first())
    admission.suspend(enterprise, reason="Contas em aberto", actor=coordinator)
    buying.signed_in(client, "coordination")
    page = client.get(buying.url(round_, f"pedidos/{enterprise.pk}/resumo/"))
    assert page.status_code == 200
    assert "Disse que não participa" in page.content.decode()


def test_a_suspended_one_may_still_stay_out_of_a_round(
    network: Any, round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor
) -> None:
    actor = factories.actor(network, "enterprise_coordinator", enterprise)
    Enterprise.objects.filter(pk=enterprise.pk).update(standing="suspended")
    declined = needs.decline_round(buying.participation(round_, enterprise), actor=actor)
    assert declined.state == Participation.State.DECLINED


def test_a_share_of_a_round_is_owed_by_who_was_a_member_and_by_nobody_else(network: Any) -> None:
    require_members([factories.enterprise(standing=code) for code in ("member", "suspended", "left")], OWE_SHARE)
    for code in ("candidate", "partner"):
        with pytest.raises(StandingForbids):
            require_members([factories.enterprise(), factories.enterprise(standing=code)], OWE_SHARE)
