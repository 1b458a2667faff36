# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an enterprise says on its list: two numbers for each good, a place, a word to the team."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.errors import DomainError, SeveralProblems
from mutirao.kernel.forms import QuantityField, add_to_form
from mutirao.purchasing.forms.inputs import AskedChoice, AskedText, VersionedForm
from mutirao.purchasing.models import DeliveryPlace, Participation
from mutirao.purchasing.operations.needs import NeedItem
from mutirao.purchasing.queries.needs import GoodRow, Wish, estimate_minor

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A good as the page draws it: texts as typed, what is wrong with them, what it would cost."""

    good: GoodRow
    quantity: str
    tolerance: str
    errors: list[str]
    estimate_minor: int | None
    is_asked: bool
    stored: Wish | None
    """What somebody else stored meanwhile, where it differs from what stands in the fields."""


class AnswerForm(VersionedForm):
    """What goes with an answer, whatever it is."""

    told_by = AskedText(
        label=_("Quem passou o pedido por telefone"), max_length=120,
        help_text=_("Nome da pessoa do empreendimento. Aparece junto do pedido."),
    )  # fmt: skip
    remark = forms.CharField(
        label=_("Recado para a equipe"), max_length=240, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        participation: Participation,
        on_behalf: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        values = {
            "seen_version": participation.version,
            "remark": participation.remark,
            "told_by": participation.told_by,
            **(initial or {}),
        }
        super().__init__(data, initial=values)
        if not on_behalf:
            del self.fields["told_by"]


class NeedsForm(AnswerForm):
    """The list. Fields are called quantity-<good id> and tolerance-<good id>, so that a refusal finds its good."""

    field_order = ["told_by"]

    def __init__(
        self,
        data: Any = None,
        *,
        participation: Participation,
        goods: Sequence[GoodRow],
        places: Sequence[DeliveryPlace],
        on_behalf: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, participation=participation, on_behalf=on_behalf, initial=initial)
        self.goods, self.currency = goods, participation.round.currency
        self.overtaken = False
        for good in goods:
            for name, amount, label in (
                ("quantity", good.now.quantity, good.name),
                ("tolerance", good.now.tolerance, _("%(product)s, aceito até mais") % {"product": good.name}),
            ):
                self.fields[f"{name}-{good.good_id}"] = QuantityField(
                    label=label, required=False, initial=amount or None, maximum=None
                )
        if len(places) > 1:
            self.fields["place"] = AskedChoice(
                label=_("Onde vão buscar"), widget=forms.RadioSelect,
                choices=[(place.pk, str(place)) for place in places],
                initial=participation.place_id,
            )  # fmt: skip
        self._places = {str(place.pk): place for place in places}

    def asked(self) -> list[NeedItem]:
        """Everything that was asked for."""
        asked = []
        for good in self.goods:
            quantity = self.cleaned_data.get(f"quantity-{good.good_id}") or ZERO
            tolerance = self.cleaned_data.get(f"tolerance-{good.good_id}") or ZERO
            if quantity or tolerance:
                asked.append(NeedItem(good.good_id, quantity, tolerance))
        return asked

    def chosen_place(self) -> DeliveryPlace | None:
        """The chosen place; None where there is a single one or none was chosen."""
        return self._places.get(self.cleaned_data.get("place") or "")

    def repeat(self, only: int | None = None) -> None:
        """Fill in what the enterprise asked for last time: one good, or every good that is still empty."""
        data: Any = cast(Any, self.data).copy()
        for good in self.goods:
            wanted = good.good_id == only if only is not None else not data.get(f"quantity-{good.good_id}", "").strip()
            if wanted and good.before.quantity:
                data[f"quantity-{good.good_id}"] = formats.number(good.before.quantity)
                data[f"tolerance-{good.good_id}"] = (
                    formats.number(good.before.tolerance) if good.before.tolerance else ""
                )
        self.data = data

    def refuse(self, error: DomainError) -> None:
        """Put what the operation said where it belongs; fields carry the good's name, words need not repeat it."""
        problems = error.problems if isinstance(error, SeveralProblems) else [error]
        for problem in problems:
            if problem.field in self.fields and "product" in problem.params:
                words = problem.words().removeprefix(f"{problem.params['product']}: ")
                self.add_error(problem.field, words[:1].upper() + words[1:])
            else:
                add_to_form(self, problem)

    def take_over(self, participation: Participation) -> None:
        """After somebody else was first: keep what was typed, show what is stored, and know the new version."""
        self.overtaken = True
        data: Any = cast(Any, self.data).copy()
        data["seen_version"] = str(participation.version)
        self.data = data

    @cached_property
    def rows(self) -> list[FieldRow]:
        """The goods as the page draws them."""
        return [self._row(good) for good in self.goods]

    def _row(self, good: GoodRow) -> FieldRow:
        names = (f"quantity-{good.good_id}", f"tolerance-{good.good_id}")
        quantity, tolerance = (self._amount(name) for name in names)
        here = Wish(quantity or ZERO, tolerance or ZERO)
        return FieldRow(
            good=good,
            quantity=_text(self[names[0]].value()),
            tolerance=_text(self[names[1]].value()),
            errors=[str(words) for name in names for words in (self.errors.get(name, ()) if self.is_bound else ())],
            estimate_minor=estimate_minor(quantity, good.last_price, self.currency) if quantity else None,
            is_asked=bool(quantity),
            stored=good.now if self.overtaken and good.now != here else None,
        )

    def _amount(self, name: str) -> Decimal | None:
        """What a field holds as a number, also before the form was looked at as a whole; None for no number."""
        field = self.fields[name]
        if not self.is_bound:
            return self.initial.get(name, field.initial)
        try:
            amount: Decimal | None = field.to_python(self.data.get(name, ""))
        except forms.ValidationError:
            return None
        return amount

    @property
    def total_minor(self) -> int:
        """What everything asked for would cost at the last prices."""
        return _sum(row.estimate_minor for row in self.rows)

    @property
    def without_price(self) -> int:
        """How many of the goods asked for have no price to estimate by."""
        return sum(1 for row in self.rows if row.is_asked and row.good.last_price is None)


def _sum(amounts: Iterable[int | None]) -> int:
    return sum(amount or 0 for amount in amounts)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
