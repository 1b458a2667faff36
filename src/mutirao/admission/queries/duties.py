# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for a person in admission, and what is late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutirao.admission import permissions
from mutirao.admission.models import OPEN_STATES, AdmissionSettings, Appeal, Application, Certificate, Measure
from mutirao.admission.queries.requests import own_reviews
from mutirao.admission.queries.review import progress_of_all
from mutirao.admission.queries.rules import settings_of
from mutirao.admission.queries.standing import deciders_before
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Duty:
    """Something of admission that waits for the person: what, about whom, where, until when."""

    title: str
    about: str
    view: str
    kwargs: dict[str, Any]
    until: dt.date | None = None

    @property
    def late(self) -> bool:
        """Whether its day is over."""
        return self.until is not None and self.until < clock.today()


def duties_of(actor: Actor) -> list[Duty]:
    """What waits for the person in admission, those with a day first."""
    found = [*_reviews(actor), *_to_run(actor), *_measures(actor), *_appeals(actor), *_own(actor)]
    return sorted(found, key=lambda one: one.until or dt.date.max)


def _reviews(actor: Actor) -> list[Duty]:
    rows = own_reviews(actor).filter(vote="", application__state=Application.State.REVIEW)
    by_vote = settings_of(actor.network_id or 0).decided_by == AdmissionSettings.DecidedBy.REVIEWERS
    return [
        Duty(
            _("Examinar o pedido de %(name)s") % {"name": row.application.name},
            _("Dê parecer e vote") if by_vote else _("Dê parecer"),
            "admission:review",
            {"number": row.application.number},
            row.application.decide_by,
        )
        for row in rows.select_related("application")
        if by_vote or not row.opinions.exists()
    ]


def _to_run(actor: Actor) -> list[Duty]:
    if not actor.can(permissions.MANAGE):
        return []
    rows = Application.objects.filter(state__in=(Application.State.SUBMITTED, Application.State.REVIEW))
    found = []
    for row, progress in progress_of_all(rows):
        needs_people = len(progress.reviewers) < progress.needed
        late = row.decide_by is not None and row.decide_by < clock.today()
        if needs_people or progress.assembly_decides or late:
            found.append(
                Duty(progress.next_step(row), row.name, "admission:request", {"number": row.number}, row.decide_by)
            )
    return found


def _measures(actor: Actor) -> list[Duty]:
    rows = Measure.objects.filter(state=Measure.State.HEARING).select_related("enterprise")
    found = []
    for row in rows:
        page = {"pk": row.enterprise_id}
        speaks = actor.can(permissions.SPEAK, row.enterprise)
        over = row.hear_until is None or row.hear_until < clock.today() or row.heard_on is not None
        if speaks and row.heard_on is None:
            title = _("Dizer o que pensa da exclusão proposta")
            found.append(Duty(title, row.enterprise.name, "admission:standing", page, row.hear_until))
        elif over and actor.can(permissions.SANCTION, row.enterprise):
            title = _("Decidir a exclusão proposta")
            found.append(Duty(title, row.enterprise.name, "admission:standing", page, row.hear_until))
    return found


def _appeals(actor: Actor) -> list[Duty]:
    if not actor.can(permissions.RECORD_APPEAL):
        return []
    rows = Appeal.objects.filter(state=Appeal.State.OPEN).select_related("measure__enterprise", "application")
    rows = rows.prefetch_related("application__reviewers")
    found = []
    for row in rows:
        if actor.person_id in deciders_before(row):
            continue
        about = row.measure.enterprise.name if row.measure else row.application.name
        found.append(Duty(_("Levar o recurso à assembleia"), about, "admission:appeal", {"pk": row.pk}, row.decide_by))
    return found


def _own(actor: Actor) -> list[Duty]:
    """Certificates of the actor's enterprises that run out soon."""
    day = clock.today() + dt.timedelta(days=settings_of(actor.network_id or 0).reminder_days)
    rows = Certificate.objects.filter(
        enterprise_id__in=actor.enterprise_ids, state=Certificate.State.VALID, expires_on__lte=day
    ).exclude(enterprise__applications__state__in=OPEN_STATES)
    return [
        Duty(_("Renovar o certificado"), row.enterprise.name, "admission:standing", {"pk": row.enterprise_id},
             row.expires_on)
        for row in rows.select_related("enterprise")
        if actor.can(permissions.SPEAK, row.enterprise)
    ]  # fmt: skip
