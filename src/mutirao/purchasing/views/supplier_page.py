# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page behind a supplier's link, made for a phone: prices, terms, files; no account, nothing else of the network.

The address alone gives the right, no cookie does: that is why there is no check for forged forms here. (A page that
tells nobody where it was would fail that check anyhow: browsers then send no origin.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mutirao.kernel import formats, limits, tenancy
from mutirao.kernel.errors import DomainError
from mutirao.network.languages import as_read_in
from mutirao.purchasing.errors import LinkUnknown, TooManyTries
from mutirao.purchasing.forms.inputs import currency_sign
from mutirao.purchasing.forms.quote_requests import SupplierTermsForm, draft_of, sent_again
from mutirao.purchasing.forms.quotes import QuoteGrid
from mutirao.purchasing.models import PurchaseRound, Quote, QuoteRequest
from mutirao.purchasing.operations import quote_requests as operations
from mutirao.purchasing.queries import quote_requests as queries
from mutirao.purchasing.queries.quotes import breaks_of, offers_in, quote_for
from mutirao.purchasing.queries.rounds import products_of
from mutirao.purchasing.views.base import INVALID
from mutirao.purchasing.views.quotes import terms_in_words

MOST_TRIES = 20
WINDOW = 600
PREVIEWERS = ("whatsapp", "telegrambot", "facebookexternalhit", "twitterbot", "slackbot", "discordbot", "preview")
"""Programs that look at a link to draw it in a message: the supplier has not opened it yet."""


def _by_link(view: Callable[[HttpRequest, QuoteRequest, str], HttpResponse]) -> Callable[..., HttpResponse]:
    """Find the request behind the token, in its network and time zone; refuse on a page of the same kind."""

    @wraps(view)
    def run(request: HttpRequest, token: str) -> HttpResponse:
        try:
            row = _row_behind(request, token)
            network = row.round.network
            with tenancy.activated(network), timezone.override(network.time_zone), as_read_in(network, request):
                answer = view(request, row, token)
        except DomainError as error:
            answer = render(request, "purchasing/supplier/refused.html", {"error": error}, status=error.status)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        answer["Referrer-Policy"] = "no-referrer"
        return answer

    return run


def _row_behind(request: HttpRequest, token: str) -> QuoteRequest:
    who = get_adapter().get_client_ip(request)
    if limits.tried_too_often("supplier_link", who, most=MOST_TRIES, seconds=WINDOW):
        raise TooManyTries
    try:
        return operations.request_of(token)
    except LinkUnknown:
        limits.count_try("supplier_link", who, seconds=WINDOW)
        raise


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def supplier_quote(request: HttpRequest, row: QuoteRequest, token: str) -> HttpResponse:
    """Read the request and answer it; afterwards correct the answer, until the deadline."""
    quote = operations.standing_quote(row)
    if quote is not None:
        quote = quote_for(row.round, quote.pk)
    closed = _why_closed(row)
    if closed is not None:
        return _draw(request, row, quote=quote, closed=closed)
    act = request.POST.get("act", "send") if request.method == "POST" else ""
    if act == "":
        if request.method == "GET" and not _is_previewer(request):
            operations.note_opening(row, actor=operations.supplier_actor(row))
        return _draw(request, row, quote=quote)
    if act == "decline":
        operations.decline_request(
            row, token=token, reason=request.POST.get("reason", ""), actor=operations.supplier_actor(row)
        )
        return redirect(request.path)
    return _receive(request, row, token, quote, act)


def _is_previewer(request: HttpRequest) -> bool:
    agent = request.headers.get("user-agent", "").lower()
    return any(name in agent for name in PREVIEWERS)


def _why_closed(row: QuoteRequest) -> DomainError | None:
    try:
        operations.require_open(row, row.round)
    except DomainError as error:
        return error
    return None


def _receive(request: HttpRequest, row: QuoteRequest, token: str, quote: Quote | None, act: str) -> HttpResponse:
    """Take in what was sent: an answer, a draft, or only the wish for a larger grid."""
    goods = queries.goods_to_quote(row.round)
    grid = QuoteGrid.sent(goods, request.POST)
    form = SupplierTermsForm(request.POST, request.FILES, quote=quote, currency=row.round.currency)
    actor = operations.supplier_actor(row, request.POST.get("name", ""))
    if "more" in request.POST or "another" in request.POST:
        grid.grow(more=request.POST.get("more", ""), another=request.POST.get("another", ""))
        return _draw(request, row, quote=quote, grid=grid, form=form)
    sound = form.is_valid()
    files = form.cleaned_data.get("documents", [])
    try:
        if act == "draft" and "documents" not in form.errors:
            operations.save_draft(row, token=token, draft=draft_of(request.POST), files=files, actor=actor)
            return redirect(request.path)
        lines = grid.lines()
        grid.tell(form)
        if act != "draft" and sound and not grid.has_errors:
            operations.answer_request(
                row, token=token, lines=lines, terms=form.terms(), files=files, actor=actor,
                seen=request.POST.get("seen", ""), key=request.POST.get("idempotency_key", ""),
            )  # fmt: skip
            return redirect(request.path)
    except DomainError as error:
        grid.refuse(form, error)
    return _draw(request, row, quote=quote, grid=grid, form=form, show_errors=True)


def _delivery(round_: PurchaseRound) -> list[dict[str, str]]:
    """When and where the goods are wanted, as facts."""
    facts = [{"label": _("Entrega prevista"), "value": formats.date(round_.deliver_on)}] if round_.deliver_on else []
    places = round_.places.select_related("municipality")
    lines = [", ".join(str(part) for part in (row.name, row.address, row.municipality) if part) for row in places]
    return [*facts, {"label": _("Entregar em"), "value": "; ".join(lines)}]


def _draw(
    request: HttpRequest,
    row: QuoteRequest,
    *,
    quote: Quote | None,
    grid: QuoteGrid | None = None,
    form: SupplierTermsForm | None = None,
    closed: DomainError | None = None,
    show_errors: bool = False,
) -> HttpResponse:
    round_ = row.round
    goods = queries.goods_to_quote(round_)
    steps = breaks_of([quote]) if quote else {}
    drafted = sent_again(row) if row.draft else None
    if grid is None:
        if drafted is not None:
            grid = QuoteGrid.sent(goods, drafted)
        else:
            grid = QuoteGrid.of_quote(goods, quote, steps, products_of(round_)) if quote else QuoteGrid.empty(goods)
    if form is None:
        form = SupplierTermsForm(quote=quote, currency=round_.currency, draft=row.draft)
    context: dict[str, Any] = {
        "row": row,
        "round": round_,
        "asks": round_.network.name,
        "delivery": _delivery(round_),
        "sign": currency_sign(round_.currency),
        "quote": quote,
        "lines": [{"line": line, "steps": steps[line.pk]} for line in offers_in(quote)] if quote else [],
        "terms": terms_in_words(quote, round_.currency) if quote else [],
        "grid": grid,
        "form": form,
        "goods": goods,
        "seen": operations.version_of(quote),
        "files": row.files.all(),
        "closed": closed,
        "show_errors": show_errors,
        "key": request.POST.get("idempotency_key", "") if show_errors else "",
        "may_still_change": round_.state == round_.State.OPEN,
        "kept_as": f"supplier-quote-{row.pk}-{row.issue}",
    }
    return render(request, "purchasing/supplier/page.html", context, status=INVALID if show_errors else 200)
