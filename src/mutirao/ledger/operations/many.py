# SPDX-License-Identifier: AGPL-3.0-or-later
"""The books of many enterprises at once: opened and posted to in a fixed number of statements, not book by book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Max, Q

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.ledger.bulk import insert_rows, mark_posted_in_books, reserve_ids
from mutirao.ledger.core.chart import ENTERPRISE_CHART
from mutirao.ledger.core.entries import EntrySpec
from mutirao.ledger.events import EntriesPosted
from mutirao.ledger.models import Account, Book, Entry, Line
from mutirao.ledger.operations import posting
from mutirao.ledger.operations.books import open_book, require_same_network
from mutirao.ledger.operations.periods import ensure_open_periods_of
from mutirao.network.models import Enterprise

_ACCOUNT_FIELDS = ("network_id", "book_id", "code", "name", "kind", "purpose", "is_active")


@operation
def open_books(owners: Iterable[Enterprise], *, actor: Actor) -> dict[int, Book]:
    """The books of enterprises of the active network, by enterprise id; opened with the standard chart where there
    was none. As `open_book` for each, in a fixed number of statements for those that are new. Raises: NotAllowed."""
    by_id = {owner.pk: owner for owner in owners}
    for network_id in {owner.network_id for owner in by_id.values()}:
        require_same_network(actor, network_id)
    counted = Book.objects.annotate(charted=Count("accounts", filter=Q(accounts__purpose__isnull=False)))
    books: dict[int, Book] = {}
    for piece in posting.chunks(by_id):
        for book in counted.filter(enterprise__in=piece):
            whole = book.charted >= len(ENTERPRISE_CHART)  # type: ignore[attr-defined]
            books[book.enterprise_id] = book if whole else open_book(by_id[book.enterprise_id], actor=actor)
    fresh = [owner for key, owner in by_id.items() if key not in books]
    if not fresh:
        return books
    currency = fresh[0].network.currency
    # Whoever opened one of them just now keeps it: its chart is completed below like any other's.
    Book.objects.bulk_create(
        [
            Book(network_id=owner.network_id, enterprise=owner, name=owner.name[:160], currency=currency)
            for owner in fresh
        ],
        ignore_conflicts=True,
    )
    opened = []
    for piece in posting.chunks([owner.pk for owner in fresh]):
        for book in counted.filter(enterprise__in=piece):
            if book.charted:  # type: ignore[attr-defined]
                book = open_book(by_id[book.enterprise_id], actor=actor)
            else:
                opened.append(book)
            books[book.enterprise_id] = book
    insert_rows(
        Account,
        _ACCOUNT_FIELDS,
        (
            (book.network_id, book.pk, account.code, account.name, str(account.kind), str(account.purpose), True)
            for book in opened
            for account in ENTERPRISE_CHART
        ),
    )
    for book in opened:
        record(actor, "ledger.book_opened", book)
    return books


@operation
def post_across(posts: Sequence[tuple[Book, Sequence[EntrySpec]]], *, actor: Actor) -> None:
    """Post entries to many enterprises' books at once, in each numbered in the order given; as `post_entries` for each
    book, one row in the trail for each. Books named twice are refused. Raises: as `post_entries`.
    """
    for network_id in {book.network_id for book, _specs in posts}:
        require_same_network(actor, network_id)
    if len({book.pk for book, _specs in posts}) != len(posts):
        raise ValueError("a book is posted to once in a call")
    locked = lock_all([book for book, _specs in posts])
    given = [(book, specs) for book, (_old, specs) in zip(locked, posts, strict=True) if specs]
    known = _with_known_keys(given)
    plain = []
    for book, specs in given:
        if book.enterprise_id is None or book.pk in known or any(_names_partner(spec) for spec in specs):
            posting.post_entries(book, specs, actor=actor)
        else:
            plain.append((book, specs))
    if plain:
        _post_plain(plain, actor)


def _names_partner(spec: EntrySpec) -> bool:
    return any(line.partner_id is not None for line in spec.lines)


def _with_known_keys(posts: Sequence[tuple[Book, Sequence[EntrySpec]]]) -> set[int]:
    """Books in which one of the keys stands already."""
    keys = {spec.key for _book, specs in posts for spec in specs if spec.key is not None}
    books = {book.pk for book, _specs in posts}
    found: set[int] = set()
    for piece in posting.chunks(keys):
        found |= set(Entry.objects.filter(key__in=piece).values_list("book_id", flat=True)) & books
    return found


def _post_plain(posts: Sequence[tuple[Book, Sequence[EntrySpec]]], actor: Actor) -> None:
    """Fresh entries without partners in enterprises' books that are locked."""
    for book, specs in posts:
        if len({spec.key for spec in specs if spec.key}) != sum(spec.key is not None for spec in specs):
            raise ValueError("a key stands for one entry")
        for spec in specs:
            posting.require_legs(book, spec.lines)
    keys = [book.pk for book, _specs in posts]
    accounts: dict[int, dict[str | int, int]] = {key: {} for key in keys}
    numbers: dict[int, int] = {}
    for piece in posting.chunks(keys):
        rows = Account.objects.filter(book__in=piece, is_active=True).values_list("book_id", "pk", "purpose")
        for book_id, pk, purpose in rows:
            accounts[book_id][pk] = pk
            if purpose:
                accounts[book_id][purpose] = pk
        last = Entry.objects.filter(book__in=piece, state=Entry.State.POSTED).order_by().values_list("book_id")
        numbers.update(last.annotate(last=Max("number")))
    ensure_open_periods_of([(book, {spec.date for spec in specs}) for book, specs in posts])
    ids = iter(reserve_ids(Entry, sum(len(specs) for _book, specs in posts)))
    moment, draft = clock.now(), Entry.State.DRAFT.value
    entries: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    marked: list[tuple[Book, int, list[int]]] = []
    for book, specs in posts:
        first = (numbers.get(book.pk) or 0) + 1
        own = [next(ids) for _spec in specs]
        for number, (pk, spec) in enumerate(zip(own, specs, strict=True), start=first):
            entries.append(posting.entry_row(pk, book, number, spec, draft, moment))
        lines += posting.line_rows(book, own, specs, accounts[book.pk])
        marked.append((book, first, own))
    insert_rows(Entry, posting.ENTRY_FIELDS, entries)
    insert_rows(Line, posting.LINE_FIELDS, lines)
    mark_posted_in_books(marked, moment)
    for (book, first, own), (_book, specs) in zip(marked, posts, strict=True):
        last_number = first + len(own) - 1
        emit(EntriesPosted(network_id=book.network_id, book_id=book.pk, first_number=first, last_number=last_number))
        amount = sum(posting.debit_of(spec.lines) for spec in specs)
        record(
            actor, "ledger.entries_posted", book,
            first_number=first, last_number=last_number, debit_minor=amount,
        )  # fmt: skip
