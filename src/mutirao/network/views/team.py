# SPDX-License-Identifier: AGPL-3.0-or-later
"""The technical team: who does what, who stands in for whom; dismissal; what the network asks of accounts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutirao.kernel import formats
from mutirao.kernel.errors import DomainError, NotFound
from mutirao.kernel.forms import add_to_form
from mutirao.network import access, modules, operations, permissions, queries, recovery, roles
from mutirao.network.access import NetworkRequest
from mutirao.network.errors import ResetByLongStanding
from mutirao.network.forms.enterprises import ReasonForm
from mutirao.network.forms.team import AccountRulesForm, LeaveRolesForm


@require_GET
def team(request: NetworkRequest, slug: str) -> HttpResponse:
    """Who does what in the network, how to reach them, and what waits for whom."""
    sectors = queries.team(request.actor)
    context = {
        "sectors": [sector for sector in sectors if sector.members],
        "open_sectors": [sector for sector in sectors if not sector.members and sector.role.code != roles.CONSULTANT],
        "parts": {code: modules.label(code) for code in modules.codes()},
        "delegations": queries.delegations_of(request.actor),
        "may_leave": bool(queries.own_roles_to_leave(request.actor)),
    }
    return render(request, "network/team.html", context)


@require_http_methods(["GET", "POST"])
def leave_roles(request: NetworkRequest, slug: str) -> HttpResponse:
    """Leave roles of one's own to somebody while one is away."""
    queries.require_somewhere(request.actor, permissions.SEE_TEAM)
    form = LeaveRolesForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            operations.leave_roles(
                data["roles"],
                to=data["to"],
                since=data["since"],
                until=data["until"],
                reason=data["reason"],
                actor=request.actor,
            )
        except DomainError as error:
            if error.field == "until":
                error.field = "last_day"
            add_to_form(form, error)
        else:
            words = _("Até %(day)s, %(name)s pode agir no seu lugar. Você pode encerrar isso a qualquer momento.")
            messages.success(request, words % {"day": formats.date(data["last_day"]), "name": data["to"]})
            return redirect("network:team", slug=slug)
    return render(request, "network/leave_roles.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def delegation_end(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """End a delegation before its day, after asking once."""
    found = queries.delegation_for(request.actor, pk)
    if request.method == "POST":
        operations.take_back(found, actor=request.actor)
        messages.success(request, _("A delegação terminou."))
        return redirect("network:team", slug=slug)
    words = {"name": found.to_person, "role": found.assignment.role_label, "away": found.assignment.person}
    context = {
        "title": _("Encerrar a delegação?"),
        "what": [_("%(name)s deixa de agir no lugar de %(away)s, como %(role)s, agora mesmo.") % words],
        "undo": _("Se for preciso, dá para delegar de novo."),
        "action": _("Sim, encerrar"),
        "cancel_url": reverse("network:team", kwargs={"slug": slug}),
    }
    return render(request, "components/confirm_page.html", context)


@require_http_methods(["GET", "POST"])
def dismiss(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """End every role of a person at once, after asking once and for the reason."""
    request.actor.require(permissions.DISMISS, request.network)
    person = queries.person_for(request.actor, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.dismiss(person, actor=request.actor, reason=form.cleaned_data["reason"])
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("%(name)s já não tem papel nesta rede.") % {"name": person})
            return redirect("network:people", slug=slug)
    context = {
        "title": _("Desligar %(name)s da rede?") % {"name": person},
        "what": [
            _("Todos os papéis de %(name)s na %(network)s terminam agora.")
            % {"name": person, "network": request.network},
            _("Os convites que essa pessoa fez e ninguém aceitou deixam de valer."),
            _("Se ela não participa de outra rede, sai na hora de todos os aparelhos."),
            _("O que ela fez continua no registro com o nome dela."),
        ],
        "undo": _("Você pode dar papéis de novo quando quiser."),
        "action": _("Sim, desligar"),
        "form": form,
        "cancel_url": reverse("network:person", kwargs={"slug": slug, "pk": pk}),
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def account_rules(request: NetworkRequest, slug: str) -> HttpResponse:
    """What the network asks of its people's accounts."""
    request.actor.require(permissions.PROTECT_ACCOUNTS, request.network)
    rules = access.account_rules()
    form = AccountRulesForm(request.POST or None, initial=AccountRulesForm.initial_of(rules))
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_account_rules(request.network, **form.cleaned_data, actor=request.actor)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("A regra foi guardada."))
            return redirect("network:account_rules", slug=slug)
    context = {"form": form, "rules": rules}
    return render(request, "network/account_rules.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def reset_ask(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Ask that somebody's lost second factor be undone."""
    request.actor.require(permissions.PROTECT_ACCOUNTS, request.network)
    person = queries.person_for(request.actor, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask_second_factor_reset(
                person, reason=form.cleaned_data["reason"][:200], site=_site(request), actor=request.actor
            )
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Pedido feito. Agora outra pessoa da coordenação precisa confirmar."))
            return redirect("network:person", slug=slug, pk=pk)
    standing = recovery.standing_to_ask(person, request.actor.person_id)
    if not standing.may:
        raise ResetByLongStanding(days=standing.days, who=standing.who)
    wait = {"hours": int(recovery.wait_of(standing.slow).total_seconds() // 3600), "days": standing.days}
    context = {
        "title": _("Refazer a confirmação em duas etapas de %(name)s?") % {"name": person},
        "what": [
            _("Antes, fale com a pessoa de viva voz: por mensagem, qualquer um se passa por outro."),
            _("%(name)s recebe agora um e-mail, com um endereço para parar o pedido.") % {"name": person},
            _("Outra pessoa da coordenação confirma; depois espera-se %(hours)s horas.") % wait,
            _(
                "A espera é longa porque não há duas pessoas que estejam na coordenação há %(days)s dias ou mais; "
                "toda a coordenação e o conselho fiscal são avisados."
            )
            % wait
            if standing.slow
            else _("Quem pede e quem confirma já está na coordenação há %(days)s dias ou mais.") % wait,
            _("Passado o prazo, as chaves e os aparelhos dessa conta deixam de valer, e a pessoa cria outros."),
        ],
        "undo": _("Até lá, a pessoa ou a coordenação pode parar o pedido."),
        "action": _("Pedir"),
        "form": form,
        "cancel_url": reverse("network:person", kwargs={"slug": slug, "pk": pk}),
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


@require_POST
def reset_decide(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Confirm, or stop, what a colleague asked for."""
    request.actor.require(permissions.STOP_RESET, request.network)
    person = queries.person_for(request.actor, pk)
    reset = queries.open_reset_in_network(request.actor, person)
    if reset is None:
        raise NotFound
    decision = request.POST.get("decision")
    if decision == "stop":
        operations.stop_second_factor_reset(reset, actor=request.actor)
        messages.success(request, _("O pedido foi parado."))
    elif decision == "confirm":
        reset = operations.confirm_second_factor_reset(reset, site=_site(request), actor=request.actor)
        words = _("Confirmado. Será feito depois de %(moment)s, se ninguém parar.")
        messages.success(request, words % {"moment": formats.moment(reset.not_before or reset.asked_at)})
    return redirect("network:person", slug=slug, pk=pk)


def _site(request: NetworkRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
