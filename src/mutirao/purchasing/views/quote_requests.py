# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking suppliers by link: whom, until when, who opened, answered or declined; message, reminder, files."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutirao.kernel import clock, formats, uploads
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.purchasing import asking, permissions
from mutirao.purchasing.forms.quote_requests import AskForm, ExtendForm, RevokeForm
from mutirao.purchasing.models import PurchaseRound, QuoteRequest
from mutirao.purchasing.operations import quote_requests as operations
from mutirao.purchasing.queries import quote_requests as queries
from mutirao.purchasing.views.base import address, confirm, done, require_somewhere, round_of, sent, status_of

TONES = {
    QuoteRequest.State.SENT: "waiting",
    QuoteRequest.State.OPENED: "info",
    QuoteRequest.State.ANSWERED: "done",
    QuoteRequest.State.DECLINED: "neutral",
    QuoteRequest.State.REVOKED: "danger",
}


@require_safe
def request_list(request: Any, slug: str, number: int) -> HttpResponse:
    """Every supplier that was asked by link, and how it stands."""
    round_ = round_of(request, number)
    request.actor.require(permissions.ENTER_QUOTES, round_)
    rows = list(queries.requests_of(round_))
    context = {
        "round": round_,
        "rows": [{"request": row, "tone": TONES[row.state], "note": _note(row)} for row in rows],
        "answered": sum(row.state == QuoteRequest.State.ANSWERED for row in rows),
        "may_ask": round_.takes_quotes,
    }
    return render(request, "purchasing/quote_requests/list.html", context)


def _note(row: QuoteRequest) -> str:
    """The moment that tells most about where a request stands."""
    moments = (
        (row.revoked_at, _("cancelado em %(at)s")),
        (row.declined_at, _("avisou em %(at)s")),
        (row.answered_at, _("respondeu em %(at)s")),
        (row.opened_at, _("abriu em %(at)s")),
        (row.mailed_at, _("e-mail enviado em %(at)s")),
    )
    said = next((words % {"at": formats.moment(at)} for at, words in moments if at is not None), "")
    until = _("prazo até %(at)s") if clock.now() < row.answer_until else _("prazo terminou em %(at)s")
    return " · ".join(part for part in (said, until % {"at": formats.moment(row.answer_until)}) if part)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Any, slug: str, number: int) -> HttpResponse:
    """Choose suppliers and give each its link."""
    round_ = round_of(request, number)
    request.actor.require(permissions.ENTER_QUOTES, round_)
    form = AskForm(sent(request), round_=round_, suppliers=queries.suppliers_to_ask(round_))
    if form.is_valid():
        try:
            asked = operations.ask_for_quotes(round_, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            if len(asked) == 1:
                return done(request, _("O endereço está pronto."), "request", number=number, request_id=asked[0].pk)
            words = _("%(count)s endereços prontos: abra cada um para mandar a mensagem.") % {"count": len(asked)}
            return done(request, words, "requests", number=number)
    context = {"round": round_, "form": form, "none_left": not form.fields["suppliers"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "purchasing/quote_requests/ask.html", context, status=status_of(form))


@never_cache
@require_safe
def request_detail(request: Any, slug: str, number: int, request_id: int) -> HttpResponse:
    """One supplier's link with QR code, ready message and reminder; its files; what may be done."""
    round_, row = _row(request, number, request_id)
    path = asking.link_path(row)
    url = request.build_absolute_uri(path) if path else ""
    waits = row.state in (QuoteRequest.State.SENT, QuoteRequest.State.OPENED)
    context = {
        "round": round_,
        "row": row,
        "tone": TONES[row.state],
        "note": _note(row),
        "url": url,
        "qr": SafeString(segno.make(url, error="m").svg_inline(omitsize=True, border=2)) if url else "",
        "text": asking.message_text(row, url) if url else "",
        "reminder": asking.reminder_text(row, url) if url and waits and row.opened_at else "",
        "is_live": row.revoked_at is None and bool(url),
        "quote": operations.standing_quote(row),
        "files": row.files.all(),
        "may_change": round_.takes_quotes,
    }
    return render(request, "purchasing/quote_requests/detail.html", context)


def _row(request: Any, number: int, request_id: int) -> tuple[PurchaseRound, QuoteRequest]:
    round_ = round_of(request, number)
    request.actor.require(permissions.ENTER_QUOTES, round_)
    return round_, queries.request_for(round_, request_id)


@require_POST
def renew(request: Any, slug: str, number: int, request_id: int) -> HttpResponse:
    """A new link in the place of the old one."""
    round_, row = _row(request, number, request_id)
    form = ExtendForm(round_=round_)
    until = None if clock.now() < row.answer_until else form.initial["answer_until"]
    operations.renew_link(row, answer_until=until, actor=request.actor)
    words = _("O endereço novo está pronto; o anterior já não vale.")
    return done(request, words, "request", number=number, request_id=request_id)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: Any, slug: str, number: int, request_id: int) -> HttpResponse:
    """Another deadline by the same link."""
    round_, row = _row(request, number, request_id)
    form = ExtendForm(sent(request), round_=round_)
    if form.is_valid():
        try:
            operations.extend_request(row, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("Prazo mudado."), "request", number=number, request_id=request_id)
    return confirm(
        request,
        title=_("Mudar o prazo de %(supplier)s") % {"supplier": row.supplier},
        what=[_("O endereço continua o mesmo.")],
        action=_("Mudar o prazo"),
        cancel_url=address(request, "request", number=number, request_id=request_id),
        form=form,
        is_loss=False,
        round=round_,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Any, slug: str, number: int, request_id: int) -> HttpResponse:
    """End a link."""
    _round, row = _row(request, number, request_id)
    form = RevokeForm(sent(request))
    if form.is_valid():
        try:
            operations.revoke_link(row, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("O endereço já não vale."), "request", number=number, request_id=request_id)
    return confirm(
        request,
        title=_("Cancelar o endereço de %(supplier)s") % {"supplier": row.supplier},
        what=[
            _("Quem abrir o endereço lê que o pedido foi cancelado."),
            _("Uma cotação que já veio por ele continua valendo."),
        ],
        action=_("Cancelar o endereço"),
        undo=_("Depois dá para criar um endereço novo."),
        cancel_url=address(request, "request", number=number, request_id=request_id),
        form=form,
    )


@require_safe
def quote_file(request: Any, slug: str, number: int, file_id: int) -> HttpResponse:
    """A file that came with an answer: photos are shown, documents saved."""
    require_somewhere(request.actor, permissions.SEE_QUOTES)
    row = queries.file_for(round_of(request, number), file_id)
    return uploads.serve(request, row.file, name=row.name, content_type=row.content_type, inline=True)  # type: ignore[no-any-return]
