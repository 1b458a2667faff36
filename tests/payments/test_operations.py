# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of charges, payments and credit, to the cent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import factories

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError, InvalidValue, NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.payments import operations as do
from mutirao.payments.core.txid import read_txid
from mutirao.payments.errors import (
    AlreadySent,
    ChargeDiffers,
    ChargeNotOpen,
    ChargeOfAnother,
    CreditAlreadyUsed,
    CreditDiffers,
    MoreThanOwed,
    NotEnoughCredit,
    NothingToReverse,
    NotWrittenOff,
    PaymentAlreadyReversed,
    PaymentAlreadyTaken,
    ReasonMissing,
)
from mutirao.payments.events import ChargesIssued, PaymentRecorded
from mutirao.payments.models import Charge, CreditAccount, CreditMovement, Payment, Settlement
from mutirao.payments.operations import ChargeSpec

DAY = dt.date(2026, 3, 2)
pytestmark = pytest.mark.usefixtures("noon")


def charge(enterprise: Any, actor: Actor, amount: int = 10_000, due: dt.date = DAY, **more: Any) -> Charge:
    return do.issue_charge(enterprise, amount_minor=amount, title="Rodada", due_on=due, actor=actor, **more)


def pay(enterprise: Any, actor: Actor, amount: int, **more: Any) -> Payment:
    return do.record_payment(enterprise, amount_minor=amount, received_on=DAY, method="pix", actor=actor, **more)


def credit_of(enterprise: Any) -> int:
    account = CreditAccount.objects.filter(enterprise=enterprise).first()
    return account.balance_minor if account else 0


def check_books(network: Any) -> None:
    """What must hold at any time: sums of rows equal what stands on charges and accounts."""
    for row in Charge.objects.all():
        total = row.settlements.aggregate(total=Sum("amount_minor"))["total"] or 0
        assert total == row.settled_minor
        assert 0 <= row.settled_minor <= row.amount_minor
        assert (row.state == "open") == (row.settled_minor < row.amount_minor and row.state != "cancelled")
    for account in CreditAccount.objects.all():
        moved = CreditMovement.objects.filter(enterprise=account.enterprise_id)
        assert account.balance_minor == (moved.aggregate(total=Sum("amount_minor"))["total"] or 0) >= 0
    for payment in Payment.objects.all():
        settled = payment.settlements.aggregate(total=Sum("amount_minor"))["total"] or 0
        credited = payment.credit_movements.aggregate(total=Sum("amount_minor"))["total"] or 0
        assert settled + credited == (0 if payment.reversed_at else payment.amount_minor)


# --- Issuing --------------------------------------------------------------------------------------------------------


def test_issue_charges_numbers_them_and_announces_the_amounts(network: Any, treasurer: Actor, heard: Any) -> None:
    first, second = factories.enterprise(), factories.enterprise()
    specs = [ChargeSpec(first, 1_001, "Rodada 1", DAY), ChargeSpec(second, 2_002, "Rodada 1")]
    charges = do.issue_charges(specs, actor=treasurer, source=("purchasing.round", 7))
    assert [(row.number, row.amount_minor, row.due_on) for row in charges] == [
        (1, 1_001, DAY),
        (2, 2_002, DAY + dt.timedelta(days=7)),
    ]
    assert [read_txid(row.txid) for row in charges] == [(network.pk, 1), (network.pk, 2)]
    assert heard == [
        ChargesIssued(
            network_id=network.pk,
            source_kind="purchasing.round",
            source_id=7,
            currency="BRL",
            issued_on="2026-03-02",
            charge_ids=[row.pk for row in charges],
            enterprise_ids=[first.pk, second.pk],
            amounts_minor=[1_001, 2_002],
        )
    ]


def test_issue_charges_again_for_the_same_source_changes_nothing(network: Any, treasurer: Actor, heard: Any) -> None:
    first, second = factories.enterprise(), factories.enterprise()
    once = do.issue_charges([ChargeSpec(first, 500, "R")], actor=treasurer, source=("round", 1))
    both = [ChargeSpec(first, 500, "R"), ChargeSpec(second, 700, "R")]
    twice = do.issue_charges(both, actor=treasurer, source=("round", 1))
    assert twice[0] == once[0]
    assert Charge.objects.count() == 2
    assert heard[1].amounts_minor == [700]


def test_issue_charges_refuses_another_amount_for_the_same_source(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    do.issue_charges([ChargeSpec(enterprise, 500, "R")], actor=treasurer, source=("round", 1))
    with pytest.raises(ChargeDiffers) as refusal:
        do.issue_charges([ChargeSpec(enterprise, 501, "R")], actor=treasurer, source=("round", 1))
    assert "R$\xa05,01" in refusal.value.words()
    do.cancel_charge(Charge.objects.get(), reason="valor errado", actor=treasurer)
    do.issue_charges([ChargeSpec(enterprise, 501, "R")], actor=treasurer, source=("round", 1))
    assert sorted(Charge.objects.values_list("state", "amount_minor")) == [("cancelled", 500), ("open", 501)]


def test_issue_charges_leaves_out_who_owes_nothing(network: Any, treasurer: Actor) -> None:
    specs = [ChargeSpec(factories.enterprise(), 0, "R"), ChargeSpec(factories.enterprise(), 1, "R")]
    assert [row.amount_minor for row in do.issue_charges(specs, actor=treasurer)] == [1]
    with pytest.raises(ValueError, match="negative"):
        do.issue_charges([ChargeSpec(factories.enterprise(), -1, "R")], actor=treasurer)


def test_issue_charges_refuses_who_may_not(network: Any) -> None:
    enterprise = factories.enterprise()
    for actor in (
        factories.actor(network, "council"),
        factories.actor(network, "enterprise_coordinator", enterprise),
        factories.actor(factories.network(), "treasury"),
    ):
        with pytest.raises(NotAllowed):
            charge(enterprise, actor)
    assert not Charge.objects.exists()


def test_issuing_many_charges_takes_as_many_queries_as_issuing_few(network: Any, treasurer: Actor) -> None:
    queries = []
    for count, source in ((1, 1), (3, 2), (30, 3)):
        specs = [ChargeSpec(factories.enterprise(), 100 + n, "R") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            do.issue_charges(specs, actor=treasurer, source=("round", source))
        queries.append(len(captured))
    # The first one also makes the settings row and the head of the audit chain.
    assert queries[1] == queries[2] < queries[0]


def test_double_tap_issues_one_charge(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    charge(enterprise, treasurer, key="abc")
    with pytest.raises(AlreadySent):
        charge(enterprise, treasurer, key="abc")
    assert Charge.objects.count() == 1


# --- Payments -------------------------------------------------------------------------------------------------------


def test_payment_settles_the_oldest_due_first_and_leaves_credit(network: Any, treasurer: Actor, heard: Any) -> None:
    enterprise = factories.enterprise()
    late = charge(enterprise, treasurer, 3_000, DAY)
    later = charge(enterprise, treasurer, 5_000, DAY + dt.timedelta(days=5))
    earliest = charge(enterprise, treasurer, 1_001, DAY - dt.timedelta(days=5))
    payment = pay(enterprise, treasurer, 10_000, reference="E123")
    assert [(row.charge_id, row.amount_minor) for row in payment.settlements.all()] == [
        (earliest.pk, 1_001),
        (late.pk, 3_000),
        (later.pk, 5_000),
    ]
    assert set(Charge.objects.values_list("state", flat=True)) == {"paid"}
    assert credit_of(enterprise) == 999
    assert heard[-1] == PaymentRecorded(
        network_id=network.pk,
        payment_id=payment.pk,
        enterprise_id=enterprise.pk,
        amount_minor=10_000,
        currency="BRL",
        on="2026-03-02",
        method="pix",
        credit_minor=999,
        charge_ids=[earliest.pk, late.pk, later.pk],
        settled_minor=[1_001, 3_000, 5_000],
    )
    check_books(network)


def test_payment_for_a_charge_goes_there_first_then_to_the_oldest(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    old = charge(enterprise, treasurer, 3_000, DAY)
    named = charge(enterprise, treasurer, 5_000, DAY + dt.timedelta(days=5))
    pay(enterprise, treasurer, 6_000, charge=named)
    old.refresh_from_db()
    named.refresh_from_db()
    assert (named.state, named.open_minor, old.state, old.open_minor) == ("paid", 0, "open", 2_000)


def test_partial_payments_add_up(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    row = charge(enterprise, treasurer, 100)
    for part in (33, 33, 34):
        row.refresh_from_db()
        assert row.state == "open"
        pay(enterprise, treasurer, part, charge=row)
    row.refresh_from_db()
    assert (row.state, row.settled_minor) == ("paid", 100)


def test_the_same_reference_is_taken_once_for_anybody(network: Any, treasurer: Actor) -> None:
    one, other = factories.enterprise(name="Mel da Serra"), factories.enterprise()
    pay(one, treasurer, 100, reference="E2E-1")
    with pytest.raises(PaymentAlreadyTaken) as refusal:
        pay(other, treasurer, 100, reference="E2E-1")
    assert "Mel da Serra" in refusal.value.words()
    assert "02/03/2026" in refusal.value.words()
    assert Payment.objects.count() == 1
    assert credit_of(other) == 0


def test_references_of_two_networks_do_not_meet(network: Any, treasurer: Actor) -> None:
    pay(factories.enterprise(), treasurer, 100, reference="E2E-1")
    other = factories.network()
    with tenancy.activated(other):
        pay(factories.enterprise(), factories.actor(other, "treasury"), 100, reference="E2E-1")
        assert Payment.objects.count() == 1
    assert Payment.objects.count() == 1


def test_double_tap_records_one_payment(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    pay(enterprise, treasurer, 100, key="tap")
    with pytest.raises(AlreadySent):
        pay(enterprise, treasurer, 100, key="tap")
    assert Payment.objects.count() == 1


def test_a_refused_payment_may_be_sent_again_with_its_key(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    with pytest.raises(InvalidValue):
        pay(enterprise, treasurer, 0, key="tap")
    pay(enterprise, treasurer, 1, key="tap")
    assert Payment.objects.count() == 1


def test_payment_refuses_tomorrow_strangers_and_closed_charges(network: Any, treasurer: Actor) -> None:
    enterprise, other = factories.enterprise(), factories.enterprise()
    row = charge(enterprise, treasurer, 100)
    with pytest.raises(InvalidValue) as refusal:
        do.record_payment(
            enterprise, amount_minor=1, received_on=DAY + dt.timedelta(days=1), method="pix", actor=treasurer
        )
    assert refusal.value.field == "received_on"
    with pytest.raises(ChargeOfAnother):
        pay(other, treasurer, 100, charge=row)
    with pytest.raises(NotAllowed):
        pay(enterprise, factories.actor(network, "purchasing"), 100)
    pay(enterprise, treasurer, 100)
    with pytest.raises(ChargeNotOpen):
        pay(enterprise, treasurer, 100, charge=row)
    assert Payment.objects.count() == 1


def test_payment_is_on_record_with_who_and_how(network: Any, treasurer: Actor) -> None:
    payment = pay(factories.enterprise(), treasurer, 250, reference="E9")
    entry = AuditEntry.objects.get(act="payments.payment_recorded", network_id=network.pk)
    assert (entry.actor_person_id, entry.subject_id) == (treasurer.person_id, str(payment.pk))
    assert entry.data["amount_minor"] == 250
    assert entry.data["reference"] == "E9"


# --- Reversal -------------------------------------------------------------------------------------------------------


def test_reverse_payment_reopens_its_charges_and_frees_its_reference(
    network: Any, treasurer: Actor, heard: Any
) -> None:
    enterprise, right = factories.enterprise(), factories.enterprise()
    row = charge(enterprise, treasurer, 100)
    payment = pay(enterprise, treasurer, 130, reference="E1")
    do.reverse_payment(payment, reason="era de outro empreendimento", actor=treasurer)
    row.refresh_from_db()
    assert (row.state, row.open_minor, credit_of(enterprise)) == ("open", 100, 0)
    assert [item.amount_minor for item in row.settlements.all()] == [100, -100]
    assert (heard[-1].charge_ids, heard[-1].settled_minor, heard[-1].credit_minor) == ([row.pk], [100], 30)
    pay(right, treasurer, 130, reference="E1")
    with pytest.raises(PaymentAlreadyReversed):
        do.reverse_payment(payment, reason="outra vez", actor=treasurer)
    check_books(network)


def test_reverse_payment_refuses_when_its_credit_was_used(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    payment = pay(enterprise, treasurer, 100)
    row = charge(enterprise, treasurer, 80)
    do.apply_credit(row, amount_minor=80, actor=treasurer)
    with pytest.raises(CreditAlreadyUsed):
        do.reverse_payment(payment, reason="engano", actor=treasurer)
    do.take_back_credit(row, reason="vai estornar", actor=treasurer)
    do.reverse_payment(payment, reason="engano", actor=treasurer)
    row.refresh_from_db()
    assert (row.state, row.open_minor, credit_of(enterprise)) == ("open", 80, 0)
    check_books(network)


def test_reverse_payment_wants_a_reason(network: Any, treasurer: Actor) -> None:
    payment = pay(factories.enterprise(), treasurer, 100)
    with pytest.raises(ReasonMissing):
        do.reverse_payment(payment, reason="  ", actor=treasurer)


# --- Credit ---------------------------------------------------------------------------------------------------------


def test_credit_covers_a_charge_and_never_falls_below_zero(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    do.grant_credit(enterprise, amount_minor=70, reason="devolução", actor=treasurer, source=("return", 3))
    row = charge(enterprise, treasurer, 100)
    with pytest.raises(NotEnoughCredit):
        do.apply_credit(row, amount_minor=71, actor=treasurer)
    with pytest.raises(MoreThanOwed):
        do.apply_credit(row, amount_minor=101, actor=treasurer)
    do.apply_credit(row, amount_minor=70, actor=treasurer)
    row.refresh_from_db()
    assert (row.open_minor, credit_of(enterprise)) == (30, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditAccount.objects.update(balance_minor=-1)
    check_books(network)


def test_grant_credit_once_a_source(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    for _ in range(2):
        do.grant_credit(enterprise, amount_minor=70, reason="devolução", actor=treasurer, source=("return", 3))
    assert credit_of(enterprise) == 70
    with pytest.raises(CreditDiffers):
        do.grant_credit(enterprise, amount_minor=71, reason="devolução", actor=treasurer, source=("return", 3))


def test_refund_pays_credit_out(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    do.grant_credit(enterprise, amount_minor=70, reason="devolução", actor=treasurer)
    do.refund_credit(
        enterprise, amount_minor=50, paid_on=DAY, method="pix", reason="saiu da rede", actor=treasurer, key="k"
    )
    with pytest.raises(AlreadySent):
        do.refund_credit(
            enterprise, amount_minor=20, paid_on=DAY, method="pix", reason="saiu da rede", actor=treasurer, key="k"
        )
    assert credit_of(enterprise) == 20


def test_take_back_credit_refuses_where_there_is_none(network: Any, treasurer: Actor) -> None:
    row = charge(factories.enterprise(), treasurer)
    with pytest.raises(NothingToReverse):
        do.take_back_credit(row, reason="x", actor=treasurer)


# --- Cancelling and writing off -------------------------------------------------------------------------------------


def test_cancel_charge_turns_what_was_paid_into_credit(network: Any, treasurer: Actor) -> None:
    enterprise = factories.enterprise()
    row = charge(enterprise, treasurer, 100)
    do.grant_credit(enterprise, amount_minor=10, reason="ajuste", actor=treasurer)
    do.apply_credit(row, amount_minor=10, actor=treasurer)
    payment = pay(enterprise, treasurer, 60)
    do.cancel_charge(row, reason="rodada cancelada", actor=treasurer)
    row.refresh_from_db()
    assert (row.state, row.settled_minor, row.open_minor, credit_of(enterprise)) == ("cancelled", 0, 0, 70)
    do.cancel_charge(row, reason="outra vez", actor=treasurer)
    assert credit_of(enterprise) == 70
    # The payment's own share of that credit goes with it, the granted part stays.
    do.reverse_payment(payment, reason="engano", actor=treasurer)
    assert credit_of(enterprise) == 10
    check_books(network)


def test_write_off_takes_what_is_open_with_a_reason(network: Any, treasurer: Actor, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    row = charge(enterprise, treasurer, 100)
    payment = pay(enterprise, treasurer, 60)
    with pytest.raises(NotAllowed):
        do.write_off(row, reason="fechou", actor=treasurer)
    with pytest.raises(ReasonMissing):
        do.write_off(row, reason="", actor=coordinator)
    row = do.write_off(row, reason="o grupo se desfez", actor=coordinator)
    assert (row.state, row.settled_minor) == ("written_off", 100)
    with pytest.raises(ChargeNotOpen):
        do.write_off(row, reason="de novo", actor=coordinator)
    do.reverse_payment(payment, reason="engano", actor=treasurer)
    row.refresh_from_db()
    assert (row.state, row.open_minor) == ("open", 60)
    pay(enterprise, treasurer, 60)
    row.refresh_from_db()
    assert row.state == "written_off"
    row = do.undo_write_off(row, reason="pagou enfim", actor=coordinator)
    assert (row.state, row.open_minor) == ("open", 40)
    with pytest.raises(NotWrittenOff):
        do.undo_write_off(row, reason="x", actor=coordinator)
    check_books(network)


# --- Invariants -----------------------------------------------------------------------------------------------------

step = st.one_of(
    st.tuples(st.just("issue"), st.integers(1, 500)),
    st.tuples(st.just("pay"), st.integers(1, 800)),
    st.tuples(st.just("pay_charge"), st.integers(1, 800)),
    st.tuples(st.just("grant"), st.integers(1, 300)),
    st.tuples(st.just("apply"), st.integers(1, 300)),
    st.tuples(st.sampled_from(["write_off", "undo", "cancel", "reverse", "take_back"]), st.integers(0, 5)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, min_size=1, max_size=14))
def test_no_order_of_acts_loses_a_cent(network: Any, coordinator: Actor, treasurer: Actor, steps: Any) -> None:
    with transaction.atomic():
        enterprise = factories.enterprise()
        for act, number in steps:
            charges = list(Charge.objects.order_by("pk"))
            picked = charges[number % len(charges)] if charges else None
            payments = list(Payment.objects.order_by("pk"))
            try:
                if act == "issue":
                    charge(enterprise, treasurer, number)
                elif act == "pay":
                    pay(enterprise, treasurer, number)
                elif act == "grant":
                    do.grant_credit(enterprise, amount_minor=number, reason="x", actor=treasurer)
                elif act == "reverse" and payments:
                    do.reverse_payment(payments[number % len(payments)], reason="x", actor=treasurer)
                elif picked is not None:
                    _on_charge(act, picked, number, enterprise, treasurer, coordinator)
            except DomainError:
                pass
            check_books(network)
        transaction.set_rollback(True)


def _on_charge(act: str, row: Charge, number: int, enterprise: Any, treasurer: Actor, coordinator: Actor) -> None:
    if act == "pay_charge":
        pay(enterprise, treasurer, number, charge=row)
    elif act == "apply":
        do.apply_credit(row, amount_minor=number, actor=treasurer)
    elif act == "write_off":
        do.write_off(row, reason="x", actor=coordinator)
    elif act == "undo":
        do.undo_write_off(row, reason="x", actor=coordinator)
    elif act == "cancel":
        do.cancel_charge(row, reason="x", actor=treasurer)
    elif act == "take_back":
        do.take_back_credit(row, reason="x", actor=treasurer)


def test_settlement_of_a_payment_names_it(network: Any, treasurer: Actor) -> None:
    row = charge(factories.enterprise(), treasurer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Settlement.objects.create(charge=row, kind="payment", amount_minor=1, on=clock.today())
