# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the screens share: a form that runs one operation, a question before undoing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.payments.errors import AlreadySent


def require_somewhere(actor: Actor, act: str) -> None:
    """Raises: NotAllowed when the actor may not do the act for anybody."""
    if not actor.can_somewhere(act):
        actor.require(act)


def key_of(request: HttpRequest) -> str:
    """The key under which a form counts once."""
    return request.POST.get("idempotency_key", "")


def run_form(
    request: HttpRequest,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str],
    *,
    then: str,
    template: str = "payments/form.html",
    **page: Any,
) -> HttpResponse:
    """Show a form, or run its operation and go on to `then`; `run` returns what to tell the person.

    What is refused goes back onto the form; what had been sent before counts as done.
    """
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, run(form.cleaned_data))
        except AlreadySent as again:
            messages.info(request, again.words())
        except DomainError as error:
            add_to_form(form, error)
        if not form.errors:
            return redirect(then)
    page.setdefault("cancel_url", then)
    return render(request, template, {"form": form, **page}, status=422 if form.errors else 200)


def confirm(
    request: HttpRequest,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str],
    *,
    then: str,
    title: str,
    what: list[str],
    action: str,
    undo: str = "",
) -> HttpResponse:
    """Ask once, saying what will happen, before something is undone or given up."""
    return run_form(
        request,
        form,
        run,
        then=then,
        template="components/confirm_page.html",
        title=title,
        what=what,
        action=action,
        undo=undo,
    )
