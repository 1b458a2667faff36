# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates that run out, measures against a member, appeals to the assembly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from mutirao.admission import events, letters
from mutirao.admission.models import Appeal, Certificate, Measure
from mutirao.admission.notifying.telling import (
    APPEAL,
    CERTIFICATE,
    MEASURE,
    appellant,
    by_the_calendar,
    coordination,
    deciders,
    speakers,
    tell,
)
from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.network.models import Enterprise

LAST_WORD = dt.timedelta(days=7)
"""Before the end of a certificate it is spoken of once more."""


@inside(events.CertificateExpiring)
def tell_expiring(event: events.CertificateExpiring) -> None:
    """The enterprise hears that the renewal is due."""
    tell_expiring_certificate(Certificate.objects.select_related("enterprise__network").get(pk=event.certificate_id))


def tell_expiring_certificate(row: Certificate) -> int:
    """Once when the network's days of notice begin, once a week before the end."""
    last_word = row.expires_on - clock.today() <= LAST_WORD
    return tell(
        speakers(row.enterprise_id),
        kind=CERTIFICATE,
        key=f"expiring:{row.pk}:{'last' if last_word else 'first'}",
        about=row.enterprise,
        title=lambda: _t("Renove o certificado de %(name)s") % {"name": row.enterprise.name},
        body=lambda: (
            _t("Ele vale até %(day)s. A renovação é curta: só o que mudou.") % {"day": formats.date(row.expires_on)}
        ),
        actor=by_the_calendar(row.network_id),
        last_day=row.expires_on,
    )


@inside(events.CertificateExpired)
def tell_expired(event: events.CertificateExpired) -> None:
    """The enterprise and the coordination hear that a certificate ran out."""
    row = Certificate.objects.select_related("enterprise__network").get(pk=event.certificate_id)
    tell(
        [*speakers(row.enterprise_id), *coordination()],
        kind=CERTIFICATE,
        key=f"expired:{row.pk}",
        about=row.enterprise,
        title=lambda: _t("Certificado vencido: %(name)s") % {"name": row.enterprise.name},
        body=lambda: _t("O empreendimento continua membro; falta renovar o certificado."),
        actor=acting(event.network_id),
    )


def _measure(pk: int) -> Measure:
    rows: QuerySet[Measure] = Measure.objects.select_related("enterprise__network")
    return rows.get(pk=pk)


def about_measure(
    measure: Measure,
    stage: str,
    title: Callable[[], str],
    body: Callable[[], str],
    actor: Actor,
    *,
    last_day: dt.date | None = None,
) -> int:
    """Whoever speaks for the enterprise hears of a stage of its measure; returns how many they are."""
    return tell(
        speakers(measure.enterprise_id),
        kind=MEASURE,
        key=f"measure:{measure.pk}:{stage}",
        about=measure.enterprise,
        title=title,
        body=body,
        actor=actor,
        last_day=last_day,
    )


@inside(events.HearingOpened)
def tell_hearing(event: events.HearingOpened) -> None:
    """The enterprise hears why, and until when it may speak."""
    row, until = _measure(event.measure_id), dt.date.fromisoformat(event.hear_until)
    about_measure(
        row,
        "hearing",
        lambda: _t("Propuseram excluir %(name)s da rede") % {"name": row.enterprise.name},
        lambda: (
            _t("Diga o que pensa até %(day)s. Motivo: %(reason)s") % {"day": formats.date(until), "reason": row.reason}
        ),
        acting(event.network_id),
    )


@inside(events.MeasureTaken)
def tell_measure(event: events.MeasureTaken) -> None:
    """The enterprise hears the decision, its reason, and until when it may appeal."""
    row, until = _measure(event.measure_id), dt.date.fromisoformat(event.appeal_until)
    excluded = row.kind == Measure.Kind.EXCLUSION
    about_measure(
        row,
        "taken",
        lambda: (
            (_t("%(name)s foi excluído da rede") if excluded else _t("%(name)s está suspenso"))
            % {"name": row.enterprise.name}
        ),
        lambda: (
            _t("Dá para recorrer à assembleia até %(day)s. Motivo: %(reason)s")
            % {"day": formats.date(until), "reason": row.decision_reason}
        ),
        acting(event.network_id),
    )


@inside(events.MeasureEnded)
def tell_measure_ended(event: events.MeasureEnded) -> None:
    """The enterprise hears that it is over."""
    row = _measure(event.measure_id)
    about_measure(
        row,
        f"ended:{row.state}",
        lambda: (
            _t("%(what)s de %(name)s: %(state)s")
            % {
                "what": str(row.get_kind_display()).capitalize(),
                "name": row.enterprise.name,
                "state": row.get_state_display(),
            }
        ),
        lambda: row.end_reason,
        acting(event.network_id),
    )


def _appeal(pk: int) -> Appeal:
    rows: QuerySet[Appeal] = Appeal.objects.select_related("network", "measure__enterprise__network", "application")
    return rows.get(pk=pk)


def _enterprise(pk: int) -> Enterprise:
    rows: QuerySet[Enterprise] = Enterprise.objects.select_related("network")
    return rows.get(pk=pk)


@inside(events.AppealFiled)
def tell_appeal(event: events.AppealFiled) -> None:
    """Those who take it to the assembly hear of it."""
    row = _appeal(event.appeal_id)
    tell(
        deciders(row),
        kind=APPEAL,
        key=f"appeal:{row.pk}:filed",
        about=row,
        title=lambda: _t("%(name)s recorreu à assembleia") % {"name": appellant(row)},
        body=lambda: _t("A assembleia decide até %(day)s.") % {"day": formats.date(row.decide_by)},
        actor=acting(event.network_id),
    )


@inside(events.AppealDecided)
def tell_appeal_decided(event: events.AppealDecided) -> None:
    """Whoever appealed hears what the assembly decided: in the app, or by e-mail."""
    row = _appeal(event.appeal_id)
    enterprise_id = row.measure.enterprise_id if row.measure else row.application and row.application.enterprise_id
    if enterprise_id:
        tell(
            speakers(enterprise_id),
            kind=APPEAL,
            key=f"appeal:{row.pk}:decided",
            about=_enterprise(enterprise_id),
            title=lambda: (
                (_t("Recurso aceito: %(name)s") if event.upheld else _t("Recurso não aceito: %(name)s"))
                % {"name": appellant(row)}
            ),
            body=lambda: row.decision_reason,
            actor=acting(event.network_id),
        )
    if row.application is not None and not event.upheld:  # upheld: the letter is that of the entry
        letters.send_later("appeal_rejected", row.application)
