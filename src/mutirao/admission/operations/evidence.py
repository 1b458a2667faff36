# SPDX-License-Identifier: AGPL-3.0-or-later
"""What shows that criteria are met: documents, photos, references by members, reports of visits."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mutirao.admission import permissions
from mutirao.admission.errors import (
    AlreadyApplied,
    NothingShown,
    TooMuchEvidence,
)
from mutirao.admission.models import Application, ChecklistItem, Evidence
from mutirao.admission.operations.applications import draft, require_applicant, taking_evidence
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotFound
from mutirao.kernel.locks import lock
from mutirao.kernel.uploads import Upload
from mutirao.kernel.work import operation, record
from mutirao.network import membership
from mutirao.network.models import Enterprise

Kind = Evidence.Kind
MOST_EVIDENCE = 30
BY_GROUP = (Kind.STATUTE, Kind.MINUTES, Kind.MEMBER_LIST, Kind.DECLARATION, Kind.OTHER)


@operation
def add_evidence(
    application: Application,
    *,
    kind: str,
    actor: Actor,
    items: Sequence[ChecklistItem] = (),
    file: Upload | None = None,
    text: str = "",
    enterprise: Enterprise | None = None,
) -> Evidence:
    """Keep a document, photo or text that shows criteria are met; PDFs as they are, pictures made anew.

    References are given by members (`enterprise`), reports of visits by the network's team, the rest by the group.
    Raises: NotAllowed, WrongState, NothingShown, TooMuchEvidence, StandingForbids, AlreadyApplied for a second
    reference of one member.
    """
    _require_may_show(application, kind, enterprise, actor)
    application = taking_evidence(application)
    if application.evidence.count() >= MOST_EVIDENCE:
        raise TooMuchEvidence(limit=MOST_EVIDENCE)
    if not file and not text.strip():
        raise NothingShown(field="file")
    if any(item.application_id != application.pk for item in items):
        raise NotFound
    evidence = Evidence(
        network_id=application.network_id, application=application, kind=Kind(kind), text=text.strip(),
        by_enterprise=enterprise, added_by_id=actor.person_id, added_at=clock.now(),
    )  # fmt: skip
    if file:
        evidence.content_type, evidence.digest = file.content_type, file.sha256
        evidence.file.save(f"{secrets.token_hex(12)}.{file.extension}", file.as_file(), save=False)
    try:
        with transaction.atomic():
            evidence.save()
    except IntegrityError:
        raise AlreadyApplied(_("Este membro já deu referência deste grupo.")) from None
    evidence.items.set(items)
    record(
        actor, "admission.evidence_added", application, evidence=evidence.pk, evidence_kind=str(evidence.kind),
        digest=evidence.digest, enterprise=str(enterprise) if enterprise else None,
        criteria=[item.code for item in items],
    )  # fmt: skip
    return evidence


def _require_may_show(application: Application, kind: str, enterprise: Enterprise | None, actor: Actor) -> None:
    if kind == Kind.REFERENCE:
        if enterprise is None or enterprise.pk == application.enterprise_id:
            raise InvalidValue(_("Escolha o membro que dá a referência."), field="enterprise")
        actor.require(permissions.REFER, enterprise)
        membership.require_member(Enterprise.objects.get(pk=enterprise.pk), membership.SPEAK_FOR_OTHERS)
    elif kind == Kind.VISIT:
        actor.require(permissions.VISIT, application)
    elif kind in BY_GROUP:
        require_applicant(application, actor)
    else:
        raise InvalidValue(field="kind")


@operation
def remove_evidence(evidence: Evidence, *, actor: Actor) -> None:
    """Take back what the group showed, before it is sent. Raises: WrongState."""
    require_applicant(evidence.application, actor)
    application = draft(evidence.application)
    evidence = lock(evidence)
    kept = evidence.file.name or ""
    storage = evidence.file.storage
    record(actor, "admission.evidence_removed", application, evidence=evidence.pk, digest=evidence.digest)
    evidence.delete()
    if kept:
        transaction.on_commit(lambda: storage.delete(kept))
