# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a round's charges and bills are booked, and when the round is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.ledger.core.chart import EnterpriseAccount, NetworkAccount
from mutirao.ledger.core.entries import COOPERATIVE
from mutirao.payments.events import BillAdjusted, BillOffset, BillPaid, ChargeSettled
from mutirao.purchasing.models import CostShare, PurchaseOrder, PurchaseRound
from mutirao.purchasing.operations.accounts import ORDER_SOURCE
from mutirao.purchasing.operations.sharing import ROUND_SOURCE, settle_if_done
from mutirao.treasury.booking import BillBooking, ChargeParts, register_bills, register_charges


def parts_of_round_charges(round_id: int, enterprise_ids: Collection[int]) -> Mapping[int, ChargeParts]:
    """Goods and freight come off the joint purchase, fees are the network's income."""
    rows = CostShare.objects.filter(round_id=round_id, participation__enterprise__in=enterprise_ids)
    return {
        row.participation.enterprise_id: ChargeParts(
            credits={
                NetworkAccount.JOINT_PURCHASES: row.goods_minor + row.freight_minor,
                NetworkAccount.ROUND_FEES: row.fees_minor,
            },
            debits={
                EnterpriseAccount.INPUTS: row.goods_minor,
                EnterpriseAccount.FREIGHT: row.freight_minor,
                EnterpriseAccount.NETWORK_FEES: row.fees_minor,
            },
        )
        for row in rows.select_related("participation")
    }


def round_of_order(order_id: int) -> tuple[str, int]:
    """Entries of an order's bill belong to its round."""
    return ROUND_SOURCE, PurchaseOrder.objects.values_list("round_id", flat=True).get(pk=order_id)


register_charges(ROUND_SOURCE, parts_of_round_charges)
# Goods bought to be handed on to members are part of the cooperative act (Lei 5.764/71, art. 79); whether the purchase
# itself is one is argued about, and the accountant decides: see docs/decisions.
register_bills(ORDER_SOURCE, BillBooking(NetworkAccount.JOINT_PURCHASES, COOPERATIVE, round_of_order))


@inside(ChargeSettled)
def round_may_be_settled(event: ChargeSettled) -> None:
    """The last charge settled may end the round."""
    if event.source_kind == ROUND_SOURCE and event.source_id is not None:
        _settle(event.source_id, event.network_id)


def order_may_be_paid(event: BillPaid | BillOffset | BillAdjusted) -> None:
    """The last bill paid may end the round."""
    if event.source_kind == ORDER_SOURCE and event.source_id is not None:
        _settle(round_of_order(event.source_id)[1], event.network_id)


inside(BillPaid)(order_may_be_paid)
inside(BillOffset)(order_may_be_paid)
inside(BillAdjusted)(order_may_be_paid)


def _settle(round_id: int, network_id: int) -> None:
    settle_if_done(PurchaseRound.objects.get(pk=round_id), actor=acting(network_id))
