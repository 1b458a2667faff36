# SPDX-License-Identifier: AGPL-3.0-or-later
"""`{% load governance %}`: what a motion's page looks up, and the bar of its answers."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mutirao.governance.core.tally import Tally

register = template.Library()


@register.filter
def get_item(rows: dict[int, Any], key: int) -> Any:
    """`{{ view.changed|get_item:row.pk }}`: what stands under a key, or nothing."""
    return rows.get(key, ())


@register.simple_tag
def answers_bar(tally: Tally) -> SafeString:
    """The answers as one bar: yes, no, abstentions, who is missing; with a mark where enough have said yes.

    A picture only: the words stand beside it.
    """
    parts = (("tone-d", tally.yes), ("tone-f", tally.no), ("tone-e", tally.abstain))
    drawn, start = [], 0
    for tone, number in parts:
        if number:
            drawn.append((tone, _percent(start, tally.entitled), _percent(number, tally.entitled)))
            start += number
    rects = format_html_join("", '<rect class="{}" x="{}" y="0" width="{}" height="28"/>', drawn)
    mark = _percent(tally.needed, tally.entitled)
    return format_html(
        '<figure class="chart"><svg width="100%" height="28" aria-hidden="true">'
        '<rect class="track" width="100%" height="28"/>{}<line class="axis" x1="{}" x2="{}" y1="-4" y2="32"/>'
        "</svg></figure>",
        rects,
        mark,
        mark,
    )


def _percent(part: int, whole: int) -> str:
    """Exact to a hundredth: "33.33%"."""
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
