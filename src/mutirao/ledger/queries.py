# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading the books: each function reads for an actor and shows only what the actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import F, Max, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce

from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotFound
from mutirao.ledger.core.balances import AccountFigures, Figures, TrialBalance, trial_balance_of
from mutirao.ledger.core.chart import PARTNER_ACCOUNTS, EnterpriseAccount
from mutirao.ledger.core.entries import COOPERATIVE
from mutirao.ledger.models import Account, Book, Entry, Line, Period
from mutirao.ledger.permissions import SEE_ENTERPRISE_BOOK, SEE_NETWORK_BOOK
from mutirao.network.models import Enterprise, Network

_OWN_ACCOUNTS_WITH_NETWORK = (EnterpriseAccount.NETWORK_PAYABLE, EnterpriseAccount.NETWORK_CREDIT)


@dataclass(frozen=True, slots=True)
class _Owner:
    """As much of a book as a permission asks for."""

    network_id: int | None
    enterprise_id: int | None = None


def _visible(actor: Actor, path: str = "") -> Q:
    """Which rows an actor sees; `path` leads from the row to its book ("book__")."""
    network_id = tenancy.active_network_id()
    network_books, enterprise_books = (
        Q(**{f"{path}enterprise__isnull": True}),
        Q(**{f"{path}enterprise__isnull": False}),
    )
    # Which enterprises' books a role opens is asked of each, so that the one matrix of roles has the word.
    own = [pk for pk in actor.enterprise_ids if actor.can(SEE_ENTERPRISE_BOOK, _Owner(network_id, pk))]
    found = Q(**{f"{path}enterprise__in": own})
    if actor.can(SEE_NETWORK_BOOK, _Owner(network_id)):
        found |= network_books
    if actor.can(SEE_ENTERPRISE_BOOK, _Owner(network_id)):
        found |= enterprise_books
    return found


def books_visible_to(actor: Actor) -> QuerySet[Book]:
    """The books that the actor may read: the network's first, then the enterprises' by name."""
    rows: QuerySet[Book] = Book.objects.filter(_visible(actor)).select_related("enterprise", "network")
    return rows.order_by(F("enterprise__name").asc(nulls_first=True))


def accounts_visible_to(actor: Actor) -> QuerySet[Account]:
    """Accounts of the books that the actor may read."""
    rows: QuerySet[Account] = Account.objects.filter(_visible(actor, "book__"))
    return rows.select_related("book")


def entries_visible_to(actor: Actor) -> QuerySet[Entry]:
    """Entries, drafts too, of the books that the actor may read."""
    rows: QuerySet[Entry] = Entry.objects.filter(_visible(actor, "book__"))
    return rows.select_related("book", "reverses", "reversed_by")


def periods_of(book: Book, *, actor: Actor) -> QuerySet[Period]:
    """The months of a book, latest first. Raises: NotFound when the actor may not read the book."""
    require_visible(book, actor)
    rows: QuerySet[Period] = Period.objects.filter(book=book).order_by("-starts_on")
    return rows


def require_visible(book: Book, actor: Actor) -> None:
    """Raises: NotFound when the actor may not read the book: whether it exists is nobody else's business."""
    act = SEE_NETWORK_BOOK if book.enterprise_id is None else SEE_ENTERPRISE_BOOK
    if not actor.can(act, book):
        raise NotFound


def book_of(owner: Network | Enterprise) -> Book | None:
    """The owner's book, or None while nobody opened it; for upper modules, scoped to the active network only."""
    enterprise = owner if isinstance(owner, Enterprise) else None
    network_id = owner.pk if enterprise is None else enterprise.network_id
    book: Book | None = Book.objects.filter(network_id=network_id, enterprise=enterprise).first()
    return book


def posted_lines(book: Book) -> QuerySet[Line]:
    """Every line that counts in a book."""
    rows: QuerySet[Line] = Line.objects.filter(account__book=book, entry__state=Entry.State.POSTED)
    return rows


def within(since: dt.date | None, upto: dt.date | None, path: str = "entry__") -> Q:
    """Rows dated from `since` to `upto`, both included; None leaves that end open."""
    found = Q()
    if since is not None:
        found &= Q(**{f"{path}date__gte": since})
    if upto is not None:
        found &= Q(**{f"{path}date__lte": upto})
    return found


def trial_balance(
    book: Book, *, actor: Actor, since: dt.date | None = None, upto: dt.date | None = None
) -> TrialBalance:
    """Every account of a book with what stood before `since` and what moved to `upto`, act types apart.

    Two queries, whatever the number of entries. Raises: NotFound when the actor may not read the book.
    """
    require_visible(book, actor)
    return balance_of(book, since=since, upto=upto)


def balance_of(book: Book, *, since: dt.date | None = None, upto: dt.date | None = None) -> TrialBalance:
    """As `trial_balance`, for upper modules and checks: scoped to the active network only."""
    moved = within(since, None)
    cooperative = Q(act_type=COOPERATIVE)

    def amount(condition: Q) -> Any:
        return Coalesce(Sum("amount_minor", filter=condition), 0)

    sums = {
        account_id: Figures(*figures)
        for account_id, *figures in posted_lines(book)
        .filter(within(None, upto))
        .values("account_id")
        .annotate(
            opening=amount(Q(entry__date__lt=since)) if since else amount(Q(pk__isnull=True)),
            cooperative=amount(moved & cooperative),
            non_cooperative=amount(moved & ~cooperative),
            debit=amount(moved & Q(amount_minor__gt=0)),
            credit=-amount(moved & Q(amount_minor__lt=0)),
        )
        .values_list("account_id", *(field.name for field in fields(Figures)))
    }
    rows = Account.objects.filter(book=book).values_list("pk", "code", "name", "kind", "purpose", "is_active")
    return trial_balance_of(
        AccountFigures(pk, code, name, kind, purpose or "", sums.get(pk, Figures()))
        for pk, code, name, kind, purpose, is_active in rows
        if is_active or pk in sums
    )


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """One account's lines in order; each row of `lines` carries `running_minor`, the balance after it."""

    opening_minor: int
    closing_minor: int
    lines: QuerySet[Line]


def account_ledger(
    account: Account, *, actor: Actor, since: dt.date | None = None, upto: dt.date | None = None
) -> AccountLedger:
    """An account's lines by date with the running balance, to be paged: two queries and one for each page.

    Raises: NotFound when the actor may not read the account's book.
    """
    require_visible(account.book, actor)
    return _running(Line.objects.filter(account=account, entry__state=Entry.State.POSTED), since, upto)


def _running(lines: QuerySet[Line], since: dt.date | None, upto: dt.date | None) -> AccountLedger:
    before = Q(entry__date__lt=since) if since else Q(pk__isnull=True)
    sums = lines.aggregate(
        opening=Coalesce(Sum("amount_minor", filter=before), 0),
        closing=Coalesce(Sum("amount_minor", filter=within(None, upto)), 0),
    )
    order = ("entry__date", "entry__number", "pk")
    rows = (
        lines.filter(within(since, upto))
        .annotate(
            running_minor=Window(Sum("amount_minor"), order_by=[F(name).asc() for name in order]) + sums["opening"]
        )
        .select_related("entry", "account", "partner")
        .order_by(*order)
    )
    return AccountLedger(sums["opening"], sums["closing"], rows)


@dataclass(frozen=True, slots=True)
class Statement:
    """How an enterprise stands with the network, in minor units: positive is owed to the network, negative is held.

    `own_minor` is what the enterprise's own book says of the same, None while it has no book.
    """

    enterprise: Enterprise
    currency: str
    ledger: AccountLedger
    own_minor: int | None

    @property
    def agree(self) -> bool:
        """Whether both books say the same."""
        return self.own_minor is None or self.own_minor == self.ledger.closing_minor


def statement_of(
    enterprise: Enterprise, *, actor: Actor, since: dt.date | None = None, upto: dt.date | None = None
) -> Statement:
    """What the network's book says about an enterprise: what stood, what moved, what stands; and what its own says.

    Raises: NotFound when the actor may not read the enterprise's accounts.
    """
    if not actor.can(SEE_ENTERPRISE_BOOK, enterprise):
        raise NotFound
    lines = Line.objects.filter(
        partner=enterprise,
        account__book__enterprise__isnull=True,
        account__purpose__in=PARTNER_ACCOUNTS,
        entry__state=Entry.State.POSTED,
    )
    own = book_of(enterprise)
    own_minor = None
    if own is not None:
        rows = posted_lines(own).filter(within(None, upto), account__purpose__in=_OWN_ACCOUNTS_WITH_NETWORK)
        own_minor = -rows.aggregate(total=Coalesce(Sum("amount_minor"), 0))["total"]
    currency = own.currency if own else enterprise.network.currency
    return Statement(enterprise, currency, _running(lines, since, upto), own_minor)


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of a book's journal, as exports need it."""

    entry_id: int
    number: int
    date: dt.date
    memo: str
    source_kind: str
    source_id: int | None
    reverses_number: int | None
    account_id: int
    code: str
    account_name: str
    amount_minor: int
    act_type: str
    partner: str | None
    line_memo: str


_JOURNAL_FIELDS = (
    "entry_id", "entry__number", "entry__date", "entry__memo", "entry__source_kind", "entry__source_id",
    "entry__reverses__number", "account_id", "account__code", "account__name", "amount_minor", "act_type",
    "partner__name", "memo",
)  # fmt: skip


def journal(
    book: Book,
    *,
    actor: Actor,
    since: dt.date | None = None,
    upto: dt.date | None = None,
    account: Account | None = None,
) -> Iterator[JournalLine]:
    """The posted lines of a book by date and number, read in pieces so that a large book fits in memory.

    Raises: NotFound when the actor may not read the book.
    """
    rows = _journal_lines(book, actor, since, upto, account)
    ordered = rows.order_by("entry__date", "entry__number", "pk").values_list(*_JOURNAL_FIELDS)
    row: Any
    for row in ordered.iterator(chunk_size=2000):
        yield JournalLine(*row)


def count_lines(
    book: Book,
    *,
    actor: Actor,
    since: dt.date | None = None,
    upto: dt.date | None = None,
    account: Account | None = None,
) -> int:
    """How many lines `journal` would give. Raises: NotFound when the actor may not read the book."""
    return _journal_lines(book, actor, since, upto, account).count()


def _journal_lines(
    book: Book, actor: Actor, since: dt.date | None, upto: dt.date | None, account: Account | None
) -> QuerySet[Line]:
    require_visible(book, actor)
    rows = posted_lines(book).filter(within(since, upto))
    return rows if account is None else rows.filter(account=account)


def journal_entries(
    book: Book, *, actor: Actor, since: dt.date | None = None, upto: dt.date | None = None
) -> QuerySet[Entry]:
    """Posted entries, latest first. Raises: NotFound when the actor may not read the book."""
    require_visible(book, actor)
    rows: QuerySet[Entry] = Entry.objects.filter(within(since, upto, ""), book=book, state=Entry.State.POSTED)
    return rows.select_related("reverses", "reversed_by").order_by("-date", "-number")


def debits_of(entries: Collection[Entry]) -> dict[int, int]:
    """Entry id → what it moves, in minor units: the sum of its debits; one query for a page of entries."""
    rows = Line.objects.filter(entry__in=entries, amount_minor__gt=0).order_by()
    return dict(rows.values_list("entry_id").annotate(total=Sum("amount_minor")))


def last_date(book: Book) -> dt.date | None:
    """The latest date of a posted entry; None in an empty book. Scoped to the active network only."""
    found: dt.date | None = Entry.objects.filter(book=book, state=Entry.State.POSTED).aggregate(last=Max("date"))[
        "last"
    ]
    return found


def standings(enterprises: Collection[int]) -> dict[int, int]:
    """Enterprise id → how it stands with the network by the network's book; for who reads that book; one query."""
    rows = Line.objects.filter(
        partner__in=enterprises,
        account__book__enterprise__isnull=True,
        account__purpose__in=PARTNER_ACCOUNTS,
        entry__state=Entry.State.POSTED,
    )
    return dict(rows.order_by().values_list("partner_id").annotate(total=Sum("amount_minor")))


def drafts_of(book: Book) -> Sequence[Entry]:
    """Drafts waiting in a book, by date."""
    return list(Entry.objects.filter(book=book, state=Entry.State.DRAFT).order_by("date", "pk"))
