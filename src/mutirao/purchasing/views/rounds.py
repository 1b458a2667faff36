# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rounds to be read: the list, the agenda, one round's page, its history, and how to call people to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import segno
from django.db.models import Case, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.purchasing import permissions
from mutirao.purchasing.forms.rounds import month_of
from mutirao.purchasing.models import Participation, PurchaseRound
from mutirao.purchasing.packing import pack_words
from mutirao.purchasing.queries import rounds as queries
from mutirao.purchasing.queries.rounds import Answers, RoundPage
from mutirao.purchasing.views import words
from mutirao.purchasing.views.base import address, page_of, require_somewhere, round_of, sees_purchase
from mutirao.purchasing.views.panels import Step, next_step, panels_of, step_for

State = PurchaseRound.State
OPEN_FIRST = (Case(When(state=State.OPEN, then=0), default=1), "needs_until", "number")
"""What still takes needs stands on top, by the nearest deadline."""


@require_safe
def round_list(request: Any, slug: str) -> HttpResponse:
    """Rounds under way, and those that are over, the newest first."""
    require_somewhere(request.actor, permissions.SEE_ROUNDS)
    over = request.GET.get("ver") == "encerradas"
    visible = queries.rounds_visible_to(request.actor)
    rows = visible.filter(state__in=queries.OVER) if over else visible.exclude(state__in=queries.OVER)
    page = page_of(request, rows.order_by("-number") if over else rows.order_by(*OPEN_FIRST), 20)
    counts = queries.answers_of(page.object_list)
    own = queries.own_participations(request.actor, list(page.object_list))
    context = {
        "page": page,
        "rows": [
            {
                "round": round_,
                "tone": words.STATE_TONES[round_.state],
                "answers": counts.get(round_.pk, Answers()),
                "own": own.get(round_.pk, []),
            }
            for round_ in page.object_list
        ],
        "over": over,
        "tabs": [
            {"label": _("Em curso"), "url": address(request, "rounds"), "current": not over},
            {"label": _("Agenda"), "url": address(request, "agenda"), "current": False},
            {"label": _("Encerradas"), "url": address(request, "rounds") + "?ver=encerradas", "current": over},
        ],
        "may_run": request.actor.can(permissions.RUN_ROUND),
        "may_set": request.actor.can(permissions.EDIT_SETTINGS),
    }
    return render(request, "purchasing/rounds/list.html", context)


@require_safe
def agenda(request: Any, slug: str) -> HttpResponse:
    """A month of rounds: what opens, what closes, what is delivered, day by day."""
    require_somewhere(request.actor, permissions.SEE_ROUNDS)
    first = month_of(request.GET.get("mes", ""), clock.today())
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    here = address(request, "agenda")
    context = {
        "month": formats.date(first, "LLLL y"),
        "events": [_event(request, event) for event in queries.agenda(request.actor, first, last)],
        "earlier": _month_link(here, first - dt.timedelta(days=1)),
        "later": _month_link(here, last + dt.timedelta(days=1)),
        "tabs": [
            {"label": _("Em curso"), "url": address(request, "rounds"), "current": False},
            {"label": _("Agenda"), "url": here, "current": True},
            {"label": _("Encerradas"), "url": address(request, "rounds") + "?ver=encerradas", "current": False},
        ],
    }
    return render(request, "purchasing/rounds/agenda.html", context)


def _month_link(here: str, day: dt.date) -> dict[str, str]:
    return {"label": formats.date(day, "LLLL").capitalize(), "url": f"{here}?mes={day:%Y-%m}"}


def _event(request: Any, event: queries.AgendaEvent) -> dict[str, Any]:
    said = {
        "opens": (_("abre") if event.day >= clock.today() else _("abriu"), "megaphone", "info"),
        "deadline": (
            _("pedidos até %(hour)s") % {"hour": f"{timezone.localtime(event.moment):%H:%M}"},
            "needs",
            "action",
        ),
        "delivery": (_("entrega"), "truck", "done"),
    }[event.kind]
    return {
        "day": event.day,
        "is_today": event.day == clock.today(),
        "what": said[0],
        "icon": said[1],
        "tone": said[2],
        "round": event.round,
        "state_tone": words.STATE_TONES[event.round.state],
    }


@require_safe
def round_detail(request: Any, slug: str, number: int) -> HttpResponse:
    """A round's page: where it stands, what to do next, what is known, who answered, what happened."""
    require_somewhere(request.actor, permissions.SEE_ROUNDS)
    round_ = round_of(request, number)
    page = queries.round_page(request.actor, round_)
    step = step_for(request.actor, page)
    context = {
        "page": page,
        "round": round_,
        "tone": words.STATE_TONES[round_.state],
        "stages": words.stages(round_.state, page.cancelled_from),
        "step": step,
        "step_url": address(request, step.view, number=number, **dict(step.kwargs)) if step else "",
        "facts": _facts(page),
        "packs": _packs(page),
        "missing": queries.missing_to_open(round_) if round_.state == State.DRAFT else [],
        "allocation_why": words.ALLOCATION_WHY[round_.allocation_rule],
        "freight_why": words.SHARE_WHY[round_.freight_rule],
        "fee_why": words.SHARE_WHY[round_.fee_rule],
        "panels": list(panels_of(request.actor, page)),
        "history": words.timeline(page.history),
        "may_run": request.actor.can(permissions.RUN_ROUND, round_),
        "may_see_needs": request.actor.can(permissions.SEE_NEEDS_OF_ALL, round_),
        "may_see_quotes": sees_purchase(request.actor, round_),
        "takes_needs": round_.takes_needs(clock.now()),
        "answer_tones": words.ANSWER_TONES,
    }
    return render(request, "purchasing/rounds/detail.html", context)


def _facts(page: RoundPage) -> list[dict[str, Any]]:
    round_ = page.round
    facts = [
        {"label": _("Pedidos até"), "value": formats.moment(round_.needs_until)},
        {"label": _("Entrega prevista"), "value": formats.date(round_.deliver_on) if round_.deliver_on else ""},
        {"label": _("Locais de entrega"), "value": "; ".join(place.name for place in page.places)},
    ]
    if round_.budget_minor is not None:
        facts.append({"label": _("Orçamento"), "value": formats.money(round_.budget_minor, round_.currency)})
    if round_.fees_minor:
        fees = formats.money(round_.fees_minor, round_.currency)
        facts.append(
            {"label": _("Taxa da rodada"), "value": f"{fees} ({round_.fees_purpose})" if round_.fees_purpose else fees}
        )
    return facts


def _packs(page: RoundPage) -> list[dict[str, str]]:
    """The goods that the round itself buys by the pack, or not below a minimum."""
    said = ((good, pack_words(good.pack_size, good.minimum_packs, good.product.unit)) for good in page.goods)
    return [{"label": str(good), "value": words} for good, words in said if words]


@require_safe
def round_history(request: Any, slug: str, number: int) -> HttpResponse:
    """Everything that was done with a round."""
    require_somewhere(request.actor, permissions.SEE_ROUNDS)
    round_ = round_of(request, number)
    page = page_of(request, queries.round_history(round_), 100)
    context = {"round": round_, "page": page, "history": words.timeline(list(page.object_list))}
    return render(request, "purchasing/rounds/history.html", context)


@require_safe
def round_share(request: Any, slug: str, number: int) -> HttpResponse:
    """The short link, its QR code and a message to call people with."""
    require_somewhere(request.actor, permissions.SEE_ROUNDS)
    round_ = round_of(request, number)
    url = request.build_absolute_uri(reverse("round_link", kwargs={"token": round_.link_token}))
    context = {
        "round": round_,
        "url": url,
        "qr": mark_safe(segno.make(url, error="m").svg_inline(omitsize=True, border=2)),  # noqa: S308 - drawn here
        "text": _message(round_, url),
    }
    return render(request, "purchasing/rounds/share.html", context)


def _message(round_: PurchaseRound, url: str) -> str:
    lines = [_("Rodada de compra coletiva: %(title)s") % {"title": round_.title}]
    if round_.takes_needs(clock.now()):
        lines.append(
            _("Diga o que o seu empreendimento precisa até %(until)s.") % {"until": formats.moment(round_.needs_until)}
        )
    if round_.deliver_on:
        lines.append(_("Entrega prevista: %(day)s.") % {"day": formats.date(round_.deliver_on)})
    if round_.notes:
        lines.append(round_.notes)
    return "\n".join([*lines, url])


# --- what to do next, while needs and quotes are gathered ----------------------------------------------------------


@next_step(State.DRAFT)
def _finish_draft(actor: Actor, page: RoundPage) -> Step | None:
    if not actor.can(permissions.RUN_ROUND, page.round):
        return None
    if not page.goods:
        return Step(_("Escolher os produtos"), "round_goods", "plus")
    if queries.missing_to_open(page.round):
        return Step(_("Completar os dados"), "round_edit", "edit")
    return Step(_("Abrir a rodada"), "round_open", "megaphone")


@next_step(State.OPEN)
def _gather_needs(actor: Actor, page: RoundPage) -> Step | None:
    own = [row for row in page.own if actor.can(permissions.ENTER_NEEDS, row)]
    takes = page.round.takes_needs(clock.now())
    waiting = [row for row in own if row.state == Participation.State.INVITED]
    if own and takes and (waiting or not actor.can(permissions.RUN_ROUND, page.round)):
        label = _("Dizer o que precisamos") if waiting else _("Mudar o nosso pedido")
        return Step(label, "own_needs", "needs")
    if not actor.can(permissions.RUN_ROUND, page.round):
        return None
    if takes and page.answers.silent:
        return Step(_("Chamar quem não respondeu"), "needs_missing", "phone")
    return Step(_("Fechar os pedidos"), "round_close", "lock")
