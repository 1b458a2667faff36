# SPDX-License-Identifier: AGPL-3.0-or-later
"""Needs: the enterprise's list for a thumb, the team's table, the people to call."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutirao.kernel import clock, formats
from mutirao.kernel.errors import DomainError, NotFound
from mutirao.kernel.forms import add_to_form, decimal_comma
from mutirao.kernel.sheets import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import NeedsChangedMeanwhile, TooManyForXlsx
from mutirao.purchasing.forms.needs import AnswerForm, NeedsForm
from mutirao.purchasing.models import Participation, PurchaseRound
from mutirao.purchasing.operations import needs as operations
from mutirao.purchasing.queries import needs as queries
from mutirao.purchasing.queries.rounds import Answers, answers_of, good_for, own_participations, participation_history
from mutirao.purchasing.views import words
from mutirao.purchasing.views.base import address, done, page_of, require_somewhere, round_of, sent, status_of

# --- the enterprise's own list ---------------------------------------------------------------------------------------


@require_safe
def own_needs(request: Any, slug: str, number: int) -> HttpResponse:
    """To the list of the person's enterprise; a choice where there are several; to the round where there is none."""
    require_somewhere(request.actor, permissions.SEE_ROUNDS)
    round_ = round_of(request, number)
    own = own_participations(request.actor, [round_]).get(round_.pk, [])
    if not own:
        messages.info(request, _("O seu empreendimento não foi convidado para esta rodada. Fale com a equipe."))
        return redirect(address(request, "round", number=number))
    if len(own) == 1:
        return redirect(address(request, "need_list", number=number, enterprise_id=own[0].enterprise_id))
    context = {"round": round_, "own": own, "tones": words.ANSWER_TONES}
    return render(request, "purchasing/needs/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def need_list(request: Any, slug: str, number: int, enterprise_id: int) -> HttpResponse:
    """The list for a thumb. What cannot be changed (any more, or by this person) is shown as a summary."""
    round_ = round_of(request, number)
    participation = queries.participation_for(request.actor, round_, enterprise_id)
    may_enter = request.actor.can(permissions.ENTER_NEEDS, participation)
    if request.method != "POST" and not (may_enter and round_.takes_needs(clock.now())):
        return redirect(address(request, "need_summary", number=number, enterprise_id=enterprise_id))
    request.actor.require(permissions.ENTER_NEEDS, participation)
    form = NeedsForm(
        sent(request),
        participation=participation,
        goods=queries.goods_for_answer(participation),
        places=list(round_.places.all()),
        on_behalf=not operations.coordinates(request.actor, participation),
        initial={"told_by": request.GET.get("quem", participation.told_by)},
    )
    act = request.POST.get("act", "send")
    if act.startswith("repeat"):
        only = act.partition("-")[2]
        form.repeat(int(only) if only.isdigit() else None)
    elif request.method == "POST" and act == "send" and _send(request, participation, form):
        return done(request, _said(participation), "need_summary", number=number, enterprise_id=enterprise_id)
    return _draw_list(request, round_, participation, form, is_refused=act == "send")


def _said(participation: Participation) -> str:
    return _("O pedido de %(enterprise)s foi recebido.") % {"enterprise": participation.enterprise}


def _send(request: Any, participation: Participation, form: NeedsForm) -> bool:
    """Whether the list was taken in; else the form says what is wrong."""
    if not form.is_valid():
        return False
    try:
        operations.enter_needs(
            participation,
            items=form.asked(),
            place=form.chosen_place(),
            remark=form.cleaned_data["remark"],
            told_by=form.cleaned_data.get("told_by", ""),
            key=request.POST.get("idempotency_key", ""),
            seen_version=form.cleaned_data["seen_version"],
            actor=request.actor,
        )
    except NeedsChangedMeanwhile as error:
        form.refuse(error)
        form.goods = queries.goods_for_answer(participation)
        form.take_over(Participation.objects.get(pk=participation.pk))
        return False
    except DomainError as error:
        form.refuse(error)
        return False
    return True


def _draw_list(
    request: Any, round_: PurchaseRound, participation: Participation, form: NeedsForm, *, is_refused: bool
) -> HttpResponse:
    context = {
        "round": round_,
        "participation": participation,
        "form": form,
        "takes_needs": round_.takes_needs(clock.now()),
        "show_errors": is_refused,
        "rows": form.rows,
        "repeatable": sum(1 for row in form.rows if row.good.before.quantity),
        "kept_as": _kept_as(participation),
        "key": request.POST.get("idempotency_key", "") if is_refused else "",
    }
    status = status_of(form) if is_refused else 200
    return render(request, "purchasing/needs/list.html", context, status=status)


def _kept_as(participation: Participation) -> str:
    """The name under which a phone keeps what was typed: the list, and staying out, are one answer."""
    return f"needs-{participation.round_id}-{participation.enterprise_id}"


@require_safe
def need_summary(request: Any, slug: str, number: int, enterprise_id: int) -> HttpResponse:
    """What an enterprise asked for, as it was taken in."""
    round_ = round_of(request, number)
    participation = queries.participation_for(request.actor, round_, enterprise_id)
    lines = queries.answer_lines(participation)
    may_enter = request.actor.can(permissions.ENTER_NEEDS, participation)
    context = {
        "round": round_,
        "participation": participation,
        "tone": words.ANSWER_TONES[participation.state],
        "lines": lines,
        "total_minor": sum(line.estimate_minor or 0 for line in lines),
        "without_price": sum(1 for line in lines if line.estimate_minor is None),
        "history": words.timeline(participation_history(participation)),
        "may_change": may_enter and round_.takes_needs(clock.now()),
    }
    return render(request, "purchasing/needs/summary.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: Any, slug: str, number: int, enterprise_id: int) -> HttpResponse:
    """Stay out of this round."""
    round_ = round_of(request, number)
    participation = queries.participation_for(request.actor, round_, enterprise_id)
    request.actor.require(permissions.ENTER_NEEDS, participation)
    form = AnswerForm(
        sent(request),
        participation=participation,
        on_behalf=not operations.coordinates(request.actor, participation),
    )
    if form.is_valid():
        try:
            operations.decline_round(
                participation,
                remark=form.cleaned_data["remark"],
                told_by=form.cleaned_data.get("told_by", ""),
                key=request.POST.get("idempotency_key", ""),
                seen_version=form.cleaned_data["seen_version"],
                actor=request.actor,
            )
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("Anotado: desta vez não participa."), "need_summary", number=number,
                        enterprise_id=enterprise_id)  # fmt: skip
    slot = _kept_as(participation)
    context = {"round": round_, "participation": participation, "form": form, "slot": slot, "kept_as": f"no-{slot}"}
    return render(request, "purchasing/needs/decline.html", context, status=status_of(form))


# --- for the team ----------------------------------------------------------------------------------------------------


def _tabs(request: Any, round_: PurchaseRound, current: str) -> list[dict[str, Any]]:
    answers = answers_of([round_]).get(round_.pk, Answers())
    labels = (
        ("needs", _("Por produto"), None),
        ("needs_by_enterprise", _("Por empreendimento"), answers.invited),
        ("needs_missing", _("Quem falta"), answers.silent),
    )
    return [
        {
            "label": label,
            "url": address(request, view, number=round_.number),
            "current": view == current,
            "count": count,
        }
        for view, label, count in labels
    ]


@require_safe
def consolidated(request: Any, slug: str, number: int) -> HttpResponse:
    """What all need together, good by good."""
    round_ = round_of(request, number)
    request.actor.require(permissions.SEE_NEEDS_OF_ALL, round_)
    goods = queries.consolidated(round_)
    context = {
        "round": round_,
        "tabs": _tabs(request, round_, "needs"),
        "goods": goods,
        "total_minor": sum(good.estimate_minor or 0 for good in goods),
        "without_price": sum(1 for good in goods if good.quantity and good.estimate_minor is None),
        "may_run": request.actor.can(permissions.RUN_ROUND, round_),
    }
    return render(request, "purchasing/needs/consolidated.html", context)


@require_safe
def by_good(request: Any, slug: str, number: int, good_id: int) -> HttpResponse:
    """Who needs how much of one good."""
    round_ = round_of(request, number)
    request.actor.require(permissions.SEE_NEEDS_OF_ALL, round_)
    good = good_for(round_, good_id)
    context = {"round": round_, "good": good, "page": page_of(request, queries.needs_of_good(good))}
    return render(request, "purchasing/needs/by_good.html", context)


@require_safe
def by_enterprise(request: Any, slug: str, number: int) -> HttpResponse:
    """Every enterprise of the round and its answer."""
    round_ = round_of(request, number)
    request.actor.require(permissions.SEE_NEEDS_OF_ALL, round_)
    search, state = request.GET.get("q", "").strip(), request.GET.get("resposta", "")
    page = page_of(request, queries.enterprises_of_round(round_, state=state, search=search))
    sizes = queries.size_of_answers(list(page.object_list), round_.currency)
    rows = [
        {
            "participation": row,
            "goods": sizes.get(row.pk, (0, None))[0],
            "estimate_minor": sizes.get(row.pk, (0, None))[1],
        }
        for row in page.object_list
    ]
    context = {
        "round": round_,
        "tabs": _tabs(request, round_, "needs_by_enterprise"),
        "page": page,
        "rows": rows,
        "search": search,
        "state": state,
        "states": Participation.State.choices,
        "may_run": request.actor.can(permissions.RUN_ROUND, round_) and round_.takes_needs(clock.now()),
    }
    return render(request, "purchasing/needs/by_enterprise.html", context)


@require_safe
def call_list(request: Any, slug: str, number: int) -> HttpResponse:
    """Who has not answered, and whom to call."""
    round_ = round_of(request, number)
    request.actor.require(permissions.SEE_NEEDS_OF_ALL, round_)
    page = page_of(request, queries.silent_enterprises(round_))
    context = {
        "round": round_,
        "tabs": _tabs(request, round_, "needs_missing"),
        "page": page,
        "rows": [{"participation": row, "phones": queries.phones_of(row.enterprise)} for row in page.object_list],
        "may_enter": request.actor.can(permissions.ENTER_NEEDS, round_) and round_.takes_needs(clock.now()),
    }
    return render(request, "purchasing/needs/call_list.html", context)


MOST_IN_XLSX = 30_000
"""Needs that a spreadsheet file still holds without making somebody wait; CSV takes any number."""


@require_safe
def export_xlsx(request: Any, slug: str, number: int) -> HttpResponse:
    """The needs as a spreadsheet: totals on the first sheet, everybody's needs on the second."""
    round_ = _round_to_export(request, number)
    count = queries.needs_count(round_)
    if count > MOST_IN_XLSX:
        raise TooManyForXlsx(count=formats.number(Decimal(count)))
    totals = (
        [good.name, good.unit, good.quantity, good.tolerance, good.enterprises, good.last_price]
        for good in queries.consolidated(round_)
    )
    total_columns = [_("Produto"), _("Unidade"), _("Quantidade"), _("Aceita até mais"), _("Empreendimentos"),
                     _("Último preço")]  # fmt: skip
    content = write_xlsx([(_("Totais"), total_columns, totals), (_("Pedidos"), _columns(), _rows(round_))])
    return _download(content, XLSX_TYPE, f"{_('pedidos')}-{round_.number}.xlsx")


@require_safe
def matrix_xlsx(request: Any, slug: str, number: int) -> HttpResponse:
    """The needs as a table to fill in: an enterprise in each row, a good in each column; it comes back by import."""
    round_ = _round_to_export(request, number)
    columns, rows = queries.needs_matrix(round_)
    content = write_xlsx([(_("Pedidos"), [_("Empreendimento"), *columns], rows)])
    return _download(content, XLSX_TYPE, f"{_('tabela-de-pedidos')}-{round_.number}.xlsx")


@require_safe
def export_csv(request: Any, slug: str, number: int) -> HttpResponse:
    """Everybody's needs, one a line."""
    round_ = _round_to_export(request, number)
    content = write_csv(_columns(), _rows(round_), decimal_comma=decimal_comma())
    return _download(content, CSV_TYPE, f"{_('pedidos')}-{round_.number}.csv")


def _round_to_export(request: Any, number: int) -> PurchaseRound:
    round_ = round_of(request, number)
    request.actor.require(permissions.SEE_NEEDS_OF_ALL, round_)
    if round_.state == PurchaseRound.State.DRAFT:
        raise NotFound
    return round_


def _columns() -> list[str]:
    return [_("Produto"), _("Unidade"), _("Empreendimento"), _("Quantidade"), _("Aceita até mais"), _("Local"),
            _("Quem passou por telefone"), _("Recado")]  # fmt: skip


def _rows(round_: PurchaseRound) -> Any:
    return (
        [need.product, need.unit, need.enterprise, need.quantity, need.tolerance, need.place, need.told_by, need.remark]
        for need in queries.needs_to_export(round_)
    )


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
