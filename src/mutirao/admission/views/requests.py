# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests to join as the network works on them: list, one request, reviewing, deciding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutirao.admission import operations, permissions, queries
from mutirao.admission.errors import WrongState
from mutirao.admission.forms import (
    AssemblyForm,
    ConflictForm,
    MemberEvidenceForm,
    OpinionForm,
    QuestionForm,
    ReviewersForm,
    TwinForm,
    VoteForm,
)
from mutirao.admission.models import Application, Evidence, Question
from mutirao.admission.operations import Started
from mutirao.admission.views.public import send_file
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network.access import NetworkRequest
from mutirao.network.models import Person

PAGE_SIZE = 40


@require_GET
def requests(request: NetworkRequest, slug: str) -> HttpResponse:
    """Requests by state, the newest first."""
    actor = request.actor
    rows = queries.applications_visible_to(actor)
    if not actor.can(permissions.SEE) and not rows.exists():
        actor.require(permissions.SEE)
    state = request.GET.get("state", "")
    shown = rows.filter(state=state) if state in Application.State.values else rows
    tabs = [{"label": _("Todos"), "url": request.path, "current": not state}]
    counted = dict(rows.order_by().values_list("state").annotate(many=Count("pk")))
    for code, label in Application.State.choices:
        if number := counted.get(code, 0):
            url = f"{request.path}?state={code}"
            tabs.append({"label": label, "url": url, "current": state == code, "count": number})
    url = settings.ADDRESS + reverse("admission_start", kwargs={"slug": slug})
    context = {
        "page": Paginator(queries.with_counts(shown), PAGE_SIZE).get_page(request.GET.get("page")),
        "tabs": tabs,
        "url": url,
        "text": _("Quer entrar na %(network)s? Comece por aqui: %(url)s") % {"network": request.network, "url": url},
        "qr": SafeString(segno.make(url, error="m").svg_inline(omitsize=True, border=0)),
        "may_rule": actor.can(permissions.EDIT_RULES),
        "appeals": queries.appeals_visible_to(actor).filter(state="open"),
    }
    return render(request, "admission/requests.html", context)


@require_GET
def request_page(request: NetworkRequest, slug: str, number: int) -> HttpResponse:
    """One request: what the group says and shows, who reviews, what is asked, who does what next."""
    actor, row = request.actor, queries.application_for(request.actor, number)
    review = queries.review_of(actor, row)
    progress = queries.progress_of(row)
    may_manage = actor.can(permissions.MANAGE, row)
    may_still_enter = row.may_still_enter
    working = row.state in (Application.State.SUBMITTED, Application.State.REVIEW)
    context = {
        "application": row,
        "progress": progress,
        "step": progress.next_step(row),
        "items": row.items.prefetch_related("evidence", "opinions__reviewer__person"),
        "evidence": row.evidence.select_related("by_enterprise", "added_by").prefetch_related("items"),
        "questions": row.questions.select_related("asked_by"),
        "conflicts": row.conflicts.select_related("person"),
        "review": review,
        "may_manage": may_manage and row.is_open,
        "may_say_whose": may_manage and may_still_enter,
        "twin": queries.twin_of(row) if may_still_enter else None,
        "may_ask": working and (may_manage or review is not None),
        "may_decide": may_manage and progress.assembly_decides and row.state == Application.State.REVIEW,
        "may_show": row.is_open and (actor.can(permissions.VISIT, row) or queries.may_refer(actor, row)),
        "may_declare": working,
        "appeal": queries.appeals_visible_to(actor).filter(application=row).first(),
    }
    return render(request, "admission/request.html", context)


@require_http_methods(["GET", "POST"])
def review(request: NetworkRequest, slug: str, number: int) -> HttpResponse:
    """The reviewer's page: an opinion on each criterion, then the vote."""
    actor, row = request.actor, queries.application_for(request.actor, number)
    own = queries.review_of(actor, row)
    if own is None:
        return redirect("admission:request", slug=slug, number=number)
    items = list(row.items.prefetch_related("evidence"))
    given = {opinion.item_id: opinion for opinion in own.opinions.all()}
    posted = request.POST if request.method == "POST" else None
    opinions = OpinionForm(posted, items=items, given=given)
    vote = VoteForm(posted if posted and posted.get("vote") else None)
    if posted is not None and opinions.is_valid():
        try:
            operations.give_opinion(row, opinions=opinions.opinions(), actor=actor)
            if not posted.get("vote"):
                messages.success(request, _("Parecer guardado."))
                return redirect("admission:review", slug=slug, number=number)
            if vote.is_valid():
                operations.vote(row, actor=actor, **vote.cleaned_data)
                messages.success(request, _("Voto registrado."))
                return redirect("admission:request", slug=slug, number=number)
        except DomainError as error:
            add_to_form(opinions if error.field in opinions.fields else vote if vote.is_bound else opinions, error)
    progress = queries.progress_of(row)
    context = {
        "application": row, "own": own, "opinions": opinions, "vote": vote, "progress": progress,
        "questions": row.questions.all(), "closed": bool(own.vote) or row.state != Application.State.REVIEW,
        "kept_as": f"admission-review-{row.pk}",
    }  # fmt: skip
    wrong = opinions.is_bound and (opinions.errors or (vote.is_bound and vote.errors))
    return render(request, "admission/review.html", context, status=422 if wrong else 200)


def _form(
    request: NetworkRequest,
    row: Application,
    form: forms.Form,
    title: str,
    run: Callable[[dict[str, Any]], object],
    *,
    done: str,
    action: str,
    **more: Any,
) -> HttpResponse:
    """One form about a request: bound, run, back to the request's page."""
    back = reverse("admission:request", kwargs={"slug": request.network.slug, "number": row.number})
    if request.method == "POST" and form.is_valid():
        try:
            run(form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, done)
            if queries.applications_visible_to(request.actor).filter(pk=row.pk).exists():
                return redirect(back)
            return redirect("network_home", slug=request.network.slug)  # who stepped back reads it no more
    context = {"application": row, "form": form, "title": title, "back": back, "action": action, **more}
    return render(request, "admission/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def reviewers(request: NetworkRequest, slug: str, number: int) -> HttpResponse:
    """Name who reviews."""
    row = queries.application_for(request.actor, number)
    request.actor.require(permissions.MANAGE, row)
    form, needed = ReviewersForm(request.POST or None, application=row), queries.progress_of(row).needed

    def run(data: dict[str, Any]) -> None:
        people = list(Person.objects.filter(pk__in=[int(pk) for pk in data["people"]]))
        operations.name_reviewers(row, people=people, actor=request.actor)

    return _form(
        request, row, form, _("Quem examina"), run, done=_("Nomes guardados."), action=_("Nomear"), barred=form.barred,
        lead=ngettext("Ao menos %(n)s pessoa examina.", "Ao menos %(n)s pessoas examinam.", needed) % {"n": needed},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def whose(request: NetworkRequest, slug: str, number: int) -> HttpResponse:
    """Say that the request is of a registered enterprise, or how a new group is called that has another's name."""
    row = queries.application_for(request.actor, number)
    request.actor.require(permissions.MANAGE, row)
    if not row.may_still_enter:
        raise WrongState(state=row.get_state_display())
    form = TwinForm(request.POST or None, application=row)

    def run(data: dict[str, Any]) -> None:
        if enterprise := data.pop("enterprise"):
            operations.link_enterprise(row, enterprise=enterprise, actor=request.actor)
        else:
            operations.correct_application(row, actor=request.actor, **data)

    return _form(request, row, form, _("De quem é o pedido"), run, done=_("Guardado."), action=_("Guardar"))


@require_http_methods(["GET", "POST"])
def conflict(request: NetworkRequest, slug: str, number: int) -> HttpResponse:
    """Declare kinship or interest: one does not review."""
    row = queries.application_for(request.actor, number)
    return _form(
        request, row, ConflictForm(request.POST or None), _("Declarar impedimento"),
        lambda data: operations.declare_conflict(row, reason=data["reason"], actor=request.actor),
        done=_("Registrado: você não examina este pedido."), action=_("Declarar"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def ask(request: NetworkRequest, slug: str, number: int) -> HttpResponse:
    """Ask the group."""
    row = queries.application_for(request.actor, number)
    return _form(
        request, row, QuestionForm(request.POST or None), _("Perguntar ao grupo"),
        lambda data: operations.ask(row, text=data["text"], actor=request.actor),
        done=_("Pergunta enviada: o grupo a lê no endereço do pedido."), action=_("Perguntar"),
    )  # fmt: skip


@require_POST
def question_withdraw(request: NetworkRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Take a question back."""
    row = queries.application_for(request.actor, number)
    operations.withdraw_question(get_object_or_404(Question, application=row, pk=pk), actor=request.actor)
    return redirect("admission:request", slug=slug, number=number)


@require_http_methods(["GET", "POST"])
def decide(request: NetworkRequest, slug: str, number: int) -> HttpResponse:
    """Record what the assembly decided."""
    row = queries.application_for(request.actor, number)
    request.actor.require(permissions.MANAGE, row)
    form = AssemblyForm(request.POST or None, application=row)

    def run(data: dict[str, Any]) -> None:
        admitted = data.pop("decision") == "yes"
        operations.decide_by_assembly(row, admitted=admitted, actor=request.actor, **data)

    title = _("Decisão da assembleia")
    return _form(request, row, form, title, run, done=_("Decisão registrada."), action=_("Registrar"))


@require_http_methods(["GET", "POST"])
def show(request: NetworkRequest, slug: str, number: int) -> HttpResponse:
    """A reference by a member, or the report of a visit."""
    row = queries.application_for(request.actor, number)
    visits = request.actor.can(permissions.VISIT, row)
    members = queries.may_refer(request.actor, row)
    form = MemberEvidenceForm(request.POST or None, members=members, visits=visits)

    def run(data: dict[str, Any]) -> None:
        kind = Evidence.Kind.REFERENCE if data["enterprise"] else Evidence.Kind.VISIT
        operations.add_evidence(row, kind=kind, actor=request.actor, **data)

    title = _("Referência ou visita")
    return _form(request, row, form, title, run, done=_("Guardado."), action=_("Guardar"))


@require_GET
def file(request: NetworkRequest, slug: str, number: int, pk: int) -> HttpResponseBase:
    """A document of a request."""
    row = queries.application_for(request.actor, number)
    return send_file(get_object_or_404(Evidence, application=row, pk=pk))


@never_cache
@require_POST
def new_link(request: NetworkRequest, slug: str, number: int) -> HttpResponse:
    """A new private link for a group that lost its own, shown once."""
    row = queries.application_for(request.actor, number)
    return link_made(request, operations.issue_new_link(row, actor=request.actor))


def link_made(request: NetworkRequest, made: Started) -> HttpResponse:
    """The page that shows a private link once, to be handed to the group."""
    url = settings.ADDRESS + reverse("admission_link", kwargs={"token": made.token})
    told = {"name": made.application.name, "network": request.network, "url": url}
    context = {
        "application": made.application,
        "url": url,
        "text": _("O pedido de %(name)s para a %(network)s continua aqui: %(url)s") % told,
        "qr": SafeString(segno.make(url, error="m").svg_inline(omitsize=True, border=0)),
    }
    return render(request, "admission/link_made.html", context)
