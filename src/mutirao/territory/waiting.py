# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many next steps with partners wait for whom of the team."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network import workload
from mutirao.network.roles import COORDINATION
from mutirao.territory.models import Partner
from mutirao.territory.permissions import SEE_PARTNERS
from mutirao.territory.queries import NEXT_STEP_AHEAD


def steps_waiting(actor: Actor) -> list[workload.Load]:
    """Next steps due within a fortnight, or late, by who was named; the coordination's where nobody is."""
    if not actor.can_somewhere(SEE_PARTNERS):
        return []
    rows = Partner.objects.filter(is_active=True, next_step_until__lte=clock.today() + NEXT_STEP_AHEAD)
    by_person = Counter(rows.exclude(next_step="").values_list("next_step_by_id", flat=True))
    label, view = _("próximos passos com parceiros"), "territory:actors"
    return [
        workload.Load("" if person_id else COORDINATION, count, label, view, person_id)
        for person_id, count in sorted(by_person.items(), key=lambda entry: entry[0] or 0)
    ]


workload.register(steps_waiting)
