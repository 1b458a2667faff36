# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every write to the books.

Upper modules call `open_book`, `post_entry`, `post_entries` and `reverse_entry` on behalf of whoever they let act: a
treasurer who records a payment need not be an accountant, so these ask for no permission of their own, only that the
actor is of the book's network. What a person does to the books by hand (`enter_manually`, drafts, `reverse_manually`,
closing months) asks for the acts of permissions.py.
"""

from mutirao.ledger.operations.accounts import add_account, edit_account
from mutirao.ledger.operations.books import open_book
from mutirao.ledger.operations.manual import (
    discard_draft,
    draft_entry,
    edit_draft,
    enter_manually,
    post_draft,
    reverse_manually,
)
from mutirao.ledger.operations.many import open_books, post_across
from mutirao.ledger.operations.periods import close_period, reopen_period
from mutirao.ledger.operations.posting import post_entries, post_entry, reverse_entry

__all__ = [
    "add_account",
    "close_period",
    "discard_draft",
    "draft_entry",
    "edit_account",
    "edit_draft",
    "enter_manually",
    "open_book",
    "open_books",
    "post_across",
    "post_draft",
    "post_entries",
    "post_entry",
    "reopen_period",
    "reverse_entry",
    "reverse_manually",
]
