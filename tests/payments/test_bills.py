# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bills of suppliers: registered once, corrected, paid, given back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests import factories

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed
from mutirao.payments import operations as do
from mutirao.payments.errors import BillDiffers, BillNotOpen, MoreThanOwed, NothingToReverse, ReasonMissing
from mutirao.payments.models import Bill, BillPayment

DAY = dt.date(2026, 3, 2)
pytestmark = pytest.mark.usefixtures("noon")


def bill(supplier: Any, actor: Actor, amount: int = 1_000, **more: Any) -> Bill:
    return do.register_bill(supplier, amount_minor=amount, title="Pedido 1", due_on=DAY, actor=actor, **more)


def pay(row: Bill, actor: Actor, amount: int, **more: Any) -> BillPayment:
    return do.pay_bill(row, amount_minor=amount, paid_on=DAY, method="pix", actor=actor, **more)


def test_register_bill_once_a_source(network: Any) -> None:
    buyer = factories.actor(network, "purchasing")
    supplier = factories.supplier()
    first = bill(supplier, buyer, document="NF 77", source=("purchasing.order", 5))
    assert bill(supplier, buyer, source=("purchasing.order", 5)) == first
    with pytest.raises(BillDiffers):
        bill(supplier, buyer, 1_001, source=("purchasing.order", 5))
    assert Bill.objects.count() == 1


def test_pay_bill_in_parts_never_more_than_owed(network: Any, treasurer: Actor) -> None:
    row = bill(factories.supplier(), treasurer)
    pay(row, treasurer, 400)
    with pytest.raises(MoreThanOwed):
        pay(row, treasurer, 601)
    pay(row, treasurer, 600)
    row.refresh_from_db()
    assert (row.state, row.open_minor) == ("paid", 0)
    with pytest.raises(BillNotOpen):
        pay(row, treasurer, 1)


def test_only_the_treasury_pays(network: Any) -> None:
    buyer = factories.actor(network, "purchasing")
    row = bill(factories.supplier(), buyer)
    with pytest.raises(NotAllowed):
        pay(row, buyer, 1)
    with pytest.raises(NotAllowed):
        bill(factories.supplier(), factories.actor(network, "council"))


def test_adjust_bill_to_zero_cancels_it(network: Any, treasurer: Actor) -> None:
    row = bill(factories.supplier(), treasurer)
    with pytest.raises(ReasonMissing):
        do.adjust_bill(row, amount_minor=0, reason="", actor=treasurer)
    with pytest.raises(InvalidValue):
        do.adjust_bill(row, amount_minor=-1, reason="x", actor=treasurer)
    assert do.adjust_bill(row, amount_minor=0, reason="pedido cancelado", actor=treasurer).state == "cancelled"
    with pytest.raises(BillNotOpen):
        do.adjust_bill(row, amount_minor=10, reason="x", actor=treasurer)


def test_return_after_payment_is_owed_back_and_given_back(network: Any, treasurer: Actor) -> None:
    supplier = factories.supplier()
    row = bill(supplier, treasurer)
    pay(row, treasurer, 1_000)
    row = do.adjust_bill(row, amount_minor=700, reason="devolução", actor=treasurer)
    assert (row.state, row.open_minor, row.owed_back_minor) == ("paid", 0, 300)
    with pytest.raises(MoreThanOwed):
        do.refund_bill(row, amount_minor=301, received_on=DAY, method="pix", actor=treasurer)
    do.refund_bill(row, amount_minor=100, received_on=DAY, method="pix", actor=treasurer)
    following = bill(supplier, treasurer, 150)
    do.offset_bill(following, from_bill=row, amount_minor=150, actor=treasurer)
    row.refresh_from_db()
    following.refresh_from_db()
    assert (row.paid_minor, row.owed_back_minor, row.state) == (750, 50, "paid")
    assert (following.paid_minor, following.state) == (150, "paid")


def test_offset_is_between_bills_of_one_supplier(network: Any, treasurer: Actor) -> None:
    row = bill(factories.supplier(), treasurer)
    other = bill(factories.supplier(), treasurer)
    with pytest.raises(InvalidValue):
        do.offset_bill(row, from_bill=other, amount_minor=1, actor=treasurer)


def test_reverse_bill_payment_once(network: Any, treasurer: Actor) -> None:
    row = bill(factories.supplier(), treasurer)
    payment = pay(row, treasurer, 1_000)
    undone = do.reverse_bill_payment(payment, reason="conta errada", actor=treasurer)
    row.refresh_from_db()
    assert (row.state, row.open_minor, undone.amount_minor) == ("open", 1_000, -1_000)
    for mistaken in (payment, undone):
        with pytest.raises(NothingToReverse):
            do.reverse_bill_payment(mistaken, reason="x", actor=treasurer)
