# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields as phones like them: the calendar of the device, the currency before and the unit behind the number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.forms import ExactField, MoneyField


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day from the device's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **kwargs)


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """A day and an hour from the device's own calendar, in the network's time zone."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **kwargs)


currency_sign = formats.currency_sign


def money_field(label: Any, currency: str, **kwargs: Any) -> MoneyField:
    """An amount with the currency before it."""
    field = MoneyField(label=label, currency=currency, **kwargs)
    field.widget.attrs["data-prefix"] = currency_sign(currency)
    return field


class WholeField(ExactField):
    """A whole number, zero or more, as an int."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(minimum=Decimal(0), places=0, **kwargs)
        self.error_messages["places"] = _("Use um número inteiro, sem vírgula.")

    def from_number(self, number: Decimal) -> int:
        return int(number)


def percent_field(label: Any, **kwargs: Any) -> ExactField:
    """A whole percentage."""
    field = WholeField(label=label, **kwargs)
    field.widget.attrs["data-suffix"] = "%"
    return field


def reason_field() -> forms.CharField:
    """A short reason for an act that everybody may ask about."""
    return forms.CharField(
        label=_("Por quê?"),
        help_text=_("Fica registrado, e todos podem ler."),
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
    )


class AskedText(forms.CharField):
    """A text that is needed. The operation says so, together with everything else that is wrong."""

    def validate(self, value: Any) -> None:
        return


class AskedChoice(forms.ChoiceField):
    """A choice that is needed. The operation says so, together with everything else that is wrong."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class VersionedForm(forms.Form):
    """A form that knows which version of the row the person looked at."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def tomorrow_evening(moment: dt.datetime, days: int) -> dt.datetime:
    """A deadline to begin with: some days on, at eight in the evening where the network is."""
    return (moment + dt.timedelta(days=days)).replace(hour=20, minute=0, second=0, microsecond=0)
