# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom a round tells what: that it is open, that its deadline is near, that a supplier answered, that it is off."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import system
from mutirao.kernel.events import after_commit, inside
from mutirao.kernel.work import acting
from mutirao.network.roles import COORDINATION, ENTERPRISE_COORDINATOR, PURCHASING
from mutirao.notices import kinds, queries
from mutirao.notices.operations import Said, notify, shorten
from mutirao.notices.reminding import Reminder
from mutirao.purchasing.events import (
    OrdersPrepared,
    RoundCancelled,
    RoundExtended,
    RoundOpened,
    RoundReopened,
    SupplierAnswered,
)
from mutirao.purchasing.models import Participation, PurchaseOrder, PurchaseRound, QuoteRequest
from mutirao.purchasing.operations.sharing import ROUND_SOURCE

ROUND_OPENED = kinds.declare(
    "purchasing.round_opened", _("Rodada aberta: dizer o que precisa"), email=kinds.NOW, push=True, waits=True
)
NEEDS_DUE = kinds.declare(
    "purchasing.needs_due", _("Prazo dos pedidos acabando"), email=kinds.NOW, push=True, waits=True
)
ROUND_CANCELLED = kinds.declare("purchasing.round_cancelled", _("Rodada cancelada"), email=kinds.NOW)
SUPPLIER_ANSWERED = kinds.declare(
    "purchasing.supplier_answered", _("Fornecedor respondeu ao pedido de cotação"), team=True
)

REMIND = "mutirao.purchasing.tasks.remind_of_needs"
HOURS_BEFORE = (48, 6)


def _path(round_: PurchaseRound, name: str = "own_needs") -> str:
    return reverse(f"purchasing:{name}", kwargs={"slug": round_.network.slug, "number": round_.number})


def _round(round_id: int) -> PurchaseRound:
    return PurchaseRound.objects.select_related("network").get(pk=round_id)  # type: ignore[no-any-return]


@after_commit(RoundOpened)
def tell_round_opened(event: RoundOpened) -> None:
    """Whoever coordinates an invited enterprise hears that its needs are asked for."""
    round_ = _round(event.round_id)
    if not round_.takes_needs(clock.now()):
        return  # heard of too late
    invited = Participation.objects.filter(round=round_).values_list("enterprise_id", flat=True)
    notify(
        queries.people_of_enterprises(list(invited), {ENTERPRISE_COORDINATOR}),
        kind=ROUND_OPENED,
        key=f"round_opened:{round_.pk}",
        words=lambda: Said(
            _t("Rodada aberta: %(round)s") % {"round": round_.title},
            _t("Diga o que o seu empreendimento precisa até %(until)s.")
            % {"until": formats.moment(round_.needs_until)},
        ),
        path=_path(round_),
        source=(ROUND_SOURCE, round_.pk),
        actor=system(event.network_id, why="Rodada aberta"),
        until=round_.needs_until,
    )


def _reminder(network_id: int, round_id: int, until: str, hours: int, since: dt.datetime) -> Reminder:
    over = dt.datetime.fromisoformat(until)
    return Reminder(
        task=REMIND,
        arguments={"round_id": round_id, "until": until, "hours": hours},
        key=f"purchasing.remind:{round_id}:{hours}:{until}",
        network_id=network_id,
        wanted=over - dt.timedelta(hours=hours),
        until=over,
        since=since,
    )


def remind_later(event: RoundOpened | RoundExtended | RoundReopened) -> None:
    """Ask for the reminders of a deadline; those of an earlier deadline find that it no longer holds."""
    for hours in HOURS_BEFORE:
        _reminder(event.network_id, event.round_id, event.needs_until, hours, clock.now()).ask()


inside(RoundOpened)(remind_later)
inside(RoundExtended)(remind_later)
inside(RoundReopened)(remind_later)


def remind_of_needs(round_id: int, until: str, hours: int, since: str) -> int:
    """Remind those whose enterprise has said nothing yet, each outside their quiet hours; returns how many now. Nothing
    once the deadline moved or passed."""
    round_ = PurchaseRound.objects.select_related("network").filter(pk=round_id).first()
    if round_ is None or round_.needs_until != dt.datetime.fromisoformat(until) or not round_.takes_needs(clock.now()):
        return 0
    silent = Participation.objects.filter(round=round_, state=Participation.State.INVITED)
    enterprises = list(silent.values_list("enterprise_id", flat=True))
    reminder = _reminder(round_.network_id, round_id, until, hours, dt.datetime.fromisoformat(since))
    return notify(
        reminder.due(queries.people_of_enterprises(enterprises, {ENTERPRISE_COORDINATOR})),
        kind=NEEDS_DUE,
        key=f"needs_due:{round_.pk}:{hours}:{until}",
        words=lambda: Said(
            _t("Falta o pedido do seu empreendimento: %(round)s") % {"round": round_.title},
            _t("O prazo termina em %(until)s. Se desta vez não vai participar, avise na mesma página.")
            % {"until": formats.moment(round_.needs_until)},
        ),
        path=_path(round_),
        source=(ROUND_SOURCE, round_.pk),
        actor=system(round_.network_id, why="Lembrete do prazo"),
        until=round_.needs_until,
    )


@inside(OrdersPrepared)
def shorten_orders(event: OrdersPrepared) -> None:
    """Each order has a short address for the groups in which it is spoken of."""
    for order in PurchaseOrder.objects.filter(round=event.round_id).select_related("network", "round"):
        kwargs = {"slug": order.network.slug, "number": order.round.number, "order_number": order.number}
        shorten(reverse("purchasing:order", kwargs=kwargs), actor=acting(event.network_id))


@after_commit(RoundCancelled)
def tell_round_cancelled(event: RoundCancelled) -> None:
    """Who asked for something hears that the round is off, and why."""
    round_ = _round(event.round_id)
    asked = Participation.objects.filter(round=round_, state=Participation.State.ANSWERED)
    notify(
        queries.people_of_enterprises(list(asked.values_list("enterprise_id", flat=True)), {ENTERPRISE_COORDINATOR}),
        kind=ROUND_CANCELLED,
        key=f"round_cancelled:{round_.pk}",
        words=lambda: Said(_t("Rodada cancelada: %(round)s") % {"round": round_.title}, event.reason),
        path=_path(round_, "round"),
        source=(ROUND_SOURCE, round_.pk),
        actor=system(event.network_id, why="Rodada cancelada"),
    )


@after_commit(SupplierAnswered)
def tell_supplier_answered(event: SupplierAnswered) -> None:
    """The purchasing team hears what a supplier answered by its link."""
    round_ = _round(event.round_id)
    request_ = QuoteRequest.objects.select_related("supplier").get(pk=event.request_id)
    name = {"supplier": request_.supplier.name, "round": round_.title}
    when = request_.declined_at if event.declined else request_.answered_at
    notify(
        queries.people_with_roles({COORDINATION, PURCHASING}),
        kind=SUPPLIER_ANSWERED,
        key=f"supplier_answered:{request_.pk}:{event.declined}:{when.isoformat() if when else ''}",
        words=lambda: Said(
            _t("%(supplier)s não fornece desta vez") % name
            if event.declined
            else _t("%(supplier)s mandou a cotação") % name,
            _t("Rodada “%(round)s”") % name,
        ),
        path=_path(round_, "requests"),
        source=(ROUND_SOURCE, round_.pk),
        actor=system(event.network_id, why="Cotação por link"),
    )
