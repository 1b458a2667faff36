# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money, quantities and dates as the reader's language writes them."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import format_decimal, get_currency_name, get_currency_symbol
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.core.money import Money, minor_digits
from mutirao.kernel.core.quantities import UNITS

UNIT_NAMES = {
    "g": _("grama"), "kg": _("quilo"), "t": _("tonelada"), "ml": _("mililitro"), "l": _("litro"),
    "m3": _("metro cúbico"),
    "un": _("unidade"), "dz": _("dúzia"), "mil": _("milheiro"), "m": _("metro"), "cm": _("centímetro"),
    "m2": _("metro quadrado"), "h": _("hora"), "min": _("minuto"),
    "cx": _("caixa"), "sc": _("saco"), "pct": _("pacote"),
    "frd": _("fardo"), "mc": _("maço"),
}  # fmt: skip


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_") if language != "pt-br" else "pt_BR")


def _current() -> Locale:
    return _locale(get_language() or "pt-br")


def money(minor: int, currency: str = "BRL") -> str:
    """Minor units as text with the currency's sign: 123456 → "R$ 1.234,56"."""
    return _with_sign(Money(minor, currency).major, currency, minor_digits(currency))


def _with_sign(value: Decimal, currency: str, places: int) -> str:
    """An amount as the reader's language puts sign and number, with exactly `places` digits: our digits of a currency
    are ISO's (core.money), the library's sometimes those of daily use."""
    locale = _current()
    pattern = copy.copy(locale.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return str(pattern.apply(value, locale, currency=currency, currency_digits=False))


def currency_sign(currency: str) -> str:
    """The sign of a currency in the reader's language ("R$"); its code where it has none."""
    return str(get_currency_symbol(currency, locale=_current()))


def currency_name(currency: str) -> str:
    """The name of a currency in the reader's language: "euro"."""
    return str(get_currency_name(currency, locale=_current()))


def country_name(code: str) -> str:
    """The name of a country in the reader's language; its code where it is unknown."""
    return str(_current().territories.get(code, code))


def number(value: Decimal, places: int | None = None) -> str:
    """A decimal without trailing zeros, or with exactly `places` digits after the comma."""
    pattern = "#,##0.######" if places is None else "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, format=pattern, locale=_current()))


def quantity(value: Decimal, unit_code: str = "") -> str:
    """A quantity with its unit: "12,5 kg"."""
    text = number(value)
    return f"{text} {unit_code}" if unit_code else text


def unit_price(value: Decimal, currency: str = "BRL") -> str:
    """A price for one unit, with more digits than cents only where it has them: "R$ 0,0345"."""
    digits = minor_digits(currency)
    exponent = value.normalize().as_tuple().exponent
    places = max(digits, -exponent if isinstance(exponent, int) else digits)
    return _with_sign(value, currency, places).replace("\N{NO-BREAK SPACE}", " ")


def date(value: dt.date, style: str = "short") -> str:
    """A date: "short" 21/11/2026, "medium" 21 de nov. de 2026, "long" with the month's name."""
    if style == "short":
        return value.strftime("%d/%m/%Y") if _current().language != "en" else value.strftime("%Y-%m-%d")
    return str(babel_date(value, format=style, locale=_current()))


def moment(value: dt.datetime, style: str = "short") -> str:
    """A moment in the reader's time zone."""
    local = timezone.localtime(value)
    if style == "short":
        return f"{date(local.date())} {local:%H:%M}"
    return str(babel_datetime(local, format=style, locale=_current()))


def unit_name(code: str) -> str:
    """The name of a unit in the reader's language."""
    return str(UNIT_NAMES[code]) if code in UNITS else code
