# SPDX-License-Identifier: AGPL-3.0-or-later
"""What needs no account: asking to join, going on by the private link, checking a certificate."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from smtplib import SMTPException
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutirao.admission import operations, queries
from mutirao.admission.checking import check_certificate
from mutirao.admission.core import certificates
from mutirao.admission.errors import NothingShown, StillMissing, UnknownLink
from mutirao.admission.forms import (
    AnswerForm,
    ApplicationForm,
    FirstApplicationForm,
    LaterEvidenceForm,
    ReplyForm,
    TextForm,
)
from mutirao.admission.models import Appeal, Application, ChecklistItem, Evidence, Question
from mutirao.admission.operations.applications import guest
from mutirao.kernel import tenancy
from mutirao.kernel.actors import system
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.kernel.limits import client_of, hold_back
from mutirao.network.access import UnknownNetwork
from mutirao.network.languages import as_read_in
from mutirao.network.models import Network

HOUR = 60 * 60
STARTS_AN_HOUR = 10
"""New requests from one address; a village behind one connection is not kept out."""
GUESSES_AN_HOUR = 30
"""Private links that open nothing, from one address; who holds a right one is never kept out."""

View = Callable[..., HttpResponseBase]


def by_link(view: View) -> View:
    """Open the application of the token in the address, inside its network; nobody keeps or indexes the page."""

    @wraps(view)
    @never_cache
    def run(request: HttpRequest, token: str, **rest: Any) -> HttpResponseBase:
        try:
            application = queries.application_of(token)
        except UnknownLink:
            hold_back("admission.link", client_of(request), most=GUESSES_AN_HOUR, seconds=HOUR)
            raise
        network = application.network
        with tenancy.activated(network), timezone.override(network.time_zone), as_read_in(network, request):
            answer = view(request, application, token, **rest)
        answer["X-Robots-Tag"] = "noindex"
        # No other site learns the address. "no-referrer" would hide the origin from our own forms too, and they would
        # be taken for another site's (CSRF).
        answer["Referrer-Policy"] = "same-origin"
        return answer

    return run


def _back(token: str) -> HttpResponse:
    return redirect("admission_link", token=token)


def _link(token: str) -> str:
    """The whole address of a private link: never from what a request claims to be its host."""
    return settings.ADDRESS + reverse("admission_link", kwargs={"token": token})


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """A group asks to join, from a phone and without account."""
    network = Network.objects.filter(slug=slug).first()
    if network is None:
        raise UnknownNetwork
    with tenancy.activated(network), timezone.override(network.time_zone), as_read_in(network, request):
        form = FirstApplicationForm(
            request.POST or None, country=network.country, initial={"opened": FirstApplicationForm.stamp()}
        )
        key = request.POST.get("idempotency_key") or str(uuid.uuid4())
        if request.method == "POST" and form.is_valid():
            hold_back("admission.start", client_of(request), most=STARTS_AN_HOUR, seconds=HOUR)
            actor = system(network.pk, why=form.cleaned_data["contact_name"], via="link")
            try:
                made = operations.start_application(network, form.data_given(), actor=actor, key=key)
            except DomainError as error:
                add_to_form(form, error)
            else:
                _send_link(made.application, made.token)
                return redirect(reverse("admission_link", kwargs={"token": made.token}) + "?novo=1")
        context = {
            "form": form,
            "key": key,
            "group_network": network,
            "rules": queries.settings_of(network.pk),
            "criteria": queries.criteria_of(network),
        }
        return render(request, "admission/public/start.html", context, status=422 if form.errors else 200)


def _send_link(application: Application, token: str) -> None:
    """Send the private link to the group's address; a letter that cannot leave stops nothing, the page shows it too."""
    if not application.email:
        return
    told = {"name": application.name, "network": application.network.name, "url": _link(token)}
    words = _("O pedido de %(name)s para entrar na %(network)s continua neste endereço. Guarde-o: %(url)s")
    title = _("Seu pedido de entrada na %(network)s")
    try:
        send_mail(title % told, words % told, None, [application.email])
    except (OSError, SMTPException):
        return


@require_GET
@by_link
def page(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    """The request as the group sees it: what is missing, what was asked, what was decided."""
    return _request_page(request, application, token)


def _request_page(
    request: HttpRequest, application: Application, token: str, *, too_early: bool = False
) -> HttpResponse:
    items = list(application.items.prefetch_related("evidence"))
    url = _link(token)
    words = _("Pedido de %(name)s para entrar na %(network)s: %(url)s")
    told = {"name": application.name, "network": application.network.name, "url": url}
    appeal = Appeal.objects.filter(application=application).first()
    may_appeal = application.state == Application.State.REFUSED and appeal is None and application.appeal_until
    context = {
        "application": application,
        "token": token,
        "items": items,
        "loose": [row for row in application.evidence.prefetch_related("items") if not row.items.all()],
        "missing": queries.missing_to_submit(application, items) if application.state == "draft" else [],
        "questions": list(application.questions.all()),
        "grounds": [item for item in items if item.is_refusal_ground],
        "step": queries.progress_of(application).next_step(application),
        "appeal": appeal,
        "may_appeal": bool(may_appeal),
        "is_new": "novo" in request.GET,
        "url": url,
        "text": words % told,
        "qr": SafeString(segno.make(url, error="m").svg_inline(omitsize=True, border=0)),
        "certificate": queries.certificate_in_force(application.enterprise) if application.enterprise else None,
        "too_early": too_early,
    }
    return render(request, "admission/public/page.html", context, status=422 if too_early else 200)


@require_http_methods(["GET", "POST"])
@by_link
def edit(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    """Change what the group says of itself."""
    initial = ApplicationForm.initial_for(application)
    form = ApplicationForm(request.POST or None, country=application.country, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_application(application, form.data_given(), actor=guest(application))
        except DomainError as error:
            add_to_form(form, error)
        else:
            return _back(token)
    return _form_page(request, application, token, form, _("Dados do grupo"))


@require_http_methods(["GET", "POST"])
@by_link
def criterion(request: HttpRequest, application: Application, token: str, pk: int) -> HttpResponse:
    """Say and show something for one criterion."""
    item = get_object_or_404(ChecklistItem, application=application, pk=pk)
    form = AnswerForm(request.POST or None, request.FILES or None, item=item, initial={"answer": item.answer})
    if request.method == "POST" and form.is_valid():
        try:
            _answer(item, form, application)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Guardado."))
            return _back(token)
    context = {
        "said": "" if "answer" in form.fields else item.answer,
        "lead": item.text,
        "help": item.proof,
        "norm": item.norm,
        "article": item.article,
    }
    return _form_page(request, application, token, form, item.title, **context)


def _answer(item: ChecklistItem, form: AnswerForm, application: Application) -> None:
    data, actor = form.cleaned_data, guest(application)
    if "answer" in data:
        if not (data["answer"] or data["file"] or item.answer):
            raise NothingShown
        operations.say_for_criterion(item, answer=data["answer"], actor=actor)
    if data["file"]:
        operations.add_evidence(
            application, kind=data["kind"] or Evidence.Kind.OTHER, file=data["file"], items=[item, *data["also"]],
            actor=actor,
        )  # fmt: skip


@require_http_methods(["GET", "POST"])
@by_link
def later_evidence(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    """A document that comes after the sending."""
    form = LaterEvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            operations.add_evidence(application, kind=data["kind"], file=data["file"], actor=guest(application))
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Recebido."))
            return _back(token)
    return _form_page(request, application, token, form, _("Mandar mais um documento"))


@require_http_methods(["GET", "POST"])
@by_link
def reply(request: HttpRequest, application: Application, token: str, pk: int) -> HttpResponse:
    """Answer a question."""
    question = get_object_or_404(Question, application=application, pk=pk)
    form = ReplyForm(request.POST or None, initial={"answer": question.answer})
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_question(question, answer=form.cleaned_data["answer"], actor=guest(application))
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Resposta enviada."))
            return _back(token)
    return _form_page(request, application, token, form, _("Responder à rede"), lead=question.text)


@require_POST
@by_link
def submit(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    """Send the request; what is missing is named on the same page."""
    try:
        sent = operations.submit(application, actor=guest(application))
    except StillMissing:
        return _request_page(request, application, token, too_early=True)
    if sent.state == Application.State.SUBMITTED:
        messages.success(request, _("Pedido enviado. As perguntas da rede e a resposta aparecem nesta página."))
    return _back(token)


@require_http_methods(["GET", "POST"])
@by_link
def withdraw(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    """Take the request back, after asking once."""
    if request.method == "POST":
        operations.withdraw(application, actor=guest(application))
        messages.success(request, _("O pedido foi retirado."))
        return _back(token)
    context = {
        "title": _("Retirar o pedido?"),
        "what": [_("A rede não examina mais o pedido."), _("Vocês podem fazer outro quando quiserem.")],
        "action": _("Sim, retirar"),
        "cancel_url": reverse("admission_link", kwargs={"token": token}),
    }
    return render(request, "components/confirm_page.html", context)


@require_http_methods(["GET", "POST"])
@by_link
def appeal(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    """Appeal to the assembly against the refusal."""
    form = TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.file_appeal(application=application, text=form.cleaned_data["text"], actor=guest(application))
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("O recurso foi para a assembleia."))
            return _back(token)
    return _form_page(request, application, token, form, _("Recorrer à assembleia"))


@require_POST
@by_link
def come_in(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    """The admitted group's first person goes on to open an account."""
    issued = operations.welcome_in(application, actor=guest(application))
    return redirect("invitation", token=issued.token)


@require_GET
@by_link
def file(request: HttpRequest, application: Application, token: str, pk: int) -> HttpResponseBase:
    """A document of this request; by this link no other request's."""
    return send_file(get_object_or_404(Evidence, application=application, pk=pk))


@require_POST
@by_link
def file_remove(request: HttpRequest, application: Application, token: str, pk: int) -> HttpResponse:
    """Take a document back before the sending."""
    row = get_object_or_404(Evidence, application=application, pk=pk)
    operations.remove_evidence(row, actor=guest(application))
    return _back(token)


def send_file(evidence: Evidence) -> HttpResponseBase:
    """A kept file as what it is, never sniffed; PDFs are downloaded, not shown within the site."""
    name = f"{evidence.kind}-{evidence.pk}{'.pdf' if evidence.content_type == 'application/pdf' else '.jpg'}"
    if not evidence.file:
        return HttpResponse(status=404)
    answer = FileResponse(
        evidence.file.open("rb"), content_type=evidence.content_type, filename=name,
        as_attachment=evidence.content_type == "application/pdf",
    )  # fmt: skip
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _form_page(
    request: HttpRequest, application: Application, token: str, form: Any, title: str, **more: Any
) -> HttpResponse:
    context = {"application": application, "token": token, "form": form, "title": title, **more}
    return render(request, "admission/public/form.html", context, status=422 if form.errors else 200)


@require_GET
def certificate(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a certificate holds today: anyone may ask, nothing personal is told."""
    typed = code or request.GET.get("codigo", "")
    found = None
    if typed:
        found = check_certificate(request, typed)
    context = {"found": found, "written": certificates.written(found.certificate.code) if found else ""}
    with as_read_in(found.certificate.network, request) if found else nullcontext():
        return render(request, "admission/public/certificate.html", context)
