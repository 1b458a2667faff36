# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading charges, payments, credit and bills, each for whoever may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.search import Terms
from mutirao.network.models import Contact, Enterprise, Network
from mutirao.payments import permissions
from mutirao.payments.core.bank_csv import BankFile
from mutirao.payments.core.matching import Match, Open, match_lines
from mutirao.payments.core.pix import NAME_MOST, PixCode, encode, fit
from mutirao.payments.core.transfer import transfer_code, written_iban
from mutirao.payments.core.txid import find_txids
from mutirao.payments.models import (
    BankStatement,
    Bill,
    Charge,
    CreditAccount,
    CreditMovement,
    Payment,
    PaymentSettings,
    Settlement,
)


def _own(actor: Actor) -> Q:
    """Everything for whoever sees the network's money; else what belongs to one's own enterprises."""
    if actor.can(permissions.SEE_CHARGES):
        return Q()
    return Q(enterprise_id__in=actor.enterprise_ids)


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees the charges of every enterprise."""
    return actor.can(permissions.SEE_CHARGES)


def charges_visible_to(actor: Actor) -> QuerySet[Charge]:
    """Charges with their enterprises, oldest due first."""
    rows: QuerySet[Charge] = Charge.objects.filter(_own(actor)).select_related("enterprise")
    return rows


def charge_said(terms: Terms) -> Q:
    """Charges that somebody means: by enterprise and title, by number, or by the identifier on a bank's text."""
    said = terms.within("enterprise__folded", "folded") | Q(txid__iexact=terms.compact)
    number = terms.compact.removeprefix("no")
    return said | Q(number=int(number)) if number.isdecimal() and len(number) < 10 else said


def charge_with_history(actor: Actor, charge_id: int) -> Charge | None:
    """A charge with its settlements and their payments; None when there is none to be seen."""
    settlements = Prefetch("settlements", Settlement.objects.select_related("payment"))
    return charges_visible_to(actor).filter(pk=charge_id).prefetch_related(settlements).first()


def payments_visible_to(actor: Actor) -> QuerySet[Payment]:
    """Payments with who paid and who recorded them, newest first."""
    rows: QuerySet[Payment] = Payment.objects.filter(_own(actor)).select_related("enterprise", "recorded_by")
    return rows


def payment_with_parts(actor: Actor, payment_id: int) -> Payment | None:
    """A payment with the charges that it settled and the credit that it left."""
    return (
        payments_visible_to(actor)
        .filter(pk=payment_id)
        .select_related("statement")
        .defer("statement__content")
        .prefetch_related(Prefetch("settlements", Settlement.objects.select_related("charge")), "credit_movements")
        .first()
    )


def enterprises_visible_to(actor: Actor) -> QuerySet[Enterprise]:
    """Enterprises whose accounts the actor sees."""
    rows: QuerySet[Enterprise] = Enterprise.objects.all()
    return rows if sees_all(actor) else rows.filter(pk__in=actor.enterprise_ids)


def credit_movements_of(enterprise: Enterprise) -> QuerySet[CreditMovement]:
    """An enterprise's credit movements, newest first."""
    rows: QuerySet[CreditMovement] = CreditMovement.objects.filter(enterprise=enterprise)
    return rows.select_related("charge", "payment").order_by("-pk")


def credit_of(enterprise: Enterprise) -> int:
    """What an enterprise holds in credit, in minor units."""
    balance = CreditAccount.objects.filter(enterprise=enterprise).values_list("balance_minor", flat=True).first()
    return int(balance or 0)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of charges in minor units: what is open, what of it is overdue, and how many each."""

    open_minor: int
    open_count: int
    overdue_minor: int
    overdue_count: int


def totals_of(charges: QuerySet[Charge]) -> Totals:
    """Open and overdue of the charges given, in one query."""
    is_open = Q(state=Charge.State.OPEN)
    is_late = is_open & Q(due_on__lt=clock.today())
    left = F("amount_minor") - F("settled_minor")
    sums = charges.order_by().aggregate(
        open_minor=Sum(left, filter=is_open),
        open_count=Count("pk", filter=is_open),
        overdue_minor=Sum(left, filter=is_late),
        overdue_count=Count("pk", filter=is_late),
    )
    return Totals(**{name: int(value or 0) for name, value in sums.items()})


def credit_total(actor: Actor) -> int:
    """All credit that the enterprises seen hold together, in minor units."""
    total = CreditAccount.objects.filter(_own(actor)).aggregate(total=Sum("balance_minor"))["total"]
    return int(total or 0)


def currency_of(network_id: int) -> str:
    """The currency in which a network keeps its charges."""
    return Network.objects.values_list("currency", flat=True).get(pk=network_id)


def settings_of(network: Network) -> PaymentSettings:
    """How a network is paid; unsaved defaults where nobody set it yet."""
    found: PaymentSettings | None = PaymentSettings.objects.filter(network_id=network.pk).first()
    return found or PaymentSettings(network_id=network.pk)


def pix_text(network: Network, settings: PaymentSettings, *, amount_minor: int | None = None, txid: str = "") -> str:
    """The copy-and-paste code for an amount in minor units, or for any; empty without a key or another currency."""
    if not settings.pix_key or network.currency != "BRL" or (amount_minor is not None and amount_minor <= 0):
        return ""
    name = settings.merchant_name or fit(network.name, NAME_MOST)
    return encode(PixCode(settings.pix_key, name, settings.merchant_city or "BRASIL", amount_minor, txid))


@dataclass(frozen=True, slots=True)
class Transfer:
    """How a charge is paid where there is no Pix: the account, what to write with it, and the bank's code in euro."""

    holder: str
    iban: str
    bic: str
    reference: str
    code: segno.QRCode | None


def transfer_of(charge: Charge, settings: PaymentSettings) -> Transfer | None:
    """The bank transfer that pays what is open of a charge; None without an account or with nothing open."""
    if not settings.iban or charge.open_minor <= 0:
        return None
    code = None
    if charge.currency == "EUR":
        code = transfer_code(
            holder=settings.bank_holder, account=settings.iban, bank=settings.bic, amount_minor=charge.open_minor,
            reference=charge.txid,
        )  # fmt: skip
    return Transfer(settings.bank_holder, written_iban(settings.iban), settings.bic, charge.txid, code)


# --- Bills ----------------------------------------------------------------------------------------------------------


def bills_visible_to(actor: Actor) -> QuerySet[Bill]:
    """The network's bills with their suppliers, oldest due first; none for enterprises."""
    rows: QuerySet[Bill] = Bill.objects.select_related("supplier")
    return rows if actor.can(permissions.SEE_BILLS) else rows.none()


def bill_totals(bills: QuerySet[Bill]) -> dict[str, int]:
    """What is to be paid, what of it is overdue, and what suppliers owe back, in minor units."""
    is_open = Q(state=Bill.State.OPEN)
    left = F("amount_minor") - F("paid_minor")
    sums = bills.order_by().aggregate(
        open=Sum(left, filter=is_open),
        overdue=Sum(left, filter=is_open & Q(due_on__lt=clock.today())),
        owed_back=Sum(-left, filter=Q(paid_minor__gt=F("amount_minor"))),
    )
    return {name: int(value or 0) for name, value in sums.items()}


def bills_owing(bill: Bill) -> QuerySet[Bill]:
    """Other bills of the same supplier for which the network paid more than they say now."""
    rows: QuerySet[Bill] = Bill.objects.filter(supplier_id=bill.supplier_id, paid_minor__gt=F("amount_minor"))
    return rows.exclude(pk=bill.pk)


# --- Bank statements ------------------------------------------------------------------------------------------------


def statements_visible_to(actor: Actor) -> QuerySet[BankStatement]:
    """Statements sent in, newest first, for whoever records payments."""
    rows: QuerySet[BankStatement] = BankStatement.objects.select_related("uploaded_by").defer("content")
    return rows if actor.can(permissions.RECORD_PAYMENTS) else rows.none()


def references_taken(references: Sequence[str]) -> set[str]:
    """Those of the references under which a payment stands."""
    found: set[str] = set()
    for start in range(0, len(references), 5000):
        rows = Payment.objects.filter(reference__in=references[start : start + 5000], reversed_at=None)
        found.update(rows.values_list("reference", flat=True))
    return found


@dataclass(frozen=True, slots=True)
class Matched:
    """A statement's lines with what each seems to be, and the charges that they speak of, by id."""

    matches: list[Match]
    charges: dict[int, Charge]


def match_statement(read: BankFile) -> Matched:
    """Match a statement's lines to the open charges of the active network, and to closed ones that it names."""
    named = {txid for line in read.lines for txid in find_txids(f"{line.text} {line.document} {line.bank_id}")}
    wanted = Q(state=Charge.State.OPEN) | Q(txid__in=named)
    rows = list(Charge.objects.filter(wanted).select_related("enterprise"))
    taken = references_taken([line.reference for line in read.lines])
    matches = match_lines(read.lines, _open(rows), taken=taken)
    return Matched(matches, {row.pk: row for row in rows})


def _open(rows: Sequence[Charge]) -> list[Open]:
    names: dict[int, list[str]] = {}
    for enterprise_id, name in Contact.objects.filter(
        enterprise_id__in={row.enterprise_id for row in rows}
    ).values_list("enterprise_id", "name"):
        names.setdefault(enterprise_id, []).append(name)
    return [
        Open(
            charge=row.pk,
            number=row.number,
            txid=row.txid,
            open_minor=row.open_minor,
            enterprise=row.enterprise_id,
            names=(row.enterprise.name, *names.get(row.enterprise_id, ())),
            tax_id=row.enterprise.tax_id,
        )
        for row in rows
    ]


def in_one_line(charge: Charge) -> str:
    """A charge as one line of a list to choose from: number, enterprise, what is open, what it is."""
    left = formats.money(charge.open_minor, charge.currency)
    return f"nº {charge.number} · {charge.enterprise.name} · {left} · {charge.title}"
