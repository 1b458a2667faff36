# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of purchase rounds have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from mutirao.kernel import acts
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, Words
from mutirao.purchasing import permissions
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.queries.rounds import round_for

INVALID = 422
"""The answer to a form that has to be mended; htmx swaps it in like any other."""


def require_somewhere(actor: Actor, act: str) -> None:
    """Raises: NotAllowed when the person may do this neither in the network nor in any of their enterprises."""
    if not actor.can_somewhere(act):
        raise NotAllowed(act=acts.label(act))


BOUGHT = (
    PurchaseRound.State.APPROVED,
    PurchaseRound.State.ORDERED,
    PurchaseRound.State.RECEIVED,
    PurchaseRound.State.CHARGED,
    PurchaseRound.State.SETTLED,
)


def sees_purchase(actor: Actor, round_: PurchaseRound) -> bool:
    """Whether the person may read quotes, comparison and orders: whoever works with them always, everybody who may
    read the accounts from the day the enterprises are asked to approve the purchase. What one decides and pays for is
    open to the document."""
    if round_.state in (PurchaseRound.State.APPROVAL, *BOUGHT) and actor.can_somewhere(permissions.SEE_ACCOUNTABILITY):
        return True
    return actor.can_somewhere(permissions.SEE_QUOTES)


def require_purchase(actor: Actor, round_: PurchaseRound) -> None:
    """Raises: NotAllowed unless the person may read the round's quotes and orders (`sees_purchase`)."""
    if not sees_purchase(actor, round_):
        raise NotAllowed(act=acts.label(permissions.SEE_QUOTES))


def round_of(request: Any, number: int) -> PurchaseRound:
    """The round of the address, with its network at hand. Raises: NotFound when the person may not see it."""
    round_ = round_for(request.actor, number)
    round_.network = request.network
    return round_


def address(request: Any, name: str, **kwargs: Any) -> str:
    """The address of a page of this module in the network of the request; empty when there is no such page."""
    try:
        return reverse(f"purchasing:{name}", kwargs={"slug": request.network.slug, **kwargs})
    except NoReverseMatch:
        return ""


def done(request: HttpRequest, words: Words, name: str, **kwargs: Any) -> HttpResponse:
    """Say that it was done and go to a page of this module."""
    messages.success(request, str(words))
    return redirect(address(request, name, **kwargs))


def page_of(request: HttpRequest, rows: Any, size: int = 50) -> Page[Any]:
    """The page of a long list that the address names."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def confirm(
    request: HttpRequest,
    *,
    title: Words,
    what: list[Words],
    action: Words,
    cancel_url: str,
    form: BaseForm,
    is_loss: bool = True,
    **more: Any,
) -> HttpResponse:
    """Ask once before something that people will notice; `is_loss` when something is given up by it."""
    context = {"title": title, "what": what, "action": action, "cancel_url": cancel_url, "form": form, **more}
    template = "components/confirm_page.html" if is_loss else "purchasing/rounds/ask.html"
    return render(request, template, context, status=status_of(form))


def status_of(form: BaseForm) -> int:
    """200 for a fresh form, 422 for one with errors."""
    return INVALID if form.is_bound and form.errors else 200


def sent(request: HttpRequest) -> Any:
    """What a form was sent with; None for a page that is only looked at. An empty form is sent too."""
    return request.POST if request.method == "POST" else None
