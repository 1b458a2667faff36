# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom a charge tells what: that it was issued, that it is due soon, that it is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, formats, periodic, tenancy
from mutirao.kernel.actors import system
from mutirao.kernel.events import after_commit
from mutirao.network.models import Network
from mutirao.network.roles import ENTERPRISE_COORDINATOR
from mutirao.notices import kinds, queries
from mutirao.notices.operations import Said, notify, shorten
from mutirao.payments.events import ChargesIssued
from mutirao.payments.models import Charge

CHARGE_ISSUED = kinds.declare(
    "payments.charge_issued", _("Cobrança nova"), email=kinds.NOW, push=True, waits=True
)  # fmt: skip
CHARGE_DUE = kinds.declare(
    "payments.charge_due", _("Cobrança vencendo ou vencida"), email=kinds.NOW, push=True, waits=True
)

DAYS_BEFORE = 3
DAYS_AFTER = (1, 8, 30)
SPEAKS_FOR = 45
"""Days after which an overdue charge is a matter for people to talk about."""
REMIND = "mutirao.payments.tasks.remind_of_charges"
periodic.every(dt.timedelta(hours=6), REMIND)


@after_commit(ChargesIssued)
def tell_charges_issued(event: ChargesIssued) -> None:
    """Each enterprise hears of its charge."""
    accounts = set()
    for charge in Charge.objects.filter(pk__in=event.charge_ids, state=Charge.State.OPEN).select_related("network"):
        by = system(charge.network_id, why="Cobrança")
        shorten(_path(charge), actor=by)
        if charge.enterprise_id not in accounts:
            accounts.add(charge.enterprise_id)
            shorten(reverse("payments:account", args=[charge.network.slug, charge.enterprise_id]), actor=by)
        _tell(
            charge,
            kind=CHARGE_ISSUED,
            key=f"charge_issued:{charge.pk}",
            title=lambda charge=charge: _t("Cobrança de %(amount)s: %(title)s") % _words(charge),  # type: ignore[misc]
            body=lambda charge=charge: _t("Vence em %(due)s.") % _words(charge),  # type: ignore[misc]
        )


def remind_of_charges() -> int:
    """Remind of charges due soon and overdue, in every network by its own calendar; returns how many people were told.
    May run any number of times: each charge speaks once at each stage."""
    told = 0
    for network in Network.objects.all():
        with tenancy.activated(network), timezone.override(network.time_zone):
            told += _remind_in(network, clock.today())
    return told


def _remind_in(network: Network, today: dt.date) -> int:
    told = 0
    rows = Charge.objects.filter(
        state=Charge.State.OPEN,
        due_on__lte=today + dt.timedelta(days=DAYS_BEFORE),
        due_on__gt=today - dt.timedelta(days=SPEAKS_FOR),
    )
    for charge in rows.select_related("network"):
        late = (today - charge.due_on).days
        stage = max((days for days in DAYS_AFTER if days <= late), default=0)
        if not stage and late > 0:
            continue
        told += _tell(
            charge,
            kind=CHARGE_DUE,
            key=f"charge_due:{charge.pk}:{charge.due_on}:{stage}",
            title=lambda charge=charge, late=late: (
                (  # type: ignore[misc]
                    _t("Cobrança vencida: %(title)s") if late > 0 else _t("Cobrança a vencer: %(title)s")
                )
                % _words(charge)
            ),
            body=lambda charge=charge: _t("Faltam %(open)s. Vencimento: %(due)s.") % _words(charge),  # type: ignore[misc]
            until=None if late > 0 else network.end_of(charge.due_on),
        )
    return told


def _path(charge: Charge) -> str:
    return reverse("payments:charge", args=[charge.network.slug, charge.pk])


def _words(charge: Charge) -> dict[str, str]:
    return {
        "title": charge.title,
        "amount": formats.money(charge.amount_minor, charge.currency),
        "open": formats.money(charge.open_minor, charge.currency),
        "due": formats.date(charge.due_on),
    }


def _tell(
    charge: Charge,
    *,
    kind: str,
    key: str,
    title: Callable[[], str],
    body: Callable[[], str],
    until: dt.datetime | None = None,
) -> int:
    return notify(
        queries.people_of_enterprises([charge.enterprise_id], {ENTERPRISE_COORDINATOR}),
        kind=kind,
        key=key,
        words=lambda: Said(title(), body()),
        path=_path(charge),
        source=("payments.charge", charge.pk),
        actor=system(charge.network_id, why="Cobrança"),
        until=until,
    )
