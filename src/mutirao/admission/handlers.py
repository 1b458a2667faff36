# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates follow the standing; days that matter ask, in their own transaction, to be looked at when they come."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from mutirao.admission.events import ApplicationStarted, CertificateIssued
from mutirao.admission.operations.applications import DRAFT_KEPT
from mutirao.admission.operations.certificates import follow_standing
from mutirao.kernel import clock, jobs
from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.network.events import StandingChanged
from mutirao.network.models import Enterprise, Network

TASKS = "mutirao.admission.tasks"


def _morning_of(day: dt.date, network: Network) -> dt.datetime:
    """Nine o'clock where the network is: the day before is over there."""
    return dt.datetime.combine(day, dt.time(9), tzinfo=ZoneInfo(network.time_zone))


@inside(StandingChanged)
def certificate_follows(event: StandingChanged) -> None:
    """A suspended enterprise has a suspended certificate, one that is out has none."""
    follow_standing(Enterprise.objects.get(pk=event.enterprise_id), actor=acting(event.network_id))


@inside(CertificateIssued)
def watch_certificate(event: CertificateIssued) -> None:
    """Ask for the reminder and for the end, once a certificate."""
    network = Network.objects.get(pk=event.network_id)
    after = dt.date.fromisoformat(event.expires_on) + dt.timedelta(days=1)
    for task, day in (("remind", dt.date.fromisoformat(event.remind_on)), ("expire", after)):
        jobs.enqueue(
            f"{TASKS}.{task}_certificate",
            {"certificate_id": event.certificate_id},
            network_id=event.network_id,
            key=f"admission.{task}:{event.certificate_id}",
            run_after=_morning_of(day, network),
        )


@inside(ApplicationStarted)
def forget_draft_later(event: ApplicationStarted) -> None:
    """A draft that nobody sends is forgotten with all it holds."""
    jobs.enqueue(
        f"{TASKS}.drop_draft",
        {"application_id": event.application_id},
        network_id=event.network_id,
        key=f"admission.draft:{event.application_id}",
        run_after=clock.now() + DRAFT_KEPT + dt.timedelta(hours=1),
    )
