# SPDX-License-Identifier: AGPL-3.0-or-later
"""Posting: the one way by which entries come to stand in a book."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Max

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.ledger.bulk import insert_rows, mark_posted, reserve_ids
from mutirao.ledger.core.chart import PARTNER_ACCOUNTS
from mutirao.ledger.core.entries import EntrySpec, LegSpec, check_legs, mirrored, same_legs
from mutirao.ledger.errors import (
    AccountNotInBook,
    AlreadyReversed,
    AmountOutOfRange,
    EntryDoesNotBalance,
    KeyUsedOtherwise,
    NotPosted,
    PartnerMissing,
    PartnerNotInNetwork,
    ReasonMissing,
    ReversalBeforeEntry,
    ReversalNotReversible,
    TooFewLines,
)
from mutirao.ledger.events import EntriesPosted, EntryReversed
from mutirao.ledger.models import Account, Book, Entry, Line
from mutirao.ledger.operations.books import require_same_network
from mutirao.ledger.operations.periods import ensure_open_periods
from mutirao.network.models import Enterprise

ENTRY_FIELDS = (
    "id", "network_id", "book_id", "number", "date", "memo", "state", "reverses_id", "source_kind", "source_id", "key",
    "created_at", "posted_at",
)  # fmt: skip
_NUMBER, _STATE = ENTRY_FIELDS.index("number"), ENTRY_FIELDS.index("state")
LINE_FIELDS = ("network_id", "entry_id", "account_id", "amount_minor", "act_type", "partner_id", "memo")
_MEMO_LENGTH, _LINE_MEMO_LENGTH = 240, 160
_CHUNK = 5_000
T = TypeVar("T")


@operation
def post_entry(
    book: Book,
    *,
    date: dt.date,
    memo: str,
    lines: Sequence[LegSpec],
    actor: Actor,
    source: tuple[str, int] | None = None,
    key: str | None = None,
) -> Entry:
    """Post one entry and return it; with a `key` already used for the same amounts, return the entry posted then.

    For upper modules, on behalf of `actor`: asks for no permission but that the actor is of the book's network.
    `source` is the opaque (kind, id) of what it came from; the month is made when it is the first entry in it.
    Who posts to several books in one operation posts to the network's first, so that locks are taken in one order.
    Raises: NotAllowed, EntryDoesNotBalance, TooFewLines, AmountOutOfRange, AccountNotInBook, PartnerNotInNetwork,
    PeriodIsClosed, KeyUsedOtherwise.
    """
    require_same_network(actor, book.network_id)
    posted = _post(lock(book), [EntrySpec(date, memo, lines, source, key)])
    entry = posted.entry()
    if posted.fresh:
        record_entry(entry, lines, actor=actor)
    return entry


@operation
def post_entries(book: Book, specs: Sequence[EntrySpec], *, actor: Actor) -> list[int]:
    """Post many entries at once, numbered in the order given; returns their ids in that order.

    As `post_entry`, with one row in the audit trail for all of them.
    Raises: as `post_entry`; ValueError for a key given twice.
    """
    require_same_network(actor, book.network_id)
    book = lock(book)
    posted = _post(book, specs)
    if posted.fresh:
        first, last = posted.fresh[0][_NUMBER], posted.fresh[-1][_NUMBER]
        amount = posted.debit_minor
        record(actor, "ledger.entries_posted", book, first_number=first, last_number=last, debit_minor=amount)
    return posted.ids


@operation
def reverse_entry(entry: Entry, *, date: dt.date, reason: str, actor: Actor) -> Entry:
    """Undo a posted entry by one that mirrors it, dated in an open month; returns the reversal.

    For upper modules: asks for no permission but that the actor is of the entry's network. The reversal keeps the
    entry's source. Raises: NotAllowed, ReasonMissing, NotPosted, ReversalNotReversible, AlreadyReversed,
    ReversalBeforeEntry, PeriodIsClosed.
    """
    require_same_network(actor, entry.network_id)
    if not reason.strip():
        raise ReasonMissing
    book, entry = lock_all([entry.book, entry])
    if not entry.is_posted:
        raise NotPosted
    if entry.reverses_id is not None:
        raise ReversalNotReversible
    if Entry.objects.filter(reverses=entry).exists():
        raise AlreadyReversed
    if date < entry.date:
        raise ReversalBeforeEntry
    legs = mirrored(legs_of(entry))
    source = (entry.source_kind, entry.source_id) if entry.source_id is not None else None
    memo = f"Estorno do nº {entry.number}: {reason.strip()}"
    reversal = _post(book, [EntrySpec(date, memo, legs, source)], reverses=entry).entry()
    record(
        actor, "ledger.entry_reversed", entry, reason=reason.strip(),
        number=entry.number, reversal_number=reversal.number, date=date,
    )  # fmt: skip
    emit(EntryReversed(network_id=book.network_id, entry_id=entry.pk, reversal_id=reversal.pk))
    return reversal


def legs_of(entry: Entry) -> list[LegSpec]:
    """The lines of a stored entry as legs, accounts by id."""
    return [
        LegSpec(line.account_id, line.amount_minor, line.act_type, line.partner_id, line.memo)
        for line in entry.lines.all()
    ]


def require_legs(book: Book, lines: Sequence[LegSpec]) -> None:
    """Raises: TooFewLines, AmountOutOfRange, EntryDoesNotBalance when the legs make no entry."""
    problem = check_legs(lines)
    if problem is None:
        return
    if problem.code == "too_few":
        raise TooFewLines
    if problem.code == "unbalanced":
        raise EntryDoesNotBalance(difference=formats.money(abs(problem.difference_minor), book.currency))
    raise AmountOutOfRange


def resolved(lines: Sequence[LegSpec], accounts: dict[str | int, int]) -> Iterator[LegSpec]:
    """The legs with their accounts by id. Raises: AccountNotInBook."""
    for line in lines:
        try:
            account = accounts[line.account]
        except KeyError:
            raise AccountNotInBook from None
        yield LegSpec(account, line.amount_minor, line.act_type, line.partner_id, line.memo)


def accounts_of(book: Book, *, also_inactive: bool = False) -> dict[str | int, int]:
    """Ids of a book's accounts, by purpose and by id."""
    rows = Account.objects.filter(book=book)
    found: dict[str | int, int] = {}
    for pk, purpose in (rows if also_inactive else rows.filter(is_active=True)).values_list("pk", "purpose"):
        found[pk] = pk
        if purpose:
            found[purpose] = pk
    return found


def require_partners(book: Book, lines: Sequence[LegSpec], accounts: dict[str | int, int]) -> None:
    """Raises: PartnerNotInNetwork when an enterprise is not of the active network; PartnerMissing when a line on an
    account that says how enterprises stand with the network names none."""
    wanted = {line.partner_id for line in lines if line.partner_id is not None}
    for chunk in chunks(wanted):
        if Enterprise.objects.filter(pk__in=chunk).count() != len(chunk):
            raise PartnerNotInNetwork
    if book.enterprise_id is not None:
        return
    standing = {accounts[purpose] for purpose in PARTNER_ACCOUNTS if purpose in accounts}
    for line in lines:
        if line.partner_id is None and accounts.get(line.account) in standing:
            raise PartnerMissing(account=Account.objects.get(pk=accounts[line.account]).name)


def next_number(book: Book) -> int:
    """The number that the next entry of a locked book gets."""
    last = Entry.objects.filter(book=book, state=Entry.State.POSTED).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@dataclass(frozen=True, slots=True)
class _Posted:
    """Ids in the order of the specs; `fresh` are the rows just posted, values of ENTRY_FIELDS."""

    ids: list[int]
    fresh: list[tuple[Any, ...]]
    debit_minor: int = 0

    def entry(self) -> Entry:
        """The only entry, as the database holds it now."""
        if self.fresh:
            return Entry.from_db(Entry.objects.db, ENTRY_FIELDS, self.fresh[0])
        found: Entry = Entry.objects.get(pk=self.ids[0])
        return found


def _post(book: Book, specs: Sequence[EntrySpec], *, reverses: Entry | None = None) -> _Posted:
    """Insert drafts with their numbers and turn them posted in one statement, which the triggers check."""
    accounts = accounts_of(book, also_inactive=reverses is not None)
    earlier = _posted_before(book, specs, accounts)
    fresh = [spec for spec in specs if spec.key is None or spec.key not in earlier]
    if not fresh:
        return _Posted([earlier[spec.key] for spec in specs if spec.key is not None], [])
    for spec in fresh:
        require_legs(book, spec.lines)
    require_partners(book, [line for spec in fresh for line in spec.lines], accounts)
    ensure_open_periods(book, {spec.date for spec in fresh})
    first, ids, moment = next_number(book), reserve_ids(Entry, len(fresh)), clock.now()
    draft, posted = Entry.State.DRAFT.value, Entry.State.POSTED.value
    reverses_id = reverses.pk if reverses else None
    rows: list[tuple[Any, ...]] = [
        entry_row(pk, book, number, spec, posted, moment, posted_at=moment, reverses_id=reverses_id)
        for number, (pk, spec) in enumerate(zip(ids, fresh, strict=True), start=first)
    ]
    insert_rows(Entry, ENTRY_FIELDS, ((*row[:_STATE], draft, *row[_STATE + 1 : -1], None) for row in rows))
    insert_rows(Line, LINE_FIELDS, line_rows(book, ids, fresh, accounts))
    mark_posted(book, first, ids, moment)
    last = first + len(fresh) - 1
    emit(EntriesPosted(network_id=book.network_id, book_id=book.pk, first_number=first, last_number=last))
    given = iter(ids)
    return _Posted(
        [earlier[spec.key] if spec.key is not None and spec.key in earlier else next(given) for spec in specs],
        rows,
        sum(debit_of(spec.lines) for spec in fresh),
    )


def entry_row(
    pk: int, book: Book, number: int, spec: EntrySpec, state: str, moment: dt.datetime, *,
    posted_at: dt.datetime | None = None, reverses_id: int | None = None,
) -> tuple[Any, ...]:  # fmt: skip
    """Values of ENTRY_FIELDS."""
    return (
        pk, book.network_id, book.pk, number, spec.date, spec.memo[:_MEMO_LENGTH], state, reverses_id,
        *(spec.source or ("", None)), spec.key, moment, posted_at,
    )  # fmt: skip


def line_rows(
    book: Book, ids: Sequence[int], specs: Sequence[EntrySpec], accounts: dict[str | int, int]
) -> Iterator[tuple[Any, ...]]:
    """Values of LINE_FIELDS. Raises: AccountNotInBook."""
    network_id = book.network_id
    try:
        for pk, spec in zip(ids, specs, strict=True):
            for line in spec.lines:
                yield (
                    network_id, pk, accounts[line.account], line.amount_minor, str(line.act_type), line.partner_id,
                    line.memo[:_LINE_MEMO_LENGTH],
                )  # fmt: skip
    except KeyError:
        raise AccountNotInBook from None


def _posted_before(book: Book, specs: Sequence[EntrySpec], accounts: dict[str | int, int]) -> dict[str, int]:
    """Entries that stand under the keys of these specs. Raises: KeyUsedOtherwise, ValueError for a key given twice."""
    by_key = {spec.key: spec for spec in specs if spec.key is not None}
    if len(by_key) != sum(spec.key is not None for spec in specs):
        raise ValueError("a key stands for one entry")
    found: dict[str, int] = {}
    for chunk in chunks(by_key):
        for key, pk, state in Entry.objects.filter(book=book, key__in=chunk).values_list("key", "pk", "state"):
            if state != Entry.State.POSTED:
                raise KeyUsedOtherwise
            found[key] = pk
    legs: dict[int, list[LegSpec]] = defaultdict(list)
    for piece in chunks(found.values()):
        rows = Line.objects.filter(entry_id__in=piece)
        for entry_id, *values in rows.values_list("entry_id", "account_id", "amount_minor", "act_type", "partner_id"):
            legs[entry_id].append(LegSpec(*values))
    for key, pk in found.items():
        if not same_legs(legs[pk], resolved(by_key[key].lines, accounts)):
            raise KeyUsedOtherwise
    return found


def debit_of(lines: Iterable[LegSpec]) -> int:
    """What an entry moves, in minor units: the sum of its debits."""
    return sum(line.amount_minor for line in lines if line.amount_minor > 0)


def record_entry(entry: Entry, lines: Sequence[LegSpec], *, actor: Actor) -> None:
    """Put on the trail that an entry was posted: its number, day and sum, and what it came from."""
    record(
        actor, "ledger.entry_posted", entry,
        number=entry.number, date=entry.date, debit_minor=debit_of(lines), book=entry.book_id,
        source_kind=entry.source_kind, source_id=entry.source_id,
    )  # fmt: skip


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Pieces small enough for a list of parameters."""
    rest = iter(values)
    while piece := list(islice(rest, _CHUNK)):
        yield piece
