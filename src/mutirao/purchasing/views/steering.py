# SPDX-License-Identifier: AGPL-3.0-or-later
"""Steering a round: prepare, open, extend, close, reopen, cancel, invite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mutirao.kernel import clock, formats
from mutirao.kernel.errors import DomainError, Words
from mutirao.kernel.forms import add_to_form
from mutirao.purchasing import permissions
from mutirao.purchasing.forms.inputs import tomorrow_evening
from mutirao.purchasing.forms.rounds import ExtendForm, InviteForm, NewRoundForm, PlainForm, ReasonForm, RoundForm
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.operations import rounds as operations
from mutirao.purchasing.queries import rounds as queries
from mutirao.purchasing.views.base import address, confirm, done, round_of, sent, status_of

State = PurchaseRound.State
write = require_http_methods(["GET", "HEAD", "POST"])


@write
def new_round(request: Any, slug: str) -> HttpResponse:
    """Begin a round, from an earlier one or from nothing."""
    request.actor.require(permissions.RUN_ROUND, request.network)
    earlier = (
        queries.rounds_visible_to(request.actor).exclude(state__in=(State.DRAFT, State.CANCELLED)).order_by("-number")
    )
    form = NewRoundForm(sent(request), earlier=earlier)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = operations.open_draft_round(
                request.network, actor=request.actor, key=request.POST.get("idempotency_key", ""), **given
            )
        except DomainError as error:
            add_to_form(form, error)
        else:
            words = _("Rodada preparada. Só a equipe a vê até você abrir.")
            return done(request, words, "round" if made.goods.exists() else "round_goods", number=made.number)
    return render(request, "purchasing/rounds/new.html", {"form": form}, status=status_of(form))


@write
def edit_round(request: Any, slug: str, number: int) -> HttpResponse:
    """Change what is said about a round."""
    round_ = round_of(request, number)
    request.actor.require(permissions.RUN_ROUND, round_)
    form = RoundForm(sent(request), round_=round_)
    if form.is_valid():
        try:
            operations.edit_round(
                round_, actor=request.actor, seen_version=form.cleaned_data["seen_version"], **form.changes()
            )
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("Guardado."), "round", number=number)
    return render(request, "purchasing/rounds/edit.html", {"form": form, "round": round_}, status=status_of(form))


@write
def open_round(request: Any, slug: str, number: int) -> HttpResponse:
    """Announce the round to everybody."""
    round_ = round_of(request, number)
    what: list[Words] = [
        _("Todos os empreendimentos ativos são convidados a dizer o que precisam até %(until)s.")
        % {"until": formats.moment(round_.needs_until)},
        _("As regras de repartição, as taxas e a decisão da reunião ficam como estão até o fim da rodada."),
    ]
    return _ask(
        request, round_, PlainForm(sent(request), seen_version=round_.version),
        lambda form: operations.open_round(round_, actor=request.actor, seen_version=form["seen_version"]),
        title=_("Abrir “%(round)s”") % {"round": round_.title}, what=what, action=_("Abrir a rodada"),
        undo=_("Depois de aberta, a rodada pode ser prorrogada ou cancelada."), success=_("Rodada aberta."),
        then="round_share", is_loss=False,
    )  # fmt: skip


@write
def extend_round(request: Any, slug: str, number: int) -> HttpResponse:
    """Take needs for longer."""
    round_ = round_of(request, number)
    form = ExtendForm(sent(request), round_=round_)
    return _fill(
        request, round_, form,
        lambda given: operations.extend_round(
            round_, until=given["until"], reason=given["reason"], seen_version=given["seen_version"],
            actor=request.actor,
        ),
        title=_("Prorrogar o prazo"), action=_("Prorrogar"), success=_("Prazo prorrogado."),
    )  # fmt: skip


@write
def close_needs(request: Any, slug: str, number: int) -> HttpResponse:
    """End the taking of needs, knowing who has not answered."""
    round_ = round_of(request, number)
    answers = queries.answers_of([round_]).get(round_.pk, queries.Answers())
    what: list[Words] = [_("Nenhum pedido entra nem muda mais. A equipe passa a cotar.")]
    if answers.silent:
        words = ngettext(
            "%(count)s empreendimento ainda não respondeu e fica de fora.",
            "%(count)s empreendimentos ainda não responderam e ficam de fora.",
            answers.silent,
        )
        what.append(words % {"count": answers.silent})
    if clock.now() < round_.needs_until:
        what.append(
            _("O prazo anunciado é %(until)s: quem contava com ele pode ser pego de surpresa.")
            % {"until": formats.moment(round_.needs_until)}
        )
    return _ask(
        request, round_, PlainForm(sent(request), seen_version=round_.version),
        lambda form: operations.close_needs(round_, actor=request.actor, seen_version=form["seen_version"]),
        title=_("Fechar os pedidos de “%(round)s”") % {"round": round_.title}, what=what,
        action=_("Fechar os pedidos"), undo=_("Enquanto nada for encomendado, os pedidos podem ser reabertos."),
        success=_("Pedidos fechados. Agora é cotar."), then="round", is_loss=False,
    )  # fmt: skip


@write
def reopen_round(request: Any, slug: str, number: int) -> HttpResponse:
    """Take needs again."""
    round_ = round_of(request, number)
    form = ExtendForm(sent(request), round_=round_)
    if not form.is_bound:
        form.initial["until"] = tomorrow_evening(timezone.localtime(clock.now()), days=2)
    warning = ""
    if round_.state == State.APPROVAL:
        warning = _("A aprovação em andamento é retirada: depois de fechar os pedidos, a compra é proposta de novo.")
    return _fill(
        request, round_, form,
        lambda given: operations.reopen_round(
            round_, until=given["until"], reason=given["reason"], seen_version=given["seen_version"],
            actor=request.actor,
        ),
        title=_("Reabrir os pedidos"), action=_("Reabrir os pedidos"), success=_("Pedidos reabertos."), warning=warning,
    )  # fmt: skip


@write
def cancel_round(request: Any, slug: str, number: int) -> HttpResponse:
    """Give the round up."""
    round_ = round_of(request, number)
    what: list[Words] = [
        _("A rodada para aqui. Pedidos e cotações continuam a poder ser lidos."),
        _("Todos veem que foi cancelada, e o motivo."),
    ]
    if round_.state in (State.APPROVAL, State.APPROVED):
        what.append(_("A aprovação é retirada."))
    if round_.state == State.ORDERED:
        what.append(_("Há pedidos enviados a fornecedores: avise cada um deles."))
    return _ask(
        request, round_, ReasonForm(sent(request), seen_version=round_.version),
        lambda form: operations.cancel_round(
            round_, reason=form["reason"], actor=request.actor, seen_version=form["seen_version"]
        ),
        title=_("Cancelar “%(round)s”") % {"round": round_.title}, what=what, action=_("Cancelar a rodada"),
        undo=_("Não dá para voltar atrás; dá para abrir outra rodada a partir desta."),
        success=_("Rodada cancelada."), then="round",
    )  # fmt: skip


@write
def invite_enterprise(request: Any, slug: str, number: int) -> HttpResponse:
    """Invite an enterprise that joined after the opening."""
    round_ = round_of(request, number)
    form = InviteForm(sent(request), round_=round_)
    return _fill(
        request, round_, form,
        lambda given: operations.invite_enterprise(round_, enterprise=given["enterprise"], actor=request.actor),
        title=_("Convidar um empreendimento"), action=_("Convidar"), success=_("Empreendimento convidado."),
    )  # fmt: skip


Act = Callable[[dict[str, Any]], object]


def _ask(
    request: Any, round_: PurchaseRound, form: Form, act: Act, *, success: str, then: str, **page: Any
) -> HttpResponse:
    """Ask once, then do it."""
    request.actor.require(permissions.RUN_ROUND, round_)
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, success, then, number=round_.number)
    return confirm(request, form=form, cancel_url=address(request, "round", number=round_.number), **page)


def _fill(
    request: Any,
    round_: PurchaseRound,
    form: Form,
    act: Act,
    *,
    title: str,
    action: str,
    success: str,
    warning: str = "",
) -> HttpResponse:
    """A small form about the round, then back to it."""
    request.actor.require(permissions.RUN_ROUND, round_)
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, success, "round", number=round_.number)
    context = {"form": form, "round": round_, "title": title, "action": action, "warning": warning}
    return render(request, "purchasing/rounds/small_form.html", context, status=status_of(form))
