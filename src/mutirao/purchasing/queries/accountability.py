# SPDX-License-Identifier: AGPL-3.0-or-later
"""The accountability of a round: need → quote → award → approval → order → receipt → charge → payment → entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Aggregate, Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from mutirao.governance.models import Entitlement, Motion
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotFound
from mutirao.ledger.models import Entry, Line
from mutirao.payments.models import Bill, Charge, Payment, Settlement
from mutirao.payments.permissions import SEE_CHARGES
from mutirao.payments.sources import PAYMENT as PAYMENT_SOURCE
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
    opens: bool = False
    """Whether the reader may open the charge."""


@dataclass(frozen=True, slots=True)
class BillRow:
    """A supplier's bill with what it is made of, minor units: goods − credits + freight and other expenses."""

    bill: Bill
    goods_minor: int
    credited_minor: int
    extra_minor: int


@dataclass(frozen=True, slots=True)
class ShareTotals:
    """All shares of a round together, minor units, summed by the database. `alone_minor` and `saved_minor` are of
    those enterprises for which buying alone was possible."""

    count: int
    goods_minor: int
    freight_minor: int
    fees_minor: int
    alone_minor: int
    saved_minor: int

    @property
    def total_minor(self) -> int:
        """What all enterprises are to pay."""
        return self.goods_minor + self.freight_minor + self.fees_minor


@dataclass(frozen=True, slots=True)
class ChargeTotals:
    """All charges of a round together, minor units; how many are settled `whole`, in `part` and not at all.

    What settled them is `paid_minor` in money, `credited_minor` with credit held, and `written_off_minor` given up.
    """

    amount_minor: int
    paid_minor: int
    credited_minor: int
    written_off_minor: int
    whole: int
    part: int
    none: int

    @property
    def settled_minor(self) -> int:
        """What is no longer owed, whichever way."""
        return self.paid_minor + self.credited_minor + self.written_off_minor


@dataclass(frozen=True, slots=True)
class BookTotals:
    """The entries of a round: how many, and what they moved on each account (minor units, debit positive)."""

    count: int
    accounts: list[tuple[str, int]]


@dataclass(slots=True)
class Accountability:
    """Everything that is to be answered for, in a fixed number of queries. What grows with the number of enterprises
    is here as totals of all; the rows are read a page at a time (`share_rows`, `payments_of`, `entries_of`)."""

    round: PurchaseRound
    goods: list[RoundGood]
    quotes: list[Quote]
    scenarios: list[AwardScenario]
    motions: list[Motion]
    orders: list[PurchaseOrder]
    receipt_lines: dict[int, list[ReceiptLine]]
    bills: list[Bill]
    shares: ShareTotals
    charges: ChargeTotals
    books: BookTotals
    checks: list[Check] = field(default_factory=list)

    @property
    def received(self) -> list[ReceiptLine]:
        """What came, order by order."""
        return [line for order in self.orders for line in self.receipt_lines.get(order.pk, [])]

    @property
    def chosen(self) -> AwardScenario | None:
        """The split that was bought."""
        return next((scenario for scenario in self.scenarios if scenario.is_chosen), None)

    @property
    def bill_rows(self) -> list[BillRow]:
        """Each bill with the parts that its order's receipt gives it."""
        receipts = {order.pk: order.receipt for order in self.orders if hasattr(order, "receipt")}
        rows = []
        for bill in self.bills:
            lines = self.receipt_lines.get(bill.source_id or 0, [])
            receipt = receipts.get(bill.source_id or 0)
            extra = receipt.freight_minor + receipt.other_minor if receipt is not None else 0
            goods, credited = sum(line.billed_minor for line in lines), sum(line.credited_minor for line in lines)
            rows.append(BillRow(bill, goods, credited, extra))
        return rows

    @property
    def billed_minor(self) -> int:
        """What suppliers are to be paid."""
        return sum(bill.amount_minor for bill in self.bills)

    @property
    def paid_minor(self) -> int:
        """What suppliers were paid."""
        return sum(bill.paid_minor for bill in self.bills)


def accountability(round_: PurchaseRound) -> Accountability:
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
        scenarios=list(AwardScenario.objects.filter(round=round_).defer("details")),
        motions=_motions(round_),
        orders=orders,
        receipt_lines=dict(lines),
        bills=list(
            Bill.objects.filter(source_kind=ORDER_SOURCE, source_id__in=[order.pk for order in orders])
            .exclude(state=Bill.State.CANCELLED)
            .select_related("supplier")
        ),
        shares=_share_totals(round_),
        charges=_charge_totals(round_),
        books=_book_totals(round_),
    )
    found.checks = _checks(found)
    return found


def _motions(round_: PurchaseRound) -> list[Motion]:
    """Questions put to the enterprises, with how many were asked and how many answered what."""
    return list(
        Motion.objects.filter(source_kind=MOTION_SOURCE, source_id=round_.pk).annotate(
            asked=Count("entitlements"),
            yes=Count("entitlements", filter=Q(entitlements__answer=Entitlement.Answer.YES)),
            no=Count("entitlements", filter=Q(entitlements__answer=Entitlement.Answer.NO)),
            abstained=Count("entitlements", filter=Q(entitlements__answer=Entitlement.Answer.ABSTAIN)),
            silent=Count("entitlements", filter=Q(entitlements__answer="")),
        )
    )


def charges_of(round_: PurchaseRound) -> QuerySet[Charge]:
    """The round's charges that count."""
    rows: QuerySet[Charge] = Charge.objects.filter(source_kind=ROUND_SOURCE, source_id=round_.pk).exclude(
        state=Charge.State.CANCELLED
    )
    return rows


def shares_by_name(round_: PurchaseRound) -> QuerySet[CostShare]:
    """Every enterprise's share, by its name."""
    rows: QuerySet[CostShare] = (
        CostShare.objects.filter(round=round_)
        .select_related("participation__enterprise")
        .order_by("participation__enterprise__folded", "pk")
    )
    return rows


def share_rows(round_: PurchaseRound, shares: Sequence[CostShare], *, actor: Actor) -> list[ShareRow]:
    """The given shares with their charges, and whether the actor may open these; one query whatever their number."""
    enterprises = [share.participation.enterprise_id for share in shares]
    charges = {charge.enterprise_id: charge for charge in charges_of(round_).filter(enterprise__in=enterprises)}
    own, everything = actor.enterprise_ids, actor.can(SEE_CHARGES)
    return [
        ShareRow(share, charges.get(enterprise_id), opens=everything or enterprise_id in own)
        for share, enterprise_id in zip(shares, enterprises, strict=True)
    ]


def payments_of(round_: PurchaseRound) -> QuerySet[Payment]:
    """Payments that settled some of the round's charges, in the order in which they came."""
    settled = Settlement.objects.filter(charge__in=charges_of(round_), payment__isnull=False)
    rows: QuerySet[Payment] = (
        Payment.objects.filter(pk__in=settled.values("payment"))
        .select_related("enterprise")
        .order_by("received_on", "pk")
    )
    return rows


def _entry_rows(round_: PurchaseRound) -> QuerySet[Entry]:
    rows: QuerySet[Entry] = Entry.objects.filter(
        Q(source_kind=ROUND_SOURCE, source_id=round_.pk)
        | Q(source_kind=PAYMENT_SOURCE, source_id__in=payments_of(round_).order_by().values("pk")),
        book__enterprise__isnull=True,
    )
    return rows


def entries_of(round_: PurchaseRound) -> QuerySet[Entry]:
    """Entries of the network's book that came of the round or of payments for it, with lines, by number."""
    moved = Line.objects.filter(entry=OuterRef("pk"), amount_minor__gt=0).order_by().values("entry")
    rows: QuerySet[Entry] = (
        _entry_rows(round_)
        .annotate(debit_minor=Subquery(moved.annotate(all=Sum("amount_minor")).values("all")))
        .prefetch_related("lines__account", "lines__partner")
        .order_by("number", "pk")
    )
    return rows


def _sums(rows: QuerySet[Any], **sums: Aggregate) -> dict[str, int]:
    """Sums over rows, zero where there are none; a name may be that of the column it sums."""
    found = rows.aggregate(**{f"all_{name}": each for name, each in sums.items()})
    return {name: found[f"all_{name}"] or 0 for name in sums}


def _share_totals(round_: PurchaseRound) -> ShareTotals:
    total = F("goods_minor") + F("freight_minor") + F("fees_minor")
    rows = CostShare.objects.filter(round=round_)
    return ShareTotals(
        **_sums(
            rows,
            count=Count("pk"),
            goods_minor=Sum("goods_minor"),
            freight_minor=Sum("freight_minor"),
            fees_minor=Sum("fees_minor"),
            alone_minor=Sum("alone_minor"),
            saved_minor=Sum(F("alone_minor") - total),
        )
    )


def _charge_totals(round_: PurchaseRound) -> ChargeTotals:
    whole = Q(settled_minor__gte=F("amount_minor"))
    kinds = Settlement.Kind
    return ChargeTotals(
        **_sums(
            Settlement.objects.filter(charge__in=charges_of(round_).order_by().values("pk")),
            paid_minor=Sum("amount_minor", filter=Q(kind=kinds.PAYMENT)),
            credited_minor=Sum("amount_minor", filter=Q(kind=kinds.CREDIT)),
            written_off_minor=Sum("amount_minor", filter=Q(kind=kinds.WRITE_OFF)),
        ),
        **_sums(
            charges_of(round_),
            amount_minor=Sum("amount_minor"),
            whole=Count("pk", filter=whole),
            part=Count("pk", filter=Q(settled_minor__gt=0) & ~whole),
            none=Count("pk", filter=Q(settled_minor=0)),
        ),
    )


def _book_totals(round_: PurchaseRound) -> BookTotals:
    entries = _entry_rows(round_)
    moved = (
        Line.objects.filter(entry__in=entries.values("pk"))
        .order_by()
        .values("account__code", "account__name")
        .annotate(moved=Sum("amount_minor"))
        .order_by("account__code")
    )
    accounts = [(f"{row['account__code']} {row['account__name']}", row["moved"]) for row in moved if row["moved"]]
    return BookTotals(entries.count(), accounts)


def _checks(found: Accountability) -> list[Check]:
    shares, round_ = found.shares, found.round
    if not shares.count:
        return []
    pending = _sums(
        Line.objects.filter(
            entry__source_kind=ROUND_SOURCE,
            entry__source_id=round_.pk,
            entry__book__enterprise__isnull=True,
            account__purpose="joint_purchases",
        ),
        moved=Sum("amount_minor"),
    )["moved"]
    return [
        Check("shares_are_bills", shares.goods_minor + shares.freight_minor, found.billed_minor),
        Check("fees_are_shared", shares.fees_minor, round_.fees_minor),
        Check("charges_are_shares", found.charges.amount_minor, shares.total_minor),
        Check("joint_purchases_are_zero", pending, 0),
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
    charge = charges_of(round_).filter(enterprise_id=enterprise_id).first()
    return ShareInParts(share, lines, charge)
