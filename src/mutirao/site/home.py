# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the first page answers: what waits for me, what happens this week, how are we doing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutirao.admission.queries import duties_of
from mutirao.governance.models import Entitlement, Motion
from mutirao.governance.permissions import ANSWER_MOTION
from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import Job
from mutirao.memory.queries import to_publish
from mutirao.network.models import Network, Person
from mutirao.payments.models import Bill, Charge
from mutirao.payments.permissions import PAY_BILLS, RECORD_PAYMENTS
from mutirao.purchasing.models import CostShare, PurchaseRound
from mutirao.purchasing.permissions import RUN_ROUND
from mutirao.purchasing.queries.rounds import agenda, waiting_for
from mutirao.territory.queries import calls_due, next_steps_due

State = PurchaseRound.State
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the person: what to do, about what, until when."""

    title: str
    about: str
    url: str
    icon: str
    until: dt.datetime | dt.date | None = None
    late: bool = False


def waiting(actor: Actor, network: Network) -> list[Waiting]:
    """What waits for the person in this network, the most pressing first."""
    found = [*_needs(actor, network), *_votes(actor, network), *_own_charges(actor, network)]
    found += [*_rounds_to_run(actor, network), *_money(actor, network), *_admission(actor, network)]
    found += [*_territory(actor, network), *_memory(actor, network)]
    return sorted(found, key=lambda one: (not one.late, one.until is None, _day(one.until)))


def _day(until: dt.datetime | dt.date | None) -> dt.date:
    if isinstance(until, dt.datetime):
        return until.date()
    return until or dt.date.max


def _url(name: str, network: Network, **kwargs: Any) -> str:
    return reverse(name, kwargs={"slug": network.slug, **kwargs})


def _needs(actor: Actor, network: Network) -> list[Waiting]:
    return [
        Waiting(
            title=_("Diga o que %(enterprise)s precisa") % {"enterprise": one.enterprise.name},
            about=one.round.title,
            url=_url("purchasing:need_list", network, number=one.round.number, enterprise_id=one.enterprise_id),
            icon="needs",
            until=one.round.needs_until,
        )
        for one in waiting_for(actor, clock.now())
    ]


def _votes(actor: Actor, network: Network) -> list[Waiting]:
    rows = Entitlement.objects.filter(
        motion__state=Motion.State.OPEN, answer="", enterprise_id__in=actor.enterprise_ids
    ).select_related("motion", "enterprise")
    return [
        Waiting(
            title=_("Aprovar ou recusar, por %(enterprise)s") % {"enterprise": row.enterprise.name},
            about=row.motion.title,
            url=_url("governance:motion", network, motion_id=row.motion_id),
            icon="approval",
            until=row.motion.answer_until,
        )
        for row in rows
        if actor.can(ANSWER_MOTION, row)
    ]


def _own_charges(actor: Actor, network: Network) -> list[Waiting]:
    rows = Charge.objects.filter(state=Charge.State.OPEN, enterprise_id__in=actor.enterprise_ids).order_by("due_on")
    today = clock.today()
    return [
        Waiting(
            title=_("Pagar %(amount)s") % {"amount": formats.money(row.open_minor, row.currency)},
            about=row.title,
            url=_url("payments:charge", network, charge_id=row.pk),
            icon="charge",
            until=row.due_on,
            late=row.due_on < today,
        )
        for row in rows[:SHOWN]
    ]


def _team_step(state: str) -> tuple[str, str]:
    """What the team does next with a round, and the icon of it."""
    return {
        State.DRAFT: (_("Terminar de preparar a rodada"), "edit"),
        State.QUOTING: (_("Comparar as cotações"), "award"),
        State.APPROVED: (_("Enviar os pedidos aos fornecedores"), "order"),
        State.ORDERED: (_("Registrar o que chegar"), "receipt"),
        State.RECEIVED: (_("Repartir os custos e cobrar"), "charge"),
    }[State(state)]


TEAM_STATES = (State.DRAFT, State.QUOTING, State.APPROVED, State.ORDERED, State.RECEIVED)


def _rounds_to_run(actor: Actor, network: Network) -> list[Waiting]:
    if not actor.can(RUN_ROUND, network):
        return []
    rows = PurchaseRound.objects.filter(state__in=TEAM_STATES).order_by("needs_until")
    return [
        Waiting(
            title=_team_step(row.state)[0],
            about=row.title,
            url=_url("purchasing:round", network, number=row.number),
            icon=_team_step(row.state)[1],
            until=row.deliver_on if row.state == State.ORDERED else None,
        )
        for row in rows[:SHOWN]
    ]


def _money(actor: Actor, network: Network) -> list[Waiting]:
    found = []
    today = clock.today()
    if actor.can(PAY_BILLS, network):
        bills = Bill.objects.filter(state=Bill.State.OPEN).select_related("supplier").order_by("due_on")[:SHOWN]
        found += [
            Waiting(
                title=_("Pagar %(supplier)s: %(amount)s")
                % {"supplier": bill.supplier, "amount": formats.money(bill.open_minor, bill.currency)},
                about=bill.title,
                url=_url("payments:bill", network, bill_id=bill.pk),
                icon="supplier",
                until=bill.due_on,
                late=bill.due_on < today,
            )
            for bill in bills
        ]
    if actor.can(RECORD_PAYMENTS, network):
        late = Charge.objects.filter(state=Charge.State.OPEN, due_on__lt=today).aggregate(
            many=Count("pk"), owed=Sum(F("amount_minor") - F("settled_minor"))
        )
        if late["many"]:
            words = ngettext("%(many)s cobrança vencida", "%(many)s cobranças vencidas", late["many"])
            found.append(
                Waiting(
                    title=words % {"many": late["many"]},
                    about=formats.money(late["owed"], network.currency),
                    url=_url("payments:charges", network) + "?overdue=true",
                    icon="waiting",
                    late=True,
                )
            )
    return found


def _territory(actor: Actor, network: Network) -> list[Waiting]:
    """Next steps with partners, and public calls that close."""
    today = clock.today()
    steps = [
        Waiting(
            title=partner.next_step,
            about=partner.name,
            url=_url("territory:actor", network, pk=partner.pk),
            icon="handshake",
            until=partner.next_step_until,
            late=partner.next_step_until is not None and partner.next_step_until < today,
        )
        for partner in next_steps_due(actor)[:SHOWN]
    ]
    return steps + [
        Waiting(
            title=_("Responder à chamada pública %(number)s") % {"number": call.number},
            about=f"{call.partner.name}: {call.title}",
            url=_url("territory:actor", network, pk=call.partner_id),
            icon="megaphone",
            until=call.closes_on,
        )
        for call in calls_due(actor)[:SHOWN]
    ]


def _memory(actor: Actor, network: Network) -> list[Waiting]:
    """Moments that others told and that wait to be published."""
    return [
        Waiting(
            title=_("Ler e publicar o que contaram"),
            about=moment.title,
            url=_url("memory:moment", network, pk=moment.pk),
            icon="history",
        )
        for moment in to_publish(actor)[:SHOWN]
    ]


def _admission(actor: Actor, network: Network) -> list[Waiting]:
    return [
        Waiting(
            title=one.title,
            about=one.about,
            url=_url(one.view, network, **one.kwargs),
            icon="people",
            until=one.until,
            late=one.late,
        )
        for one in duties_of(actor)[:SHOWN]
    ]


def this_week(actor: Actor) -> list[Any]:
    """What the rounds bring in the next seven days."""
    today = clock.today()
    return list(agenda(actor, today, today + dt.timedelta(days=7)))


@dataclass(frozen=True, slots=True)
class Saving:
    """What one round saved the enterprises against buying alone, minor units."""

    round: PurchaseRound
    total_minor: int
    saved_minor: int


def savings(*, since: dt.date) -> list[Saving]:
    """What the rounds charged since a day saved, the oldest first; only enterprises that could have bought alone."""
    rows = (
        CostShare.objects.filter(alone_minor__isnull=False, round__needs_until__date__gte=since)
        .values("round_id")
        .annotate(
            total=Sum(F("goods_minor") + F("freight_minor") + F("fees_minor")),
            alone=Sum("alone_minor"),
        )
    )
    by_round = {row["round_id"]: row for row in rows}
    rounds = PurchaseRound.objects.filter(pk__in=by_round).order_by("number")
    return [
        Saving(round_, by_round[round_.pk]["total"], by_round[round_.pk]["alone"] - by_round[round_.pk]["total"])
        for round_ in rounds
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the network is doing, in a few figures (minor units)."""

    bought_minor: int
    saved_minor: int
    open_minor: int
    late_minor: int
    rounds: int
    enterprises: int


def standing(found: list[Saving], *, enterprises: int) -> Standing:
    """The figures of the last twelve months."""
    today = clock.today()
    owed = Charge.objects.filter(state=Charge.State.OPEN).aggregate(
        all=Sum(F("amount_minor") - F("settled_minor")),
        late=Sum(F("amount_minor") - F("settled_minor"), filter=Q(due_on__lt=today)),
    )
    return Standing(
        bought_minor=sum(one.total_minor for one in found),
        saved_minor=sum(one.saved_minor for one in found),
        open_minor=owed["all"] or 0,
        late_minor=owed["late"] or 0,
        rounds=len(found),
        enterprises=enterprises,
    )


def failed_jobs(person: Person) -> int:
    """How much background work gave up; only for who looks after the installation."""
    return Job.objects.filter(state=Job.State.FAILED).count() if person.is_operator else 0
