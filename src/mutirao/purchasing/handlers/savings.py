# SPDX-License-Identifier: AGPL-3.0-or-later
"""What buying together saves is reckoned in the background: while quotes are compared, and once a round is charged."""

from __future__ import annotations

from mutirao.kernel.actors import system
from mutirao.kernel.events import after_commit
from mutirao.purchasing.events import AloneAsked, RoundCharged
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.operations.award import add_alone
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


@after_commit(AloneAsked)
def reckon_alone(event: AloneAsked) -> None:
    """Everyone alone joins the comparison of a large round; nothing when the round moved on meanwhile."""
    round_ = PurchaseRound.objects.filter(pk=event.round_id).first()
    if round_ is not None:
        add_alone(round_, actor=system(event.network_id, why="Cada um sozinho"))
