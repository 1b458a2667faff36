# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the search finds here: motions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.governance import queries
from mutirao.kernel import formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.search import Hit, Terms, register


def find_motions(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Motions by their title, newest first."""
    rows = queries.motions_visible_to(actor).filter(terms.within("folded"))[:limit]
    return [
        Hit(
            title=row.title,
            view="governance:motion",
            key={"motion_id": row.pk},
            note=f"{formats.moment(row.opened_at)} · {row.get_state_display()}",
        )
        for row in rows
    ]


register("motion", find_motions, label=_("Decisões"), order=50)
