# SPDX-License-Identifier: AGPL-3.0-or-later
"""What suppliers really delivered: differences, damage, returns, the supplier's document, photos.

A receipt may be corrected until the round's costs are shared. Each writing of it posts the purchase in the network's
book and the supplier's bill; a correction reverses the entry and posts it anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import stale
from mutirao.kernel.core.money import line_cost_minor
from mutirao.kernel.errors import DomainError, SeveralProblems
from mutirao.kernel.locks import lock_all
from mutirao.kernel.once import first_time
from mutirao.kernel.uploads import Upload
from mutirao.kernel.work import emit, operation, record
from mutirao.purchasing import permissions
from mutirao.purchasing.core.access_key import is_access_key
from mutirao.purchasing.errors import AccessKeyWrong, OrderNotInState, ReceiptIsFinal, ReceiptValueWrong
from mutirao.purchasing.events import GoodsReceived
from mutirao.purchasing.models import OrderLine, PurchaseOrder, PurchaseRound, Receipt, ReceiptLine, ReceiptPhoto
from mutirao.purchasing.operations import accounts
from mutirao.purchasing.operations.sharing import round_received
from mutirao.purchasing.operations.taking import check_taken

State = PurchaseRound.State
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineReceived:
    """What came of one order line, in the good's unit; `billed_minor` None means: at the ordered price."""

    received: Decimal
    damaged: Decimal = ZERO
    returned: Decimal = ZERO
    billed_minor: int | None = None
    credited_minor: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The supplier's document and what it charges beside the goods, in minor units."""

    number: str = ""
    access_key: str = ""
    freight_minor: int = 0
    other_minor: int = 0


@operation
def record_receipt(
    order: PurchaseOrder,
    *,
    lines: Mapping[int, LineReceived],
    document: Document,
    actor: Actor,
    received_on: dt.date | None = None,
    notes: str = "",
    key: str = "",
    seen_version: int | None = None,
) -> Receipt:
    """Write down a delivery, or correct it; `lines` by order line id, lines left out did not come.

    `key` makes a repeated sending harmless; `seen_version` is the receipt's version when the form was opened.
    The round is received once no order is out any more.

    Raises: ReceiptIsFinal once costs are shared; OrderNotInState for an order not sent; StaleEdit when somebody else
    wrote it meanwhile; SeveralProblems with a ReceiptValueWrong or AccessKeyWrong for each wrong value.
    """
    actor.require(permissions.RECEIVE, order)
    round_, order = lock_all([order.round, order])
    if not first_time("receipt", key, network_id=order.network_id):
        written_before: Receipt = Receipt.objects.get(order=order)
        return written_before
    receipt: Receipt | None = Receipt.objects.filter(order=order).first()
    if round_.state in (State.CHARGED, State.SETTLED):
        raise ReceiptIsFinal
    check_taken(round_, states={State.APPROVED, State.ORDERED, State.RECEIVED})
    if order.state not in (PurchaseOrder.State.SENT, PurchaseOrder.State.RECEIVED):
        raise OrderNotInState(number=order.number, state=order.get_state_display())
    if receipt is not None and seen_version is not None and receipt.version != seen_version:
        raise stale(order)
    order_lines = list(order.lines.select_related("good__product"))
    written = _checked(order_lines, lines, document, currency=round_.currency)
    if receipt is None:
        receipt = Receipt(order=order)
    receipt.received_on = received_on or clock.today()
    receipt.received_by_id = actor.person_id
    receipt.document_number, receipt.access_key = document.number.strip(), document.access_key.replace(" ", "")
    receipt.freight_minor, receipt.other_minor = document.freight_minor, document.other_minor
    receipt.notes = notes.strip()
    receipt.version += 1
    receipt.save()
    receipt.lines.all().delete()
    for line in written:
        line.receipt = receipt
    ReceiptLine.objects.bulk_create(written)
    order.state = PurchaseOrder.State.RECEIVED
    order.save(update_fields=["state"])
    record(
        actor,
        "purchasing.received",
        order,
        version=receipt.version,
        document=receipt.document_number,
        differences=_differences(written),
    )
    accounts.post_receipt(receipt, round_=round_, actor=actor)
    emit(GoodsReceived(network_id=order.network_id, round_id=round_.pk, receipt_id=receipt.pk))
    round_received(round_, actor=actor)
    return receipt


@operation
def add_photo(receipt: Receipt, *, photo: Upload, caption: str, actor: Actor, key: str = "") -> ReceiptPhoto | None:
    """Keep a photo of a delivery that was looked at.

    `key` makes a repeated sending harmless: None when this photo was taken in before.
    """
    actor.require(permissions.RECEIVE, receipt)
    if not first_time("receipt_photo", key, network_id=receipt.network_id):
        return None
    kept = ReceiptPhoto(receipt=receipt, caption=caption.strip()[:120])
    kept.image.save("foto.jpg", photo.as_file(), save=False)
    kept.save()
    record(actor, "purchasing.photo_added", receipt.order, photo=kept.pk)
    return kept


def _checked(
    order_lines: Sequence[OrderLine], lines: Mapping[int, LineReceived], document: Document, *, currency: str
) -> list[ReceiptLine]:
    problems: list[DomainError] = []
    if document.access_key.strip() and not is_access_key(document.access_key.replace(" ", "")):
        problems.append(AccessKeyWrong())
    if document.freight_minor < 0 or document.other_minor < 0:
        problems.append(ReceiptValueWrong(_("Frete e outras despesas não podem ser menores que zero.")))
    written = []
    for order_line in order_lines:
        came = lines.get(order_line.pk, LineReceived(ZERO, billed_minor=0))
        problems.extend(_line_problems(order_line, came))
        billed = came.billed_minor
        if billed is None:
            billed = (
                order_line.cost_minor
                if came.received == order_line.quantity
                else line_cost_minor(came.received, order_line.unit_price, currency)
            )
        if came.credited_minor > billed:
            problems.append(
                ReceiptValueWrong(
                    _("%(product)s: o crédito não pode ser maior que o valor na nota (%(billed)s)."),
                    product=str(order_line.good),
                    billed=formats.money(billed, currency),
                )
            )
        written.append(
            ReceiptLine(
                network_id=order_line.network_id,
                order_line=order_line,
                received=came.received,
                damaged=came.damaged,
                returned=came.returned,
                billed_minor=billed,
                credited_minor=came.credited_minor,
                note=came.note.strip()[:200],
            )
        )
    if problems:
        raise SeveralProblems(problems)
    return written


def _line_problems(order_line: OrderLine, came: LineReceived) -> list[DomainError]:
    product = str(order_line.good)
    if min(came.received, came.damaged, came.returned) < 0 or came.credited_minor < 0 or (came.billed_minor or 0) < 0:
        return [ReceiptValueWrong(_("%(product)s: nenhum valor pode ser menor que zero."), product=product)]
    if came.damaged + came.returned > came.received:
        return [
            ReceiptValueWrong(
                _("%(product)s: estragado e devolvido, juntos, passam do que chegou (%(received)s)."),
                product=product,
                received=formats.quantity(came.received, order_line.good.product.unit),
            )
        ]
    return []


def _differences(written: Sequence[ReceiptLine]) -> list[str]:
    """Differences as they go on record: one text a line that did not come as ordered."""
    return [
        f"{line.order_line.good}: {line.order_line.quantity.normalize():f} → {line.received.normalize():f}"
        f" (−{line.damaged.normalize():f}, −{line.returned.normalize():f})"
        for line in written
        if line.received != line.order_line.quantity or line.damaged or line.returned
    ]
