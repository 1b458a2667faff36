# SPDX-License-Identifier: AGPL-3.0-or-later
"""The programs that a person lets in: made, shown once, ended."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network import operations
from mutirao.network.account_forms import TokenForm
from mutirao.network.models import AccessToken, Person

OVER_SHOWN = 10


@never_cache
@reauthentication_required(app="allauth.mfa")
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list and the form; who has just made one reads its secret here, this once."""
    person, actor = _person(request)
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.make_token(person, actor=actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            form = TokenForm()
    rows = list(AccessToken.objects.filter(person=person))
    moment = clock.now()
    context = {
        "form": form,
        "made": made,
        "address": request.build_absolute_uri("/api/v1/"),
        "working": [row for row in rows if row.works_at(moment)],
        "over": [row for row in rows if not row.works_at(moment)][:OVER_SHOWN],
    }
    return render(request, "account/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def token_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut one program out."""
    person, actor = _person(request)
    token = get_object_or_404(AccessToken, pk=pk, person=person)
    operations.end_token(token, actor=actor)
    messages.success(request, _("“%(name)s” já não entra.") % {"name": token.name})
    return redirect("tokens")


def _person(request: HttpRequest) -> tuple[Person, Actor]:
    person = Person.objects.get(pk=request.user.pk or 0)
    return person, Actor(name=str(person), person_id=person.pk)
