# SPDX-License-Identifier: AGPL-3.0-or-later
"""`{% load territory %}`: months of a season in words."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def month_names(months: Iterable[int]) -> str:
    """Months in a row as from–to, also over New Year: [1, 2, 12] → "dez a fev"; others one by one."""
    chosen = set(months)
    starts = [month for month in range(1, 13) if month in chosen and (month - 2) % 12 + 1 not in chosen]
    words = []
    for start in starts:
        end = start
        while end % 12 + 1 in chosen:
            end = end % 12 + 1
        first, last = str(MONTHS_3[start]), str(MONTHS_3[end])
        words.append(first if start == end else _("%(first)s a %(last)s") % {"first": first, "last": last})
    return ", ".join(words)
