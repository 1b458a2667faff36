# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many drafts of the memory wait to be published by the team."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.memory.models import Moment
from mutirao.memory.permissions import PUBLISH_MEMORY
from mutirao.network import workload
from mutirao.network.roles import TRAINING


def drafts_waiting(actor: Actor) -> list[workload.Load]:
    """Drafts of the whole network's memory; an enterprise's own wait for its own coordination."""
    if not actor.can_somewhere(PUBLISH_MEMORY):
        return []
    many = Moment.objects.filter(state=Moment.State.DRAFT, enterprise__isnull=True).count()
    return [workload.Load(TRAINING, many, _("rascunhos da memória a publicar"), "memory:timeline")]


workload.register(drafts_waiting)
