# SPDX-License-Identifier: AGPL-3.0-or-later
"""An enterprise's standing: certificate, history, measures, and what may be done about each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutirao.admission import operations, permissions, queries
from mutirao.admission.forms import AppealDecisionForm, FounderForm, ProposeForm, ReasonForm, TextForm
from mutirao.admission.models import Appeal, Certificate, Measure
from mutirao.admission.printing import certificate_pdf
from mutirao.admission.views.requests import link_made
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network import operations as network_operations
from mutirao.network.access import NetworkRequest
from mutirao.network.core import standing as core
from mutirao.network.models import Enterprise
from mutirao.network.permissions import RECOGNISE_FOUNDERS

State = Measure.State


@require_GET
def standing(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """How an enterprise stands and came to; the page that one outside the network may still open."""
    actor, row = request.actor, queries.standing_for(request.actor, pk)
    inside = row.standing in core.INSIDE
    speaks, manages = actor.can(permissions.SPEAK, row), actor.can(permissions.MANAGE, row)
    sanctions = actor.can(permissions.SANCTION, row)
    certificate = queries.certificate_in_force(row)
    running = row.applications.filter(state__in=("draft", "submitted", "review")).first()
    founding = row.network.founding_closed_on is None and row.standing == core.CANDIDATE
    context = {
        "enterprise": row,
        "certificate": certificate,
        "code_url": settings.ADDRESS + reverse("certificate", args=[certificate.code]) if certificate else "",
        "changes": row.standing_changes.select_related("by").order_by("-pk"),
        "measures": [_view(measure, speaks, sanctions) for measure in row.measures.select_related("appeal")],
        "applications": row.applications.all(),
        "may_certify": manages and row.standing == core.MEMBER and certificate is None,
        "may_renew": inside and certificate is not None and (speaks or manages) and running is None,
        "may_found": founding and actor.can(RECOGNISE_FOUNDERS, row),
        "may_propose": manages and row.standing == core.CANDIDATE and running is None,
        "may_suspend": sanctions and row.standing == core.MEMBER,
        "may_exclude": sanctions and inside and not row.measures.filter(state__in=("hearing", "on_hold")).exists(),
        "may_leave": inside and (speaks or manages),
    }
    return render(request, "admission/standing.html", context)


def _view(measure: Measure, speaks: bool, sanctions: bool) -> dict[str, Any]:
    appeal = Appeal.objects.filter(measure=measure).first()
    return {
        "measure": measure,
        "appeal": appeal,
        "may_speak": speaks and measure.state == State.HEARING,
        "may_decide": sanctions and measure.state == State.HEARING,
        "may_lift": sanctions and measure.kind == Measure.Kind.SUSPENSION
        and measure.state in (State.IN_FORCE, State.ON_HOLD),
        "may_appeal": speaks and measure.state == State.IN_FORCE and appeal is None,
    }  # fmt: skip


def _form(
    request: NetworkRequest,
    row: Enterprise,
    form: forms.Form,
    title: str,
    run: Callable[[dict[str, Any]], object],
    *,
    done: str,
    action: str,
    **more: Any,
) -> HttpResponse:
    back = reverse("admission:standing", kwargs={"slug": request.network.slug, "pk": row.pk})
    if request.method == "POST" and form.is_valid():
        try:
            run(form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"enterprise": row, "form": form, "title": title, "back": back, "action": action, **more}
    return render(request, "admission/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def founder(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Recognise a founder by the minutes."""
    row = queries.standing_for(request.actor, pk)
    request.actor.require(RECOGNISE_FOUNDERS, row)
    return _form(
        request, row, FounderForm(request.POST or None), _("Reconhecer como fundador"),
        lambda data: network_operations.recognise_founder(row, actor=request.actor, **data),
        done=_("Agora é membro fundador."), action=_("Reconhecer"),
        lead=_("A ata de fundação precisa dizer o nome deste empreendimento."),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Open the request of a candidate, and show the link for the group."""
    row = queries.standing_for(request.actor, pk)
    request.actor.require(permissions.MANAGE, row)
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return link_made(request, operations.propose(row, actor=request.actor, **form.cleaned_data))
        except DomainError as error:
            add_to_form(form, error)
    back = reverse("admission:standing", kwargs={"slug": slug, "pk": pk})
    context = {"enterprise": row, "form": form, "title": _("Abrir pedido de entrada"), "back": back,
               "action": _("Abrir e ver o endereço")}  # fmt: skip
    return render(request, "admission/form.html", context, status=422 if form.errors else 200)


@require_POST
def certify(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Certify a founder."""
    operations.issue_certificate(queries.standing_for(request.actor, pk), actor=request.actor)
    messages.success(request, _("Certificado emitido."))
    return redirect("admission:standing", slug=slug, pk=pk)


@never_cache
@require_POST
def renew(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Begin the renewal; the link opens the checklist filled with what was said before."""
    started = operations.start_renewal(queries.standing_for(request.actor, pk), actor=request.actor)
    return link_made(request, started)


@require_GET
def certificate_file(request: NetworkRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """The certificate on paper."""
    row = queries.standing_for(request.actor, pk)
    certificate = get_object_or_404(Certificate, enterprise=row, number=number)
    answer = HttpResponse(certificate_pdf(certificate), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificado-{certificate.number}.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
def suspend(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Suspend a member."""
    row = queries.standing_for(request.actor, pk)
    request.actor.require(permissions.SANCTION, row)
    return _form(
        request, row, ReasonForm(request.POST or None), _("Suspender"),
        lambda data: operations.suspend(row, reason=data["reason"], actor=request.actor),
        done=_("Suspenso. O empreendimento pode recorrer."), action=_("Suspender"),
        lead=_("Ele deixa de pedir e de votar; continua lendo suas contas e pagando o que deve."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def exclude(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Propose an exclusion; the enterprise is heard first."""
    row = queries.standing_for(request.actor, pk)
    request.actor.require(permissions.SANCTION, row)
    days = queries.settings_of(row.network_id).hearing_days
    return _form(
        request, row, ReasonForm(request.POST or None), _("Propor exclusão"),
        lambda data: operations.open_exclusion(row, reason=data["reason"], actor=request.actor),
        done=_("Proposta aberta: o empreendimento vai ser ouvido."), action=_("Propor"),
        lead=_("Antes de decidir, o empreendimento tem %(days)s dias para ser ouvido.") % {"days": days},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def leave(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Leave the network."""
    row = queries.standing_for(request.actor, pk)
    return _form(
        request, row, ReasonForm(request.POST or None), _("Sair da rede"),
        lambda data: operations.leave(row, reason=data["reason"], actor=request.actor),
        done=_("O empreendimento saiu da rede."), action=_("Sair da rede"),
        lead=_("O que já foi pedido e cobrado continua valendo. Para voltar, faz-se um novo pedido."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def measure(request: NetworkRequest, slug: str, pk: int, measure_pk: int, what: str) -> HttpResponse:
    """Speak in the hearing, decide, drop, lift, or appeal."""
    row = queries.standing_for(request.actor, pk)
    about = get_object_or_404(Measure, enterprise=row, pk=measure_pk)
    actor = request.actor
    ways: dict[str, tuple[type[forms.Form], str, Callable[[dict[str, Any]], object], str]] = {
        "ouvir": (
            TextForm, _("Ser ouvido"),
            lambda data: operations.say_in_hearing(about, text=data["text"], actor=actor), permissions.SPEAK,
        ),
        "excluir": (
            ReasonForm, _("Excluir da rede"),
            lambda data: operations.decide_exclusion(about, excluded=True, reason=data["reason"], actor=actor),
            permissions.SANCTION,
        ),
        "arquivar": (
            ReasonForm, _("Arquivar a proposta"),
            lambda data: operations.decide_exclusion(about, excluded=False, reason=data["reason"], actor=actor),
            permissions.SANCTION,
        ),
        "encerrar": (
            ReasonForm, _("Encerrar a suspensão"),
            lambda data: operations.lift_suspension(about, reason=data["reason"], actor=actor), permissions.SANCTION,
        ),
        "recorrer": (
            TextForm, _("Recorrer à assembleia"),
            lambda data: operations.file_appeal(measure=about, text=data["text"], actor=actor), permissions.SPEAK,
        ),
    }  # fmt: skip
    if what not in ways:
        return redirect("admission:standing", slug=slug, pk=pk)
    form_class, title, run, act = ways[what]
    actor.require(act, row)
    form = form_class(request.POST or None)
    return _form(request, row, form, title, run, done=_("Registrado."), action=title, lead=about.reason)


@require_http_methods(["GET", "POST"])
def appeal(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """An appeal, and recording what the assembly decided about it."""
    actor = request.actor
    row = get_object_or_404(queries.appeals_visible_to(actor), pk=pk)
    may_decide = (
        row.state == Appeal.State.OPEN
        and actor.can(permissions.RECORD_APPEAL, row)
        and actor.person_id not in queries.deciders_before(row)
    )
    form = AppealDecisionForm(request.POST or None) if may_decide or request.method == "POST" else None
    if form is not None and request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            operations.decide_appeal(row, upheld=data.pop("decision") == "upheld", actor=actor, **data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Decisão registrada."))
            return redirect("admission:appeal", slug=slug, pk=pk)
    context = {"appeal": row, "form": form if may_decide else None}
    return render(request, "admission/appeal.html", context, status=422 if form and form.errors else 200)
