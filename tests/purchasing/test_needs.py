# SPDX-License-Identifier: AGPL-3.0-or-later
"""What enterprises need: taken in whole, once, until the deadline (B2)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import factories
from tests.purchasing import factories as buying

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, NotFound, SeveralProblems
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Enterprise, Network
from mutirao.purchasing.errors import NeedsAreClosed, NeedsChangedMeanwhile, RoundNotOpen
from mutirao.purchasing.models import Need, Participation, PurchaseRound
from mutirao.purchasing.operations import needs, rounds
from mutirao.purchasing.operations.needs import NeedItem

State = Participation.State


@pytest.fixture
def enterprise(network: Network) -> Enterprise:
    return factories.enterprise(name="Mãos da Terra")


@pytest.fixture
def round_(enterprise: Enterprise, network: Network, coordinator: Actor, noon: dt.datetime) -> PurchaseRound:
    """A round of rice (kg) and boxes (un), open for a week."""
    products = [factories.product(name="Arroz"), factories.product(name="Caixa", unit="un")]
    return buying.open_round(network, coordinator, products=products)


@pytest.fixture
def member(enterprise: Enterprise, network: Network) -> Actor:
    return factories.actor(network, "enterprise_coordinator", enterprise)


def stored(participation: Participation) -> list[tuple[str, Decimal, Decimal]]:
    rows = Need.objects.filter(participation=participation).order_by("good__position")
    return [(str(need.good), need.quantity, need.tolerance) for need in rows.select_related("good__product")]


def codes(caught: pytest.ExceptionInfo[SeveralProblems]) -> set[str]:
    return {problem.code for problem in caught.value.problems}


def test_enterprise_says_what_it_needs(round_: PurchaseRound, enterprise: Enterprise, member: Actor) -> None:
    answered = buying.enter(
        round_, enterprise, member, ("10.5", "2"), "4", told_by="", remark=" Pode ser parboilizado "
    )
    assert stored(answered) == [("Arroz", Decimal("10.5"), Decimal(2)), ("Caixa", Decimal(4), Decimal(0))]
    assert (answered.state, answered.answered_at) == (State.ANSWERED, clock.now())
    assert (answered.answered_by_id, answered.told_by) == (member.person_id, "")
    assert (answered.remark, answered.version) == ("Pode ser parboilizado", 1)
    assert answered.place == round_.places.get()


def test_second_list_replaces_the_first_and_tells_the_difference(
    round_: PurchaseRound, enterprise: Enterprise, member: Actor
) -> None:
    buying.enter(round_, enterprise, member, ("10", "2"), "4")
    answered = buying.enter(round_, enterprise, member, "12", "")
    assert stored(answered) == [("Arroz", Decimal(12), Decimal(0))]
    entry = AuditEntry.objects.filter(act="purchasing.needs_entered").last()
    assert entry is not None
    assert entry.data["changes"] == {"Arroz": "10 + 2 → 12", "Caixa": "4 →"}


def test_first_answer_keeps_its_place_in_the_order_of_arrival(
    round_: PurchaseRound, enterprise: Enterprise, member: Actor, noon: dt.datetime
) -> None:
    buying.enter(round_, enterprise, member, "10")
    with clock.at(noon + dt.timedelta(hours=5)):
        answered = buying.enter(round_, enterprise, member, "999")
    assert answered.answered_at == noon
    assert answered.updated_at == noon + dt.timedelta(hours=5)


def test_who_gives_the_round_up_gives_the_place_up(
    round_: PurchaseRound, enterprise: Enterprise, member: Actor, noon: dt.datetime
) -> None:
    buying.enter(round_, enterprise, member, "10")
    with clock.at(noon + dt.timedelta(hours=1)):
        declined = needs.decline_round(buying.participation(round_, enterprise), actor=member)
    assert (declined.state, stored(declined), declined.place) == (State.DECLINED, [], None)
    with clock.at(noon + dt.timedelta(hours=2)):
        answered = buying.enter(round_, enterprise, member, "10")
    assert (answered.state, answered.answered_at) == (State.ANSWERED, noon + dt.timedelta(hours=2))


def test_same_submission_sent_twice_counts_once(round_: PurchaseRound, enterprise: Enterprise, member: Actor) -> None:
    first = buying.enter(round_, enterprise, member, "10", key="k-1", seen_version=0)
    again = buying.enter(round_, enterprise, member, "10", key="k-1", seen_version=0)
    assert (first.version, again.version) == (1, 1)
    assert AuditEntry.objects.filter(act="purchasing.needs_entered").count() == 1


def test_refused_submission_may_be_sent_again_under_its_key(
    round_: PurchaseRound, enterprise: Enterprise, member: Actor
) -> None:
    with pytest.raises(SeveralProblems):
        buying.enter(round_, enterprise, member, key="k-1")
    assert buying.enter(round_, enterprise, member, "10", key="k-1").version == 1


def test_one_enterprises_key_does_not_stop_another(
    round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor, member: Actor
) -> None:
    other = rounds.invite_enterprise(round_, enterprise=factories.enterprise(), actor=coordinator).enterprise
    buying.enter(round_, other, coordinator, "3", key="same")
    assert buying.enter(round_, enterprise, member, "10", key="same").state == State.ANSWERED


def test_second_person_of_the_enterprise_is_told_who_was_first(
    round_: PurchaseRound, enterprise: Enterprise, network: Network, member: Actor
) -> None:
    colleague = factories.actor(network, "enterprise_coordinator", enterprise)
    buying.enter(round_, enterprise, member, "10", seen_version=0)
    with pytest.raises(NeedsChangedMeanwhile) as caught:
        buying.enter(round_, enterprise, colleague, "20", seen_version=0)
    assert caught.value.params == {"who": member.name}
    assert stored(buying.participation(round_, enterprise)) == [("Arroz", Decimal(10), Decimal(0))]


# --- by phone --------------------------------------------------------------------------------------------------------


def test_centre_enters_for_who_phoned_and_it_shows(
    round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor, member: Actor
) -> None:
    answered = buying.enter(round_, enterprise, coordinator, "10", told_by=" Dona Lúcia ")
    assert (answered.told_by, answered.answered_by_id) == ("Dona Lúcia", coordinator.person_id)
    own = buying.enter(round_, enterprise, member, "11", told_by="")
    assert (own.told_by, own.answered_by_id) == ("", member.person_id)


def test_centre_must_say_who_phoned(round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor) -> None:
    with pytest.raises(SeveralProblems) as caught:
        buying.enter(round_, enterprise, coordinator, "10", told_by="  ")
    assert codes(caught) == {"told_by_missing"}
    with pytest.raises(SeveralProblems) as caught:
        needs.decline_round(buying.participation(round_, enterprise), actor=coordinator)
    assert codes(caught) == {"told_by_missing"}
    assert buying.participation(round_, enterprise).state == State.INVITED


def test_strangers_are_refused(round_: PurchaseRound, enterprise: Enterprise, network: Network) -> None:
    other = factories.enterprise()
    for stranger in (
        factories.actor(network, "enterprise_coordinator", other),
        factories.actor(network, "enterprise_member", enterprise),
        factories.actor(network, "council"),
        factories.actor(factories.network(), "coordination"),
    ):
        with pytest.raises(NotAllowed):
            buying.enter(round_, enterprise, stranger, "10")
        with pytest.raises(NotAllowed):
            needs.decline_round(buying.participation(round_, enterprise), actor=stranger)
    assert not Need.objects.exists()


# --- until the deadline ----------------------------------------------------------------------------------------------


def test_late_needs_are_refused_even_if_nobody_closed_the_round(
    round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor, member: Actor
) -> None:
    with clock.at(round_.needs_until):
        for actor in (member, coordinator):
            with pytest.raises(NeedsAreClosed):
                buying.enter(round_, enterprise, actor, "10")
        with pytest.raises(NeedsAreClosed):
            needs.decline_round(buying.participation(round_, enterprise), actor=member)
    with clock.at(round_.needs_until - dt.timedelta(seconds=1)):
        assert buying.enter(round_, enterprise, member, "10").state == State.ANSWERED


def test_extension_lets_the_late_ones_in(
    round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor, member: Actor
) -> None:
    late = round_.needs_until + dt.timedelta(hours=1)
    with clock.at(late):
        rounds.extend_round(round_, until=late + dt.timedelta(days=1), reason="Estrada fechada", actor=coordinator)
        assert buying.enter(round_, enterprise, member, "10").state == State.ANSWERED


@pytest.mark.parametrize("state", sorted(set(PurchaseRound.State.values) - {"open"}))
def test_needs_are_refused_at_every_other_stage(
    round_: PurchaseRound, enterprise: Enterprise, member: Actor, state: str
) -> None:
    PurchaseRound.objects.update(state=state)
    with pytest.raises(RoundNotOpen):
        buying.enter(round_, enterprise, member, "10")


# --- what cannot be --------------------------------------------------------------------------------------------------


def test_all_problems_are_told_at_once_and_nothing_is_half_saved(
    round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor
) -> None:
    rice, boxes = buying.goods(round_)
    wrong = [NeedItem(rice.pk, Decimal("-1"), Decimal("1e9")), NeedItem(boxes.pk, Decimal("1.5"))]
    with pytest.raises(SeveralProblems) as caught:
        needs.enter_needs(
            buying.participation(round_, enterprise), items=wrong, place=None, told_by="", actor=coordinator
        )
    assert [(problem.code, problem.field) for problem in caught.value.problems] == [
        ("need_negative", f"quantity-{rice.pk}"),
        ("need_too_large", f"tolerance-{rice.pk}"),
        ("need_not_whole", f"quantity-{boxes.pk}"),
        ("told_by_missing", "told_by"),
    ]
    assert "Caixa" in caught.value.problems[2].words()
    assert not Need.objects.exists()
    assert not AuditEntry.objects.filter(act="purchasing.needs_entered").exists()


def test_tolerance_goes_with_a_quantity(round_: PurchaseRound, enterprise: Enterprise, member: Actor) -> None:
    with pytest.raises(SeveralProblems) as caught:
        buying.enter(round_, enterprise, member, ("0", "5"))
    assert codes(caught) == {"tolerance_alone"}


def test_kilos_are_taken_to_the_gram(round_: PurchaseRound, enterprise: Enterprise, member: Actor) -> None:
    with pytest.raises(SeveralProblems) as caught:
        buying.enter(round_, enterprise, member, "1.0005")
    assert codes(caught) == {"need_too_fine"}
    assert stored(buying.enter(round_, enterprise, member, "1.005")) == [("Arroz", Decimal("1.005"), Decimal(0))]


def test_list_of_zeros_is_no_list(round_: PurchaseRound, enterprise: Enterprise, member: Actor) -> None:
    with pytest.raises(SeveralProblems) as caught:
        buying.enter(round_, enterprise, member, "0", "0")
    assert codes(caught) == {"nothing_needed"}


def test_place_is_one_of_the_rounds(
    network: Network, coordinator: Actor, enterprise: Enterprise, member: Actor, noon: Any
) -> None:
    barn, school = buying.place(name="Galpão"), buying.place(name="Escola")
    round_ = buying.open_round(network, coordinator, places=[barn, school])
    with pytest.raises(SeveralProblems) as caught:
        buying.enter(round_, enterprise, member, "10")
    assert codes(caught) == {"place_missing"}
    with pytest.raises(SeveralProblems) as caught:
        buying.enter(round_, enterprise, member, "10", place=buying.place(name="Outro"))
    assert codes(caught) == {"place_not_of_round"}
    assert buying.enter(round_, enterprise, member, "10", place=school).place == school


def test_good_of_another_round_is_not_found(
    round_: PurchaseRound, network: Network, coordinator: Actor, enterprise: Enterprise, member: Actor
) -> None:
    other = buying.open_round(network, coordinator)
    with pytest.raises(NotFound):
        needs.enter_needs(
            buying.participation(round_, enterprise), items=buying.items(other, "10"), place=None, actor=member
        )


def test_participation_of_another_network_is_not_found(
    round_: PurchaseRound, enterprise: Enterprise, member: Actor
) -> None:
    participation = buying.participation(round_, enterprise)
    with tenancy.activated(factories.network()), pytest.raises(NotFound):
        needs.enter_needs(participation, items=[], place=None, actor=member)


amounts = st.decimals(min_value=0, max_value=10**6, places=3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.lists(st.tuples(amounts, amounts, st.integers(0, 10**6)), min_size=1, max_size=4))
def test_what_is_stored_is_always_the_last_list(
    round_: PurchaseRound, enterprise: Enterprise, member: Actor, lists: list[tuple[Decimal, Decimal, int]]
) -> None:
    rice, boxes = buying.goods(round_)
    for quantity, tolerance, count in lists:
        wanted = [NeedItem(rice.pk, quantity, tolerance), NeedItem(boxes.pk, Decimal(count))]
        sayable = (quantity > 0 or not tolerance) and (quantity > 0 or count > 0)
        before = stored(buying.participation(round_, enterprise))
        try:
            answered = needs.enter_needs(
                buying.participation(round_, enterprise), items=wanted, place=None, actor=member
            )
        except SeveralProblems:
            assert not sayable
            assert stored(buying.participation(round_, enterprise)) == before
        else:
            assert sayable
            expected = [("Arroz", quantity, tolerance)] if quantity else []
            expected += [("Caixa", Decimal(count), Decimal(0))] if count else []
            assert stored(answered) == expected
