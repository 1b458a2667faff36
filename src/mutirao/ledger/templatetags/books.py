# SPDX-License-Identifier: AGPL-3.0-or-later
"""`{% load books %}`: {{ minor|positive }} drops the sign where a column says it; {{ day|month }} names a month."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_skeleton
from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def positive(minor: int) -> int:
    """An amount without its sign."""
    return abs(minor)


@register.filter
def month(day: dt.date) -> str:
    """The month of a day: "novembro de 2026"."""
    return str(format_skeleton("yMMMM", day, locale=(get_language() or "pt-br").replace("-", "_")))
