# SPDX-License-Identifier: AGPL-3.0-or-later
"""Photos, documents and recordings of a moment, and the leave of those shown."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel import clock
from mutirao.kernel.changes import version
from mutirao.kernel.uploads import serve
from mutirao.memory import operations, permissions, queries
from mutirao.memory.forms import ConsentForm, KeepsakeForm, KeepsakeWordsForm, PersonForm, WithdrawForm
from mutirao.memory.models import Keepsake, Moment, Portrayal
from mutirao.memory.views.base import above, form_page
from mutirao.network.access import NetworkRequest


def _moment(request: NetworkRequest, pk: int) -> Moment:
    """A moment that the person may change."""
    row = queries.moment_for(request.actor, pk)
    if not queries.may_edit(request.actor, row):
        request.actor.require(permissions.PUBLISH_MEMORY, row)
    return row


def _here(request: NetworkRequest, row: Moment) -> str:
    return reverse("memory:moment", args=[request.network.slug, row.pk])


@require_GET
def keepsake_file(request: NetworkRequest, slug: str, pk: int, kept: int) -> HttpResponse:
    """A file as it is kept, or (`?menor`) the smaller photo; never stored by the browser: leave may be taken back."""
    row = queries.moment_for(request.actor, pk)
    keepsake = queries.keepsake_for(request.actor, row, kept)
    file = keepsake.preview if "menor" in request.GET and keepsake.preview else keepsake.file
    answer: HttpResponse = serve(request, file, name=keepsake.name, content_type=keepsake.content_type, inline=True)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "POST"])
def keepsake_new(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Keep a photo, document or recording."""
    row = _moment(request, pk)
    form = KeepsakeForm(request.POST or None, request.FILES or None)
    key = request.POST.get("idempotency_key") or str(uuid.uuid4())

    def run() -> str:
        file = form.cleaned_data["file"]
        operations.add_keepsake(row, form.data_given(), file=file, actor=request.actor, key=key)
        return _here(request, row)

    done = _("Guardado. Diga agora quem aparece.")
    return form_page(
        request, form, _("Guardar foto, documento ou áudio"), above(slug, row), run=run, done=done, key=key
    )


def _keepsake(request: NetworkRequest, pk: int, kept: int) -> tuple[Moment, Keepsake]:
    row = _moment(request, pk)
    return row, get_object_or_404(row.keepsakes.select_related("moment"), pk=kept)


@require_http_methods(["GET", "POST"])
def keepsake_edit(request: NetworkRequest, slug: str, pk: int, kept: int) -> HttpResponse:
    """Change the words of a file."""
    row, keepsake = _keepsake(request, pk, kept)
    initial = KeepsakeWordsForm.initial_for(keepsake) | {"seen": version(keepsake, operations.KEEPSAKE_FIELDS)}
    form = KeepsakeWordsForm(request.POST or None, initial=initial)

    def run() -> str:
        operations.edit_keepsake(keepsake, form.data_given(), actor=request.actor, seen=form.cleaned_data["seen"])
        return _here(request, row)

    return form_page(request, form, _("Mudar a descrição"), above(slug, row), run=run, done=_("Guardado."))


@require_http_methods(["GET", "POST"])
def keepsake_remove(request: NetworkRequest, slug: str, pk: int, kept: int) -> HttpResponse:
    """Erase a file."""
    row, keepsake = _keepsake(request, pk, kept)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    del form.fields["erase"]

    def run() -> str:
        operations.remove_keepsake(keepsake, actor=request.actor)
        return _here(request, row)

    what = [_("O arquivo e o que foi anotado de quem aparece são apagados e não voltam.")]
    return form_page(
        request, form, _("Apagar este arquivo?"), above(slug, row), run=run, done=_("Apagado."), action=_("Apagar"),
        lead=keepsake.description, what=what,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def person_new(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Say who is shown (`?em=` a file, else in the story), with the leave if it was given."""
    row = _moment(request, pk)
    asked = request.GET.get("em", "")
    keepsake = get_object_or_404(row.keepsakes, pk=asked) if asked.isdecimal() and len(asked) < 18 else None
    form = PersonForm(request.POST or None, initial={"given_on": None})

    def run() -> str:
        data = form.cleaned_data
        operations.name_person(
            row, name=data["name"], is_minor=data["is_minor"], keepsake=keepsake, leave=form.leave(),
            actor=request.actor,
        )  # fmt: skip
        return _here(request, row)

    title = _("Quem aparece") if keepsake else _("Quem é citado no texto")
    lead = keepsake.description if keepsake else row.title
    return form_page(request, form, title, above(slug, row), run=run, done=_("Anotado."), lead=lead)


def _portrayal(row: Moment, person: int) -> Portrayal:
    found: Portrayal = get_object_or_404(row.portrayals.select_related("moment", "keepsake"), pk=person)
    return found


@require_http_methods(["GET", "POST"])
def consent(request: NetworkRequest, slug: str, pk: int, person: int) -> HttpResponse:
    """Write down the leave that somebody gave."""
    row = _moment(request, pk)
    portrayal = _portrayal(row, person)
    initial = {name: getattr(portrayal, name) for name in ("scope", "how", "guardian", "evidence")}
    initial["given_on"] = portrayal.given_on or clock.today()
    initial["seen"] = version(portrayal, operations.LEAVE_FIELDS)
    form = ConsentForm(request.POST or None, initial=initial)
    if not portrayal.is_minor:
        del form.fields["guardian"]

    def run() -> str:
        operations.record_consent(portrayal, form.leave(), actor=request.actor, seen=form.cleaned_data["seen"])
        return _here(request, row)

    title = _("Autorização de %(name)s") % {"name": portrayal.name}
    return form_page(request, form, title, above(slug, row), run=run, done=_("Autorização anotada."))


@require_http_methods(["GET", "POST"])
def withdraw(request: NetworkRequest, slug: str, pk: int, person: int) -> HttpResponse:
    """Take the leave back, at once."""
    row = queries.moment_for(request.actor, pk)
    if not (queries.may_edit(request.actor, row) or queries.may_write_for(request.actor, row.enterprise)):
        request.actor.require(permissions.WRITE_MEMORY, row)
    portrayal = _portrayal(row, person)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if portrayal.keepsake is None:
        del form.fields["erase"]
        what = [_("O momento sai da linha do tempo na hora e volta a ser rascunho, para o texto ser mudado.")]
    else:
        what = [_("A imagem ou o áudio some na hora, para todas as pessoas, e não sai mais em livreto nenhum.")]
    timeline = reverse("memory:timeline", args=[slug])

    def run() -> str:
        operations.withdraw_consent(portrayal, actor=request.actor, erase=form.cleaned_data.get("erase", False))
        # A story that went back to draft is no longer seen by everybody who may write this down.
        return _here(request, row) if portrayal.keepsake is not None else timeline

    title = _("%(name)s retira a autorização?") % {"name": portrayal.name}
    return form_page(
        request, form, title, above(slug, row), run=run, done=_("Retirada anotada: ninguém mais vê."),
        action=_("Retirar a autorização"), what=what,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def person_forget(request: NetworkRequest, slug: str, pk: int, person: int) -> HttpResponse:
    """Take a name off."""
    row = _moment(request, pk)
    portrayal = _portrayal(row, person)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    del form.fields["erase"]

    def run() -> str:
        operations.forget_person(portrayal, actor=request.actor)
        return _here(request, row)

    what = [_("Use quando o nome foi escrito por engano ou a pessoa não é mais citada.")]
    title = _("Tirar o nome de %(name)s?") % {"name": portrayal.name}
    return form_page(
        request, form, title, above(slug, row), run=run, done=_("Nome tirado."), action=_("Tirar o nome"), what=what
    )
