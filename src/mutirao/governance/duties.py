# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions that wait for an enterprise's answer."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from mutirao.governance.models import Entitlement, Motion
from mutirao.network import duties
from mutirao.network.duties import Duty
from mutirao.network.models import Enterprise


def answers_awaited(enterprise: Enterprise) -> Iterator[Duty]:
    """Open motions that the enterprise may answer and has not."""
    rows = Entitlement.objects.filter(enterprise=enterprise, motion__state=Motion.State.OPEN, answer="")
    for row in rows.select_related("motion").order_by("motion__opened_at", "motion_id"):
        words = _("Decisão em votação sem a resposta do empreendimento: “%(title)s”. Anote a resposta ou espere o fim.")
        url = reverse("governance:motion", args=[enterprise.network.slug, row.motion_id])
        yield Duty(words % {"title": row.motion.title}, url)


duties.register(answers_awaited, order=30)
