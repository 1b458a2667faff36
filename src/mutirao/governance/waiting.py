# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many motions wait for somebody to close them."""

from __future__ import annotations

from collections import Counter

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mutirao.governance.models import Motion
from mutirao.governance.permissions import SEE_MOTIONS
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network import workload
from mutirao.network.roles import COORDINATION


def motions_to_close(actor: Actor) -> list[workload.Load]:
    """Open motions that no deadline closes by itself, by who put them; the coordination's where nobody did."""
    if not actor.can_somewhere(SEE_MOTIONS):
        return []
    rows = Motion.objects.filter(
        Q(answer_until__isnull=True) | Q(answer_until__lt=clock.now()), state=Motion.State.OPEN
    )
    by_person = Counter(rows.order_by().values_list("put_by_id", flat=True))
    label, view = _("decisões em votação a encerrar"), "governance:motions"
    return [
        workload.Load("" if person_id else COORDINATION, count, label, view, person_id)
        for person_id, count in sorted(by_person.items(), key=lambda entry: entry[0] or 0)
    ]


workload.register(motions_to_close)
