# SPDX-License-Identifier: AGPL-3.0-or-later
"""Months of a book: made when first needed, closed in order, reopened with a reason."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.ledger.core.entries import month_of
from mutirao.ledger.errors import (
    EarlierPeriodOpen,
    PeriodAlreadyClosed,
    PeriodHasDrafts,
    PeriodIsClosed,
    PeriodNotClosed,
    PeriodNotOver,
    ReasonMissing,
)
from mutirao.ledger.events import PeriodClosed, PeriodReopened
from mutirao.ledger.models import Book, Entry, Period
from mutirao.ledger.permissions import CLOSE_PERIOD

_CHUNK = 5_000


def ensure_open_periods(book: Book, dates: Iterable[dt.date]) -> None:
    """Make the months that hold `dates` where they are missing; the book must be locked.

    A month before one already closed is not made: closing a month closes all that lies before it.
    Raises: PeriodIsClosed.
    """
    ensure_open_periods_of([(book, dates)])


def ensure_open_periods_of(wanted: Iterable[tuple[Book, Iterable[dt.date]]]) -> None:
    """As `ensure_open_periods` for many locked books, in two statements. Raises: PeriodIsClosed."""
    months = [(book, {month_of(date) for date in dates}) for book, dates in wanted]
    months = [(book, of_book) for book, of_book in months if of_book]
    if not months:
        return
    first = min(min(of_book)[0] for _book, of_book in months)
    held: dict[int, list[Period]] = defaultdict(list)
    keys = [book.pk for book, _months in months]
    for start in range(0, len(keys), _CHUNK):
        for period in Period.objects.filter(book__in=keys[start : start + _CHUNK], ends_on__gte=first):
            held[period.book_id].append(period)
    Period.objects.bulk_create(
        period for book, of_book in months for period in _missing_periods(book, of_book, held[book.pk])
    )


def _missing_periods(book: Book, wanted: set[tuple[dt.date, dt.date]], held: list[Period]) -> list[Period]:
    held = [period for period in held if period.ends_on >= min(wanted)[0]]
    missing = []
    for starts_on, ends_on in sorted(wanted):
        holding = [period for period in held if period.starts_on <= ends_on and period.ends_on >= starts_on]
        if any(period.is_closed for period in holding) or (
            not holding and any(period.is_closed and period.starts_on > ends_on for period in held)
        ):
            raise PeriodIsClosed(month=f"{starts_on:%m/%Y}")
        if not holding:
            missing.append(Period(network_id=book.network_id, book=book, starts_on=starts_on, ends_on=ends_on))
    return missing


@operation
def close_period(period: Period, *, actor: Actor) -> Period:
    """Close a month that is over, after all before it, once no draft is left in it.

    Raises: NotAllowed, PeriodAlreadyClosed, PeriodNotOver, EarlierPeriodOpen, PeriodHasDrafts.
    """
    actor.require(CLOSE_PERIOD, period.book)
    book, period = lock_all([period.book, period])
    if period.is_closed:
        raise PeriodAlreadyClosed
    if period.ends_on >= clock.today():
        raise PeriodNotOver(month=f"{period.starts_on:%m/%Y}")
    earlier = Period.objects.filter(book=book, starts_on__lt=period.starts_on, closed_at__isnull=True).first()
    if earlier is not None:
        raise EarlierPeriodOpen(month=f"{earlier.starts_on:%m/%Y}")
    drafts = Entry.objects.filter(
        book=book, state=Entry.State.DRAFT, date__gte=period.starts_on, date__lte=period.ends_on
    ).count()
    if drafts:
        raise PeriodHasDrafts(count=drafts)
    period.closed_at = clock.now()
    period.save(update_fields=["closed_at"])
    record(actor, "ledger.period_closed", period, book=book.pk, month=f"{period.starts_on:%Y-%m}")
    emit(PeriodClosed(network_id=book.network_id, period_id=period.pk))
    return period


@operation
def reopen_period(period: Period, *, reason: str, actor: Actor) -> Period:
    """Take entries in a closed month again, for a stated reason.

    Raises: NotAllowed, ReasonMissing, PeriodNotClosed.
    """
    actor.require(CLOSE_PERIOD, period.book)
    if not reason.strip():
        raise ReasonMissing
    book, period = lock_all([period.book, period])
    if not period.is_closed:
        raise PeriodNotClosed
    period.closed_at = None
    period.save(update_fields=["closed_at"])
    month = f"{period.starts_on:%Y-%m}"
    record(actor, "ledger.period_reopened", period, reason=reason.strip(), book=book.pk, month=month)
    emit(PeriodReopened(network_id=book.network_id, period_id=period.pk))
    return period
