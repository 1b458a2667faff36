# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network agreed about entering: figures, criteria, the end of its founding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutirao.admission import operations, permissions, queries
from mutirao.admission.forms import CriterionForm, RulesForm
from mutirao.admission.operations.rules import SETTINGS
from mutirao.kernel import changes
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network import operations as network_operations
from mutirao.network.access import NetworkRequest
from mutirao.network.permissions import RECOGNISE_FOUNDERS


@require_http_methods(["GET", "POST"])
def rules(request: NetworkRequest, slug: str) -> HttpResponse:
    """The page of rules."""
    actor, network = request.actor, request.network
    actor.require(permissions.EDIT_RULES, network)
    kept = queries.settings_of(network.pk)
    form = RulesForm(request.POST or None, instance=kept, initial={"seen": changes.version(kept, SETTINGS)})
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = dict(form.cleaned_data)
        try:
            operations.edit_settings(network, actor=actor, **data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("As regras foram guardadas."))
            return redirect("admission:rules", slug=slug)
    context = {
        "form": form,
        "criteria": queries.criteria_of(network),
        "may_close": network.founding_closed_on is None and actor.can(RECOGNISE_FOUNDERS, network),
    }
    return render(request, "admission/rules.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def criterion(request: NetworkRequest, slug: str, code: str = "") -> HttpResponse:
    """Say a criterion in the network's words, or add one of its own."""
    actor, network = request.actor, request.network
    actor.require(permissions.EDIT_RULES, network)
    known = next((row for row in queries.criteria_of(network) if row.code == code), None)
    if code and known is None:
        raise Http404
    fields = ("title", "text", "proof", "is_required", "is_active")
    initial = {name: getattr(known, name) for name in fields} if known else {}
    form = CriterionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if known:
                operations.edit_criterion(network, code, form.data_given(), actor=actor)
            else:
                operations.add_criterion(network, form.data_given(), actor=actor)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("O critério foi guardado."))
            return redirect("admission:rules", slug=slug)
    context = {"form": form, "title": known.title if known else _("Acrescentar critério"), "action": _("Guardar"),
               "back": reverse("admission:rules", kwargs={"slug": slug}),
               "lead": f"{known.norm}, {known.article}" if known and known.norm else ""}  # fmt: skip
    return render(request, "admission/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def close_founding(request: NetworkRequest, slug: str) -> HttpResponse:
    """End the founding, after asking once: it does not come back."""
    request.actor.require(RECOGNISE_FOUNDERS, request.network)
    back = reverse("admission:rules", kwargs={"slug": slug})
    if request.method == "POST":
        network_operations.close_founding(request.network, actor=request.actor)
        messages.success(request, _("A fundação foi encerrada."))
        return redirect(back)
    context = {
        "title": _("Encerrar a fundação da rede?"),
        "what": [
            _("Ninguém mais é reconhecido como fundador, nem por planilha."),
            _("Quem quiser entrar faz um pedido, que a rede examina e decide."),
            _("Isto não se desfaz."),
        ],
        "action": _("Sim, encerrar"),
        "cancel_url": back,
    }
    return render(request, "components/confirm_page.html", context)
