# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the books of a network hold: what the triggers keep, asked again of what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, Q, Sum
from django.utils.translation import gettext as _

from mutirao.ledger.models import Book, Entry, Line

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class BooksChecked:
    """What was looked at, and what is wrong in words; `problems` is empty when everything holds."""

    books: int
    entries: int
    problems: list[str]


def check_books() -> BooksChecked:
    """Check every book of the active network: each balance zero, each entry whole, numbers without gaps.

    A fixed number of queries, whatever the number of books.
    """
    entries = Entry.objects.filter(state=Entry.State.POSTED)
    problems = [*_balances(), *_entries(), *_numbers(), *_strangers()]
    return BooksChecked(Book.objects.count(), entries.count(), problems)


def _balances() -> Iterator[str]:
    sums = (
        Line.objects.filter(entry__state=Entry.State.POSTED)
        .order_by()
        .values("entry__book_id")
        .annotate(total=Sum("amount_minor"))
        .exclude(total=0)
    )
    names = {book.pk: book.name for book in Book.objects.filter(pk__in=[row["entry__book_id"] for row in sums])}
    for row in sums:
        yield _("O livro “%(book)s” não fecha: as contas somam %(total)s centavos em vez de zero.") % {
            "book": names[row["entry__book_id"]],
            "total": row["total"],
        }


def _entries() -> Iterator[str]:
    broken = (
        Entry.objects.filter(state=Entry.State.POSTED)
        .annotate(legs=Count("lines"), total=Sum("lines__amount_minor"))
        .filter(Q(legs__lt=2) | ~Q(total=0) | Q(total__isnull=True))
        .select_related("book")
        .order_by("book_id", "number")
    )
    for entry in broken[:_MOST_NAMED]:
        yield _("Lançamento nº %(number)s de “%(book)s”: %(legs)s linha(s) que somam %(total)s centavos.") % {
            "number": entry.number,
            "book": entry.book.name,
            "legs": entry.legs,
            "total": entry.total or 0,
        }
    if (count := broken.count()) > _MOST_NAMED:
        yield _("… e mais %(count)s lançamentos assim.") % {"count": count - _MOST_NAMED}


def _numbers() -> Iterator[str]:
    spans = (
        Book.objects.filter(entries__state=Entry.State.POSTED)
        .annotate(first=Min("entries__number"), last=Max("entries__number"), count=Count("entries"))
        .exclude(first=1, last=F("count"))
    )
    for book in spans:
        yield _("Em “%(book)s” faltam números: de %(first)s a %(last)s há %(count)s lançamentos.") % {
            "book": book.name,
            "first": book.first,
            "last": book.last,
            "count": book.count,
        }


def _strangers() -> Iterator[str]:
    rows = (
        Line.objects.filter(entry__state=Entry.State.POSTED)
        .exclude(account__book_id=F("entry__book_id"))
        .select_related("entry__book")
    )
    for line in rows[:_MOST_NAMED]:
        yield _("Lançamento nº %(number)s de “%(book)s” usa uma conta de outro livro.") % {
            "number": line.entry.number,
            "book": line.entry.book.name,
        }
