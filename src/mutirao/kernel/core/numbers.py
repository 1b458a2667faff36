# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers and dates as people and spreadsheets write them, read without guessing silently."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

_CLEAN = re.compile(r"[\s\u00a0\u202f']")
_GROUPED_DOT = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_GROUPED_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3}){2,}")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DIGITS_LIMIT = 24


def parse_decimal(text: str, *, decimal_comma: bool = True) -> Decimal:
    """An exact number from "1.234,56", "1,234.56", "R$ 3,20", "1234.5" or "1234,5".

    Where both marks stand, the last one is the decimal mark. One dot before exactly three digits ("1.234") is
    a thousands mark where the reader's language writes the decimal comma (`decimal_comma`), else a decimal mark;
    a single comma before three digits ("1,234") likewise the other way round.

    Raises: ValueError when it is not a number, is not finite or is longer than 24 digits.
    """
    bare = _CLEAN.sub("", text).removeprefix("R$").removeprefix("BRL")
    if bare.endswith("-") and not bare.startswith("-"):
        bare = "-" + bare[:-1]
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    bare = bare.replace("-R$", "-")
    if "," in bare and "." in bare:
        if bare.rfind(",") > bare.rfind("."):
            bare = bare.replace(".", "").replace(",", ".") if bare.count(",") == 1 else "?"
        else:
            bare = bare.replace(",", "") if bare.count(".") == 1 else "?"
    elif "," in bare:
        grouped = _GROUPED_COMMA.fullmatch(bare) or (
            not decimal_comma and re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", bare)
        )
        bare = bare.replace(",", "" if grouped else ".")
    elif "." in bare and _GROUPED_DOT.fullmatch(bare) and (decimal_comma or bare.count(".") > 1):
        # "0.125" is a fraction in any language: no one groups thousands behind a zero.
        if not bare.lstrip("+-").startswith("0"):
            bare = bare.replace(".", "")
    if not _PLAIN.fullmatch(bare) or len(bare) > _DIGITS_LIMIT:
        raise ValueError(f"not a number: {text!r}")
    try:
        return Decimal(bare)
    except InvalidOperation:  # pragma: no cover - the pattern above admits only numbers
        raise ValueError(f"not a number: {text!r}") from None


_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")


def parse_date(text: str, *, day_first: bool = True) -> dt.date:
    """A date from "31/12/2026", "31.12.26", "2026-12-31" or an ISO date with a time.

    Two-digit years mean 2000–2069 and 1970–1999. Raises: ValueError when it is no date.
    """
    bare = text.strip().split("T")[0].split(" ")[0]
    if match := _YEAR_FIRST.fullmatch(bare):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.fullmatch(bare):
        first, second, year = (int(part) for part in match.groups())
        day, month = (first, second) if day_first else (second, first)
        if year < 100:
            year += 2000 if year < 70 else 1900
    else:
        raise ValueError(f"not a date: {text!r}")
    return dt.date(year, month, day)
