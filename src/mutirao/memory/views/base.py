# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of memory share: a form on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.memory.models import Moment
from mutirao.network.access import NetworkRequest

Crumbs = Sequence[tuple[str, str]]


def above(slug: str, moment: Moment | None = None) -> list[tuple[str, str]]:
    """The pages above one: the timeline, and the moment."""
    found = [(_("Memória"), reverse("memory:timeline", args=[slug]))]
    return [*found, (moment.title, reverse("memory:moment", args=[slug, moment.pk]))] if moment else found


def form_page(
    request: NetworkRequest,
    form: forms.Form,
    title: str,
    crumbs: Crumbs,
    *,
    run: Callable[[], str],
    done: str,
    action: str = "",
    lead: str = "",
    key: str = "",
    keep: str = "",
    what: Sequence[str] = (),
) -> HttpResponse:
    """Show a form; once it is good, `run` the operation and go where it says. `keep` names a form kept on the phone."""
    if request.method == "POST" and form.is_valid():
        try:
            there = run()
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, done)
            return redirect(there)
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "first": crumbs[0],
        "second": crumbs[1] if len(crumbs) > 1 else None,
        "cancel_url": crumbs[-1][1],
        "action": action or _("Guardar"),
        "key": key,
        "keep": keep,
        "what": what,
    }
    return render(request, "memory/form.html", context, status=422 if form.errors else 200)
