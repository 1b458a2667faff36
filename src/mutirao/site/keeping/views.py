# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person may do with what is kept about them: see it, take it along, have it erased."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutirao.kernel import clock, uploads
from mutirao.kernel.actors import Actor
from mutirao.kernel.limits import limited
from mutirao.kernel.models import Job
from mutirao.network import personal
from mutirao.network.models import Person
from mutirao.site.keeping import erasure, leaving, people
from mutirao.site.keeping.declared import words_of
from mutirao.site.keeping.permissions import EXPORT_NETWORK


class EraseForm(forms.Form):
    """Asked twice, in one's own hand."""

    word = forms.CharField(label=_("Para confirmar, escreva: apagar"), max_length=20)

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"].strip().lower()
        if word != _now("apagar"):
            raise ValidationError(_now("Escreva “apagar” para confirmar."))
        return word


def _person(request: HttpRequest) -> Person:
    return Person.objects.get(pk=request.user.pk or 0)


def _actor(person: Person) -> Actor:
    return Actor(name=person.name, person_id=person.pk)


def _page(request: HttpRequest, person: Person, form: EraseForm) -> HttpResponse:
    context: dict[str, Any] = {
        "sections": people.sections_about(person), "request_job": erasure.request_of(person), "form": form,
        "reasons": personal.why_not_yet(person), "days": erasure.waiting_days(), "instead": words_of(person),
    }  # fmt: skip
    return render(request, "keeping/privacy.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The page "O que está guardado sobre você"."""
    return _page(request, _person(request), EraseForm())


@login_required
@require_POST
@limited("person_file", most=6, seconds=3600)
def file(request: HttpRequest) -> HttpResponse:
    """Everything about oneself, in a file."""
    response = HttpResponse(people.file_about(_person(request)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="meus-dados-{clock.today():%Y-%m-%d}.zip"'
    response = uploads.harmless(response)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Ask to be forgotten."""
    person, form = _person(request), EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form)
    erasure.ask(person, actor=_actor(person))
    messages.success(request, _now("O pedido está feito. Até o dia marcado, você pode voltar atrás."))
    return redirect("privacy")


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Take the request back."""
    person = _person(request)
    erasure.take_back(person, actor=_actor(person))
    messages.success(request, _now("O pedido foi desfeito. Sua conta continua como estava."))
    return redirect("privacy")


# --- the network's own -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@limited("network_export", most=5, seconds=3600)
def leave(request: Any, slug: str) -> HttpResponse:
    """Ask for a file with everything of the network, and see whether it is ready."""
    request.actor.require(EXPORT_NETWORK, request.network)
    if request.method == "POST":
        leaving.ask(request.network, actor=request.actor)
        messages.success(request, _now("O arquivo está sendo preparado. Abra esta página de novo em um minuto."))
        return redirect("network_leave", slug=slug)
    job = leaving.latest(request.network)
    ready = job is not None and job.state == Job.State.DONE
    context = {
        "job": job, "ready": ready, "failed": job is not None and job.state == Job.State.FAILED,
        "until": job.created_at + leaving.KEPT if job else None,
    }  # fmt: skip
    return render(request, "keeping/leave.html", context)


@require_safe
def leave_file(request: Any, slug: str) -> HttpResponse:
    """The file."""
    handle = leaving.open_file(request.network, actor=request.actor)
    name = f"{slug}-{clock.today():%Y-%m-%d}.zip"
    answer: HttpResponse = uploads.serve(request, handle, name=name, content_type="application/zip")
    return answer
