# SPDX-License-Identifier: AGPL-3.0-or-later
"""The timeline, one moment, telling and publishing it, the booklet."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel.changes import version
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.memory import operations, permissions, queries
from mutirao.memory.booklet import booklet_pdf, period_title, when
from mutirao.memory.core.periods import by_period
from mutirao.memory.forms import BookletForm, MomentForm, TimelineFilter
from mutirao.memory.models import Keepsake, Moment
from mutirao.memory.operations import MOMENT_FIELDS
from mutirao.memory.views.base import above, form_page
from mutirao.network.access import NetworkRequest
from mutirao.network.models import Enterprise
from mutirao.network.paging import page_of
from mutirao.network.queries import enterprises_to_name, require_somewhere

PER_PAGE = 40


@require_GET
def timeline(request: NetworkRequest, slug: str) -> HttpResponse:
    """What was lived through, by year."""
    actor = request.actor
    require_somewhere(actor, permissions.SEE_MEMORY)
    form = TimelineFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.timeline(
        actor,
        enterprise=chosen.get("enterprise"),
        kind=chosen.get("kind", ""),
        horizon=chosen.get("horizon", ""),
    )
    page = page_of(request, queries.with_keepsakes(rows), PER_PAGE)
    periods = by_period((row.day, row.precision, row) for row in page)
    context = {
        "form": form,
        "page": page,
        "periods": [
            (period_title(one.year, one.is_decade), [_shown(request, moment) for moment in one.items])
            for one in periods
        ],
        "drafts": [(row, when(row)) for row in queries.drafts(actor)[:PER_PAGE]] if not request.GET else [],
        "may_write": actor.can_somewhere(permissions.WRITE_MEMORY),
    }
    return render(request, "memory/timeline.html", context)


def _shown(request: NetworkRequest, moment: Moment) -> dict[str, object]:
    """A moment as the timeline shows it: its first photo, and how much else is kept."""
    seen = queries.keepsakes_seen(request.actor, moment)
    photos = [one for one in seen if one.kind == Keepsake.Kind.PHOTO]
    return {
        "moment": moment,
        "when": when(moment),
        "photo": photos[0] if photos else None,
        "more": len(seen) - bool(photos),
    }


@require_GET
def moment(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """One moment: the story, what is kept, and for those who care for it who is shown with whose leave."""
    actor = request.actor
    row = queries.with_keepsakes(queries.moments_visible_to(actor)).filter(pk=queries.moment_for(actor, pk).pk).get()
    may_edit = queries.may_edit(actor, row)
    seen = queries.keepsakes_seen(actor, row)
    context = {
        "moment": row,
        "when": when(row),
        "photos": [one for one in seen if one.kind == Keepsake.Kind.PHOTO],
        "documents": [one for one in seen if one.kind == Keepsake.Kind.DOCUMENT],
        "audios": [one for one in seen if one.kind == Keepsake.Kind.AUDIO],
        "hidden": [one for one in row.keepsakes.all() if one.is_withdrawn] if may_edit else [],
        "named": [one for one in row.portrayals.all() if one.keepsake_id is None],
        "may_edit": may_edit,
        "may_withdraw": may_edit or queries.may_write_for(actor, row.enterprise),
        "may_publish": actor.can(permissions.PUBLISH_MEMORY, row),
        "is_draft": row.state == Moment.State.DRAFT,
    }
    return render(request, "memory/moment.html", context)


def _enterprise_asked(request: NetworkRequest) -> Enterprise | None:
    asked = request.GET.get("enterprise", "")
    rows = enterprises_to_name(request.actor, permissions.WRITE_MEMORY)
    return rows.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None


@require_http_methods(["GET", "POST"])
def moment_new(request: NetworkRequest, slug: str) -> HttpResponse:
    """Tell a moment."""
    require_somewhere(request.actor, permissions.WRITE_MEMORY)
    rows = enterprises_to_name(request.actor, permissions.WRITE_MEMORY)
    form = MomentForm(request.POST or None, enterprises=rows, initial={"enterprise": _enterprise_asked(request)})
    key = request.POST.get("idempotency_key") or str(uuid.uuid4())

    def run() -> str:
        made = operations.write_moment(request.network, form.data_given(), actor=request.actor, key=key)
        if made is None:
            return reverse("memory:timeline", args=[slug])
        return reverse("memory:moment", args=[slug, made.pk])

    return form_page(
        request,
        form,
        _("Contar um momento"),
        above(slug),
        run=run,
        done=_("Guardado como rascunho. Acrescente fotos, diga quem aparece; quem coordena publica."),
        lead=_("Uma luta, uma conquista, uma festa, uma pessoa: o que não pode se perder."),
        key=key,
        keep="memory-new",
    )


@require_http_methods(["GET", "POST"])
def moment_edit(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Change what is told."""
    row = queries.moment_for(request.actor, pk)
    if not queries.may_edit(request.actor, row):
        request.actor.require(permissions.PUBLISH_MEMORY, row)
    initial = MomentForm.initial_for(row) | {"seen": version(row, MOMENT_FIELDS)}
    rows = enterprises_to_name(request.actor, permissions.WRITE_MEMORY)
    form = MomentForm(request.POST or None, enterprises=rows, initial=initial)

    def run() -> str:
        operations.edit_moment(row, form.data_given(), actor=request.actor, seen=form.cleaned_data["seen"])
        return reverse("memory:moment", args=[slug, row.pk])

    return form_page(request, form, _("Mudar o que se conta"), above(slug, row), run=run, done=_("Guardado."))


def _ask(
    request: NetworkRequest, pk: int, act: str, title: str, what: list[str], action: str, run: Callable[[Moment], str]
) -> HttpResponse:
    """Ask once before something happens to a moment."""
    row = queries.moment_for(request.actor, pk)
    if act or not queries.may_edit(request.actor, row):
        request.actor.require(act or permissions.PUBLISH_MEMORY, row)
    form = forms.Form(request.POST if request.method == "POST" else None)
    crumbs = above(request.network.slug, row)
    return form_page(
        request, form, title, crumbs, run=lambda: run(row), done=_("Feito."), action=action, lead=row.title, what=what
    )


@require_http_methods(["GET", "POST"])
def moment_publish(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Put it on the timeline."""

    def run(row: Moment) -> str:
        operations.publish_moment(row, actor=request.actor)
        return reverse("memory:moment", args=[slug, row.pk])

    what = [
        _("Todas as pessoas da rede passam a ver este momento."),
        _("Fotos e áudios aparecem com a autorização de quem está neles."),
    ]
    return _ask(request, pk, permissions.PUBLISH_MEMORY, _("Publicar este momento?"), what, _("Publicar"), run)


@require_http_methods(["GET", "POST"])
def moment_take_back(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Take it off the timeline."""

    def run(row: Moment) -> str:
        operations.take_back_moment(row, actor=request.actor)
        return reverse("memory:moment", args=[slug, row.pk])

    what = [_("Volta a ser rascunho: só quem cuida dele continua vendo. Você pode publicar de novo.")]
    return _ask(request, pk, permissions.PUBLISH_MEMORY, _("Recolher este momento?"), what, _("Recolher"), run)


@require_http_methods(["GET", "POST"])
def moment_delete(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Erase a draft."""

    def run(row: Moment) -> str:
        operations.delete_moment(row, actor=request.actor)
        return reverse("memory:timeline", args=[slug])

    what = [_("O texto, as fotos, os documentos e os áudios deste rascunho são apagados e não voltam.")]
    return _ask(request, pk, "", _("Apagar este rascunho?"), what, _("Apagar"), run)


@require_http_methods(["GET", "POST"])
def booklet(request: NetworkRequest, slug: str) -> HttpResponse:
    """Choose what goes into the booklet, and get it as PDF."""
    require_somewhere(request.actor, permissions.SEE_MEMORY)
    # Sent by POST though nothing changes: a foreword is longer than an address may be.
    form = BookletForm(request.POST or None, initial={"enterprise": request.GET.get("enterprise")})
    if form.is_valid():
        data = form.cleaned_data
        enterprise: Enterprise | None = data["enterprise"]
        try:
            body = booklet_pdf(
                request.network,
                actor=request.actor,
                enterprise=enterprise,
                horizons=data["horizons"],
                foreword=data["foreword"].replace("\r", ""),
            )
        except DomainError as error:
            add_to_form(form, error)
        else:
            answer = HttpResponse(body, content_type="application/pdf")
            name = slugify((enterprise or request.network).name)
            answer["Content-Disposition"] = f'attachment; filename="memoria-{name}.pdf"'
            answer["Cache-Control"] = "no-store"
            return answer
    return render(request, "memory/booklet.html", {"form": form}, status=422 if form.errors else 200)
