# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the trail tells of a partner: its data and its next step are changed apart, by different people."""

from __future__ import annotations

from collections.abc import Collection

from mutirao.kernel.models import AuditEntry
from mutirao.territory.models import Partner


def last_told(partner: Partner, acts: Collection[str]) -> AuditEntry | None:
    """The last entry about a partner among some acts."""
    told = AuditEntry.objects.filter(
        network_id=partner.network_id,
        subject_kind=partner._meta.label_lower,
        subject_id=str(partner.pk),
        act__in=acts,
    )
    return told.order_by("-sequence").first()
