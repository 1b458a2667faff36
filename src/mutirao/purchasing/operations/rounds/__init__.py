# SPDX-License-Identifier: AGPL-3.0-or-later
"""The course of a round up to the quotes: prepare, open, extend, close, reopen, cancel. Each leaves a trace."""

from mutirao.purchasing.operations.rounds.goods import (
    CHANGING_GOODS,
    LARGEST_PACK,
    MOST_PACKS,
    add_goods,
    edit_good,
    remove_good,
    reorder_goods,
)
from mutirao.purchasing.operations.rounds.preparing import (
    FIXED_ONCE_OPEN,
    LINK_LETTERS,
    RoundChanges,
    RoundDetails,
    edit_round,
    open_draft_round,
)
from mutirao.purchasing.operations.rounds.steering import (
    BEFORE_RECEIPT,
    cancel_round,
    close_needs,
    close_needs_when_due,
    extend_round,
    invite_enterprise,
    open_round,
    reopen_round,
)

__all__ = [
    "BEFORE_RECEIPT",
    "CHANGING_GOODS",
    "FIXED_ONCE_OPEN",
    "LARGEST_PACK",
    "LINK_LETTERS",
    "MOST_PACKS",
    "RoundChanges",
    "RoundDetails",
    "add_goods",
    "cancel_round",
    "close_needs",
    "close_needs_when_due",
    "edit_good",
    "edit_round",
    "extend_round",
    "invite_enterprise",
    "open_draft_round",
    "open_round",
    "remove_good",
    "reopen_round",
    "reorder_goods",
]
