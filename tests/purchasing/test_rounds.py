# SPDX-License-Identifier: AGPL-3.0-or-later
"""Preparing, opening, extending, closing, reopening and cancelling a round (B1)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests import factories
from tests.purchasing import factories as buying

from mutirao.kernel import clock, jobs, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, NotFound, SeveralProblems, StaleEdit
from mutirao.kernel.models import AuditEntry, Job
from mutirao.network.membership import StandingForbids
from mutirao.network.models import Network
from mutirao.purchasing.errors import (
    AlreadyInvited,
    DeadlineNotLater,
    EnterpriseStaysOut,
    GoodAlreadyThere,
    GoodIsNeeded,
    GoodIsQuoted,
    NewDeadlinePassed,
    ReasonMissing,
    WrongState,
)
from mutirao.purchasing.models import (
    AwardScenario,
    OrderLine,
    Participation,
    PurchaseOrder,
    PurchaseRound,
    PurchasingSettings,
)
from mutirao.purchasing.operations import rounds
from mutirao.purchasing.queries.packs import orders_by_rule
from mutirao.purchasing.queries.prices import last_prices
from mutirao.purchasing.queries.rounds import waiting_for
from mutirao.purchasing.tasks import close_needs_at_deadline

State = PurchaseRound.State


def codes(caught: pytest.ExceptionInfo[SeveralProblems]) -> set[str]:
    return {problem.code for problem in caught.value.problems}


def trail(round_: PurchaseRound) -> list[str]:
    rows = AuditEntry.objects.filter(subject_kind="purchasing.purchaseround", subject_id=str(round_.pk))
    return list(rows.values_list("act", flat=True))


def in_days(days: int) -> dt.datetime:
    return clock.now() + dt.timedelta(days=days)


# --- preparing -------------------------------------------------------------------------------------------------------


def test_draft_takes_the_networks_rules_and_the_next_number(network: Network, coordinator: Actor, noon: Any) -> None:
    PurchasingSettings.objects.create(allocation_rule="chronological", freight_rule="weight", fee_rule="equal")
    first = rounds.open_draft_round(network, title=" Sementes ", needs_until=in_days(3), actor=coordinator)
    second = rounds.open_draft_round(network, title="Farinhas", needs_until=in_days(3), actor=coordinator)
    assert (first.number, second.number, first.title) == (1, 2, "Sementes")
    assert (first.state, first.currency) == (State.DRAFT, "BRL")
    assert (first.allocation_rule, first.freight_rule, first.fee_rule) == ("chronological", "weight", "equal")
    assert first.link_token != second.link_token


def test_draft_copies_goods_places_and_rules_of_an_earlier_round(
    network: Network, coordinator: Actor, noon: Any
) -> None:
    flour, gone = factories.product(), factories.product()
    earlier = buying.draft_round(
        network, coordinator, products=[flour, gone], allocation_rule="equal", fees_minor=1500, fees_purpose="Carga"
    )
    gone.is_active = False
    gone.save()
    copy = rounds.open_draft_round(
        network, title="Abril", needs_until=in_days(30), copy_from=earlier, actor=coordinator
    )
    assert [good.product for good in buying.goods(copy)] == [flour]
    assert list(copy.places.all()) == list(earlier.places.all())
    assert (copy.allocation_rule, copy.fees_minor, copy.fees_purpose) == ("equal", 1500, "Carga")
    assert (copy.decided_on, copy.decision_note) == (None, "")


def test_draft_refuses_who_does_not_run_rounds(network: Network, noon: Any) -> None:
    with pytest.raises(NotAllowed):
        rounds.open_draft_round(network, title="X", needs_until=in_days(1), actor=factories.actor(network, "council"))
    assert not PurchaseRound.objects.exists()


def test_draft_refuses_to_copy_a_round_of_another_network(network: Network, coordinator: Actor, noon: Any) -> None:
    other = factories.network()
    with tenancy.activated(other):
        foreign = buying.draft_round(other, factories.actor(other, "coordination"))
    with pytest.raises(NotFound):
        rounds.open_draft_round(network, title="X", needs_until=in_days(1), copy_from=foreign, actor=coordinator)


def test_edit_tells_what_changed(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.draft_round(network, coordinator)
    edited = rounds.edit_round(round_, title="Farinhas e grãos", budget_minor=500_00, actor=coordinator)
    assert (edited.title, edited.budget_minor, edited.version) == ("Farinhas e grãos", 50000, round_.version + 1)
    entry = AuditEntry.objects.filter(act="purchasing.round_edited").last()
    assert entry is not None
    assert entry.data["changes"] == {
        "title": ["Farinhas de março", "Farinhas e grãos"],
        "budget_minor": [None, 50000],
    }


def test_edit_without_change_leaves_no_trace(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.draft_round(network, coordinator)
    before = len(trail(round_))
    same = rounds.edit_round(round_, title=round_.title, actor=coordinator)
    assert same.version == round_.version
    assert len(trail(round_)) == before


def test_second_of_two_coordinators_is_told(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.draft_round(network, coordinator)
    rounds.edit_round(round_, title="A primeira", seen_version=round_.version, actor=coordinator)
    with pytest.raises(StaleEdit):
        rounds.edit_round(round_, title="A segunda", seen_version=round_.version, actor=coordinator)
    round_.refresh_from_db()
    assert round_.title == "A primeira"


def test_edit_refuses_delivery_before_the_deadline(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.draft_round(network, coordinator, days=7)
    with pytest.raises(SeveralProblems) as caught:
        rounds.edit_round(round_, deliver_on=clock.today() + dt.timedelta(days=6), actor=coordinator)
    assert codes(caught) == {"delivery_before_deadline"}
    same_day = rounds.edit_round(round_, deliver_on=clock.today() + dt.timedelta(days=7), actor=coordinator)
    assert same_day.deliver_on == dt.date(2026, 3, 9)


def test_edit_refuses_a_meeting_that_has_not_been(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.draft_round(network, coordinator)
    with pytest.raises(SeveralProblems) as caught:
        rounds.edit_round(round_, decided_on=clock.today() + dt.timedelta(days=1), actor=coordinator)
    assert codes(caught) == {"decision_in_the_future"}


def test_what_was_announced_stands_once_open(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.open_round(network, coordinator)
    with pytest.raises(SeveralProblems) as caught:
        rounds.edit_round(
            round_, allocation_rule="equal", needs_until=in_days(9), decision_note="Outra", actor=coordinator
        )
    assert codes(caught) == {"fixed_once_open"}
    assert {problem.field for problem in caught.value.problems} == {"allocation_rule", "needs_until", "decision_note"}
    assert rounds.edit_round(round_, notes="Tragam sacos", actor=coordinator).notes == "Tragam sacos"


def test_place_that_somebody_chose_stays(network: Network, coordinator: Actor, noon: Any) -> None:
    barn, school = buying.place(name="Galpão"), buying.place(name="Escola")
    enterprise = factories.enterprise()
    round_ = buying.open_round(network, coordinator, places=[barn, school])
    buying.enter(round_, enterprise, coordinator, "10", place=barn)
    with pytest.raises(SeveralProblems) as caught:
        rounds.edit_round(round_, places=[school], actor=coordinator)
    assert codes(caught) == {"place_in_use"}
    rounds.edit_round(round_, places=[barn], actor=coordinator)
    assert [place.name for place in round_.places.all()] == ["Galpão"]


def test_round_begun_twice_under_one_key_is_one(network: Network, coordinator: Actor, noon: Any) -> None:
    made = [
        rounds.open_draft_round(network, title="Março", needs_until=in_days(3), key="tap", actor=coordinator)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert PurchaseRound.objects.count() == 1


def test_same_edit_sent_twice_is_done_once(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.draft_round(network, coordinator)
    edited = [rounds.edit_round(round_, title="Nova", seen_version=round_.version, actor=coordinator) for _ in range(2)]
    assert [row.version for row in edited] == [round_.version + 1] * 2


# --- goods -----------------------------------------------------------------------------------------------------------


def test_goods_are_added_moved_and_removed(network: Network, coordinator: Actor, noon: Any) -> None:
    products = [factories.product(name=name) for name in ("Arroz", "Feijão", "Milho")]
    round_ = buying.draft_round(network, coordinator, products=products)
    rice, _beans, corn = buying.goods(round_)
    rounds.reorder_goods(round_, good_ids=[corn.pk, rice.pk], actor=coordinator)
    assert [str(good) for good in buying.goods(round_)] == ["Milho", "Arroz", "Feijão"]
    rounds.remove_good(rice, actor=coordinator)
    assert [str(good) for good in buying.goods(round_)] == ["Milho", "Feijão"]
    assert trail(round_)[-2:] == ["purchasing.goods_reordered", "purchasing.good_removed"]


def test_good_is_on_the_list_once(network: Network, coordinator: Actor, noon: Any) -> None:
    product = factories.product()
    round_ = buying.draft_round(network, coordinator, products=[product])
    with pytest.raises(GoodAlreadyThere):
        rounds.add_goods(round_, products=[product], actor=coordinator)
    other = factories.product()
    with pytest.raises(GoodAlreadyThere):
        rounds.add_goods(round_, products=[other, other], actor=coordinator)
    assert round_.goods.count() == 1


def test_good_that_is_asked_for_or_quoted_stays(network: Network, coordinator: Actor, noon: Any) -> None:
    enterprise = factories.enterprise()
    round_ = buying.open_round(network, coordinator)
    asked, quoted = buying.goods(round_)
    buying.enter(round_, enterprise, coordinator, "10")
    buying.quote(round_, coordinator, buying.line(quoted, "5.20"))
    with pytest.raises(GoodIsNeeded):
        rounds.remove_good(asked, actor=coordinator)
    with pytest.raises(GoodIsQuoted):
        rounds.remove_good(quoted, actor=coordinator)
    assert round_.goods.count() == 2


def test_good_is_bought_by_the_pack_and_from_a_minimum(network: Network, coordinator: Actor, noon: Any) -> None:
    flour = factories.product(name="Farinha", unit="kg")
    round_ = buying.draft_round(network, coordinator, products=[flour])
    [good] = buying.goods(round_)
    rounds.edit_good(good, pack_size=Decimal("2.5"), minimum_packs=2, actor=coordinator)
    good.refresh_from_db()
    assert (good.pack_size, good.minimum_packs, good.note) == (Decimal("2.5"), 2, "")
    entry = AuditEntry.objects.filter(act="purchasing.good_edited").latest("sequence")
    assert (entry.data["product"], entry.data["pack_size"], entry.data["minimum_packs"]) == ("Farinha", "2.5", 2)
    assert entry.data["before"]["minimum_packs"] == 0
    rounds.edit_good(good, pack_size=Decimal(1), minimum_packs=0, actor=coordinator)
    good.refresh_from_db()
    assert (good.pack_size, good.minimum_packs) == (1, 0)


def test_packs_said_for_a_good_decide_what_is_ordered(network: Network, coordinator: Actor, noon: Any) -> None:
    first, second = factories.enterprise(), factories.enterprise()
    round_ = buying.open_round(network, coordinator)
    flour, corn = buying.goods(round_)
    rounds.edit_good(flour, pack_size=Decimal(3), minimum_packs=2, actor=coordinator)  # also once it is open
    rounds.edit_good(corn, pack_size=Decimal(10), minimum_packs=4, actor=coordinator)
    for enterprise in (first, second):
        buying.enter(round_, enterprise, coordinator, "5", "15")
    ordered = orders_by_rule(round_, {flour.pk: Decimal(1), corn.pk: Decimal(1)})
    assert (ordered[flour.pk].pack_size, ordered[flour.pk].ordered) == (3, 9)
    assert ordered[corn.pk].ordered == 0  # three packs of ten, and at least four are wanted


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"pack_size": Decimal(0)}, "good_pack_wrong", "pack_size"),
        ({"pack_size": Decimal(-3)}, "good_pack_wrong", "pack_size"),
        ({"pack_size": Decimal("NaN")}, "good_pack_wrong", "pack_size"),
        ({"pack_size": Decimal(10) ** 7}, "good_pack_wrong", "pack_size"),
        ({"pack_size": Decimal("1.5")}, "good_pack_too_fine", "pack_size"),
        ({"minimum_packs": -1}, "minimum_packs_wrong", "minimum_packs"),
        ({"minimum_packs": 10**9}, "minimum_packs_wrong", "minimum_packs"),
    ],
)
def test_packs_that_cannot_be_are_refused(
    network: Network, coordinator: Actor, noon: Any, wrong: dict[str, Any], code: str, field: str
) -> None:
    round_ = buying.draft_round(network, coordinator, products=[factories.product(unit="un")])
    [good] = buying.goods(round_)
    with pytest.raises(SeveralProblems) as caught:
        rounds.edit_good(good, note="Não fica", actor=coordinator, **wrong)
    assert codes(caught) == {code}
    assert [problem.field for problem in caught.value.problems] == [field]
    good.refresh_from_db()
    assert (good.pack_size, good.minimum_packs, good.note) == (1, 0, "")


def test_packs_are_said_by_the_team_before_needs_are_closed(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.open_round(network, coordinator)
    good = buying.goods(round_)[0]
    with pytest.raises(NotAllowed):
        rounds.edit_good(good, pack_size=Decimal(3), actor=factories.actor(network, "council"))
    rounds.close_needs(round_, actor=coordinator)
    with pytest.raises(WrongState):
        rounds.edit_good(good, pack_size=Decimal(3), actor=coordinator)
    good.refresh_from_db()
    assert good.pack_size == 1


def test_copy_of_a_round_buys_by_the_same_packs(network: Network, coordinator: Actor, noon: Any) -> None:
    earlier = buying.draft_round(network, coordinator)
    rounds.edit_good(buying.goods(earlier)[1], pack_size=Decimal(3), minimum_packs=2, actor=coordinator)
    copy = rounds.open_draft_round(
        network, title="Abril", needs_until=in_days(30), copy_from=earlier, actor=coordinator
    )
    assert [(good.pack_size, good.minimum_packs) for good in buying.goods(copy)] == [(1, 0), (3, 2)]


def test_goods_stand_once_needs_are_closed(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = rounds.close_needs(buying.open_round(network, coordinator), actor=coordinator)
    with pytest.raises(WrongState):
        rounds.add_goods(round_, products=[factories.product()], actor=coordinator)
    with pytest.raises(WrongState):
        rounds.remove_good(buying.goods(round_)[0], actor=coordinator)


# --- opening ---------------------------------------------------------------------------------------------------------


def test_opening_invites_every_active_member_and_nobody_else(network: Network, coordinator: Actor, noon: Any) -> None:
    invited = {factories.enterprise(legal_form="cooperative"), factories.enterprise(legal_form="family")}
    factories.enterprise(legal_form="company")
    factories.enterprise(is_active=False)
    for standing in ("candidate", "suspended", "excluded", "left", "partner"):
        factories.enterprise(standing=standing)
    round_ = buying.open_round(network, coordinator)
    assert round_.state == State.OPEN
    assert {row.enterprise for row in round_.participations.all()} == invited
    assert all(row.state == Participation.State.INVITED for row in round_.participations.all())


def test_opening_tells_all_that_is_missing(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = rounds.open_draft_round(
        network, title="Vazia", needs_until=clock.now() - dt.timedelta(hours=1), actor=coordinator
    )
    with pytest.raises(SeveralProblems) as caught:
        rounds.open_round(round_, actor=coordinator)
    assert codes(caught) == {"round_has_no_goods", "round_has_no_place", "deadline_passed", "decision_missing"}
    round_.refresh_from_db()
    assert round_.state == State.DRAFT


@pytest.mark.parametrize("missing", [{"decided_on": None}, {"decision_note": "  "}])
def test_opening_wants_the_meeting_that_decided(
    network: Network, coordinator: Actor, noon: Any, missing: dict[str, Any]
) -> None:
    round_ = buying.draft_round(network, coordinator, **missing)
    with pytest.raises(SeveralProblems) as caught:
        rounds.open_round(round_, actor=coordinator)
    assert codes(caught) == {"decision_missing"}


def test_opening_twice_is_refused(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.open_round(network, coordinator)
    with pytest.raises(WrongState):
        rounds.open_round(round_, actor=coordinator)


def test_enterprise_that_joins_later_is_invited_by_hand(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.open_round(network, coordinator)
    late = factories.enterprise()
    assert rounds.invite_enterprise(round_, enterprise=late, actor=coordinator).enterprise == late
    with pytest.raises(AlreadyInvited):
        rounds.invite_enterprise(round_, enterprise=late, actor=coordinator)
    with pytest.raises(EnterpriseStaysOut):
        rounds.invite_enterprise(round_, enterprise=factories.enterprise(is_active=False), actor=coordinator)
    for outside in (factories.enterprise(legal_form="company"), factories.enterprise(standing="candidate")):
        with pytest.raises(StandingForbids):
            rounds.invite_enterprise(round_, enterprise=outside, actor=coordinator)


# --- the deadline ----------------------------------------------------------------------------------------------------


def test_extension_moves_the_deadline_and_keeps_the_reason(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.open_round(network, coordinator, days=7)
    extended = rounds.extend_round(round_, until=in_days(9), reason=" Choveu muito ", actor=coordinator)
    assert extended.needs_until == in_days(9)
    entry = AuditEntry.objects.filter(act="purchasing.round_extended").get()
    assert entry.reason == "Choveu muito"


def test_extension_wants_a_reason_and_a_later_moment(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.open_round(network, coordinator, days=7)
    with pytest.raises(ReasonMissing):
        rounds.extend_round(round_, until=in_days(9), reason=" ", actor=coordinator)
    with pytest.raises(DeadlineNotLater):
        rounds.extend_round(round_, until=in_days(7), reason="Chuva", actor=coordinator)
    with clock.at(noon + dt.timedelta(days=8)), pytest.raises(NewDeadlinePassed):
        rounds.extend_round(round_, until=noon + dt.timedelta(days=7, hours=5), reason="Chuva", actor=coordinator)


def test_closing_early_moves_on_to_quoting(network: Network, coordinator: Actor, noon: Any) -> None:
    factories.enterprise()
    round_ = rounds.close_needs(buying.open_round(network, coordinator), actor=coordinator)
    assert round_.state == State.QUOTING
    entry = AuditEntry.objects.filter(act="purchasing.needs_closed").get()
    assert entry.data == {"early": True, "invited": 1, "acting_as": "coordination"}


def test_job_closes_the_needs_at_the_deadline(network: Network, coordinator: Actor, noon: dt.datetime) -> None:
    round_ = buying.open_round(network, coordinator, days=7)
    with clock.at(noon + dt.timedelta(days=6)):
        jobs.drain()
        round_.refresh_from_db()
        assert round_.state == State.OPEN
    with clock.at(noon + dt.timedelta(days=7)):
        jobs.drain()
    round_.refresh_from_db()
    assert round_.state == State.QUOTING
    assert Job.objects.get(task__endswith="close_needs_at_deadline").result is True
    entry = AuditEntry.objects.filter(act="purchasing.needs_closed").get()
    assert (entry.actor_name, entry.via) == ("Prazo dos pedidos", "job")


def test_job_respects_an_extension_and_runs_any_number_of_times(
    network: Network, coordinator: Actor, noon: dt.datetime
) -> None:
    round_ = buying.open_round(network, coordinator, days=7)
    rounds.extend_round(round_, until=in_days(9), reason="Chuva", actor=coordinator)
    with clock.at(noon + dt.timedelta(days=8)):
        jobs.drain()
        round_.refresh_from_db()
        assert round_.state == State.OPEN
    with clock.at(noon + dt.timedelta(days=9)):
        jobs.drain()
        assert close_needs_at_deadline(round_.pk) is False
    round_.refresh_from_db()
    assert round_.state == State.QUOTING
    assert trail(round_).count("purchasing.needs_closed") == 1


def test_reopening_asks_for_a_new_closing(network: Network, coordinator: Actor, noon: dt.datetime) -> None:
    round_ = rounds.close_needs(buying.open_round(network, coordinator, days=7), actor=coordinator)
    rounds.reopen_round(round_, until=in_days(3), reason="Faltou gente", actor=coordinator)
    with clock.at(noon + dt.timedelta(days=3)):
        jobs.drain()
    round_.refresh_from_db()
    assert round_.state == State.QUOTING


# --- reopening and cancelling ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.QUOTING, State.APPROVAL])
def test_reopening_voids_what_was_proposed(network: Network, coordinator: Actor, noon: Any, state: str) -> None:
    round_ = rounds.close_needs(buying.open_round(network, coordinator), actor=coordinator)
    AwardScenario.objects.create(round=round_, kind="best", status="optimal", is_chosen=True, chosen_reason="Barato")
    PurchaseRound.objects.update(state=state)
    late = factories.enterprise()
    reopened = rounds.reopen_round(round_, until=in_days(2), reason="Faltou gente", actor=coordinator)
    assert (reopened.state, reopened.needs_until) == (State.OPEN, in_days(2))
    assert not AwardScenario.objects.exists()
    assert round_.participations.filter(enterprise=late).exists()


@pytest.mark.parametrize("state", sorted(set(State.values) - {State.QUOTING, State.APPROVAL}))
def test_reopening_is_refused_at_every_other_stage(network: Network, coordinator: Actor, noon: Any, state: str) -> None:
    round_ = buying.open_round(network, coordinator)
    PurchaseRound.objects.update(state=state)
    with pytest.raises(WrongState):
        rounds.reopen_round(round_, until=in_days(2), reason="Faltou gente", actor=coordinator)


@pytest.mark.parametrize("state", rounds.BEFORE_RECEIPT)
def test_cancelling_keeps_the_reason(network: Network, coordinator: Actor, noon: Any, state: str) -> None:
    round_ = buying.open_round(network, coordinator)
    PurchaseRound.objects.update(state=state)
    cancelled = rounds.cancel_round(round_, reason="Sem fornecedor", actor=coordinator)
    assert (cancelled.state, cancelled.cancelled_reason) == (State.CANCELLED, "Sem fornecedor")
    with pytest.raises(WrongState):
        rounds.cancel_round(round_, reason="De novo", actor=coordinator)


@pytest.mark.parametrize("state", sorted(set(State.values) - set(rounds.BEFORE_RECEIPT)))
def test_cancelling_is_refused_once_goods_came(network: Network, coordinator: Actor, noon: Any, state: str) -> None:
    round_ = buying.open_round(network, coordinator)
    PurchaseRound.objects.update(state=state)
    with pytest.raises(WrongState):
        rounds.cancel_round(round_, reason="Tarde", actor=coordinator)


def test_only_the_team_steers_a_round(network: Network, coordinator: Actor, noon: Any) -> None:
    enterprise = factories.enterprise()
    round_ = buying.open_round(network, coordinator)
    for actor in (
        factories.actor(network, "treasury"),
        factories.actor(network, "enterprise_coordinator", enterprise),
        factories.actor(factories.network(), "coordination"),
    ):
        for act in (
            lambda: rounds.edit_round(round_, title="X", actor=actor),  # noqa: B023
            lambda: rounds.add_goods(round_, products=[], actor=actor),  # noqa: B023
            lambda: rounds.remove_good(buying.goods(round_)[0], actor=actor),  # noqa: B023
            lambda: rounds.reorder_goods(round_, good_ids=[], actor=actor),  # noqa: B023
            lambda: rounds.open_round(round_, actor=actor),  # noqa: B023
            lambda: rounds.extend_round(round_, until=in_days(9), reason="X", actor=actor),  # noqa: B023
            lambda: rounds.close_needs(round_, actor=actor),  # noqa: B023
            lambda: rounds.reopen_round(round_, until=in_days(9), reason="X", actor=actor),  # noqa: B023
            lambda: rounds.cancel_round(round_, reason="X", actor=actor),  # noqa: B023
            lambda: rounds.invite_enterprise(round_, enterprise=enterprise, actor=actor),  # noqa: B023
        ):
            with pytest.raises(NotAllowed):
                act()
    round_.refresh_from_db()
    assert (round_.state, round_.title) == (State.OPEN, "Farinhas de março")


# --- what others read ------------------------------------------------------------------------------------------------


def test_new_round_estimates_by_the_landed_price_of_the_last_purchase(
    network: Network, coordinator: Actor, noon: Any
) -> None:
    """100 kg of rice for R$ 500 and 100 boxes for R$ 4, freight of R$ 50,40 by value: 5,50 a kg and 0,044 a box."""
    rice, boxes = factories.product(name="Arroz"), factories.product(name="Caixa", unit="un")
    bought = buying.open_round(network, coordinator, products=[rice, boxes])
    goods = buying.goods(bought)
    quote = buying.quote(bought, coordinator, buying.line(goods[0], "5"), buying.line(goods[1], "0.04"))
    PurchaseRound.objects.filter(pk=bought.pk).update(state=State.APPROVED)
    order = PurchaseOrder.objects.create(
        round=bought, quote=quote, supplier=quote.supplier, number="1", state="sent", goods_minor=50400,
        freight_minor=5040,
    )  # fmt: skip
    for good, line, cost in zip(goods, quote.lines.order_by("good__position"), (50000, 400), strict=True):
        OrderLine.objects.create(
            order=order, good=good, quote_line=line, packs=100, quantity=100, unit_price=1, cost_minor=cost
        )
    assert last_prices([rice.pk, boxes.pk]) == {rice.pk: Decimal("5.50"), boxes.pk: Decimal("0.0440")}
    later = buying.draft_round(network, coordinator, products=[boxes, rice, factories.product()])
    assert [good.last_price for good in buying.goods(later)] == [Decimal("0.0440"), Decimal("5.50"), None]
    order.state = "cancelled"
    order.save()
    assert last_prices([rice.pk]) == {}


def test_round_waits_for_coordinators_that_have_not_answered(
    network: Network, coordinator: Actor, noon: dt.datetime
) -> None:
    ours, theirs = factories.enterprise(), factories.enterprise()
    round_ = buying.open_round(network, coordinator)
    member = factories.actor(network, "enterprise_coordinator", ours)
    assert [row.enterprise for row in waiting_for(member, noon)] == [ours]
    assert waiting_for(factories.actor(network, "enterprise_member", ours), noon) == []
    assert waiting_for(coordinator, noon) == []
    assert waiting_for(member, round_.needs_until) == []
    buying.enter(round_, theirs, coordinator, "1")
    buying.enter(round_, ours, coordinator, "1")
    assert waiting_for(member, noon) == []
