# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words about the team in templates: `{% load team %}`."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from mutirao.network import modules

register = template.Library()


@register.filter
def part_names(codes: Iterable[str]) -> str:
    """The parts of the program by their names, in order."""
    return ", ".join(sorted(str(modules.label(code)) for code in codes))
