# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work of purchase rounds: thin wrappers that call an operation by id."""

from __future__ import annotations

from mutirao.kernel import actors, tenancy
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.operations import rounds


def close_needs_at_deadline(round_id: int) -> bool:
    """Close a round's needs when its deadline has come; returns whether it closed them. May run any number of times."""
    round_ = PurchaseRound.objects.filter(pk=round_id).first()
    if round_ is None:
        return False
    actor = actors.system(tenancy.active_network_id(), why="Prazo dos pedidos")
    return rounds.close_needs_when_due(round_, actor=actor)
