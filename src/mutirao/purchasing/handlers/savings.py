# SPDX-License-Identifier: AGPL-3.0-or-later
"""What buying together saved is reckoned once a round is charged, in the background."""

from __future__ import annotations

from mutirao.kernel.actors import system
from mutirao.kernel.events import after_commit
from mutirao.purchasing.events import RoundCharged
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.operations.sharing import record_savings
from mutirao.purchasing.queries.alone import alone_costs

CHARGED = (PurchaseRound.State.CHARGED, PurchaseRound.State.SETTLED)


@after_commit(RoundCharged)
def reckon_savings(event: RoundCharged) -> None:
    """Every enterprise buying alone, from the same quotes; nothing when the charging was undone meanwhile."""
    round_ = PurchaseRound.objects.filter(pk=event.round_id, state__in=CHARGED).first()
    if round_ is not None:
        # Solved first, outside any transaction.
        alone = alone_costs(round_)
        record_savings(round_, alone=alone, actor=system(event.network_id, why="Economia da rodada"))
