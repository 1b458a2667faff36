# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates of membership: issued with a code nobody guesses, renewed, suspended, ended."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db.models import Max

from mutirao.admission import permissions, queries
from mutirao.admission.core import certificates as core
from mutirao.admission.errors import AlreadyCertified, CertificateToRenew, NotAMemberNow
from mutirao.admission.events import CertificateExpired, CertificateExpiring, CertificateIssued
from mutirao.admission.models import Application, Certificate
from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network.core import standing
from mutirao.network.models import Enterprise

State = Certificate.State
IN_FORCE = (State.VALID, State.SUSPENDED)


@operation
def issue_certificate(enterprise: Enterprise, *, actor: Actor) -> Certificate:
    """Certify a member that never had a certificate: founders, recognised by their minutes.

    Raises: NotAllowed, NotAMemberNow, AlreadyCertified; CertificateToRenew: nobody goes around the review by letting a
    certificate run out.
    """
    actor.require(permissions.MANAGE, enterprise)
    enterprise = lock(enterprise)
    if enterprise.standing != standing.MEMBER:
        raise NotAMemberNow(enterprise=enterprise.name, standing=enterprise.get_standing_display())
    last = Certificate.objects.filter(enterprise=enterprise).first()
    if last is not None:
        in_force = last.state in IN_FORCE and last.expires_on >= clock.today()
        refused = AlreadyCertified if in_force else CertificateToRenew
        raise refused(enterprise=enterprise.name, until=formats.date(last.expires_on))
    return issue_for(enterprise, application=None, actor=actor)


def issue_for(enterprise: Enterprise, *, application: Application | None, actor: Actor) -> Certificate:
    """Part of operations: a new certificate for a member, in the place of the one in force."""
    network = lock(enterprise.network)
    rules = queries.settings_of(network.pk)
    today = clock.today()
    for old in Certificate.objects.filter(enterprise=enterprise, state__in=IN_FORCE):
        _end(old, State.REPLACED, actor)
    number = (Certificate.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    code = core.code_from(secrets.token_bytes(core.CODE_LENGTH))
    expires_on = core.months_later(today, rules.certificate_months)
    sealed = core.sealed_text(
        network=network.name, number=number, enterprise=enterprise.name, issued_on=today, expires_on=expires_on,
        code=code,
    )  # fmt: skip
    certificate = Certificate.objects.create(
        network=network, enterprise=enterprise, application=application, number=number, code=code,
        enterprise_name=enterprise.name, network_name=network.name, issued_on=today, expires_on=expires_on,
        digest=core.digest_of(sealed), issued_by_id=actor.person_id,
    )  # fmt: skip
    record(
        actor, "admission.certificate_issued", enterprise, number=number, expires_on=expires_on,
        digest=certificate.digest,
    )  # fmt: skip
    remind_on = max(today, expires_on - dt.timedelta(days=rules.reminder_days))
    emit(CertificateIssued(network.pk, enterprise.pk, certificate.pk, expires_on.isoformat(), remind_on.isoformat()))
    return certificate  # type: ignore[no-any-return]


def _end(certificate: Certificate, state: str, actor: Actor) -> None:
    certificate.state, certificate.ended_on = state, clock.today()
    certificate.save(update_fields=["state", "ended_on"])
    record(
        actor, "admission.certificate_ended", certificate.enterprise, number=certificate.number,
        certificate_state=str(state),
    )  # fmt: skip


@operation
def follow_standing(enterprise: Enterprise, *, actor: Actor) -> None:
    """Bring the certificate in line with the standing: suspended with it, back with it, revoked when it is over."""
    rows: list[Certificate] = lock_all(
        list(Certificate.objects.filter(enterprise=enterprise, state__in=(*IN_FORCE, State.REVOKED)))
    )
    now = {standing.MEMBER: State.VALID, standing.SUSPENDED: State.SUSPENDED}.get(enterprise.standing, State.REVOKED)
    current = next((row for row in rows if row.state in IN_FORCE), None)
    if current is None and now != State.REVOKED:
        # Back by an appeal: the one that the measure revoked holds again, unless it ran out meanwhile.
        current = next((row for row in rows if row.expires_on >= clock.today()), None)
    if current is None or current.state == now:
        return
    current.state = now
    current.ended_on = clock.today() if now == State.REVOKED else None
    current.save(update_fields=["state", "ended_on"])
    record(actor, "admission.certificate_state", enterprise, number=current.number, certificate_state=str(now))


@operation
def expire_certificate(certificate: Certificate, *, actor: Actor) -> bool:
    """Mark a certificate whose last day is over; once. The enterprise stays a member and is reminded to renew.

    Returns whether it was marked now. Raises: NotAllowed.
    """
    actor.require(permissions.MANAGE, certificate)
    certificate = lock(certificate)
    if certificate.state not in IN_FORCE or certificate.expires_on >= clock.today():
        return False
    _end(certificate, State.EXPIRED, actor)
    emit(CertificateExpired(certificate.network_id, certificate.enterprise_id, certificate.pk))
    return True


@operation
def remind_of_renewal(certificate: Certificate, *, actor: Actor) -> bool:
    """Announce that a certificate in force runs out soon. Returns whether it did. Raises: NotAllowed."""
    actor.require(permissions.MANAGE, certificate)
    certificate = lock(certificate)
    if certificate.state not in IN_FORCE:
        return False
    expires = certificate.expires_on.isoformat()
    emit(CertificateExpiring(certificate.network_id, certificate.enterprise_id, certificate.pk, expires))
    return True
