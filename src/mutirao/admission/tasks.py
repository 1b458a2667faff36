# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work of admission; every task may run twice."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from mutirao.admission import letters, notifying, operations
from mutirao.admission.models import Application, Certificate
from mutirao.kernel.actors import system


def remind_certificate(certificate_id: int) -> bool:
    """Announce that a certificate runs out soon."""
    row = _certificate(certificate_id)
    with timezone.override(row.network.time_zone):
        return operations.remind_of_renewal(row, actor=system(row.network_id, why=_("Lembrete de renovação")))


def expire_certificate(certificate_id: int) -> bool:
    """Mark a certificate that ran out."""
    row = _certificate(certificate_id)
    with timezone.override(row.network.time_zone):
        return operations.expire_certificate(row, actor=system(row.network_id, why=_("Fim da validade")))


def _certificate(pk: int) -> Certificate:
    found: Certificate = Certificate.objects.select_related("network").get(pk=pk)
    return found


def drop_draft(application_id: int) -> bool:
    """Forget a draft that was never sent; one that is gone already is no problem."""
    row = Application.objects.filter(pk=application_id).first()
    if row is None:
        return False
    return operations.drop_stale_draft(row, actor=system(row.network_id, why=_("Rascunho esquecido")))


def send_letter(application_id: int, what: str, question_id: int | None = None) -> bool:
    """Send one letter to a group that has no account; a request that is gone meanwhile gets none."""
    return letters.send(application_id, what, question_id)


def remind_of_days() -> int:
    """Tell of the days that come near or are over; may run any number of times."""
    return notifying.remind_of_days()
