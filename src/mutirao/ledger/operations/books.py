# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening the books of a network and of its enterprises."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from mutirao.kernel.actors import Actor
from mutirao.kernel.acts import label
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.work import operation, record
from mutirao.ledger.core.chart import ENTERPRISE_CHART, NETWORK_CHART, ChartAccount
from mutirao.ledger.models import Account, Book
from mutirao.ledger.permissions import POST_ENTRIES
from mutirao.network.models import Enterprise, Network


def require_same_network(actor: Actor, network_id: int) -> None:
    """Raises: NotAllowed when the actor does not act in the network."""
    of_all = actor.is_system and actor.network_id is None
    if not of_all and actor.network_id != network_id:
        raise NotAllowed(act=label(POST_ENTRIES))


@operation
def open_book(owner: Network | Enterprise, *, actor: Actor) -> Book:
    """The owner's book with the standard chart of accounts, opened now if there was none.

    For upper modules: asks for no permission but that the actor is of the owner's network. May be called again at
    any time: it adds standard accounts that a book made earlier does not have yet. The owner's network must be active.
    Raises: NotAllowed.
    """
    enterprise = owner if isinstance(owner, Enterprise) else None
    network_id = owner.pk if enterprise is None else enterprise.network_id
    require_same_network(actor, network_id)
    chart = NETWORK_CHART if enterprise is None else ENTERPRISE_CHART
    rows = Book.objects.annotate(charted=Count("accounts", filter=Q(accounts__purpose__isnull=False)))
    found: Book | None = rows.filter(network_id=network_id, enterprise=enterprise).first()
    if found is not None and found.charted >= len(chart):  # type: ignore[attr-defined]
        return found
    currency = enterprise.network.currency if enterprise else getattr(owner, "currency", "BRL")
    book: Book
    book, created = Book.objects.get_or_create(
        network_id=network_id, enterprise=enterprise, defaults={"name": owner.name[:160], "currency": currency}
    )
    _complete_chart(book, chart)
    if created:
        record(actor, "ledger.book_opened", book)
    return book


def _complete_chart(book: Book, chart: Sequence[ChartAccount]) -> None:
    held = Account.objects.filter(book=book).values_list("purpose", "code")
    purposes, codes = {purpose for purpose, _code in held}, {code for _purpose, code in held}
    Account.objects.bulk_create(
        Account(
            network_id=book.network_id,
            book=book,
            # A code that somebody gave to an account of their own stays theirs.
            code=account.code if account.code not in codes else f"{account.code}.{account.purpose}"[:20],
            name=account.name,
            kind=account.kind,
            purpose=str(account.purpose),
        )
        for account in chart
        if account.purpose not in purposes
    )
