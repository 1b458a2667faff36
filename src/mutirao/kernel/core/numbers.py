# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers and dates as people and spreadsheets write them, read without guessing silently."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_SPACES = "\u00a0\u202f\u2007\u2009"
_SIGNS = {
    "BRL": ("R$",), "EUR": ("€",), "USD": ("US$", "U$S", "$"), "GBP": ("£",), "JPY": ("¥",), "PYG": ("₲", "Gs."),
    "CRC": ("₡",), "PEN": ("S/.", "S/"), "BOB": ("Bs.", "Bs"), "UYU": ("$U", "$"), "ARS": ("AR$", "$"),
    "CLP": ("CLP$", "$"), "COP": ("COL$", "$"), "MXN": ("MX$", "$"), "CAD": ("CA$", "$"), "AUD": ("AU$", "$"),
    "CHF": ("Fr.",), "DKK": ("kr.", "kr"), "NOK": ("kr",), "SEK": ("kr",), "TND": ("DT",), "XOF": ("FCFA",),
    "XAF": ("FCFA",), "MZN": ("MT",),
}  # fmt: skip
"""What people write beside an amount of a currency, beside its code. Another currency's sign makes it no number."""


@lru_cache(maxsize=64)
def _sign_patterns(currency: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    known = [*_SIGNS, currency] if currency == ANY else [currency]
    signs = {sign for code in known for sign in (*_SIGNS.get(code, ()), code) if sign}
    either = "|".join(re.escape(sign) for sign in sorted(signs, key=lambda sign: (-len(sign), sign)))
    before = re.compile(rf"^([+-]?)\s*(?:{either})\s*", re.IGNORECASE)
    return before, re.compile(rf"(?<=[\d.,)-])\s*(?:{either})$", re.IGNORECASE)


ANY = "any"
"""For questions about how a number is written, whatever it is an amount of."""
# Thousands in groups of three, all by one mark; a blank or an apostrophe may stand where a mark would.
_GROUPED = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DIGITS_LIMIT = 24


def parse_decimal(text: str, *, decimal_comma: bool = True, currency: str = "BRL") -> Decimal:
    """An exact number from "1.234,56", "1,234.56", "1 234,56", "R$ 3,20", "1234.5" or "1234,5".

    The sign or code of `currency` may stand before it or behind ("3,20 €"); that of another makes it no number.

    Where both marks stand, the last one is the decimal mark and the other must group thousands. One dot before
    exactly three digits ("1.234") is a thousands mark where the reader's language writes the decimal comma
    (`decimal_comma`), else a decimal mark; a single comma before three digits ("1,234") the other way round.

    Raises: ValueError when it is not a number, is not finite or is longer than 24 digits.
    """
    sign, digits = _bare(text, currency)
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        plain = _ungroup(digits, " '")
    elif len(set(marks)) == 2:
        # The last mark is the decimal one and stands once; the other groups.
        decimal = marks[-1]
        whole, _, fraction = digits.rpartition(decimal)
        plain = "?" if decimal in whole else f"{_ungroup(whole, '.,')}.{fraction}"
    elif len(marks) > 1:
        plain = _ungroup(digits, marks[0])
    elif _is_ambiguous(digits) and (marks[0] == ".") == decimal_comma:
        plain = digits.replace(marks[0], "")
    else:
        whole, _, fraction = digits.partition(marks[0])
        plain = f"{_ungroup(whole, ' ' + chr(39))}.{fraction}"
    if not _PLAIN.fullmatch(plain) or len(plain) > _DIGITS_LIMIT:
        raise ValueError(f"not a number: {text!r}")
    try:
        return Decimal(sign + plain)
    except InvalidOperation:  # pragma: no cover - the pattern above admits only numbers
        raise ValueError(f"not a number: {text!r}") from None


def decimal_mark(text: str) -> str | None:
    """Which mark a written number shows to be the decimal one: "," or "."; "?" where it could be either ("1.234",
    "1,234"); None where it shows nothing ("12", or no number at all)."""
    try:
        parse_decimal(text, currency=ANY)
    except ValueError:
        return None
    _sign, digits = _bare(text, ANY)
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return None
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    return "?" if _is_ambiguous(digits) else marks[0]


def _bare(text: str, currency: str) -> tuple[str, str]:
    """The sign, and the digits with their marks: no currency, no blanks around, minus signs and brackets resolved."""
    bare = text.replace("\u2212", "-")
    for space in _SPACES:
        bare = bare.replace(space, " ")
    bare = bare.strip().replace("’", "'")
    sign = ""
    before, behind = _sign_patterns(currency)
    bare = behind.sub("", bare)
    if bare.startswith("(") and bare.endswith(")"):
        sign, bare = "-", bare[1:-1].strip()
    bare = before.sub(r"\1", bare)
    if not sign and bare.endswith("-"):
        sign, bare = "-", bare[:-1].rstrip()
    elif not sign and bare[:1] in ("+", "-"):
        sign, bare = bare[0], bare[1:].lstrip()
        bare = before.sub(r"\1", bare)
    # A second sign is no number; the pattern for digits refuses it.
    return sign, bare if bare[:1] not in ("+", "-") else "?"


def _ungroup(digits: str, marks: str) -> str:
    """The digits without the marks that group thousands; "?" where those marks do not group by three."""
    if not any(mark in digits for mark in "., '"):
        return digits
    match = _GROUPED.fullmatch(digits)
    return digits.replace(match.group(1), "") if match and (match.group(1) in marks or match.group(1) in " '") else "?"


def _is_ambiguous(digits: str) -> bool:
    """Whether a lone mark could group or divide. "0.125" is a fraction: no one groups thousands behind a zero."""
    return re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits) is not None


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janeiro january ene enero janv janvier",
            "fev fevereiro feb february febrero févr fevr février fevrier",
            "mar marco março march marzo mars", "abr abril apr april avr avril", "mai maio may mayo",
            "jun junho june junio juin", "jul julho july julio juil juillet", "ago agosto aug august août aout",
            "set setembro sep sept september septiembre setiembre septembre", "out outubro oct october octubre octobre",
            "nov novembro november noviembre novembre", "dez dezembro dec december dic diciembre déc décembre decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})", re.ASCII)
_NAMED_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:º|ª|°|er)?(?:[/.\- ]|\sde\s)([a-zçéû]{3,10})\.?(?:[/.\-, ]|\sde(?:l)?\s)\s*(\d{2}|\d{4})", re.ASCII
)
_NAMED_MONTH_FIRST = re.compile(r"([a-zçéû]{3,10})\.?\s(\d{1,2}),?\s(\d{4})", re.ASCII)
_TIME_BEHIND = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[+-]\d{2}:?\d{2}|[ap]m)?$", re.IGNORECASE)


def parse_date(text: str, *, day_first: bool = True) -> dt.date:
    """A date from "31/12/2026", "31.12.26", "2026-12-31", "31-dez-26", "31 de dezembro de 2026", or one with a time;
    the month by name in Portuguese, Spanish, French or English.

    Two-digit years mean 2000–2069 and 1970–1999. Raises: ValueError when it is no date.
    """
    bare = _TIME_BEHIND.sub("", " ".join(text.split())).lower()
    if match := _YEAR_FIRST.fullmatch(bare):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.fullmatch(bare):
        first, second, year = (int(part) for part in match.groups())
        day, month = (first, second) if day_first else (second, first)
    elif match := _NAMED_DAY_FIRST.fullmatch(bare):
        day, month, year = int(match[1]), _MONTHS.get(match[2], 0), int(match[3])
    elif match := _NAMED_MONTH_FIRST.fullmatch(bare):
        day, month, year = int(match[2]), _MONTHS.get(match[1], 0), int(match[3])
    else:
        raise ValueError(f"not a date: {text!r}")
    if year < 100:
        year += 2000 if year < 70 else 1900
    return dt.date(year, month, day)


def date_order(text: str) -> str | None:
    """Which order a written date shows: "day" or "month" first; "?" where it could be either ("03/04/2026"); None
    where it shows nothing (the year first, the month by name, the same number twice, or no date)."""
    match = _DAY_FIRST.fullmatch(_TIME_BEHIND.sub("", text.strip()))
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if first == second:
        return None
    if first <= 12 and second <= 12:
        return "?"
    return "day" if second <= 12 else "month" if first <= 12 else None
