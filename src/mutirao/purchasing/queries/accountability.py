# SPDX-License-Identifier: AGPL-3.0-or-later
"""The accountability of a round: need → quote → award → approval → order → receipt → charge → payment → entries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, Sum

from mutirao.governance.models import Motion
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotFound
from mutirao.ledger.models import Entry, Line
from mutirao.payments.models import Bill, Charge, Payment
from mutirao.purchasing.models import (
    AwardScenario,
    CostShare,
    PurchaseOrder,
    PurchaseRound,
    Quote,
    ReceiptLine,
    RoundGood,
)
from mutirao.purchasing.operations.accounts import ORDER_SOURCE
from mutirao.purchasing.operations.approval import MOTION_SOURCE
from mutirao.purchasing.operations.sharing import ROUND_SOURCE

PAYMENT_SOURCE = "payments.payment"


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures that must be the same, minor units: `code` names what is held against what."""

    code: str
    left_minor: int
    right_minor: int

    @property
    def holds(self) -> bool:
        """Whether they are."""
        return self.left_minor == self.right_minor


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One enterprise's share with the charge that came of it."""

    share: CostShare
    charge: Charge | None


@dataclass(slots=True)
class Accountability:
    """Everything that is to be answered for, loaded in a fixed number of queries."""

    round: PurchaseRound
    goods: list[RoundGood]
    quotes: list[Quote]
    scenarios: list[AwardScenario]
    motions: list[Motion]
    orders: list[PurchaseOrder]
    receipt_lines: dict[int, list[ReceiptLine]]
    bills: list[Bill]
    shares: list[ShareRow]
    payments: list[Payment]
    entries: list[Entry]
    checks: list[Check] = field(default_factory=list)

    @property
    def account_totals(self) -> list[tuple[str, int]]:
        """What the entries moved, account by account, minor units (debit positive), zeros left out."""
        sums: dict[str, int] = defaultdict(int)
        for entry in self.entries:
            for line in entry.lines.all():
                sums[str(line.account)] += line.amount_minor
        return [(account, amount) for account, amount in sorted(sums.items()) if amount]

    @property
    def received(self) -> list[ReceiptLine]:
        """What came, order by order."""
        return [line for order in self.orders for line in self.receipt_lines.get(order.pk, [])]

    @property
    def chosen(self) -> AwardScenario | None:
        """The split that was bought."""
        return next((scenario for scenario in self.scenarios if scenario.is_chosen), None)

    @property
    def charged_minor(self) -> int:
        """What all enterprises were charged."""
        return sum(row.share.total_minor for row in self.shares)

    @property
    def settled_minor(self) -> int:
        """What of it is settled."""
        return sum(row.charge.settled_minor for row in self.shares if row.charge)

    @property
    def billed_minor(self) -> int:
        """What suppliers are to be paid."""
        return sum(bill.amount_minor for bill in self.bills)

    @property
    def paid_minor(self) -> int:
        """What suppliers were paid."""
        return sum(bill.paid_minor for bill in self.bills)

    @property
    def alone_minor(self) -> int:
        """What those for whom buying alone was possible would have paid alone."""
        return sum(row.share.alone_minor for row in self.shares if row.share.alone_minor is not None)

    @property
    def saved_minor(self) -> int:
        """What buying together saved them."""
        return sum(row.share.saved_minor for row in self.shares if row.share.saved_minor is not None)


def accountability(round_: PurchaseRound, *, actor: Actor) -> Accountability:
    """Everything about a round, from the decision to the entries in the network's book."""
    orders = list(
        PurchaseOrder.objects.filter(round=round_)
        .select_related("supplier", "receipt", "quote")
        .prefetch_related("lines__good__product", "receipt__photos")
    )
    lines: dict[int, list[ReceiptLine]] = defaultdict(list)
    for line in (
        ReceiptLine.objects.filter(receipt__order__round=round_)
        .select_related("order_line__good__product", "order_line__order__supplier", "receipt")
        .annotate(lost=F("damaged") + F("returned"))
    ):
        lines[line.receipt.order_id].append(line)
    charges = {
        charge.enterprise_id: charge
        for charge in Charge.objects.filter(source_kind=ROUND_SOURCE, source_id=round_.pk).exclude(
            state=Charge.State.CANCELLED
        )
    }
    shares = [
        ShareRow(share, charges.get(share.participation.enterprise_id))
        for share in CostShare.objects.filter(round=round_)
        .select_related("participation__enterprise")
        .order_by("participation__enterprise__name")
    ]
    payments = list(
        Payment.objects.filter(settlements__charge__in=[charge.pk for charge in charges.values()])
        .select_related("enterprise")
        .order_by("received_on", "pk")
        .distinct()
    )
    found = Accountability(
        round=round_,
        goods=list(
            RoundGood.objects.filter(round=round_)
            .select_related("product")
            .annotate(
                asked=Sum("needs__quantity"),
                tolerated=Sum("needs__tolerance"),
                askers=Count("needs", filter=Q(needs__quantity__gt=0)),
            )
        ),
        quotes=list(
            Quote.objects.filter(round=round_)
            .select_related("supplier")
            .annotate(line_count=Count("lines"))
            .order_by("pk")
        ),
        scenarios=list(AwardScenario.objects.filter(round=round_)),
        motions=list(
            Motion.objects.filter(source_kind=MOTION_SOURCE, source_id=round_.pk).prefetch_related(
                "entitlements__enterprise"
            )
        ),
        orders=orders,
        receipt_lines=dict(lines),
        bills=list(
            Bill.objects.filter(source_kind=ORDER_SOURCE, source_id__in=[order.pk for order in orders])
            .exclude(state=Bill.State.CANCELLED)
            .select_related("supplier")
            .prefetch_related("payments")
        ),
        shares=shares,
        payments=payments,
        entries=_entries(round_, [payment.pk for payment in payments]),
    )
    found.checks = _checks(found)
    return found


def _entries(round_: PurchaseRound, payment_ids: list[int]) -> list[Entry]:
    """Entries of the network's book that came of the round or of payments for it."""
    return list(
        Entry.objects.filter(
            Q(source_kind=ROUND_SOURCE, source_id=round_.pk) | Q(source_kind=PAYMENT_SOURCE, source_id__in=payment_ids),
            book__enterprise__isnull=True,
        )
        .annotate(debit_minor=Sum("lines__amount_minor", filter=Q(lines__amount_minor__gt=0)))
        .prefetch_related("lines__account", "lines__partner")
        .order_by("number")
    )


def _checks(found: Accountability) -> list[Check]:
    if not found.shares:
        return []
    round_ = found.round
    goods_and_freight = sum(row.share.goods_minor + row.share.freight_minor for row in found.shares)
    pending = Line.objects.filter(
        entry__source_kind=ROUND_SOURCE,
        entry__source_id=round_.pk,
        entry__book__enterprise__isnull=True,
        account__purpose="joint_purchases",
    ).aggregate(sum=Sum("amount_minor"))["sum"]
    charged = sum(row.charge.amount_minor for row in found.shares if row.charge)
    return [
        Check("shares_are_bills", goods_and_freight, found.billed_minor),
        Check("fees_are_shared", sum(row.share.fees_minor for row in found.shares), round_.fees_minor),
        Check("charges_are_shares", charged, found.charged_minor),
        Check("joint_purchases_are_zero", pending or 0, 0),
    ]


@dataclass(frozen=True, slots=True)
class ShareInParts:
    """One enterprise's share, good by good."""

    share: CostShare
    lines: list[object]
    charge: Charge | None


def share_in_parts(round_: PurchaseRound, enterprise_id: int) -> ShareInParts:
    """Why an enterprise pays what it pays. Raises: NotFound when it has no share in the round."""
    share = (
        CostShare.objects.filter(round=round_, participation__enterprise_id=enterprise_id)
        .select_related("participation__enterprise")
        .first()
    )
    if share is None:
        raise NotFound
    lines = list(
        share.lines.select_related("order_line__good__product", "order_line__order__supplier")
        .annotate(
            billed=F("order_line__receipt_line__billed_minor") - F("order_line__receipt_line__credited_minor"),
            came=F("order_line__receipt_line__received")
            - F("order_line__receipt_line__damaged")
            - F("order_line__receipt_line__returned"),
        )
        .order_by("order_line__good__position", "pk")
    )
    charge = (
        Charge.objects.filter(source_kind=ROUND_SOURCE, source_id=round_.pk, enterprise_id=enterprise_id)
        .exclude(state=Charge.State.CANCELLED)
        .first()
    )
    return ShareInParts(share, lines, charge)
