# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages that everybody meets: nothing serious for axe, nothing sticking out, in both schemes on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mutirao.network.models import Person
from mutirao.payments.models import Charge
from mutirao.purchasing.operations import award, sharing
from tests import factories
from tests.journeys.doing import fits
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.journey


def test_axe_finds_nothing_serious_on_a_phone(
    network: Any, coordinator: Actor, open_page: Any, sign_in: Any, check_accessible: Callable[[Page], None], shot: Any
) -> None:
    story = Story(network, coordinator)
    story.receive()
    sharing.charge_round(story.round, actor=coordinator)
    asking = make.open_round(network, coordinator, title="Açúcar de abril")
    comparing = make.open_round(network, coordinator, title="Potes de maio")
    make.enter(comparing, story.first, coordinator, "10", place=comparing.places.first())
    make.rounds.close_needs(comparing, actor=coordinator)
    make.quote(comparing, coordinator, make.line(make.goods(comparing)[0], "3.00"), freight_minor=900)
    comparing.refresh_from_db()
    award.compare(comparing, actor=coordinator)
    pages = {
        "home": f"/rede/{network.slug}/",
        "round": make.url(story.round),
        "needs": make.url(asking, f"pedidos/{story.first.pk}/"),
        "comparison": make.url(comparing, "comparar/"),
        "charge": f"/rede/{network.slug}/cobrancas/{Charge.objects.earliest('pk').pk}/",
        "accountability": make.url(story.round, "contas/"),
    }
    person = Person.objects.get(pk=coordinator.person_id)
    factories.role(person, "enterprise_coordinator", story.first)
    for dark in (False, True):
        page = open_page(360, 740, dark=dark)
        sign_in(page, person)
        for name, address in pages.items():
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, name
            assert fits(page), name
            check_accessible(page)
            if dark:
                shot(page, f"{name}-dark")
