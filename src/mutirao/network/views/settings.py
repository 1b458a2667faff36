# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network says of itself, and the way to the rules of the other modules."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutirao.kernel import changes
from mutirao.kernel.errors import DomainError, Words
from mutirao.kernel.forms import add_to_form
from mutirao.network import operations, panels, permissions
from mutirao.network.access import NetworkRequest
from mutirao.network.forms.people import NetworkForm
from mutirao.network.operations.networks import NETWORK_FIELDS


@require_http_methods(["GET", "POST"])
def settings(request: NetworkRequest, slug: str) -> HttpResponse:
    """The page "Regras"."""
    network, actor = request.network, request.actor
    actor.require(permissions.EDIT_NETWORK, network)
    initial = {name: getattr(network, name) for name in NETWORK_FIELDS}
    initial["seen"] = changes.version(network, NETWORK_FIELDS)
    form = NetworkForm(request.POST or None, initial=initial, network=network)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_network(network, **form.cleaned_data, actor=actor)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Os dados da rede foram guardados."))
            return redirect("network:settings", slug=slug)
    context = {"form": form, "links": _links(request)}
    return render(request, "network/settings.html", context, status=422 if form.errors else 200)


def _links(request: NetworkRequest) -> list[dict[str, Words]]:
    links = []
    for link in panels.settings_links(request.actor):
        try:
            url = reverse(link.view, kwargs={"slug": request.network.slug})
        except NoReverseMatch:
            continue
        links.append({"url": url, "label": link.label, "about": link.about})
    return links
