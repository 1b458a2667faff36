# SPDX-License-Identifier: AGPL-3.0-or-later
"""Suppliers' offers for a round: entered, changed, withdrawn, from the opening until the purchase goes to approval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock, once
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import stale
from mutirao.kernel.core.quantities import QUANTITY_PLACES
from mutirao.kernel.errors import DomainError, NotFound, SeveralProblems, Words
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import (
    QuoteIsEmpty,
    QuotesAreClosed,
    QuoteValueWrong,
    QuoteWithdrawn,
    SupplierAlreadyQuoted,
)
from mutirao.purchasing.events import QuotesChanged
from mutirao.purchasing.models import PriceBreak, PurchaseRound, Quote, QuoteLine
from mutirao.purchasing.operations.taking import label_of, require_reason, require_same_network

LARGEST_AMOUNT = Decimal(10) ** 9
"""No price, pack or available quantity reaches it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTerms:
    """What a supplier asks for beside the prices. Amounts in minor units, freight by weight in major units a kg."""

    minimum_order_minor: int = 0
    freight_minor: int = 0
    freight_per_kg: Decimal = Decimal(0)
    free_freight_from_minor: int | None = None
    valid_until: dt.date | None = None
    payment_terms: str = ""
    days_to_deliver: int | None = None
    notes: str = ""
    received_on: dt.date | None = None
    """The day on which it came; None stands for today."""


@dataclass(frozen=True, slots=True)
class BreakItem:
    """From this quantity on, every unit of the line costs `unit_price` (major units)."""

    from_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One offer for one good, in packs of `pack_size` units; `available` None means as much as is wanted."""

    good_id: int
    breaks: tuple[BreakItem, ...]
    pack_size: Decimal = Decimal(1)
    available: Decimal | None = None
    brand: str = ""


@operation
def enter_quote(
    round_: PurchaseRound,
    *,
    supplier: Supplier,
    lines: Sequence[LineItem],
    actor: Actor,
    terms: QuoteTerms | None = None,
    key: str = "",
) -> Quote:
    """Write down a supplier's offer. The same `key` again changes nothing.

    Raises: NotAllowed; NotFound; QuotesAreClosed; SupplierAlreadyQuoted; SeveralProblems with QuoteIsEmpty and
    QuoteValueWrong (`field` is "line-<index in lines>").
    """
    actor.require(permissions.ENTER_QUOTES, round_)
    require_same_network(round_, supplier)
    terms = terms or QuoteTerms()
    of_supplier = Quote.objects.filter(round=round_, supplier=supplier)
    if not once.first_time(f"purchasing.quote:{round_.pk}:{supplier.pk}", key, network_id=round_.network_id):
        return of_supplier.latest("pk")  # type: ignore[no-any-return]
    fresh = _take_round(round_)
    if of_supplier.filter(is_withdrawn=False).exists():
        raise SupplierAlreadyQuoted(supplier=supplier.name)
    return write_quote(fresh, supplier=supplier, lines=lines, terms=terms, actor=actor)


def write_quote(
    round_: PurchaseRound,
    *,
    supplier: Supplier,
    lines: Sequence[LineItem],
    terms: QuoteTerms,
    actor: Actor,
    origin: str = Quote.Origin.TEAM,
    replaces: Quote | None = None,
) -> Quote:
    """Check an offer and write it down, on a round that is locked and takes quotes; part of the operations that do.

    Raises: NotFound; SeveralProblems as `enter_quote`.
    """
    _require_sound(round_, terms, lines)
    if replaces is not None:
        take_out(replaces)
    quote = Quote(
        network_id=round_.network_id, round=round_, supplier=supplier, origin=origin, replaces=replaces,
        **_columns(terms),
    )  # fmt: skip
    quote.save()
    _save_lines(quote, lines)
    _announce(actor, "purchasing.quote_entered", quote, supplier=supplier.name, lines=_trace(lines))
    return quote


def take_out(quote: Quote) -> None:
    """Mark a locked offer as withdrawn; whoever calls puts it on record."""
    quote.is_withdrawn = True
    quote.version += 1
    quote.save(update_fields=["is_withdrawn", "version"])


@operation
def edit_quote(
    quote: Quote,
    *,
    lines: Sequence[LineItem],
    actor: Actor,
    terms: QuoteTerms,
    key: str = "",
    seen_version: int | None = None,
) -> Quote:
    """Replace an offer's terms and lines. The same `key` again changes nothing.

    Raises: NotAllowed; NotFound; StaleEdit; QuotesAreClosed; QuoteWithdrawn; SeveralProblems as `enter_quote`.
    """
    actor.require(permissions.ENTER_QUOTES, quote)
    if not once.first_time(f"purchasing.quote_edit:{quote.pk}", key, network_id=quote.network_id):
        return Quote.objects.get(pk=quote.pk)  # type: ignore[no-any-return]
    fresh, round_ = _take_quote(quote, seen_version)
    _require_sound(round_, terms, lines)
    columns = _columns(terms)
    if terms.received_on is None:
        del columns["received_on"]
    for name, value in columns.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.save(update_fields=[*columns, "version"])
    fresh.lines.all().delete()
    _save_lines(fresh, lines)
    _announce(actor, "purchasing.quote_edited", fresh, supplier=fresh.supplier.name, lines=_trace(lines))
    return fresh


@operation
def withdraw_quote(quote: Quote, *, reason: str, actor: Actor, seen_version: int | None = None) -> Quote:
    """Take an offer out of the comparison; it stays readable, and the supplier may be quoted anew.

    Raises: NotAllowed; StaleEdit; QuotesAreClosed; QuoteWithdrawn; ReasonMissing.
    """
    actor.require(permissions.ENTER_QUOTES, quote)
    said = require_reason(reason)
    fresh, round_ = _take_quote(quote, seen_version)
    take_out(fresh)
    record(actor, "purchasing.quote_withdrawn", fresh, reason=said, supplier=fresh.supplier.name)
    emit(QuotesChanged(fresh.network_id, round_.pk, fresh.pk))
    return fresh


def _take_round(round_: PurchaseRound) -> PurchaseRound:
    fresh = lock(round_)
    require_open_to_quotes(fresh)
    return fresh


def _take_quote(quote: Quote, seen_version: int | None) -> tuple[Quote, PurchaseRound]:
    round_, fresh = lock_all([quote.round, quote])
    if fresh.is_withdrawn:
        raise QuoteWithdrawn
    if seen_version is not None and seen_version != fresh.version:
        raise stale(fresh)
    require_open_to_quotes(round_)
    return fresh, round_


def require_open_to_quotes(round_: PurchaseRound) -> None:
    """Raises: QuotesAreClosed unless the round takes quotes now."""
    if not round_.takes_quotes:
        raise QuotesAreClosed(round=round_.title, state=round_.get_state_display())


def _announce(actor: Actor, act: str, quote: Quote, *, supplier: str, lines: list[dict[str, object]]) -> None:
    terms = {field.name: getattr(quote, field.name) for field in fields(QuoteTerms)}
    more = {"origin": quote.origin} if quote.origin != Quote.Origin.TEAM else {}
    record(actor, act, quote, supplier=supplier, terms=terms, lines=lines, **more)
    emit(QuotesChanged(quote.network_id, quote.round_id, quote.pk))


def _columns(terms: QuoteTerms) -> dict[str, object]:
    columns = asdict(terms)
    for name in ("payment_terms", "notes"):
        columns[name] = columns[name].strip()
    columns["received_on"] = terms.received_on or clock.today()
    return columns


def _trace(lines: Sequence[LineItem]) -> list[dict[str, object]]:
    return [
        {
            "good": line.good_id, "pack": line.pack_size, "available": line.available, "brand": line.brand,
            "breaks": [[item.from_quantity, item.unit_price] for item in line.breaks],
        }
        for line in lines
    ]  # fmt: skip


def _save_lines(quote: Quote, lines: Sequence[LineItem]) -> None:
    made = QuoteLine.objects.bulk_create(
        QuoteLine(
            network_id=quote.network_id,
            quote=quote,
            good_id=line.good_id,
            brand=line.brand.strip(),
            pack_size=line.pack_size,
            available=line.available,
        )
        for line in lines
    )
    PriceBreak.objects.bulk_create(
        PriceBreak(network_id=quote.network_id, line=row, from_quantity=item.from_quantity, unit_price=item.unit_price)
        for row, line in zip(made, lines, strict=True)
        for item in sorted(line.breaks, key=lambda item: item.from_quantity)
    )


def _require_sound(round_: PurchaseRound, terms: QuoteTerms, lines: Sequence[LineItem]) -> None:
    """Raises: NotFound for a good of another round; SeveralProblems."""
    names = {good.pk: str(good) for good in round_.goods.select_related("product")}
    if any(line.good_id not in names for line in lines):
        raise NotFound
    problems: list[DomainError] = [] if lines else [QuoteIsEmpty()]
    problems += _problems_with_terms(terms)
    seen: set[tuple[object, ...]] = set()
    for index, line in enumerate(lines):
        product, field = names[line.good_id], f"line-{index}"
        for words in _problems_with_line(line):
            problems.append(QuoteValueWrong(words, field=field, product=product))
        offer = (line.good_id, line.brand.strip(), line.pack_size)
        if offer in seen:
            twice = _("%(product)s: há duas linhas com a mesma marca e a mesma embalagem.")
            problems.append(QuoteValueWrong(twice, field=field, product=product))
        seen.add(offer)
    if problems:
        raise SeveralProblems(problems)


def _problems_with_terms(terms: QuoteTerms) -> list[DomainError]:
    limit = int(LARGEST_AMOUNT) * 100
    amounts = {
        "minimum_order_minor": terms.minimum_order_minor,
        "freight_minor": terms.freight_minor,
        "free_freight_from_minor": terms.free_freight_from_minor or 0,
    }
    wrong = [name for name, amount in amounts.items() if not 0 <= amount < limit]
    if not _is_amount(terms.freight_per_kg):
        wrong.append("freight_per_kg")
    words = _("“%(what)s” precisa ser um valor de zero para cima.")
    return [QuoteValueWrong(words, field=name, what=label_of(Quote, name)) for name in wrong]


def _problems_with_line(line: LineItem) -> list[Words]:
    problems: list[Words] = []
    if not _is_amount(line.pack_size) or line.pack_size == 0:
        problems.append(_("%(product)s: o tamanho da embalagem precisa ser maior que zero."))
    if line.available is not None and not _is_amount(line.available):
        problems.append(_("%(product)s: a quantidade disponível precisa ser um número de zero para cima."))
    if not line.breaks:
        problems.append(_("%(product)s: falta o preço."))
    if not all(_is_amount(item.unit_price) and _is_amount(item.from_quantity) for item in line.breaks):
        problems.append(_("%(product)s: preços e quantidades precisam ser números de zero para cima."))
    if len({item.from_quantity for item in line.breaks}) < len(line.breaks):
        problems.append(_("%(product)s: duas faixas começam na mesma quantidade."))
    return problems


def _is_amount(amount: Decimal) -> bool:
    """A number from zero up that the database keeps exactly."""
    return amount.is_finite() and 0 <= amount < LARGEST_AMOUNT and not amount % Decimal(1).scaleb(-QUANTITY_PLACES)
