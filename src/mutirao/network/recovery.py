# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may ask for and confirm the undoing of a lost second factor, and how long it waits.

Two people are two only when neither could have been made a coordinator for the purpose: both were there long before.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _t

from mutirao.kernel import acts, clock
from mutirao.kernel.errors import Words
from mutirao.network import permissions, roles
from mutirao.network.access import account_rules
from mutirao.network.core.tenure import Span, held_since
from mutirao.network.models import Person, RoleAssignment, SecondFactorReset

LONG_WAIT_HOURS = 7 * 24
"""How long a reset waits, at least, where not two people have coordinated for long enough."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to a reset: whether they may take it on, whether it then waits long, and who else may."""

    may: bool
    slow: bool
    days: int
    able: tuple[Person, ...]

    @property
    def who(self) -> str:
        """Those who have coordinated for long enough, by name."""
        return ", ".join(str(person) for person in self.able)


def settled_coordinators(day: dt.date, days: int) -> list[Person]:
    """Whoever holds the right to undo a second factor today and has held it, unbroken, since `days` before `day`; by
    name. A role counts from the day on which it was written down: nobody is a coordinator of old by a date typed in."""
    (holding,) = (act.network_roles for act in acts.all_acts() if act.code == permissions.PROTECT_ACCOUNTS)
    rows = RoleAssignment.objects.filter(role__in=holding, enterprise__isnull=True, person__is_active=True)
    spans: dict[Person, list[Span]] = defaultdict(list)
    for row in rows.select_related("person"):
        spans[row.person].append((max(row.since, timezone.localdate(row.given_at)), row.until))
    begun = {person: held_since(theirs, clock.today()) for person, theirs in spans.items()}
    found = [one for one, since in begun.items() if since is not None and since <= day - dt.timedelta(days=days)]
    return sorted(found, key=lambda one: (one.folded, one.pk))


def standing_to_ask(person: Person, asking_id: int | None) -> Standing:
    """How somebody stands who wants to ask for a person's reset: not where two others of long standing could do it."""
    days = account_rules().recovery_on(clock.today())[1]
    able = _able(person, clock.today(), days)
    settled = asking_id in {one.pk for one in able}
    return Standing(settled or len(able) < 2, len(able) < 2, days, tuple(able))


def standing_to_confirm(reset: SecondFactorReset, confirming_id: int | None) -> Standing:
    """How somebody stands who wants to confirm a reset: as many of the two as there are have coordinated for long."""
    days = account_rules().recovery_on(clock.today())[1]
    able = _able(reset.person, timezone.localdate(reset.asked_at), days)
    settled = len({reset.asked_by_id, confirming_id} & {one.pk for one in able})
    return Standing(settled >= min(2, len(able)), settled < 2, days, tuple(able))


def _able(target: Person, day: dt.date, days: int) -> list[Person]:
    return [one for one in settled_coordinators(day, days) if one.pk != target.pk]


def wait_of(slow: bool) -> dt.timedelta:
    """How long a reset that is confirmed now waits."""
    hours = account_rules().recovery_on(clock.today())[0]
    return dt.timedelta(hours=max(hours, LONG_WAIT_HOURS) if slow else hours)


# --- asking less of accounts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What a network asks of accounts."""

    second_factor_roles: tuple[str, ...]
    grace_days: int
    reset_wait_hours: int
    confirm_after_days: int


def loosened(before: Asked, after: Asked) -> bool:
    """Whether the later rules protect less in any respect."""
    return bool(
        set(before.second_factor_roles) - set(after.second_factor_roles)
        or after.grace_days > before.grace_days
        or after.reset_wait_hours < before.reset_wait_hours
        or after.confirm_after_days < before.confirm_after_days
    )


def loosened_words(before: Asked, after: Asked) -> list[str]:
    """What is asked less, in sentences of the active language."""
    said = []
    gone = [roles.label(code) for code in before.second_factor_roles if code not in after.second_factor_roles]
    if gone:
        said.append(_t("Já não pedem a confirmação em duas etapas: %(roles)s.") % {"roles": _listed(gone)})
    for words, old, new in (
        (_t("Prazo para ligar: de %(old)s para %(new)s dias."), before.grace_days, after.grace_days),
        (
            _t("Espera antes de refazer: de %(old)s para %(new)s horas."),
            -before.reset_wait_hours,
            -after.reset_wait_hours,
        ),
        (
            _t("Tempo na coordenação para pedir e confirmar: de %(old)s para %(new)s dias."),
            -before.confirm_after_days,
            -after.confirm_after_days,
        ),
    ):
        if new > old:
            said.append(words % {"old": abs(old), "new": abs(new)})
    return said


def _listed(words: list[Words]) -> str:
    return ", ".join(str(one) for one in words)
