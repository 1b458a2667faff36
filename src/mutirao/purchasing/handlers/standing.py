# SPDX-License-Identifier: AGPL-3.0-or-later
"""An enterprise that ceases to be a member asks for nothing more: its lists in open rounds are taken back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.network.core.standing import MEMBER
from mutirao.network.events import StandingChanged
from mutirao.network.models import Enterprise
from mutirao.purchasing.operations import needs


@inside(StandingChanged)
def take_back_needs(event: StandingChanged) -> None:
    """Once, in the transaction that changes the standing."""
    if event.before == MEMBER:
        enterprise = Enterprise.objects.get(pk=event.enterprise_id)
        needs.withdraw_needs(enterprise, actor=acting(event.network_id), reason=_("deixou de ser membro"))
