# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days that come near or are over: looked at a few times a day, each speaks once at each stage."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _t

from mutirao.admission import queries
from mutirao.admission.models import OPEN_STATES, AdmissionSettings, Appeal, Application, Certificate, Measure, Reviewer
from mutirao.admission.notifying.standing import about_measure, tell_expiring_certificate
from mutirao.admission.notifying.telling import (
    APPEAL,
    REQUESTED,
    REVIEWING,
    appellant,
    by_the_calendar,
    coordination,
    deciders,
    tell,
)
from mutirao.kernel import clock, formats, periodic, tenancy
from mutirao.network.models import Network

REMIND = "mutirao.admission.tasks.remind_of_days"
periodic.every(dt.timedelta(hours=6), REMIND)
SOON = dt.timedelta(days=7)
"""Before the last day of a review, of the time to appeal, of an appeal's decision."""
HEARING_SOON = dt.timedelta(days=3)
SPEAKS_FOR = dt.timedelta(days=45)
"""What is overdue for longer is a matter for people to talk about."""
State = Application.State
CERTIFIED = (Certificate.State.VALID, Certificate.State.SUSPENDED)


def remind_of_days() -> int:
    """Tell of every day of admission that comes near or is over, in each network by its own calendar; returns how many
    people were told. May run any number of times: each day speaks once at each stage."""
    told = 0
    for network in Network.objects.all():
        with tenancy.activated(network), timezone.override(network.time_zone):
            today, rules = clock.today(), queries.settings_of(network.pk)
            told += _remind_reviews(today, rules) + _remind_certificates(today, rules)
            told += _remind_measures(today) + _remind_appeals(today)
    return told


def _remind_reviews(today: dt.date, rules: AdmissionSettings) -> int:
    told = 0
    rows = Application.objects.filter(
        state__in=(State.SUBMITTED, State.REVIEW), decide_by__lte=today + SOON, decide_by__gt=today - SPEAKS_FOR
    )
    by_vote = rules.decided_by == AdmissionSettings.DecidedBy.REVIEWERS
    for row in rows.select_related("network"):
        day, late = row.decide_by, row.decide_by < today
        key = f"{row.pk}:{day}:{'late' if late else 'near'}"
        waiting = Reviewer.objects.filter(application=row, released_at__isnull=True, vote="").select_related("person")
        if row.state == State.REVIEW and not late:
            told += tell(
                [one.person for one in waiting if by_vote or not one.opinions.exists()],
                kind=REVIEWING, key=f"review:{key}", about=row, view="admission:review",
                title=lambda row=row: _t("Falta o seu parecer: %(name)s") % {"name": row.name},  # type: ignore[misc]
                body=lambda day=day: _t("O prazo para decidir termina em %(day)s.") % {"day": formats.date(day)},  # type: ignore[misc]
                actor=by_the_calendar(row.network_id), last_day=day,
            )  # fmt: skip
        if late or row.state == State.SUBMITTED:
            told += tell(
                coordination(),
                kind=REQUESTED, key=f"request:{key}", about=row,
                title=lambda row=row, late=late: (  # type: ignore[misc]
                    _t("Passou o prazo do pedido de %(name)s") if late else _t("Pedido à espera: %(name)s")
                ) % {"name": row.name},
                body=lambda day=day: _t("Decidir até %(day)s.") % {"day": formats.date(day)},  # type: ignore[misc]
                actor=by_the_calendar(row.network_id), last_day=None if late else day,
            )  # fmt: skip
    return told


def _remind_certificates(today: dt.date, rules: AdmissionSettings) -> int:
    """Also where the network changed its days of notice after a certificate was issued."""
    ahead = today + dt.timedelta(days=rules.reminder_days)
    rows = Certificate.objects.filter(state__in=CERTIFIED, expires_on__gte=today, expires_on__lte=ahead)
    rows = rows.exclude(enterprise__applications__state__in=OPEN_STATES).select_related("enterprise__network")
    return sum(tell_expiring_certificate(row) for row in rows)


def _remind_measures(today: dt.date) -> int:
    """The time to be heard, and the time to appeal, is nearly over and nothing was said."""
    told = 0
    hearings = Measure.objects.filter(
        state=Measure.State.HEARING, heard_on__isnull=True, hear_until__gte=today, hear_until__lte=today + HEARING_SOON
    )
    for row in hearings.select_related("enterprise__network"):
        told += about_measure(
            row, f"hearing_near:{row.hear_until}",
            lambda row=row: _t("Falta a palavra de %(name)s") % {"name": row.enterprise.name},  # type: ignore[misc]
            lambda row=row: _t("Diga o que pensa da exclusão proposta até %(day)s.")  # type: ignore[misc]
            % {"day": formats.date(row.hear_until)},
            by_the_calendar(row.network_id), last_day=row.hear_until,
        )  # fmt: skip
    taken = Measure.objects.filter(
        state=Measure.State.IN_FORCE, appeal__isnull=True, appeal_until__gte=today, appeal_until__lte=today + SOON
    )
    for row in taken.select_related("enterprise__network"):
        told += about_measure(
            row, f"appeal_near:{row.appeal_until}",
            lambda row=row: _t("O prazo para recorrer está acabando: %(name)s") % {"name": row.enterprise.name},  # type: ignore[misc]
            lambda row=row: _t("Dá para recorrer à assembleia até %(day)s.")  # type: ignore[misc]
            % {"day": formats.date(row.appeal_until)},
            by_the_calendar(row.network_id), last_day=row.appeal_until,
        )  # fmt: skip
    return told


def _remind_appeals(today: dt.date) -> int:
    """The assembly's day to decide is near, or over."""
    told = 0
    rows = Appeal.objects.filter(state=Appeal.State.OPEN, decide_by__lte=today + SOON, decide_by__gt=today - SPEAKS_FOR)
    for row in rows.select_related("network", "measure__enterprise", "application"):
        late = row.decide_by < today
        told += tell(
            deciders(row),
            kind=APPEAL, key=f"appeal:{row.pk}:{'late' if late else 'near'}:{row.decide_by}", about=row,
            title=lambda row=row, late=late: (  # type: ignore[misc]
                _t("Passou o prazo do recurso de %(name)s") if late else _t("Recurso à espera: %(name)s")
            ) % {"name": appellant(row)},
            body=lambda row=row: _t("A assembleia decide até %(day)s.") % {"day": formats.date(row.decide_by)},  # type: ignore[misc]
            actor=by_the_calendar(row.network_id), last_day=None if late else row.decide_by,
        )  # fmt: skip
    return told
