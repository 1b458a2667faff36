# SPDX-License-Identifier: AGPL-3.0-or-later
"""The books on the screen: lists, balances, ledgers, entries, months, statements, exports."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel import clock, sources
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.kernel.limits import limited
from mutirao.kernel.sheets import CSV_TYPE, XLSX_TYPE
from mutirao.ledger import exports, operations, queries
from mutirao.ledger.errors import AlreadyPosted
from mutirao.ledger.forms import BookSearchForm, DatesForm, EntryForm, EntryLines, ReopenForm, ReversalForm
from mutirao.ledger.models import Account, Book, Entry, Line
from mutirao.ledger.operations.manual import draft_version
from mutirao.ledger.operations.posting import legs_of
from mutirao.ledger.permissions import CLOSE_PERIOD, EDIT_ACCOUNTS, POST_ENTRIES, SEE_NETWORK_BOOK
from mutirao.network.models import Enterprise

PAGE = 50


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _book(request: HttpRequest, book_id: int) -> Book:
    return get_object_or_404(queries.books_visible_to(_actor(request)), pk=book_id)


def _page(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


@require_GET
def books(request: HttpRequest, slug: str) -> HttpResponse:
    """The books that the person may read; who keeps the network's sees how each enterprise stands with it."""
    actor, form = _actor(request), BookSearchForm(request.GET)
    rows = queries.books_visible_to(actor)
    wanted = fold(form.cleaned_data["q"]) if form.is_valid() else ""
    found = [row for row in rows if wanted in fold(row.name)] if wanted else list(rows)
    page = _page(request, found)
    standings = queries.standings([row.enterprise_id for row in page if row.enterprise_id])
    context = {
        "page": page,
        "rows": [(row, standings.get(row.enterprise_id, 0)) for row in page],
        "filter_form": form if len(rows) > PAGE or wanted else None,
        "searched": bool(wanted),
    }
    return render(request, "ledger/books.html", context)


@require_GET
def book(request: HttpRequest, slug: str, book_id: int) -> HttpResponse:
    """A book's trial balance, act types apart."""
    actor, row, dates = _actor(request), _book(request, book_id), DatesForm.of(request)
    balance = queries.trial_balance(row, actor=actor, since=dates.since, upto=dates.upto)
    may_post = actor.can(POST_ENTRIES, row)
    context = {
        "book": row,
        "balance": balance,
        "groups": [(Account.Kind(group.kind).label, group) for group in balance.groups],
        "surplus_minor": -balance.result.movement,
        "all_accounts": "todas" in request.GET,
        "filter_form": dates,
        "drafts": queries.drafts_of(row) if may_post else [],
        "may_post": may_post,
        "may_edit_accounts": actor.can(EDIT_ACCOUNTS, row),
        "dates_query": _query(dates),
    }
    return render(request, "ledger/book.html", context)


def _query(dates: DatesForm) -> str:
    """The range of dates as part of an address, so that it goes along from page to page."""
    since, upto = dates.since, dates.upto
    return f"?de={since.isoformat() if since else ''}&ate={upto.isoformat() if upto else ''}"


@require_GET
def account(request: HttpRequest, slug: str, book_id: int, account_id: int) -> HttpResponse:
    """One account's lines with the running balance."""
    actor, dates = _actor(request), DatesForm.of(request)
    row = get_object_or_404(queries.accounts_visible_to(actor), pk=account_id, book=book_id)
    ledger = queries.account_ledger(row, actor=actor, since=dates.since, upto=dates.upto)
    context = {
        "book": row.book,
        "account": row,
        "ledger": ledger,
        "page": _page(request, ledger.lines),
        "filter_form": dates,
        "dates_query": _query(dates),
        "may_edit": actor.can(EDIT_ACCOUNTS, row.book),
    }
    return render(request, "ledger/account.html", context)


@require_GET
def entries(request: HttpRequest, slug: str, book_id: int) -> HttpResponse:
    """The journal: posted entries, latest first."""
    row, dates = _book(request, book_id), DatesForm.of(request)
    page = _page(request, queries.journal_entries(row, actor=_actor(request), since=dates.since, upto=dates.upto))
    debits = queries.debits_of(list(page))
    context = {
        "book": row,
        "page": page,
        "rows": [(each, debits.get(each.pk, 0)) for each in page],
        "filter_form": dates,
    }
    return render(request, "ledger/entries.html", context)


@require_http_methods(["GET", "POST"])
def new_entry(request: HttpRequest, slug: str, book_id: int) -> HttpResponse:
    """Write an entry by hand: post it, or keep it as a draft."""
    actor, row = _actor(request), _book(request, book_id)
    actor.require(POST_ENTRIES, row)
    more = "more" in request.POST
    data = request.POST or None
    typed = request.POST.dict() if more else {"date": clock.today()}
    form = EntryForm(None if more else data, book=row, initial=typed)
    lines = EntryLines(row, data, more=more)
    sent = data is not None and not more
    valid = (form.is_valid(), lines.is_valid()) if sent else ()  # both are read, so that every mistake is shown
    if sent and all(valid):
        try:
            return _write(request, row, form, lines)
        except DomainError as error:
            add_to_form(form, error)
    context = {
        "book": row,
        "form": form,
        "lines": lines,
        "key": request.POST.get("idempotency_key") or str(uuid.uuid4()),
    }
    return render(request, "ledger/new_entry.html", context, status=422 if sent else 200)


def _write(request: HttpRequest, row: Book, form: EntryForm, lines: EntryLines) -> HttpResponse:
    values, actor = form.cleaned_data, _actor(request)
    partner = values.get("partner")
    legs = lines.legs(act_type=values["act_type"], partner_id=partner.pk if partner else None)
    draft = "draft" in request.POST
    key = f"{'draft' if draft else 'manual'}:{request.POST.get('idempotency_key') or uuid.uuid4()}"[:120]
    write = operations.draft_entry if draft else operations.enter_manually
    made = write(row, date=values["date"], memo=values["memo"], lines=legs, actor=actor, key=key)
    if made.is_posted:
        messages.success(request, _("Lançado com o nº %(number)s.") % {"number": made.number})
    else:
        messages.success(request, _("Rascunho guardado. Ele só conta depois de lançado."))
    return redirect("ledger:entry", slug=row.network.slug, book_id=row.pk, entry_id=made.pk)


@require_http_methods(["GET", "POST"])
def edit_draft(request: HttpRequest, slug: str, book_id: int, entry_id: int) -> HttpResponse:
    """Write a draft anew."""
    actor, row = _actor(request), _entry(request, book_id, entry_id)
    actor.require(POST_ENTRIES, row.book)
    if row.is_posted:
        raise AlreadyPosted
    more = "more" in request.POST
    data = request.POST or None
    legs = legs_of(row)
    partner_id = next((leg.partner_id for leg in legs if leg.partner_id), None)
    kept = {"date": row.date, "memo": row.memo, "partner": partner_id, "act_type": legs[0].act_type if legs else None}
    form = EntryForm(None if more else data, book=row.book, initial=request.POST.dict() if more else kept)
    lines = EntryLines(row.book, data, more=more, legs=legs)
    sent = data is not None and not more
    valid = (form.is_valid(), lines.is_valid()) if sent else ()
    if sent and all(valid):
        values = form.cleaned_data
        partner = values.get("partner")
        written = lines.legs(act_type=values["act_type"], partner_id=partner.pk if partner else None)
        try:
            operations.edit_draft(
                row, date=values["date"], memo=values["memo"], lines=written, actor=actor,
                seen=request.POST.get("seen", ""),
            )  # fmt: skip
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Rascunho guardado. Ele só conta depois de lançado."))
            return redirect("ledger:entry", slug=slug, book_id=book_id, entry_id=entry_id)
    context = {"book": row.book, "form": form, "lines": lines, "draft": row, "seen": draft_version(row)}
    return render(request, "ledger/new_entry.html", context, status=422 if sent else 200)


def _entry(request: HttpRequest, book_id: int, entry_id: int) -> Entry:
    rows = queries.entries_visible_to(_actor(request))
    return get_object_or_404(rows, pk=entry_id, book=book_id)


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, slug: str, book_id: int, entry_id: int) -> HttpResponse:
    """An entry with its lines and where it came from; a draft is posted or discarded here."""
    actor, row = _actor(request), _entry(request, book_id, entry_id)
    if request.method == "POST":
        if "discard" in request.POST:
            operations.discard_draft(row, actor=actor)
            messages.success(request, _("Rascunho descartado."))
            return redirect("ledger:book", slug=slug, book_id=book_id)
        posted = operations.post_draft(row, actor=actor)
        messages.success(request, _("Lançado com o nº %(number)s.") % {"number": posted.number})
        return redirect("ledger:entry", slug=slug, book_id=book_id, entry_id=entry_id)
    links = sources.describe([(row.source_kind, row.source_id)], slug=slug)
    lines = list(Line.objects.filter(entry=row).select_related("account", "partner").order_by("pk"))
    reversal = getattr(row, "reversed_by", None)
    context = {
        "book": row.book,
        "entry": row,
        "lines": lines,
        "debit_minor": sum(line.amount_minor for line in lines if line.amount_minor > 0),
        "credit_minor": -sum(line.amount_minor for line in lines if line.amount_minor < 0),
        "source": next(iter(links.values()), None),
        "reversal": reversal,
        "may_post": actor.can(POST_ENTRIES, row.book),
        "may_reverse": row.is_posted and not row.reverses_id and reversal is None,
    }
    return render(request, "ledger/entry.html", context)


@require_http_methods(["GET", "POST"])
def reverse_entry(request: HttpRequest, slug: str, book_id: int, entry_id: int) -> HttpResponse:
    """Undo a posted entry by one that mirrors it: says what will happen and asks once."""
    actor, row = _actor(request), _entry(request, book_id, entry_id)
    actor.require(POST_ENTRIES, row.book)
    form = ReversalForm(request.POST or None, initial={"date": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            reversal = operations.reverse_manually(row, actor=actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Estornado pelo nº %(number)s.") % {"number": reversal.number})
            return redirect("ledger:entry", slug=slug, book_id=book_id, entry_id=reversal.pk)
    what = [
        _("O lançamento nº %(number)s continua nos livros, e outro igual, com débito e crédito trocados, o anula.")
        % {"number": row.number},
        _("Isto não se desfaz: se o valor valer, lança-se de novo."),
    ]
    if row.source_kind:
        what.append(_("Só os livros mudam. O que deu origem ao lançamento continua como está: corrija-o lá também."))
    context = {
        "title": _("Estornar o lançamento nº %(number)s") % {"number": row.number},
        "what": what,
        "form": form,
        "action": _("Estornar"),
        "cancel_url": reverse("ledger:entry", kwargs={"slug": slug, "book_id": book_id, "entry_id": entry_id}),
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def periods(request: HttpRequest, slug: str, book_id: int) -> HttpResponse:
    """The months of a book: which are closed; who may closes the next one or reopens one with a reason."""
    actor, row = _actor(request), _book(request, book_id)
    rows = list(queries.periods_of(row, actor=actor))
    form = ReopenForm(request.POST if "reopen" in request.POST else None)
    if request.method == "POST":
        actor.require(CLOSE_PERIOD, row)
        chosen = next((each for each in rows if str(each.pk) == request.POST.get("period")), None)
        if chosen is None:
            raise Http404
        if "reopen" not in request.POST:
            operations.close_period(chosen, actor=actor)
            messages.success(request, _("Mês fechado: não recebe mais lançamentos."))
            return redirect("ledger:periods", slug=slug, book_id=book_id)
        if form.is_valid():
            operations.reopen_period(chosen, reason=form.cleaned_data["reason"], actor=actor)
            messages.success(request, _("Mês reaberto."))
            return redirect("ledger:periods", slug=slug, book_id=book_id)
    today = clock.today()
    oldest_open = next((each for each in reversed(rows) if not each.is_closed), None)
    context = {
        "book": row,
        "periods": [(each, each == oldest_open and each.ends_on < today) for each in rows],
        "form": form,
        "may_close": actor.can(CLOSE_PERIOD, row),
        "reopening": request.POST.get("period") if form.errors else "",
    }
    return render(request, "ledger/periods.html", context, status=422 if form.errors else 200)


@require_GET
def statement(request: HttpRequest, slug: str, enterprise_id: int) -> HttpResponse:
    """How an enterprise stands with the network; to read and to print."""
    actor, dates = _actor(request), DatesForm.of(request)
    enterprise = get_object_or_404(Enterprise.objects.select_related("network"), pk=enterprise_id)
    found = queries.statement_of(enterprise, actor=actor, since=dates.since, upto=dates.upto)
    lines = list(found.ledger.lines)
    links = sources.describe({(line.entry.source_kind, line.entry.source_id) for line in lines}, slug=slug)
    context = {
        "statement": found,
        "enterprise": enterprise,
        "lines": [(line, links.get((line.entry.source_kind, line.entry.source_id or 0))) for line in lines],
        "own_book": queries.book_of(enterprise),
        "filter_form": dates,
        "may_open_entries": actor.can(SEE_NETWORK_BOOK, enterprise),
        "printed_at": clock.now(),
    }
    return render(request, "ledger/statement.html", context)


@require_GET
@limited("book_export", most=60, seconds=600, methods=("GET",))
def export(request: HttpRequest, slug: str, book_id: int, kind: str) -> HttpResponse:
    """The journal of a book or of one account as CSV or XLSX, or the book as a Beancount file."""
    actor, row, dates = _actor(request), _book(request, book_id), DatesForm.of(request)
    chosen = None
    if request.GET.get("conta", "").isdecimal():
        chosen = get_object_or_404(Account, pk=request.GET["conta"], book=row)
    if kind == "beancount":
        content: str | bytes = exports.beancount_file(row, actor=actor, since=dates.since, upto=dates.upto)
        content_type = exports.BEANCOUNT_TYPE
    elif kind == "csv":
        content = exports.journal_csv(row, actor=actor, since=dates.since, upto=dates.upto, account=chosen)
        content_type = CSV_TYPE
    elif kind == "xlsx":
        content = exports.journal_xlsx(row, actor=actor, since=dates.since, upto=dates.upto, account=chosen)
        content_type = XLSX_TYPE
    else:
        raise Http404
    name = f"{exports.file_stem(row, chosen)}.{kind}"
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
