# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates, appeals, and who may look at how an enterprise stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from mutirao.admission import permissions
from mutirao.admission.core.certificates import digest_of, read, sealed_text
from mutirao.admission.errors import UnknownCertificate
from mutirao.admission.models import Appeal, Certificate
from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotFound
from mutirao.network.core.standing import INSIDE
from mutirao.network.models import Enterprise


@dataclass(frozen=True, slots=True)
class Verification:
    """A certificate as anyone may see it, and whether what is kept is what was sealed."""

    certificate: Certificate
    state: str
    seal_holds: bool


def verify(typed: str) -> Verification:
    """The certificate of a code, across networks; only what is on its paper, and how it stands today by the calendar
    of its network. An old one of an enterprise that is out says so, not that it was replaced or ran out.

    Raises: UnknownCertificate.
    """
    with tenancy.unscoped("a certificate's code names no network"):
        rows = Certificate.objects.select_related("network", "enterprise")
        row: Certificate | None = rows.filter(code=read(typed)).first()
    if row is None:
        raise UnknownCertificate
    sealed = sealed_text(
        network=row.network_name, number=row.number, enterprise=row.enterprise_name, issued_on=row.issued_on,
        expires_on=row.expires_on, code=row.code,
    )  # fmt: skip
    inside = row.enterprise.standing in INSIDE
    state = row.state_on(row.network.today()) if inside else str(Certificate.State.REVOKED)
    return Verification(row, state, digest_of(sealed) == row.digest)


def certificate_in_force(enterprise: Enterprise) -> Certificate | None:
    """The enterprise's certificate that is valid or suspended, or the last one."""
    rows = Certificate.objects.filter(enterprise=enterprise)
    current: Certificate | None = rows.filter(state__in=("valid", "suspended")).first()
    return current or rows.first()


def appeals_visible_to(actor: Actor) -> QuerySet[Appeal]:
    """All for the network's team."""
    rows: QuerySet[Appeal] = Appeal.objects.select_related(
        "measure__enterprise", "application", "filed_by", "decided_by"
    )
    return rows if actor.can(permissions.SEE) else rows.none()


def deciders_before(appeal: Appeal) -> set[int]:
    """Who took the decision that is appealed against, by id: they do not decide again."""
    if appeal.measure is not None:
        return {pk for pk in (appeal.measure.opened_by_id, appeal.measure.decided_by_id) if pk}
    application = appeal.application
    if application is None:  # the database has no such appeal
        return set()
    votes = {row.person_id for row in application.reviewers.all() if row.vote}
    return {*votes, *(pk for pk in (application.decision_recorded_by_id,) if pk)}


def standing_for(actor: Actor, pk: int) -> Enterprise:
    """An enterprise whose standing the actor may see. Raises: NotFound."""
    found: Enterprise | None = Enterprise.objects.filter(pk=pk).first()
    if found is None or not actor.can(permissions.SEE_STANDING, found):
        raise NotFound
    return found
