# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the search finds here: moments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.search import Hit, Terms, register
from mutirao.memory import queries
from mutirao.memory.booklet import when


def find_moments(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Moments by title, story or place, the latest first."""
    rows = queries.moments_visible_to(actor).filter(terms.within("findable"))[:limit]
    return [
        Hit(
            row.title, "memory:moment", {"pk": row.pk}, " · ".join(filter(None, (when(row), str(row.enterprise or ""))))
        )
        for row in rows
    ]


register("moment", find_moments, label=_("Memória"), order=70)
