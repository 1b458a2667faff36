# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people do to the books by hand: entries, drafts, reversals. All of it asks for POST_ENTRIES."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import stale
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.ledger.core.entries import LegSpec
from mutirao.ledger.errors import AlreadyPosted, AmountOutOfRange, DateInFuture
from mutirao.ledger.events import EntriesPosted
from mutirao.ledger.models import Book, Entry, Line
from mutirao.ledger.operations import posting
from mutirao.ledger.operations.periods import ensure_open_periods
from mutirao.ledger.permissions import POST_ENTRIES


@operation
def enter_manually(
    book: Book, *, date: dt.date, memo: str, lines: Sequence[LegSpec], actor: Actor, key: str | None = None
) -> Entry:
    """Post an entry that a person wrote; `key` (of the form) keeps a repeated sending from posting it twice.

    Raises: NotAllowed, DateInFuture, and what `post_entry` raises.
    """
    actor.require(POST_ENTRIES, book)
    _require_past(date)
    entry: Entry = posting.post_entry(book, date=date, memo=memo.strip(), lines=lines, actor=actor, key=key)
    return entry


@operation
def draft_entry(
    book: Book, *, date: dt.date, memo: str, lines: Sequence[LegSpec], actor: Actor, key: str | None = None
) -> Entry:
    """Keep an unfinished entry: its lines need not add up yet; it counts nowhere until posted.

    With a `key` already used, the draft kept then is returned. Raises: NotAllowed, AccountNotInBook,
    PartnerNotInNetwork, AmountOutOfRange, PeriodIsClosed.
    """
    actor.require(POST_ENTRIES, book)
    book = lock(book)
    kept: Entry | None = Entry.objects.filter(book=book, key=key).first() if key else None
    if kept is not None:
        return kept
    legs = _draft_legs(book, lines)
    ensure_open_periods(book, [date])
    entry: Entry = Entry.objects.create(
        network_id=book.network_id, book=book, date=date, memo=memo.strip()[:240], key=key
    )
    _write_lines(entry, legs)
    record(actor, "ledger.entry_drafted", entry, book=book.pk, date=date)
    return entry


def draft_version(entry: Entry) -> str:
    """A short digest of a draft with its lines, to send along with its form and compare when it comes back."""
    told = [[str(leg.account), leg.amount_minor, str(leg.act_type), leg.partner_id, leg.memo]
            for leg in posting.legs_of(entry)]  # fmt: skip
    plain = json.dumps([entry.date.isoformat(), entry.memo, told])
    return hashlib.sha256(plain.encode()).hexdigest()[:20]


@operation
def edit_draft(
    entry: Entry, *, date: dt.date, memo: str, lines: Sequence[LegSpec], actor: Actor, seen: str = ""
) -> Entry:
    """Write a draft anew: its lines need not add up yet. `seen` is the `draft_version` that the form was filled from.

    Raises: NotAllowed, AlreadyPosted, StaleEdit, AccountNotInBook, PartnerNotInNetwork, PartnerMissing,
    AmountOutOfRange, PeriodIsClosed.
    """
    actor.require(POST_ENTRIES, entry.book)
    book, entry = lock_all([entry.book, entry])
    if entry.is_posted:
        raise AlreadyPosted
    if seen and seen != draft_version(entry):
        raise stale(entry)
    legs = _draft_legs(book, lines)
    ensure_open_periods(book, [date])
    before = Line.objects.filter(entry=entry).count()
    entry.lines.all().delete()
    entry.date, entry.memo = date, memo.strip()[:240]
    entry.save(update_fields=["date", "memo"])
    _write_lines(entry, legs)
    record(
        actor, "ledger.draft_edited", entry,
        book=book.pk, date=date, memo=entry.memo, lines_before=before, lines_after=len(legs),
    )  # fmt: skip
    return entry


def _draft_legs(book: Book, lines: Sequence[LegSpec]) -> list[LegSpec]:
    if any(line.amount_minor == 0 for line in lines):
        raise AmountOutOfRange
    accounts = posting.accounts_of(book)
    legs = list(posting.resolved(lines, accounts))
    posting.require_partners(book, legs, accounts)
    return legs


def _write_lines(entry: Entry, legs: Sequence[LegSpec]) -> None:
    Line.objects.bulk_create(
        Line(
            network_id=entry.network_id,
            entry=entry,
            account_id=leg.account,
            amount_minor=leg.amount_minor,
            act_type=leg.act_type,
            partner_id=leg.partner_id,
            memo=leg.memo[:160],
        )
        for leg in legs
    )


@operation
def post_draft(entry: Entry, *, actor: Actor) -> Entry:
    """Put a draft into the books: from now on it never changes.

    Raises: NotAllowed, AlreadyPosted, DateInFuture, TooFewLines, AmountOutOfRange, EntryDoesNotBalance,
    AccountNotInBook, PeriodIsClosed.
    """
    actor.require(POST_ENTRIES, entry.book)
    book, entry = lock_all([entry.book, entry])
    if entry.is_posted:
        raise AlreadyPosted
    _require_past(entry.date)
    legs = posting.legs_of(entry)
    posting.require_legs(book, legs)
    list(posting.resolved(legs, posting.accounts_of(book)))
    ensure_open_periods(book, [entry.date])
    entry.number, entry.posted_at, entry.state = posting.next_number(book), clock.now(), Entry.State.POSTED
    entry.save(update_fields=["number", "posted_at", "state"])
    posting.record_entry(entry, legs, actor=actor)
    emit(EntriesPosted(book.network_id, book_id=book.pk, first_number=entry.number, last_number=entry.number))
    return entry


@operation
def discard_draft(entry: Entry, *, actor: Actor) -> None:
    """Throw a draft away. Raises: NotAllowed, AlreadyPosted."""
    actor.require(POST_ENTRIES, entry.book)
    book, entry = lock_all([entry.book, entry])
    if entry.is_posted:
        raise AlreadyPosted
    record(actor, "ledger.draft_discarded", entry, book=book.pk, memo=entry.memo)
    entry.delete()


@operation
def reverse_manually(entry: Entry, *, date: dt.date, reason: str, actor: Actor) -> Entry:
    """Undo a posted entry by hand. Raises: NotAllowed, DateInFuture, and what `reverse_entry` raises."""
    actor.require(POST_ENTRIES, entry.book)
    _require_past(date)
    return posting.reverse_entry(entry, date=date, reason=reason, actor=actor)


def _require_past(date: dt.date) -> None:
    if date > clock.today():
        raise DateInFuture
