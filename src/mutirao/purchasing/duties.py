# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an enterprise asked for in rounds that are not charged yet."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from mutirao.network import duties
from mutirao.network.duties import Duty
from mutirao.network.models import Enterprise
from mutirao.purchasing.models import Participation, PurchaseRound

State = PurchaseRound.State
UNDER_WAY = (State.OPEN, State.QUOTING, State.APPROVAL, State.APPROVED, State.ORDERED, State.RECEIVED)


def needs_under_way(enterprise: Enterprise) -> Iterator[Duty]:
    """Needs in rounds that take needs or buy, until everybody's part is charged."""
    rows = Participation.objects.filter(
        enterprise=enterprise, state=Participation.State.ANSWERED, round__state__in=UNDER_WAY
    ).select_related("round")
    for row in rows.order_by("round__number"):
        words = (
            _("Pedido na rodada “%(round)s”, aberta: diga que o empreendimento não participa.")
            if row.round.state == State.OPEN
            else _(
                "Pedido na rodada “%(round)s” (%(state)s): espere que os custos sejam cobrados, ou reabra os pedidos."
            )
        )
        params = {"round": row.round.title, "state": row.round.get_state_display()}
        key = {"slug": enterprise.network.slug, "number": row.round.number, "enterprise_id": enterprise.pk}
        yield Duty(words % params, reverse("purchasing:need_summary", kwargs=key))


duties.register(needs_under_way, order=10)
