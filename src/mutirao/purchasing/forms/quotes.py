# SPDX-License-Identifier: AGPL-3.0-or-later
"""A supplier's quote as it is typed: the terms, and a grid of goods with packs and price breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, formats
from mutirao.kernel.errors import DomainError, SeveralProblems
from mutirao.kernel.forms import ExactField, add_to_form
from mutirao.purchasing.forms.inputs import VersionedForm, currency_sign, day_field, money_field
from mutirao.purchasing.models import PriceBreak, Quote
from mutirao.purchasing.operations.quotes import BreakItem, LineItem, QuoteTerms
from mutirao.purchasing.queries.needs import ConsolidatedGood
from mutirao.purchasing.queries.quotes import offers_in

BREAKS = 3
"""Breaks that stand ready for each good; more on demand."""
MOST_BREAKS = 30
_amount = ExactField(minimum=Decimal(0), required=False)


class TermsForm(VersionedForm):
    """What a supplier asks for beside the prices."""

    received_on = day_field(_("Recebida em"), required=False)
    valid_until = day_field(_("Vale até"), required=False)
    days_to_deliver = forms.IntegerField(
        label=_("Entrega em quantos dias"), required=False, min_value=0, max_value=400,
        widget=forms.TextInput({"inputmode": "numeric", "data-suffix": _("dias")}),
    )  # fmt: skip
    payment_terms = forms.CharField(label=_("Condições de pagamento"), max_length=120, required=False)
    minimum_order_minor = forms.CharField()
    freight_minor = forms.CharField()
    freight_per_kg = ExactField(label=_("Frete por quilo"), required=False, minimum=Decimal(0))
    free_freight_from_minor = forms.CharField()
    notes = forms.CharField(label=_("Observações"), required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, data: Any = None, *, quote: Quote | None, currency: str, is_copy: bool = False) -> None:
        names = [name for name in self.base_fields if name != "seen_version"]
        initial: dict[str, Any] = {name: getattr(quote, name, None) or None for name in names} if quote else {}
        if quote is None or is_copy:
            initial |= {"received_on": clock.today(), "valid_until": None}
        elif quote is not None:
            initial["seen_version"] = quote.version
        super().__init__(data, initial=initial)
        for name, label, help_text in (
            ("minimum_order_minor", _("Pedido mínimo"), _("Abaixo deste valor o fornecedor não entrega.")),
            ("freight_minor", _("Frete fixo"), ""),
            ("free_freight_from_minor", _("Frete grátis a partir de"), ""),
        ):
            self.fields[name] = money_field(label, currency, required=False, help_text=help_text)
        self.fields["freight_per_kg"].widget.attrs |= {"data-prefix": currency_sign(currency), "data-suffix": "/ kg"}

    def terms(self) -> QuoteTerms:
        """What the operation is told."""
        given = self.cleaned_data
        return QuoteTerms(
            minimum_order_minor=given["minimum_order_minor"] or 0,
            freight_minor=given["freight_minor"] or 0,
            freight_per_kg=given["freight_per_kg"] or Decimal(0),
            free_freight_from_minor=given["free_freight_from_minor"],
            valid_until=given["valid_until"],
            payment_terms=given["payment_terms"],
            days_to_deliver=given["days_to_deliver"],
            notes=given["notes"],
            received_on=given["received_on"],
        )


@dataclass(slots=True)
class GridBreak:
    """One "from … on, each costs …" as typed."""

    number: int
    start: str = ""
    price: str = ""


@dataclass(slots=True)
class GridRow:
    """One offer for a good as typed. `key` is "<good id>-<n>": a good may be offered by several brands or packs."""

    key: str
    good: ConsolidatedGood
    is_first: bool
    pack: str = ""
    available: str = ""
    brand: str = ""
    breaks: list[GridBreak] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    spots: dict[str, str] = field(default_factory=dict)
    """Which field an error is about, where one is: sentence → the field's name."""

    def linked(self, said: str) -> SafeString:
        """A sentence about this row as a link to the field it is about; without one, to the price."""
        return format_html('<a href="#id_{}">{}</a>', self.spots.get(said, f"price-{self.key}-0"), said)

    @property
    def is_offered(self) -> bool:
        """Whether a price was typed: without one, the supplier does not offer it."""
        return any(step.price for step in self.breaks)

    @property
    def has_breaks(self) -> bool:
        """Whether something was said about more than one price, or more fields for that were asked for."""
        return len(self.breaks) > BREAKS or any(step.price or step.start for step in self.breaks[1:])


class QuoteGrid:
    """The rows of a quote's grid, from a stored quote, from nothing, or from what was sent."""

    def __init__(self, goods: Sequence[ConsolidatedGood]) -> None:
        self.goods = goods
        self.rows: list[GridRow] = []
        self.has_grown = False
        self._lines_of: list[str] = []

    @classmethod
    def empty(cls, goods: Sequence[ConsolidatedGood]) -> QuoteGrid:
        """One empty row a good."""
        grid = cls(goods)
        grid.rows = [GridRow(f"{good.good_id}-0", good, is_first=True, breaks=_padded([])) for good in goods]
        return grid

    @classmethod
    def of_quote(
        cls,
        goods: Sequence[ConsolidatedGood],
        quote: Quote,
        steps: Mapping[int, Sequence[PriceBreak]],
        products: Mapping[int, int],
    ) -> QuoteGrid:
        """The rows of a stored quote, perhaps of another round: goods are matched by `products` (product → good id)."""
        offers: dict[int, list[GridRow]] = {}
        by_id = {good.good_id: good for good in goods}
        for line in offers_in(quote):
            good = by_id.get(products.get(line.good.product_id, 0))
            if good is None:
                continue
            rows = offers.setdefault(good.good_id, [])
            breaks = [
                GridBreak(number, _text(step.from_quantity), _price_text(step.unit_price))
                for number, step in enumerate(steps.get(line.pk, ()))
            ]
            rows.append(
                GridRow(
                    f"{good.good_id}-{len(rows)}", good, is_first=not rows, pack=_text(line.pack_size),
                    available=_text(line.available, blank_zero=False), brand=line.brand, breaks=_padded(breaks),
                )
            )  # fmt: skip
        grid = cls.empty(goods)
        grid.rows = [row for empty in grid.rows for row in offers.get(empty.good.good_id, [empty])]
        return grid

    @classmethod
    def sent(cls, goods: Sequence[ConsolidatedGood], data: Any) -> QuoteGrid:
        """The rows as they were typed and sent."""
        grid = cls(goods)
        sent = set(data.getlist("row"))
        for good in goods:
            count = 0
            while (key := f"{good.good_id}-{count}") in sent:
                grid.rows.append(_sent_row(key, good, count == 0, data))
                count += 1
            if not count:
                grid.rows.append(GridRow(f"{good.good_id}-0", good, is_first=True, breaks=_padded([])))
        return grid

    def grow(self, *, more: str = "", another: str = "") -> None:
        """Give a row more breaks, or a good one more row."""
        self.has_grown = True
        for index, row in enumerate(self.rows):
            if row.key == more:
                row.breaks += [GridBreak(len(row.breaks) + n) for n in range(BREAKS)]
            if row.key == another:
                good_id = row.good.good_id
                count = sum(1 for other in self.rows if other.good.good_id == good_id)
                made = GridRow(f"{good_id}-{count}", row.good, is_first=False, breaks=_padded([]))
                last = index + count - int(row.key.rsplit("-", 1)[1])
                self.rows.insert(last, made)
                return

    def lines(self) -> list[LineItem]:
        """Every row with a price as the operation takes it. What is no number is told in the rows' `errors`."""
        lines = []
        self._lines_of = []
        for row in self.rows:
            row.errors = []
            if not row.is_offered:
                continue
            row.spots = {}
            pack = _number(row, row.pack, _t("embalagem"), f"pack-{row.key}")
            breaks = [
                BreakItem(
                    _number(row, step.start, _t("a partir de"), f"from-{row.key}-{step.number}") or Decimal(0), price
                )
                for step in row.breaks
                if (price := _price(row, step)) is not None
            ]
            lines.append(
                LineItem(
                    good_id=row.good.good_id,
                    pack_size=Decimal(1) if pack is None else pack,
                    available=_number(row, row.available, _t("tem disponível"), f"available-{row.key}"),
                    brand=row.brand,
                    breaks=tuple(breaks),
                )
            )
            self._lines_of.append(row.key)
        return lines

    @property
    def has_errors(self) -> bool:
        """Whether something typed is wrong."""
        return any(row.errors for row in self.rows)

    def refuse(self, form: TermsForm, error: DomainError) -> None:
        """Put what the operation said where it belongs: on the row, on the terms, or on the form."""
        problems = error.problems if isinstance(error, SeveralProblems) else [error]
        by_key = {row.key: row for row in self.rows}
        for problem in problems:
            number = (problem.field or "").removeprefix("line-")
            if number.isdigit() and int(number) < len(self._lines_of):
                row = by_key[self._lines_of[int(number)]]
                row.errors.append(problem.words())
                form.add_error(None, row.linked(problem.words()))
            else:
                add_to_form(form, problem)

    def tell(self, form: forms.Form) -> None:
        """Put what the rows say is wrong into the form's summary, each with a link to its field."""
        for row in self.rows:
            for said in row.errors:
                form.add_error(None, row.linked(said))


def _sent_row(key: str, good: ConsolidatedGood, is_first: bool, data: Any) -> GridRow:
    def said(name: str, of_break: str = "") -> str:
        return str(data.get(f"{name}-{key}{of_break}", "")).strip()

    breaks: list[GridBreak] = []
    while len(breaks) < MOST_BREAKS and f"price-{key}-{len(breaks)}" in data:
        number = len(breaks)
        breaks.append(GridBreak(number, said("from", f"-{number}"), said("price", f"-{number}")))
    return GridRow(
        key, good, is_first, pack=said("pack"), available=said("available"), brand=said("brand")[:80],
        breaks=_padded(breaks),
    )  # fmt: skip


def _padded(breaks: list[GridBreak]) -> list[GridBreak]:
    return breaks + [GridBreak(number) for number in range(len(breaks), BREAKS)]


def _text(amount: Decimal | None, *, blank_zero: bool = True) -> str:
    return "" if amount is None or (blank_zero and not amount) else formats.number(amount)


def _price_text(price: Decimal) -> str:
    """With cents, or as many digits as the price has."""
    cents = price.quantize(Decimal("0.01"))
    return formats.number(price, 2) if cents == price else formats.number(price)


def _number(row: GridRow, text: str, what: str, spot: str) -> Decimal | None:
    """The number typed, None for nothing; what is no number is told in the row, with the field's name (`spot`)."""
    try:
        amount: Decimal | None = _amount.clean(text)
    except forms.ValidationError as error:
        said = f"{row.good.name}, {what}: {' '.join(error.messages)}"
        row.errors.append(said)
        row.spots[said] = spot
        return None
    return amount


def _price(row: GridRow, step: GridBreak) -> Decimal | None:
    spot = f"price-{row.key}-{step.number}"
    if not step.price and step.start:
        words = _t("%(product)s: falta o preço da faixa a partir de %(start)s.")
        said = words % {"product": row.good.name, "start": step.start}
        row.errors.append(said)
        row.spots[said] = spot
    return _number(row, step.price, _t("preço"), spot)
