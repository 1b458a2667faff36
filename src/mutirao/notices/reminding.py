# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reminders of a deadline at an hour: to each person outside their quiet hours, and before it is over.

A task is asked for; when it runs it reminds those whose moment has come and is asked for again for the others, so that
whoever did meanwhile what was wanted is left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from mutirao.kernel import clock, jobs
from mutirao.network.models import Network, Person
from mutirao.notices import queries
from mutirao.notices.core.quiet import LEAD, remind_at
from mutirao.notices.models import NoticeSettings

AHEAD = dt.timedelta(hours=24) + LEAD
"""Nobody's quiet hours bring a reminder forward by more."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """`task`, called with `arguments` and `since`, reminds of what is over at `until`; `wanted` is when it would ring
    if there were no quiet hours, `since` when the deadline was set."""

    task: str
    arguments: dict[str, Any]
    key: str
    network_id: int
    wanted: dt.datetime
    until: dt.datetime
    since: dt.datetime

    def ask(self) -> None:
        """Have it looked at in time; nothing where the moment is past already. Part of an operation."""
        if self.wanted > clock.now():
            self._look_at(max(self.wanted - AHEAD, clock.now()))

    def due(self, people: Iterable[Person]) -> list[Person]:
        """Those to remind now; for the others it is looked at again when the first of them is due."""
        everybody = list(people)
        zone = ZoneInfo(Network.objects.get(pk=self.network_id).time_zone)
        settings = queries.settings_by_person([one.pk for one in everybody])
        moments = {one.pk: self._moment(settings.get(one.pk) or NoticeSettings(), zone) for one in everybody}
        later = [moment for moment in moments.values() if moment > clock.now()]
        if later:
            self._look_at(min(later))
        return [one for one in everybody if moments[one.pk] <= clock.now()]

    def _moment(self, own: NoticeSettings, zone: ZoneInfo) -> dt.datetime:
        """Where it rings for nobody in time, it is at least in the app when it was wanted."""
        wanted, until = self.wanted.astimezone(zone), self.until.astimezone(zone)
        found = remind_at(wanted, until, own.quiet_from, own.quiet_until, since=self.since)
        return (found or wanted).astimezone(dt.UTC)

    def _look_at(self, moment: dt.datetime) -> None:
        jobs.enqueue(
            self.task,
            {**self.arguments, "since": self.since.isoformat()},
            network_id=self.network_id,
            key=f"{self.key}:{moment:%Y%m%d%H%M%S}",
            run_after=moment,
        )
