# SPDX-License-Identifier: AGPL-3.0-or-later
"""`{% load books %}`: {{ minor|positive }} drops the sign where words or a column already say it."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def positive(minor: int) -> int:
    """An amount without its sign."""
    return abs(minor)
