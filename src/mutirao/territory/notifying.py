# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom the territory tells what: a next step given to somebody, its day, and public calls that close soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, formats, periodic, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.network.models import Network, Person
from mutirao.network.roles import COORDINATION
from mutirao.notices import kinds
from mutirao.notices.operations import Said, notify
from mutirao.notices.queries import people_with_roles
from mutirao.territory.events import CallMoved, CallStruck, NextStepSet, NextStepTaken
from mutirao.territory.models import Partner, PublicCall
from mutirao.territory.permissions import EDITORS

NEXT_STEP = kinds.declare(
    "territory.next_step", _("Próximo passo seu com um parceiro"), email=kinds.NOW, push=True, waits=True, team=True
)
CALL_DUE = kinds.declare(
    "territory.call_due", _("Chamada pública perto do prazo"), email=kinds.NOW, waits=True, team=True
)

REMIND = "mutirao.territory.tasks.remind_of_days"
periodic.every(dt.timedelta(hours=6), REMIND)
CALL_DAYS = (2, 7, 21)
"""Days before the end of a call at which it speaks, while nobody said whether a proposal goes."""
STEP_DAYS = 2
SPEAKS_FOR = 30
"""Days after which a step that nobody took is a matter for people to talk about."""


def _tell_step(
    partner: Partner,
    person_ids: Iterable[int],
    *,
    stage: str,
    title: Callable[[], str],
    actor: Actor,
    last_day: dt.date | None = None,
) -> int:
    until = partner.next_step_until
    return notify(
        Person.objects.filter(pk__in=list(person_ids)),
        kind=NEXT_STEP,
        key=f"territory.step:{partner.pk}:{until}:{stage}",
        words=lambda: Said(
            title(),
            _t("%(step)s Até %(day)s.")
            % {"step": _sentence(partner.next_step), "day": formats.date(until) if until else "–"},
        ),
        path=reverse("territory:actor", kwargs={"slug": partner.network.slug, "pk": partner.pk}),
        source=("territory.partner", partner.pk),
        actor=actor,
        until=partner.network.end_of(last_day) if last_day else None,
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


@inside(NextStepSet)
def tell_next_step(event: NextStepSet) -> None:
    """Whoever is named hears of it, unless they took it on themselves."""
    if event.person_id is None:
        return
    partner = Partner.objects.select_related("network").get(pk=event.partner_id)
    _tell_step(
        partner,
        [event.person_id],
        stage=f"set:{event.person_id}:{clock.now():%Y%m%d%H%M%S}",
        title=lambda: _t("Ficou com você: %(partner)s") % {"partner": partner.name},
        actor=acting(event.network_id),
    )


@inside(NextStepTaken)
def tell_next_step_taken(event: NextStepTaken) -> None:
    """Whoever had it hears that it no longer waits for them."""
    partner = Partner.objects.select_related("network").get(pk=event.partner_id)
    notify(
        Person.objects.filter(pk=event.person_id),
        kind=NEXT_STEP,
        key=f"territory.step:{partner.pk}:taken:{event.person_id}:{clock.now():%Y%m%d%H%M%S}",
        words=lambda: Said(_t("Já não está com você: %(partner)s") % {"partner": partner.name}, _sentence(event.step)),
        path=reverse("territory:actor", kwargs={"slug": partner.network.slug, "pk": partner.pk}),
        source=("territory.partner", partner.pk),
        actor=acting(event.network_id),
    )


@inside(CallMoved)
def tell_call_moved(event: CallMoved) -> None:
    """Those who prepare proposals, while a proposal may still go: reminders that were read named another day."""
    before = dt.date.fromisoformat(event.before)
    _tell_of_call(
        event.call_id,
        lambda call: (
            _t("Chamada %(number)s: o prazo agora é %(day)s")
            % {"number": call.number, "day": formats.date(call.closes_on)}
        ),
        lambda call: (
            _t("%(buyer)s: %(title)s. O prazo era %(day)s.")
            % {"buyer": call.partner, "title": call.title, "day": formats.date(before)}
        ),
        actor=acting(event.network_id),
    )


@inside(CallStruck)
def tell_call_struck(event: CallStruck) -> None:
    """Those who prepare proposals hear that none is wanted."""
    _tell_of_call(
        event.call_id,
        lambda call: _t("Chamada %(number)s: foi riscada") % {"number": call.number},
        lambda call: f"{call.partner}: {call.struck_because}",
        actor=acting(event.network_id),
    )


def _tell_of_call(
    call_id: int, title: Callable[[PublicCall], str], body: Callable[[PublicCall], str], *, actor: Actor
) -> None:
    call = PublicCall.objects.select_related("partner", "network").get(pk=call_id)
    if call.outcome not in PublicCall.UNDECIDED or not call.partner.is_active:
        return
    notify(
        people_with_roles(EDITORS),
        kind=CALL_DUE,
        key=f"territory.call:{call.pk}:changed:{call.revision}",
        words=lambda: Said(title(call), body(call)),
        path=reverse("territory:actor", kwargs={"slug": call.network.slug, "pk": call.partner_id}),
        source=("territory.publiccall", call.pk),
        actor=actor,
    )


def remind_of_days() -> int:
    """Remind of next steps and public calls, in each network by its own calendar; returns how many people were told.
    May run any number of times: each day speaks once at each stage."""
    told = 0
    for network in Network.objects.all():
        with tenancy.activated(network), timezone.override(network.time_zone):
            told += _remind_steps(clock.today()) + _remind_calls(clock.today())
    return told


def _remind_steps(today: dt.date) -> int:
    """Those named; the coordination for a step of the whole team."""
    told = 0
    rows = Partner.objects.filter(
        is_active=True,
        next_step_until__lte=today + dt.timedelta(days=STEP_DAYS),
        next_step_until__gt=today - dt.timedelta(days=SPEAKS_FOR),
    ).exclude(next_step="")
    for row in rows.select_related("network"):
        late = row.next_step_until < today
        whom = [row.next_step_by_id] if row.next_step_by_id else list(_ids({COORDINATION}))
        told += _tell_step(
            row,
            whom,
            stage="late" if late else "near",
            title=lambda row=row, late=late: (
                (  # type: ignore[misc]
                    _t("Passou o dia: %(partner)s") if late else _t("Próximo passo com %(partner)s")
                )
                % {"partner": row.name}
            ),
            actor=system(row.network_id, why="Lembrete do prazo"),
            last_day=None if late else row.next_step_until,
        )
    return told


def _remind_calls(today: dt.date) -> int:
    """Those who prepare proposals."""
    told = 0
    rows = PublicCall.objects.filter(
        outcome__in=PublicCall.UNDECIDED,
        struck_at=None,
        partner__is_active=True,
        closes_on__gte=today,
        closes_on__lte=today + dt.timedelta(days=max(CALL_DAYS)),
    )
    for call in rows.select_related("partner", "network"):
        stage = min(days for days in CALL_DAYS if call.closes_on <= today + dt.timedelta(days=days))
        told += notify(
            people_with_roles(EDITORS),
            kind=CALL_DUE,
            key=f"territory.call:{call.pk}:{call.closes_on}:{stage}",
            words=lambda call=call: Said(  # type: ignore[misc]
                _t("Chamada %(number)s: propostas até %(day)s")
                % {"number": call.number, "day": formats.date(call.closes_on)},
                f"{call.partner}: {call.title}",
            ),
            path=reverse("territory:actor", kwargs={"slug": call.network.slug, "pk": call.partner_id}),
            source=("territory.publiccall", call.pk),
            actor=system(call.network_id, why="Lembrete do prazo"),
            until=call.network.end_of(call.closes_on),
        )
    return told


def _ids(role_codes: set[str]) -> Iterable[int]:
    return people_with_roles(role_codes).values_list("pk", flat=True)
