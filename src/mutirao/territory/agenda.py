# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deadlines for the calendar of a phone: public calls that are open, next steps with partners.

Source: RFC 5545 (iCalendar); a day without an hour is a DATE, its end the day after. What was changed keeps its UID
with a higher SEQUENCE (3.8.7.4), so that a calendar which has it moves it.
"""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.network.models import Network
from mutirao.territory import queries
from mutirao.territory.models import Partner, PublicCall

CALL_WARNS, STEP_WARNS = dt.timedelta(days=-7), dt.timedelta(days=-1)


def calendar_of(actor: Actor, network: Network, *, base: str) -> bytes:
    """The calendar as the actor may see it; `base` is the address of the installation, without a slash at its end."""
    calendar = Calendar()
    calendar.add("prodid", "-//Mutirao//Territorio//PT")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Prazos de %(network)s") % {"network": network.name})
    for call in queries.open_calls(actor).exclude(outcome=PublicCall.Outcome.PASSED):
        calendar.add_component(_of_call(call, network, base))
    for call in queries.cancelled_calls(actor):
        gone = _of_call(call, network, base)
        gone.add("status", "CANCELLED")
        calendar.add_component(gone)
    steps = queries.partners_visible_to(actor).filter(is_active=True).exclude(next_step="")
    for partner in steps.order_by("next_step_until", "pk"):
        if partner.next_step_until is not None:
            calendar.add_component(_of_step(partner, network, base))
    return bytes(calendar.to_ical())


def _of_call(call: PublicCall, network: Network, base: str) -> Event:
    lines = [call.partner.name, call.title]
    if call.value_minor is not None:
        lines.append(formats.money(call.value_minor, call.currency))
    if call.goods:
        lines.append(call.goods)
    title = _("Chamada %(number)s: propostas até hoje") % {"number": call.number}
    event = _day(f"call-{call.pk}@{network.slug}", title, call.closes_on, lines, call.partner, base, CALL_WARNS)
    event.add("sequence", call.revision)
    return event


def _of_step(partner: Partner, network: Network, base: str) -> Event:
    lines = [partner.next_step, str(partner.next_step_by or _("A equipe"))]
    title = _("%(partner)s: %(step)s") % {"partner": partner.name, "step": partner.next_step}
    day = partner.next_step_until or clock.today()
    return _day(f"step-{partner.pk}@{network.slug}", title, day, lines, partner, base, STEP_WARNS)


def _day(
    uid: str, title: str, day: dt.date, lines: list[str], partner: Partner, base: str, warns: dt.timedelta
) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", clock.now())
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    event.add("summary", title)
    event.add("description", "\n".join(lines))
    event.add("url", base + reverse("territory:actor", args=[partner.network.slug, partner.pk]))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", warns)
    event.add_component(alarm)
    return event
