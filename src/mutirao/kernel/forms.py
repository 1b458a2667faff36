# SPDX-License-Identifier: AGPL-3.0-or-later
"""Form fields that accept what people type: money and quantities with the comma, and domain errors on forms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.core.money import Money, minor_digits
from mutirao.kernel.core.numbers import parse_decimal
from mutirao.kernel.core.quantities import QUANTITY_PLACES
from mutirao.kernel.errors import DomainError, SeveralProblems, StaleEdit


def add_to_form(form: Any, error: DomainError) -> None:
    """Put a domain error on the form field that it names, or on the form."""
    if isinstance(error, SeveralProblems):
        for problem in error.problems:
            add_to_form(form, problem)
        return
    if isinstance(error, StaleEdit) and error.field is None:
        _offer_again(form)
        error.next_step = _("O que você escreveu continua aqui: confira e, se ainda valer, envie de novo.")
    form.add_error(error.field if error.field in form.fields else None, str(error))


SEEN_FIELDS = ("seen", "seen_version", "version")
"""Hidden fields that say on which state of a row the person decided."""


def _offer_again(form: Any) -> None:
    """Let a form that was filled on an older state be sent again on purpose: it carries the state as it is now, and
    `form.stale_rows` says, for each field where both differ, what is kept now."""
    initial = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    rows = []
    for bound in form:
        now = initial[bound.name]
        if not bound.is_hidden and bound.field.has_changed(now, bound.data):
            rows.append({"label": bound.label, "value": _kept(bound.field, now)})
    form.stale_rows = rows
    if hasattr(form.data, "copy"):
        data = form.data.copy()
        for name in SEEN_FIELDS:
            if name in form.fields and initial[name] is not None:
                data[form.add_prefix(name)] = str(initial[name])
        form.data = data


def _kept(field: Any, value: Any) -> str:
    """A field's value as it is kept, in words; "" where nothing is."""
    value = value() if callable(value) else value
    if isinstance(value, bool):
        return str(_("sim") if value else _("não"))
    if value in (None, ""):
        return ""
    choices = dict(getattr(field, "choices", ()) or ())
    if isinstance(value, list | tuple | set):
        return ", ".join(str(choices.get(each, each)) for each in value)
    if value in choices:
        return str(choices[value])
    if isinstance(value, dt.datetime):
        return formats.moment(value)
    if isinstance(value, dt.date):
        return formats.date(value)
    return str(field.prepare_value(value))


def decimal_comma() -> bool:
    """Whether the reader's language writes the decimal comma."""
    return (get_language() or "pt-br").split("-")[0] != "en"


class ExactField(forms.CharField):
    """A number typed by a person, kept exact. `minimum` and `maximum` are included."""

    currency = "BRL"
    """Whose sign may stand beside the number."""
    default_error_messages = {
        "number": _("“%(value)s” não é um número. Escreva, por exemplo, 12,5."),
        "minimum": _("Informe %(limit)s ou mais."),
        "maximum": _("Informe %(limit)s ou menos."),
        "places": _("Use no máximo %(places)s casas depois da vírgula."),
    }

    def __init__(
        self,
        *,
        minimum: Decimal | None = None,
        maximum: Decimal | None = Decimal(10) ** 11,
        places: int = QUANTITY_PLACES,
        **kwargs: Any,
    ) -> None:
        self.minimum, self.maximum, self.places = minimum, maximum, places
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            number = parse_decimal(text, decimal_comma=decimal_comma(), currency=self.currency)
        except ValueError:
            raise ValidationError(self.error_messages["number"], "number", {"value": text}) from None
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise ValidationError(self.error_messages["places"], "places", {"places": self.places})
        if self.minimum is not None and number < self.minimum:
            raise ValidationError(self.error_messages["minimum"], "minimum", {"limit": formats.number(self.minimum)})
        if self.maximum is not None and number > self.maximum:
            raise ValidationError(self.error_messages["maximum"], "maximum", {"limit": formats.number(self.maximum)})
        return self.from_number(number)

    def from_number(self, number: Decimal) -> Any:
        """What the field's value becomes."""
        return number

    def prepare_value(self, value: Any) -> Any:
        return formats.number(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class QuantityField(ExactField):
    """A quantity, zero or more, as a Decimal. `unit` is shown behind the field."""

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("minimum", Decimal(0))
        super().__init__(**kwargs)
        self.unit = unit


class MoneyField(ExactField):
    """An amount of money typed in major units; the value is whole minor units (int)."""

    def __init__(self, *, currency: str = "BRL", **kwargs: Any) -> None:
        kwargs.setdefault("minimum", Decimal(0))
        kwargs.setdefault("places", minor_digits(currency))
        super().__init__(**kwargs)
        self.currency = currency

    def count_in(self, currency: str) -> None:
        """Take amounts of this currency, with as many digits after the comma as it has, and show its sign."""
        self.currency, self.places = currency, minor_digits(currency)
        self.widget.attrs["data-prefix"] = formats.currency_sign(currency)

    def from_number(self, number: Decimal) -> int:
        return Money.of(number, self.currency).minor

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return formats.number(Money(value, self.currency).major, minor_digits(self.currency))
        return value
