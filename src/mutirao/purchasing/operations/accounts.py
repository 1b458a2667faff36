# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a receipt makes the network owe its supplier."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from mutirao.kernel.actors import Actor
from mutirao.payments import operations as payments
from mutirao.payments.models import Bill
from mutirao.purchasing.models import PurchaseRound, Receipt, ReceiptLine

ORDER_SOURCE = "purchasing.order"
DAYS_TO_PAY_SUPPLIER = 14
"""When a quote names no terms that can be read as a day, the bill is due two weeks after the goods came."""


def billed_minor(receipt: Receipt) -> int:
    """What the supplier is to be paid for a receipt: goods as billed, credits taken off, freight and other expenses."""
    goods = ReceiptLine.objects.filter(receipt=receipt).aggregate(net=Sum(F("billed_minor") - F("credited_minor")))[
        "net"
    ]
    return int(goods or 0) + receipt.freight_minor + receipt.other_minor


def post_receipt(receipt: Receipt, *, round_: PurchaseRound, actor: Actor) -> Bill | None:
    """Register the supplier's bill of a receipt, or correct the one that stands; None where nothing is owed."""
    order = receipt.order
    amount = billed_minor(receipt)
    standing: Bill | None = (
        Bill.objects.filter(source_kind=ORDER_SOURCE, source_id=order.pk).exclude(state=Bill.State.CANCELLED).first()
    )
    if standing is None:
        if not amount:
            return None
        return payments.register_bill(
            order.supplier,
            amount_minor=amount,
            title=_("%(round)s, pedido %(number)s") % {"round": round_.title, "number": order.number},
            due_on=receipt.received_on + dt.timedelta(days=DAYS_TO_PAY_SUPPLIER),
            document=receipt.document_number,
            source=(ORDER_SOURCE, order.pk),
            actor=actor,
        )
    if standing.amount_minor != amount or standing.document != receipt.document_number:
        return payments.adjust_bill(
            standing,
            amount_minor=amount,
            document=receipt.document_number,
            reason=_("Recebimento corrigido"),
            actor=actor,
        )
    return standing
