# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the chosen award to the last cent in the books."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests import factories
from tests.purchasing import factories as make

from mutirao.governance import operations as governance
from mutirao.governance.models import Motion
from mutirao.kernel import jobs
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, SeveralProblems, StaleEdit
from mutirao.ledger.models import Line
from mutirao.network.models import Enterprise
from mutirao.payments import operations as payments
from mutirao.payments.models import Bill, Charge
from mutirao.purchasing.errors import OrderNotInState, OrdersStillOut, ReceiptIsFinal, WrongState
from mutirao.purchasing.models import (
    Allocation,
    AwardLine,
    AwardScenario,
    CostShare,
    PurchaseOrder,
    PurchaseRound,
    QuoteLine,
)
from mutirao.purchasing.operations import approval, orders, receipts, rounds, sharing
from mutirao.purchasing.operations.receipts import Document, LineReceived
from mutirao.purchasing.queries import distribution
from mutirao.purchasing.queries.sharing import cost_shares

State = PurchaseRound.State


class Story:
    """Two enterprises (10 and 5 of the first good), one supplier at 3.00, freight 9.00, chosen and planned."""

    def __init__(self, network: Any, team: Actor) -> None:
        self.network, self.team = network, team
        self.first, self.second = factories.enterprise(name="Um"), factories.enterprise(name="Dois")
        self.round = make.open_round(network, team, fees_minor=300, fees_purpose="Fundo")
        make.enter(self.round, self.first, team, "10", place=self.round.places.first())
        make.enter(self.round, self.second, team, "5", place=self.round.places.first())
        rounds.close_needs(self.round, actor=team)
        good = make.goods(self.round)[0]
        self.quote = make.quote(self.round, team, make.line(good, "3.00"), freight_minor=900)
        line = QuoteLine.objects.get(quote=self.quote)
        self.scenario = AwardScenario.objects.create(
            round=self.round, kind="best", status="optimal", goods_minor=4500, freight_minor=900,
            details={"freight": {str(self.quote.pk): 900}}, is_chosen=True,
        )  # fmt: skip
        AwardLine.objects.create(
            scenario=self.scenario, quote_line=line, packs=15, quantity=15, unit_price=3, cost_minor=4500
        )
        sharing.write_allocations(self.round, {good.pk: Decimal(15)}, stage=Allocation.Stage.PLANNED)
        self.round.refresh_from_db()

    def approve(self) -> None:
        motion = approval.put_to_approval(self.round, actor=self.team)
        for enterprise in (self.first, self.second):
            if motion.state == Motion.State.OPEN:
                governance.answer_motion(motion, enterprise=enterprise, answer="yes", actor=self.of(enterprise))
        self.round.refresh_from_db()

    def of(self, enterprise: Enterprise) -> Actor:
        return factories.actor(self.network, "enterprise_coordinator", enterprise)

    def order(self) -> PurchaseOrder:
        self.approve()
        (order,) = orders.prepare_orders(self.round, actor=self.team)
        orders.mark_sent(order, how="mensagem", actor=self.team)
        self.round.refresh_from_db()
        order.refresh_from_db()
        return order

    def receive(self, received: str = "15", **fields: Any) -> PurchaseOrder:
        order = self.order()
        self.write_receipt(order, received, **fields)
        return order

    def write_receipt(self, order: PurchaseOrder, received: str, **fields: Any) -> Any:
        line = order.lines.get()
        made = receipts.record_receipt(
            order,
            lines={line.pk: LineReceived(Decimal(received), **fields)},
            document=Document(number="123", freight_minor=900),
            actor=self.team,
        )
        self.round.refresh_from_db()
        return made


@pytest.fixture
def story(network: Any, coordinator: Actor) -> Story:
    return Story(network, coordinator)


def balances(network: Any, enterprise: Enterprise | None = None) -> dict[str, int]:
    """Balances by purpose of a book, zeros left out."""
    found: dict[str, int] = {}
    for line in Line.objects.filter(entry__book__enterprise=enterprise).select_related("account"):
        found[line.account.purpose] = found.get(line.account.purpose, 0) + line.amount_minor
    return {purpose: amount for purpose, amount in found.items() if amount}


def test_no_order_leaves_without_the_enterprises_approval(story: Story) -> None:
    with pytest.raises(WrongState):
        orders.prepare_orders(story.round, actor=story.team)
    approval.put_to_approval(story.round, actor=story.team)
    with pytest.raises(WrongState):
        orders.prepare_orders(story.round, actor=story.team)


def test_the_database_itself_refuses_an_order_without_approval(story: Story) -> None:
    with pytest.raises(IntegrityError, match="approved round"), transaction.atomic():
        PurchaseOrder.objects.create(
            round=story.round,
            quote=story.quote,
            supplier=story.quote.supplier,
            number="1-1",
            goods_minor=1,
            freight_minor=0,
        )


def test_the_enterprises_no_brings_the_round_back_to_quoting(story: Story) -> None:
    motion = approval.put_to_approval(story.round, actor=story.team)
    governance.answer_motion(motion, enterprise=story.first, answer="no", reason="Caro", actor=story.of(story.first))
    story.round.refresh_from_db()
    assert story.round.state == State.QUOTING


def test_cancelling_the_round_takes_the_question_back(story: Story) -> None:
    motion = approval.put_to_approval(story.round, actor=story.team)
    rounds.cancel_round(story.round, reason="O fornecedor fechou", actor=story.team)
    motion.refresh_from_db()
    assert motion.state == Motion.State.WITHDRAWN


def test_orders_are_prepared_once(story: Story) -> None:
    story.approve()
    first = orders.prepare_orders(story.round, actor=story.team)
    assert orders.prepare_orders(story.round, actor=story.team) == first
    assert first[0].goods_minor + first[0].freight_minor == 5400


def test_a_whole_round_ends_in_balanced_books(story: Story, network: Any) -> None:
    story.receive()
    assert story.round.state == State.RECEIVED
    assert balances(network) == {"joint_purchases": 5400, "payable": -5400}
    rows = sharing.charge_round(story.round, actor=story.team)
    # Goods 10:5, freight and fee by value: 3000+600+200 and 1500+300+100.
    assert {row.participation.enterprise.name: row.total_minor for row in rows} == {"Um": 3800, "Dois": 1900}
    assert balances(network) == {"payable": -5400, "receivable": 5700, "round_fees": -300}
    assert balances(network, story.first) == {
        "inputs": 3000, "freight": 600, "network_fees": 200, "network_payable": -3800,
    }  # fmt: skip
    treasurer = factories.actor(network, "treasury")
    for charge in Charge.objects.all():
        payments.record_payment(
            charge.enterprise,
            amount_minor=charge.amount_minor,
            received_on=charge.issued_on,
            method="pix",
            actor=treasurer,
        )
    story.round.refresh_from_db()
    assert story.round.state == State.CHARGED
    bill = Bill.objects.get()
    payments.pay_bill(bill, amount_minor=5400, paid_on=bill.registered_on, method="pix", actor=treasurer)
    story.round.refresh_from_db()
    assert story.round.state == State.SETTLED
    assert balances(network) == {"bank": 300, "round_fees": -300}
    assert balances(network, story.second) == {"inputs": 1500, "freight": 300, "network_fees": 100, "bank": -1900}


def test_a_short_delivery_is_shared_by_the_rule(story: Story) -> None:
    story.receive("9")
    granted = {row.participation.enterprise.name: row.granted for row in Allocation.objects.filter(stage="received")}
    assert granted == {"Um": Decimal(6), "Dois": Decimal(3)}
    rows = sharing.charge_round(story.round, actor=story.team)
    assert sum(row.goods_minor for row in rows) == 2700


def test_damage_with_credit_lowers_the_bill_and_the_shares(story: Story, network: Any) -> None:
    story.receive("15", damaged=Decimal(3), credited_minor=900)
    assert Bill.objects.get().amount_minor == 4500
    rows = sharing.charge_round(story.round, actor=story.team)
    assert sum(row.goods_minor for row in rows) == 3600
    assert balances(network)["payable"] == -4500


def test_a_corrected_receipt_corrects_bill_books_and_allocation(story: Story, network: Any) -> None:
    order = story.receive("15")
    story.write_receipt(order, "12")
    assert Bill.objects.get().amount_minor == 4500
    assert balances(network) == {"joint_purchases": 4500, "payable": -4500}
    assert sum(row.granted for row in Allocation.objects.filter(stage="received")) == 12


def test_a_receipt_written_twice_by_a_weak_connection_counts_once(story: Story) -> None:
    order = story.order()
    line = order.lines.get()
    for _attempt in range(2):
        receipt = receipts.record_receipt(
            order,
            lines={line.pk: LineReceived(Decimal(15))},
            document=Document(freight_minor=900),
            actor=story.team,
            key="same-key",
        )
    assert receipt.version == 1
    assert Bill.objects.count() == 1


def test_two_people_at_the_door_do_not_overwrite_each_other(story: Story) -> None:
    order = story.receive("15")
    line = order.lines.get()
    with pytest.raises(StaleEdit):
        receipts.record_receipt(
            order, lines={line.pk: LineReceived(Decimal(14))}, document=Document(), actor=story.team, seen_version=0
        )


def test_wrong_values_at_receipt_are_all_named_and_nothing_is_kept(story: Story) -> None:
    order = story.order()
    line = order.lines.get()
    with pytest.raises(SeveralProblems) as caught:
        receipts.record_receipt(
            order,
            lines={line.pk: LineReceived(Decimal(3), damaged=Decimal(4), credited_minor=99999)},
            document=Document(access_key="123"),
            actor=story.team,
        )
    assert [problem.code for problem in caught.value.problems] == [
        "access_key_wrong", "receipt_value_wrong", "receipt_value_wrong",
    ]  # fmt: skip
    assert not Bill.objects.exists()


def test_receipts_are_final_once_costs_are_shared_and_open_again_when_undone(story: Story, network: Any) -> None:
    order = story.receive()
    sharing.charge_round(story.round, actor=story.team)
    with pytest.raises(ReceiptIsFinal):
        story.write_receipt(order, "14")
    story.round.refresh_from_db()
    sharing.undo_charging(story.round, reason="Nota errada", actor=story.team)
    story.write_receipt(order, "14")
    assert balances(network) == {"joint_purchases": 5100, "payable": -5100}
    sharing.charge_round(story.round, actor=story.team)
    assert sum(charge.amount_minor for charge in Charge.objects.exclude(state="cancelled")) == 5100 + 300


def test_costs_are_not_shared_while_a_delivery_is_missing(story: Story) -> None:
    story.order()
    with pytest.raises(OrdersStillOut):
        sharing.charge_round(story.round, actor=story.team)


def test_charging_twice_is_refused(story: Story) -> None:
    story.receive()
    sharing.charge_round(story.round, actor=story.team)
    with pytest.raises(WrongState):
        sharing.charge_round(story.round, actor=story.team)
    assert CostShare.objects.count() == 2


def test_a_preview_that_grew_old_does_not_bind(story: Story) -> None:
    order = story.receive()
    seen = story.round.version
    story.write_receipt(order, "12")
    with pytest.raises(StaleEdit):
        sharing.charge_round(story.round, actor=story.team, seen_version=seen - 1)


def test_a_cancelled_order_is_not_received(story: Story) -> None:
    order = story.order()
    orders.cancel_order(order, reason="Sem estoque", actor=story.team)
    order.refresh_from_db()
    with pytest.raises((OrderNotInState, WrongState)):
        story.write_receipt(order, "15")


def test_members_and_council_change_nothing(story: Story, network: Any) -> None:
    council = factories.actor(network, "council")
    for attempt in (
        lambda: approval.put_to_approval(story.round, actor=council),
        lambda: orders.prepare_orders(story.round, actor=story.of(story.first)),
        lambda: sharing.charge_round(story.round, actor=council, due_on=dt.date(2026, 1, 1)),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_what_buying_together_saved_is_reckoned_after_the_charging(story: Story) -> None:
    story.receive()
    sharing.charge_round(story.round, actor=story.team)
    assert {share.alone_minor for share in CostShare.objects.all()} == {None}
    jobs.drain()
    alone = {share.participation.enterprise.name: share.alone_minor for share in CostShare.objects.all()}
    # The same price, and the whole freight each.
    assert alone == {"Um": 3000 + 900, "Dois": 1500 + 900}


def test_the_preview_is_reckoned_once_and_never_shows_old_figures(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = story.receive()
    reckoned = []
    monkeypatch.setattr(distribution, "cost_shares", lambda round_: reckoned.append(1) or cost_shares(round_))
    first = distribution.preview(story.round)
    assert [row.total_minor for row in first[0:2]] == [1900, 3800]
    assert distribution.preview(story.round).total_minor == first.total_minor == 5700
    assert len(reckoned) == 1
    story.write_receipt(order, "12")
    assert distribution.preview(story.round).goods_minor == 3600
    assert len(reckoned) == 2


def test_a_preview_looked_at_before_a_receipt_was_corrected_does_not_bind(story: Story) -> None:
    order = story.receive()
    seen = story.round.version
    story.write_receipt(order, "12")
    with pytest.raises(StaleEdit):
        sharing.charge_round(story.round, actor=story.team, seen_version=seen)
