# SPDX-License-Identifier: AGPL-3.0-or-later
"""Motions: the list, one motion, answering for an enterprise, and what the centre does with a motion."""

from __future__ import annotations

from collections.abc import Callable

import segno
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.governance import operations, permissions, queries
from mutirao.governance.forms import AnswerForm, MotionForm, WithdrawForm
from mutirao.governance.models import Motion
from mutirao.kernel import formats, sources
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network.access import NetworkRequest
from mutirao.notices.queries import short_path

PAGE_SIZE = 40


def _require_sight(actor: Actor) -> None:
    if not actor.can_somewhere(permissions.SEE_MOTIONS):
        actor.require(permissions.SEE_MOTIONS)


def _motion(request: NetworkRequest, motion_id: int) -> Motion:
    """A motion that the person may see."""
    _require_sight(request.actor)
    return get_object_or_404(queries.motions_visible_to(request.actor), pk=motion_id)


@require_GET
def motions(request: NetworkRequest, slug: str) -> HttpResponse:
    """What is being decided and what was."""
    _require_sight(request.actor)
    rows = queries.with_counts(queries.motions_visible_to(request.actor))
    context = {
        "waiting": list(queries.waiting_for(request.actor)),
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_put": request.actor.can(permissions.PUT_MOTION, request.network),
    }
    return render(request, "governance/motions.html", context)


@require_GET
def motion(request: NetworkRequest, slug: str, motion_id: int) -> HttpResponse:
    """One motion: the question, the count, who answered what, and answering."""
    row = _motion(request, motion_id)
    view = queries.view_of(row, request.actor)
    url = request.build_absolute_uri(short_path(reverse("governance:motion", args=[slug, row.pk])))
    context = {
        "motion": row,
        "view": view,
        "source": sources.link(row.source_kind, row.source_id, slug=slug),
        "url": url,
        "message": message_of(row, request, url),
        # Drawn here from our own address.
        "qr": SafeString(segno.make(url, error="m").svg_inline(omitsize=True, border=0)),
    }
    return render(request, "governance/motion.html", context)


def message_of(motion: Motion, request: NetworkRequest, url: str) -> str:
    """The ready text for the group: the question, until when, and where to answer."""
    lines = [request.network.name, _("Precisamos da sua resposta: %(title)s") % {"title": motion.title}]
    if motion.text:
        lines.append(motion.text)
    if motion.answer_until:
        lines.append(_("Responda até %(until)s.") % {"until": formats.moment(motion.answer_until)})
    lines.append(url)
    return "\n".join(lines)


@require_http_methods(["GET", "POST"])
def answer(request: NetworkRequest, slug: str, motion_id: int, enterprise_id: int) -> HttpResponse:
    """Answer for an enterprise, or write down what it said by phone."""
    row = _motion(request, motion_id)
    given = get_object_or_404(row.entitlements.select_related("enterprise"), enterprise_id=enterprise_id)
    enterprise = given.enterprise
    own = request.actor.can(permissions.ANSWER_MOTION, enterprise)
    if not own:
        request.actor.require(permissions.RECORD_ANSWER, enterprise)
    form = AnswerForm(request.POST or None, for_others=not own, initial={"reason": given.reason})

    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_motion(row, enterprise=enterprise, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Resposta de %(name)s registrada.") % {"name": enterprise.name})
            return redirect("governance:motion", slug, row.pk)
    context = {
        "form": form,
        "motion": row,
        "enterprise": enterprise,
        "given": given,
        "own": own,
        "view": queries.view_of(row, request.actor),
    }
    return render(request, "governance/answer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def new_motion(request: NetworkRequest, slug: str) -> HttpResponse:
    """Put a question by hand."""
    request.actor.require(permissions.PUT_MOTION, request.network)
    form = MotionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.put_motion(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("A decisão foi levada. Avise o grupo com a mensagem no fim da página."))
            return redirect("governance:motion", slug, row.pk)
    return render(request, "governance/new_motion.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request: NetworkRequest, slug: str, motion_id: int) -> HttpResponse:
    """Take a question back."""
    row = _motion(request, motion_id)
    request.actor.require(permissions.PUT_MOTION, row)
    form = WithdrawForm(_posted(request))

    def run() -> str:
        operations.withdraw_motion(row, reason=form.cleaned_data["reason"], actor=request.actor)
        return _("Decisão retirada.")

    what = [_("Ninguém mais pode responder."), _("O que já foi respondido continua no registro.")]
    return _confirm(request, row, form, run, _("Retirar esta decisão?"), what, _("Retirar decisão"))


@require_http_methods(["GET", "POST"])
def close(request: NetworkRequest, slug: str, motion_id: int) -> HttpResponse:
    """Decide by the answers there are."""
    row = _motion(request, motion_id)
    request.actor.require(permissions.PUT_MOTION, row)

    def run() -> str:
        closed = operations.close_motion(row, actor=request.actor)
        return _("Decisão encerrada: %(state)s.") % {"state": closed.get_state_display()}

    view = queries.view_of(row, request.actor)
    passes = view.tally.at_deadline == "passed"
    what = [
        _("Com as respostas de agora, fica aprovada.") if passes else _("Com as respostas de agora, fica recusada."),
        _("Ninguém mais pode responder."),
    ]
    return _confirm(request, row, forms.Form(_posted(request)), run, _("Encerrar agora?"), what, _("Encerrar"))


def _posted(request: NetworkRequest) -> QueryDict | None:
    """What was posted, also when that is nothing: the form is then bound."""
    return request.POST if request.method == "POST" else None


def _confirm(
    request: NetworkRequest,
    row: Motion,
    form: forms.Form,
    run: Callable[[], str],
    title: str,
    what: list[str],
    action: str,
) -> HttpResponse:
    """Ask once before something that cannot be answered any more."""
    here = reverse("governance:motion", args=[request.network.slug, row.pk])
    if form.is_valid():
        try:
            messages.success(request, run())
            return redirect(here)
        except DomainError as error:
            add_to_form(form, error)
    context = {"title": title, "what": [row.title, *what], "action": action, "cancel_url": here, "form": form}
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)
