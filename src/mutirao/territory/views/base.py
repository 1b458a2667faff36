# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of the territory share: a form on a page of its own, and asking once before something goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network.access import NetworkRequest


@dataclass(frozen=True, slots=True)
class Page:
    """The words around a form: title, the pages above it (name, address), what its button says."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    action: str = ""
    lead: str = ""


def form_page(
    request: NetworkRequest, form: forms.Form, page: Page, *, run: Callable[[], object], done: str, key: str = ""
) -> HttpResponse:
    """Show a form; once it is good, `run` the operation, say `done` and go back to the page above."""
    back = page.crumbs[-1][1]
    if request.method == "POST" and form.is_valid():
        try:
            run()
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, done)
            return redirect(back)
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "action": page.action or _("Guardar"),
        "cancel_url": back,
        "key": key,
        "first": page.crumbs[0],
        "second": page.crumbs[1] if len(page.crumbs) > 1 else None,
    }
    return render(request, "territory/form.html", context, status=422 if form.errors else 200)


def confirm_page(
    request: NetworkRequest,
    title: str,
    what: list[str],
    action: str,
    back: str,
    *,
    run: Callable[[], object],
    done: str,
    form: forms.Form | None = None,
    undo: str = "",
) -> HttpResponse:
    """Ask once; `form` for what must be said with it, `undo` for how it is taken back."""
    form = form or forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            run()
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"title": title, "what": what, "action": action, "cancel_url": back, "form": form, "undo": undo}
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)
