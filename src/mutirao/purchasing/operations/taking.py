# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a round to change it, and leaving it changed: what every operation on a round begins and ends with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models

from mutirao.kernel.changes import stale
from mutirao.kernel.errors import NotFound
from mutirao.kernel.locks import lock
from mutirao.purchasing.errors import ReasonMissing, WrongState
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.queries.rounds import round_history

State = PurchaseRound.State


def take_round(
    round_: PurchaseRound, *, states: Collection[str] | None = None, seen_version: int | None = None
) -> PurchaseRound:
    """The round, locked and fresh. `seen_version` is the version on which the person decided (None: not looked at).

    Raises: WrongState when it is at none of `states`; StaleEdit when it changed since; NotFound.
    """
    fresh = lock(round_)
    check_taken(fresh, states=states, seen_version=seen_version)
    return fresh


def check_taken(
    fresh: PurchaseRound, *, states: Collection[str] | None = None, seen_version: int | None = None
) -> None:
    """As `take_round`, for a round that is locked already. Raises: WrongState, StaleEdit."""
    # The state first: whoever taps twice reads that it is done, not that somebody else was there.
    if states is not None and fresh.state not in states:
        raise WrongState(round=fresh.title, state=fresh.get_state_display())
    if seen_version is not None and fresh.version != seen_version:
        raise stale(fresh, last=next(iter(round_history(fresh, limit=1)), None))


def change_round(round_: PurchaseRound, **fields: Any) -> None:
    """Save the named fields of a taken round and let its version grow."""
    for name, value in fields.items():
        setattr(round_, name, value)
    round_.version += 1
    round_.save(update_fields=[*fields, "version"])


def label_of(model: type[models.Model], field: str) -> str:
    """What the screen calls a field of a model."""
    return str(getattr(model._meta.get_field(field), "verbose_name", field))


def require_reason(reason: str) -> str:
    """The reason without blanks around it. Raises: ReasonMissing when nothing is left."""
    said = reason.strip()
    if not said:
        raise ReasonMissing
    return said


def require_same_network(round_: PurchaseRound, *rows: Any) -> None:
    """Raises: NotFound when a row belongs to another network than the round."""
    if any(row.network_id != round_.network_id for row in rows):
        raise NotFound
