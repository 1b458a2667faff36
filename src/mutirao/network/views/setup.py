# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page that prepares an empty installation, behind its one-time link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.kernel.limits import limited
from mutirao.network import operations, setup
from mutirao.network.errors import AlreadySetUp, WrongSetUpLink
from mutirao.network.forms.people import SetUpForm
from mutirao.network.operations.networks import installation
from mutirao.network.views.invitations import BACKEND


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@limited("set_up", most=20, seconds=600)
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The first network and its coordinator."""
    if not setup.is_needed():
        raise AlreadySetUp
    if not setup.is_right(token):
        raise WrongSetUpLink
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            network, person = operations.set_up(**form.cleaned_data, actor=installation(via="screen"))
        except AlreadySetUp:
            raise
        except DomainError as error:
            add_to_form(form, error)
        else:
            setup.forget()
            login(request, person, backend=BACKEND)
            messages.success(request, _("A %(network)s está pronta. Convide as pessoas.") % {"network": network})
            return redirect("network_home", slug=network.slug)
    return render(request, "network/set_up.html", {"form": form}, status=422 if form.errors else 200)
