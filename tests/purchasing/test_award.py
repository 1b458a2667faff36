# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comparing the ways to buy a round's goods, and choosing one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests import factories
from tests.purchasing import factories as make

from mutirao.kernel import jobs
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, StaleEdit
from mutirao.network.models import Person
from mutirao.purchasing.errors import NoQuotes, OverBudget, ReasonMissing, ScenarioNotPossible
from mutirao.purchasing.models import Allocation, AwardScenario, PurchaseRound, PurchasingSettings, QuoteLine
from mutirao.purchasing.operations import award, rounds
from mutirao.purchasing.queries.award import load_award_problem


@pytest.fixture
def quoted(network: Any, coordinator: Actor) -> PurchaseRound:
    """Flour 10+5, sugar 10: one supplier cheap in flour, the other in sugar and dear to bring it."""
    first, second = factories.enterprise(name="Um"), factories.enterprise(name="Dois")
    round_ = make.open_round(network, coordinator)
    make.enter(round_, first, coordinator, "10", "10", place=round_.places.first())
    make.enter(round_, second, coordinator, "5", place=round_.places.first())
    rounds.close_needs(round_, actor=coordinator)
    flour, sugar = make.goods(round_)
    make.quote(
        round_, coordinator, make.line(flour, "3.00", ("15", "2.50")), make.line(sugar, "5.00"), freight_minor=500
    )
    make.quote(round_, coordinator, make.line(sugar, "4.00"), freight_minor=200)
    round_.refresh_from_db()
    return round_


def of_kind(rows: list[AwardScenario], kind: str) -> AwardScenario:
    return next(row for row in rows if row.kind == kind)


def test_the_best_split_is_proved_and_side_by_side_with_the_others(quoted: PurchaseRound, coordinator: Actor) -> None:
    rows = award.compare(quoted, actor=coordinator)
    best, single, alone = (of_kind(rows, kind) for kind in ("best", "single", "alone"))
    # 15 × 2.50 + 5.00 and 10 × 4.00 + 2.00
    assert (best.status, best.gap, best.total_minor) == ("optimal", 0, 3750 + 500 + 4000 + 200)
    assert single.total_minor == 3750 + 5000 + 500
    # Um: 10×3 + 10×4 + both freights (or one supplier: 30+50+5); Dois: 5×3 + 5.
    assert alone.total_minor == 7700 + 2000
    assert sum(int(amount) for amount in best.details["pays"].values()) == best.total_minor


def test_in_a_large_round_everyone_alone_joins_later(
    quoted: PurchaseRound, coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(award, "ALONE_AT_ONCE", 1)
    first = {row.kind for row in award.compare(quoted, actor=coordinator)}
    assert first == {"best", "single"}
    jobs.drain()
    assert {row.kind: row.total_minor for row in AwardScenario.objects.filter(round=quoted)}["alone"] == 9700
    award.choose(quoted, kind="best", reason="", actor=coordinator)
    assert AwardScenario.objects.filter(round=quoted).count() == 3


def test_everyone_alone_is_left_where_the_round_has_moved_on(quoted: PurchaseRound, coordinator: Actor) -> None:
    rounds.cancel_round(quoted, reason="Sem verba", actor=coordinator)
    quoted.refresh_from_db()
    assert award.add_alone(quoted, actor=coordinator) is None
    assert not AwardScenario.objects.filter(round=quoted).exists()


def test_what_was_computed_for_old_quotes_is_refused(quoted: PurchaseRound, coordinator: Actor) -> None:
    problem = load_award_problem(quoted)
    make.quote(quoted, coordinator, make.line(make.goods(quoted)[0], "1.00"))
    with pytest.raises(StaleEdit):
        award.store_comparison(quoted, problem=problem, found=[], actor=coordinator)


def test_a_new_quote_voids_the_comparison(quoted: PurchaseRound, coordinator: Actor) -> None:
    award.compare(quoted, actor=coordinator)
    make.quote(quoted, coordinator, make.line(make.goods(quoted)[0], "1.00"))
    assert not AwardScenario.objects.exists()


def test_choosing_plans_who_gets_what(quoted: PurchaseRound, coordinator: Actor) -> None:
    award.compare(quoted, actor=coordinator)
    award.choose(quoted, kind="best", reason="", actor=coordinator)
    rows = Allocation.objects.filter(stage="planned", good=make.goods(quoted)[0])
    assert {row.participation.enterprise.name: row.granted for row in rows} == {"Um": Decimal(10), "Dois": Decimal(5)}


def test_another_than_the_best_wants_a_reason(quoted: PurchaseRound, coordinator: Actor) -> None:
    award.compare(quoted, actor=coordinator)
    with pytest.raises(ReasonMissing):
        award.choose(quoted, kind="single", reason=" ", actor=coordinator)
    chosen = award.choose(quoted, kind="single", reason="Uma entrega só", actor=coordinator)
    assert (chosen.is_chosen, chosen.chosen_reason) == (True, "Uma entrega só")


def test_beyond_the_budget_wants_a_reason(quoted: PurchaseRound, coordinator: Actor) -> None:
    PurchaseRound.objects.update(budget_minor=8000)
    award.compare(quoted, actor=coordinator)
    with pytest.raises(OverBudget):
        award.choose(quoted, kind="best", reason="", actor=coordinator)
    award.choose(quoted, kind="best", reason="A assembleia sabe", actor=coordinator)


def test_a_split_by_hand_is_costed_and_its_problems_named(quoted: PurchaseRound, coordinator: Actor) -> None:
    flour, sugar = make.goods(quoted)
    lines = {line.good_id: line.pk for line in QuoteLine.objects.order_by("-pk")}
    drawn = award.draw_split(quoted, packs={lines[flour.pk]: 15}, actor=coordinator)
    assert [problem["code"] for problem in drawn.details["problems"]] == ["short"]
    with pytest.raises(ScenarioNotPossible):
        award.choose(quoted, kind="manual", reason="Gosto", actor=coordinator)
    whole = award.draw_split(quoted, packs={lines[flour.pk]: 15, lines[sugar.pk]: 10}, actor=coordinator)
    assert whole.total_minor == 3750 + 5000 + 500
    award.choose(quoted, kind="manual", reason="Uma entrega só", actor=coordinator)


def test_a_solidarity_supplier_may_be_dearer_by_the_networks_weight(quoted: PurchaseRound, coordinator: Actor) -> None:
    flour, sugar = make.goods(quoted)
    friend = factories.supplier(is_solidarity=True)
    make.quote(quoted, coordinator, make.line(flour, "3.00"), make.line(sugar, "4.20"), supplier=friend)
    best = of_kind(award.compare(quoted, actor=coordinator), "best")
    assert best.total_minor == 8450
    PurchasingSettings.objects.update(solidarity_preference=10)
    best = of_kind(award.compare(quoted, actor=coordinator), "best")
    assert {line.quote_line.quote.supplier for line in best.lines.all()} == {friend}
    assert best.total_minor == 4500 + 4200


def test_without_quotes_there_is_nothing_to_compare(network: Any, coordinator: Actor) -> None:
    factories.enterprise()
    round_ = make.open_round(network, coordinator)
    with pytest.raises(NoQuotes):
        award.compare(round_, actor=coordinator)


def test_only_the_team_awards(quoted: PurchaseRound, network: Any) -> None:
    with pytest.raises(NotAllowed):
        award.compare(quoted, actor=factories.actor(network, "treasury"))


def test_reasons_are_said_in_words(quoted: PurchaseRound, coordinator: Actor, network: Any, client: Client) -> None:
    make.quote(quoted, coordinator, make.line(make.goods(quoted)[1], "3.99"), freight_minor=5000)
    award.compare(quoted, actor=coordinator)
    client.force_login(Person.objects.get(pk=coordinator.person_id))
    shown = client.get(f"/rede/{network.slug}/rodadas/{quoted.number}/comparar/").content.decode()
    assert "Está provado" in shown
    assert "Só este fornecedor oferece esta quantidade." in shown
    assert "tem preço menor (R$" in shown
    assert "desfazem a vantagem" in shown
