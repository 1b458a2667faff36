# SPDX-License-Identifier: AGPL-3.0-or-later
"""Screens of the import: what can be brought in, send, preview, confirm."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.kernel.limits import limited
from mutirao.network import permissions
from mutirao.network.access import NetworkRequest
from mutirao.network.importing import model_files, staging
from mutirao.network.importing.errors import ImportRefused, TargetMissing, UploadGone
from mutirao.network.importing.forms import ReadingForm, UploadForm
from mutirao.network.importing.operations import Imported, import_file, require_import
from mutirao.network.importing.plans import Change
from mutirao.network.importing.previewing import Preview, prepare
from mutirao.network.importing.queries import recent_imports
from mutirao.network.importing.reading import read_workbook
from mutirao.network.importing.registry import Context, ImportKind, UnknownKind, kind_named, kinds_for

SHOWN_CHANGES = 60


@require_GET
def imports(request: NetworkRequest, slug: str) -> HttpResponse:
    """What can be brought in, and what was."""
    request.actor.require(permissions.IMPORT_DATA, request.network)
    context = {"kinds": kinds_for(request.actor), "recent": recent_imports(request.actor)}
    return render(request, "network/importing/imports.html", context)


@require_GET
def model(request: NetworkRequest, slug: str, code: str, form: str) -> HttpResponse:
    """The file to fill in."""
    kind = _kind(request, code)
    if form not in model_files.TYPES:
        raise Http404
    response = HttpResponse(model_files.model_file(kind, form), content_type=model_files.TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{model_files.file_name(kind, form)}"'
    return response


@require_http_methods(["GET", "POST"])
@limited("import", most=60, seconds=600)
def upload(request: NetworkRequest, slug: str, code: str) -> HttpResponse:
    """Send a file; it is kept and previewed, nothing is written yet."""
    kind = _kind(request, code)
    targets = kind.target.choices(request.actor) if kind.target else ()
    initial = {"target": request.GET.get(kind.target.option, "")} if kind.target else {}
    form = UploadForm(kind=kind, targets=targets, initial=initial)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, kind=kind, targets=targets)
    if form.is_valid():
        try:
            kept = _keep(request.actor, kind, form)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return redirect("network:import_preview", slug=slug, token=kept.token)
    context = {"kind": kind, "form": form, "nothing_to_choose": kind.target is not None and not targets}
    return render(request, "network/importing/upload.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def preview(request: NetworkRequest, slug: str, token: str) -> HttpResponse:
    """What the file would do; POST says how to read it instead."""
    kept, kind = _kept(request, token)
    shown = prepare(kind, staging.content_of(kept), kept.reading, _context(request, kind, kept))
    if request.method == "POST":
        form = ReadingForm(request.POST, preview=shown, options=kept.reading)
        if form.is_valid():
            staging.read_differently(kept, form.options())
            return redirect("network:import_preview", slug=slug, token=token)
    else:
        form = ReadingForm(preview=shown, options=kept.reading)
    return _preview_page(request, kept, shown, form)


@require_POST
@limited("import", most=60, seconds=600)
def confirm(request: NetworkRequest, slug: str, token: str) -> HttpResponse:
    """Write everything, or nothing."""
    try:
        kept, kind = _kept(request, token)
    except UploadGone as gone:
        # Mostly the second tap of two: the list below shows what the first one did.
        messages.info(request, str(gone))
        return redirect("network:imports", slug=slug)
    content, context = staging.content_of(kept), _context(request, kind, kept)
    try:
        done = import_file(
            request.network, kind=kind, content=content, options=kept.reading, context=context, actor=context.actor
        )
    except ImportRefused:
        shown = prepare(kind, content, kept.reading, context)
        return _preview_page(request, kept, shown, ReadingForm(preview=shown, options=kept.reading), status=422)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("network:import_preview", slug=slug, token=token)
    staging.drop(kept)
    messages.success(request, _done_words(kind, done))
    return redirect("network:imports", slug=slug)


@require_POST
def discard(request: NetworkRequest, slug: str, token: str) -> HttpResponse:
    """Forget the file."""
    try:
        kept, kind = _kept(request, token)
    except UploadGone:
        return redirect("network:imports", slug=slug)
    staging.drop(kept)
    messages.info(request, _("O arquivo “%(name)s” foi descartado; nada foi importado.") % {"name": kept.name})
    return redirect("network:import_upload", slug=slug, code=kind.code)


def _kind(request: NetworkRequest, code: str) -> ImportKind:
    """A kind that the screen offers, for whoever may use it. Raises: UnknownKind, NotAllowed."""
    request.actor.require(permissions.IMPORT_DATA, request.network)
    kind = kind_named(code)
    if kind.of_installation:
        raise UnknownKind(kind=code, kinds=", ".join(kind.code for kind in kinds_for(request.actor)))
    require_import(kind, request.network, request.actor)
    return kind


def _keep(actor: Actor, kind: ImportKind, form: UploadForm) -> staging.Upload:
    """Keep the file of a valid form, once it is sure that it can be read. Raises: UnreadableFile, TargetMissing."""
    file, target = form.cleaned_data["file"], form.cleaned_data.get("target", "")
    if kind.target is not None:
        if not target:
            raise TargetMissing(what=kind.target.label)
        kind.target.find(target, actor)
    content = file.read()
    read_workbook(content, kind.known_titles())
    return staging.keep(content, kind=kind.code, name=file.name or "", target=target, actor=actor)


def _kept(request: NetworkRequest, token: str) -> tuple[staging.Upload, ImportKind]:
    request.actor.require(permissions.IMPORT_DATA, request.network)
    kept = staging.find(token, request.actor)
    return kept, _kind(request, kept.kind)


def _context(request: NetworkRequest, kind: ImportKind, kept: staging.Upload) -> Context:
    actor = replace(request.actor, via="import")
    target = kind.target.find(kept.target, actor) if kind.target else None
    return Context(network=request.network, actor=actor, target=target, file_name=kept.name)


def _preview_page(
    request: NetworkRequest, kept: staging.Upload, shown: Preview, form: ReadingForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "upload": kept,
        "kind": shown.kind,
        "preview": shown,
        "form": form,
        "target": _context(request, shown.kind, kept).target,
        "columns": shown.understanding.used_columns,
        "sample": shown.sample(),
        "more_rows": max(0, len(shown.understanding.rows) - len(shown.sample())),
        "problems": shown.listed_problems,
        "more_problems": len(shown.problems) - len(shown.listed_problems),
        "figures": _figures(shown),
        "changed": _some(shown.plan.changed),
        "new": _some(shown.plan.new),
    }
    return render(request, "network/importing/preview.html", context, status=status)


def _some(changes: list[Change]) -> dict[str, Any]:
    return {"count": len(changes), "shown": changes[:SHOWN_CHANGES], "more": max(0, len(changes) - SHOWN_CHANGES)}


def _figures(shown: Preview) -> list[dict[str, Any]]:
    counts = shown.plan.counts
    figures = [
        {"label": _("Novos"), "value": counts["new"]},
        {"label": _("Mudam"), "value": counts["changed"]},
        {"label": _("Sem mudança"), "value": counts["unchanged"]},
    ]
    if shown.problems:
        figures.append({"label": _("A corrigir"), "value": len(shown.problems)})
    return figures


def _done_words(kind: ImportKind, done: Imported) -> str:
    if not done.new and not done.changed:
        return _("%(kind)s: tudo o que está na planilha já estava aqui; nada mudou.") % {"kind": kind.label}
    parts = [
        ngettext("%(count)s novo", "%(count)s novos", done.new) % {"count": done.new},
        ngettext("%(count)s mudou", "%(count)s mudaram", done.changed) % {"count": done.changed},
        _("%(count)s sem mudança") % {"count": done.unchanged},
    ]
    return f"{kind.label}: {', '.join(parts)}."
