# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filters: {{ minor|money:currency }}, {{ amount|quantity:unit }}, {{ price|unit_price:currency }}, {{ day|day }}."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template

from mutirao.kernel import formats

register = template.Library()


@register.filter
def money(minor: int | None, currency: str = "BRL") -> str:
    """Minor units as text; an en dash for None."""
    return "–" if minor is None or minor == "" else formats.money(int(minor), currency or "BRL")


@register.filter
def quantity(value: Decimal | None, unit: str = "") -> str:
    """A quantity with its unit; an en dash for None."""
    return "–" if value is None or value == "" else formats.quantity(Decimal(value), unit)


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """A number in the reader's language."""
    return "–" if value is None or value == "" else formats.number(Decimal(value), places)


@register.filter
def unit_price(value: Decimal | None, currency: str = "BRL") -> str:
    """A price for one unit."""
    return "–" if value is None or value == "" else formats.unit_price(Decimal(value), currency or "BRL")


@register.filter
def day(value: dt.date | None, style: str = "short") -> str:
    """A date (or the day of a moment)."""
    if value is None or value == "":
        return "–"
    return formats.moment(value, style).split(" ")[0] if isinstance(value, dt.datetime) else formats.date(value, style)


@register.filter
def moment(value: dt.datetime | None, style: str = "short") -> str:
    """A date and time in the reader's zone."""
    return "–" if value is None or value == "" else formats.moment(value, style)


@register.filter
def unit_name(code: str) -> str:
    """The name of a unit."""
    return formats.unit_name(code)


@register.filter
def country_name(code: str) -> str:
    """The name of a country."""
    return formats.country_name(code)
