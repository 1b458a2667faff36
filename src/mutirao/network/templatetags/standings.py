# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an enterprise stands, as a badge: `{% status row.standing|standing_tone row.get_standing_display %}`."""

from __future__ import annotations

from django import template

from mutirao.network.core import standing

register = template.Library()

TONES = {
    standing.CANDIDATE: "waiting",
    standing.MEMBER: "done",
    standing.SUSPENDED: "danger",
    standing.EXCLUDED: "danger",
    standing.LEFT: "neutral",
    standing.PARTNER: "info",
}


@register.filter
def standing_tone(code: str) -> str:
    """The tone of a standing's badge."""
    return TONES.get(code, "neutral")
