# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rounds as people see them: the list, the agenda, one round's page. Counted in the database, never row by row."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError, NotFound
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Enterprise
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import DeadlinePassed, DecisionMissing, RoundHasNoGoods, RoundHasNoPlace
from mutirao.purchasing.models import (
    DeliveryPlace,
    Need,
    Participation,
    PurchaseOrder,
    PurchaseRound,
    Quote,
    RoundGood,
)

State = PurchaseRound.State
OVER = (State.SETTLED, State.CANCELLED)
HISTORY_SHOWN = 40


def rounds_visible_to(actor: Actor) -> QuerySet[PurchaseRound]:
    """The active network's rounds that a person may see: all for whoever works for the network; for people of
    enterprises, those that were announced."""
    rows: QuerySet[PurchaseRound] = PurchaseRound.objects.all()
    if actor.can(permissions.SEE_ROUNDS):
        return rows
    if actor.can_somewhere(permissions.SEE_ROUNDS):
        return rows.exclude(state=State.DRAFT)
    return rows.none()


def round_for(actor: Actor, number: int) -> PurchaseRound:
    """One round by its number. Raises: NotFound when it is not there for this person."""
    found = rounds_visible_to(actor).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def good_for(round_: PurchaseRound, good_id: int) -> RoundGood:
    """A good of a round, with its product. Raises: NotFound."""
    found: RoundGood | None = RoundGood.objects.filter(round=round_, pk=good_id).select_related("product").first()
    if found is None:
        raise NotFound
    found.round = round_
    return found


@dataclass(frozen=True, slots=True)
class Answers:
    """How many enterprises were invited and what they answered; `by_phone` of those who asked or declined."""

    asked: int = 0
    declined: int = 0
    silent: int = 0
    by_phone: int = 0

    @property
    def invited(self) -> int:
        """All of them."""
        return self.asked + self.declined + self.silent

    @property
    def answered(self) -> int:
        """Those who said something."""
        return self.asked + self.declined


def answers_of(rounds: Iterable[PurchaseRound]) -> dict[int, Answers]:
    """The answers of several rounds, by round id, in one query."""
    state = Participation.State
    rows = (
        Participation.objects.filter(round__in=[round_.pk for round_ in rounds])
        .order_by()
        .values("round_id")
        .annotate(
            asked=Count("pk", filter=Q(state=state.ANSWERED)),
            declined=Count("pk", filter=Q(state=state.DECLINED)),
            silent=Count("pk", filter=Q(state=state.INVITED)),
            by_phone=Count("pk", filter=~Q(told_by="")),
        )
    )
    return {row.pop("round_id"): Answers(**row) for row in rows}


def own_participations(actor: Actor, rounds: Collection[PurchaseRound]) -> dict[int, list[Participation]]:
    """What the person's own enterprises answered in these rounds, by round id."""
    found: dict[int, list[Participation]] = defaultdict(list)
    if actor.enterprise_ids and rounds:
        rows = Participation.objects.filter(
            round__in=[round_.pk for round_ in rounds], enterprise__in=actor.enterprise_ids
        ).select_related("enterprise", "place")
        for row in rows.order_by("enterprise__name"):
            found[row.round_id].append(row)
    return found


def waiting_for(actor: Actor, moment: dt.datetime) -> list[Participation]:
    """Rounds that wait for the person's enterprises to say what they need, the nearest deadline first."""
    own = Enterprise.objects.filter(pk__in=actor.enterprise_ids) if actor.enterprise_ids else []
    coordinated = [enterprise.pk for enterprise in own if actor.can(permissions.ENTER_NEEDS, enterprise)]
    if not coordinated:
        return []
    rows = Participation.objects.filter(
        enterprise__in=coordinated,
        state=Participation.State.INVITED,
        round__state=State.OPEN,
        round__needs_until__gt=moment,
    )
    return list(rows.select_related("round", "enterprise").order_by("round__needs_until", "enterprise__name"))


# --- the agenda ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgendaEvent:
    """Something on a day of the calendar: `kind` is opens, deadline or delivery."""

    day: dt.date
    kind: str
    round: PurchaseRound
    moment: dt.datetime | None = None


def agenda(actor: Actor, first: dt.date, last: dt.date) -> list[AgendaEvent]:
    """What the rounds bring from one day to another, both included, in order. Days are the active time zone's."""
    begin = timezone.make_aware(dt.datetime.combine(first, dt.time.min))
    end = timezone.make_aware(dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min))
    rows = (
        rounds_visible_to(actor)
        .exclude(state=State.CANCELLED)
        .filter(
            Q(opens_on__range=(first, last))
            | Q(needs_until__gte=begin, needs_until__lt=end)
            | Q(deliver_on__range=(first, last))
        )
    )
    events = []
    for round_ in rows:
        if round_.opens_on and first <= round_.opens_on <= last:
            events.append(AgendaEvent(round_.opens_on, "opens", round_))
        if begin <= round_.needs_until < end and _counts(round_):
            day = timezone.localdate(round_.needs_until)
            events.append(AgendaEvent(day, "deadline", round_, round_.needs_until))
        if round_.deliver_on and first <= round_.deliver_on <= last:
            events.append(AgendaEvent(round_.deliver_on, "delivery", round_))
    order = ("opens", "deadline", "delivery")
    return sorted(events, key=lambda event: (event.day, order.index(event.kind), event.round.number))


def _counts(round_: PurchaseRound) -> bool:
    """Whether a round's deadline is one: not when the needs were closed before it came."""
    return round_.state in (State.DRAFT, State.OPEN) or round_.needs_until <= clock.now()


# --- one round's page ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class RoundPage:
    """Everything that a round's page shows before its later stages, loaded in a fixed number of queries."""

    round: PurchaseRound
    answers: Answers
    own: list[Participation]
    places: list[DeliveryPlace]
    goods: list[RoundGood]
    quote_count: int
    has_needs: bool
    history: list[AuditEntry] = field(default_factory=list)
    history_is_cut: bool = False

    @property
    def cancelled_from(self) -> str:
        """The state in which a cancelled round stood; empty for others."""
        found = (
            entry.data.get("from_state", "") for entry in self.history if entry.act == "purchasing.round_cancelled"
        )
        return str(next(found, ""))


def round_page(actor: Actor, round_: PurchaseRound) -> RoundPage:
    """The page of a round as the person may see it."""
    history = round_history(round_, limit=HISTORY_SHOWN + 1)
    return RoundPage(
        round=round_,
        answers=answers_of([round_]).get(round_.pk, Answers()),
        own=own_participations(actor, [round_]).get(round_.pk, []),
        places=list(round_.places.all()),
        goods=list(RoundGood.objects.filter(round=round_).select_related("product")),
        quote_count=Quote.objects.filter(round=round_, is_withdrawn=False).count(),
        has_needs=Need.objects.filter(participation__round=round_, quantity__gt=0).exists(),
        history=history[:HISTORY_SHOWN],
        history_is_cut=len(history) > HISTORY_SHOWN,
    )


def round_history(round_: PurchaseRound, *, limit: int | None = None) -> list[AuditEntry]:
    """What was done with a round, its quotes and its orders, newest first; single answers of enterprises are on their
    own pages."""
    kinds: Sequence[tuple[str, list[int]]] = (
        ("purchasing.purchaseround", [round_.pk]),
        ("purchasing.quote", list(Quote.objects.filter(round=round_).values_list("pk", flat=True))),
        ("purchasing.purchaseorder", list(PurchaseOrder.objects.filter(round=round_).values_list("pk", flat=True))),
    )
    subjects = Q()
    for kind, ids in kinds:
        if ids:
            subjects |= Q(subject_kind=kind, subject_id__in=[str(key) for key in ids])
    rows = AuditEntry.objects.filter(subjects, network_id=round_.network_id).order_by("-sequence")
    return list(rows if limit is None else rows[:limit])


def participation_history(participation: Participation, *, limit: int = 20) -> list[AuditEntry]:
    """What an enterprise answered, and who wrote it down, newest first."""
    rows = AuditEntry.objects.filter(
        network_id=participation.network_id,
        subject_kind="purchasing.participation",
        subject_id=str(participation.pk),
    )
    return list(rows.order_by("-sequence")[:limit])


def missing_to_open(round_: PurchaseRound) -> list[DomainError]:
    """What a round in preparation still lacks to be opened, each in words: a list to tick off and to refuse with."""
    problems: list[DomainError] = []
    if not RoundGood.objects.filter(round=round_).exists():
        problems.append(RoundHasNoGoods())
    if not round_.places.exists():
        problems.append(RoundHasNoPlace())
    if round_.needs_until <= clock.now():
        problems.append(DeadlinePassed(until=formats.moment(round_.needs_until)))
    if round_.decided_on is None or not round_.decision_note.strip():
        problems.append(DecisionMissing(field="decided_on" if round_.decided_on is None else "decision_note"))
    return problems


def products_of(round_: PurchaseRound) -> dict[int, int]:
    """The round's goods by product: product id → good id."""
    return dict(RoundGood.objects.filter(round=round_).values_list("product_id", "pk"))
