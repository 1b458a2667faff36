# SPDX-License-Identifier: AGPL-3.0-or-later
"""The group's side: begin a request, fill it in, show what proves it, send it, answer, take it back."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from mutirao.admission import permissions, queries, words
from mutirao.admission.errors import (
    AlreadyApplied,
    AlreadyInside,
    CompanyIsPartner,
    NotACandidate,
    NothingShown,
    NotTakingRequests,
    StillMissing,
    TooMuchEvidence,
    WrongState,
)
from mutirao.admission.events import (
    ApplicationRefused,
    ApplicationStarted,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    QuestionAnswered,
)
from mutirao.admission.models import Application, ChecklistItem, Evidence, Question
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.changes import differences, snapshot
from mutirao.kernel.errors import InvalidValue, NotAllowed, NotFound
from mutirao.kernel.locks import lock
from mutirao.kernel.uploads import Upload
from mutirao.kernel.work import emit, operation, record
from mutirao.network import membership, roles
from mutirao.network.models import Enterprise, Invitation, Municipality, Network, RoleAssignment
from mutirao.network.operations.enterprises import read_tax_id
from mutirao.network.operations.invitations import Issued, invite, revoke_invitation

State = Application.State
Kind = Evidence.Kind
TOKEN_BYTES = 15
"""120 bits, as for invitations: typed from a paper, guessed by nobody."""
MOST_EVIDENCE = 30
DRAFT_KEPT = dt.timedelta(days=90)
COMPANY = Enterprise.LegalForm.COMPANY
DATA_FIELDS = ("name", "legal_form", "tax_id", "member_count", "activity", "municipality", "contact_name", "phone",
               "email", "about")  # fmt: skip
BY_GROUP = (Kind.STATUTE, Kind.MINUTES, Kind.MEMBER_LIST, Kind.DECLARATION, Kind.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationData:
    """What a group says of itself; `tax_id` in any writing."""

    name: str
    legal_form: str
    contact_name: str
    tax_id: str = ""
    member_count: int | None = None
    activity: str = ""
    municipality: Municipality | None = None
    phone: str = ""
    email: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """An application and the token of its private link; the token is nowhere kept."""

    application: Application
    token: str


def guest(application: Application) -> Actor:
    """The group itself, acting by its private link: holding it is what lets it."""
    return system(application.network_id, why=application.contact_name or application.name, via="link")


def require_applicant(application: Application, actor: Actor) -> None:
    """Raises: NotAllowed unless the group acts by its link, speaks for its enterprise, or the coordination helps it."""
    if actor.is_system or actor.can(permissions.MANAGE, application):
        return
    if application.enterprise is None or not actor.can(permissions.SPEAK, application.enterprise):
        actor.require(permissions.MANAGE, application)


@operation
def start_application(network: Network, data: ApplicationData, *, actor: Actor, key: str = "") -> Started:
    """Begin a request as a draft, for a group without account. `key`: the same form sent again gives the same link.

    Raises: NotTakingRequests, InvalidValue, InvalidTaxId. A company may begin and is told at sending.
    """
    if not (actor.is_system or actor.can(permissions.MANAGE, network)):
        raise NotAllowed(act=_("Pedir para entrar"))
    if actor.via == "link" and not queries.settings_of(network.pk).takes_requests:
        raise NotTakingRequests
    return _start(network, data, actor=actor, key=key, proposed_by_id=actor.person_id)


@operation
def propose(enterprise: Enterprise, *, contact_name: str, actor: Actor, email: str = "", phone: str = "") -> Started:
    """Open the request of a candidate that the coordination registered; its link is for the group.

    Raises: NotAllowed, NotACandidate, AlreadyApplied, CompanyIsPartner.
    """
    actor.require(permissions.MANAGE, enterprise)
    enterprise = lock(enterprise)
    if enterprise.legal_form == COMPANY:
        raise CompanyIsPartner
    if enterprise.standing != Enterprise.Standing.CANDIDATE:
        raise NotACandidate(enterprise=enterprise.name, standing=enterprise.get_standing_display())
    data = _data_of(enterprise, contact_name=contact_name, email=email, phone=phone)
    return _start(enterprise.network, data, actor=actor, enterprise=enterprise, proposed_by_id=actor.person_id)


@operation
def start_renewal(enterprise: Enterprise, *, actor: Actor) -> Started:
    """Begin the light re-check of a member whose certificate runs out: the same criteria, only what changed is said.

    Raises: NotAllowed, StandingForbids, AlreadyApplied.
    """
    if not actor.can(permissions.MANAGE, enterprise):
        actor.require(permissions.SPEAK, enterprise)
    enterprise = lock(enterprise)
    membership.require_member(enterprise, membership.HOLD_ROLE)
    contact = enterprise.contacts.first()
    data = _data_of(
        enterprise, contact_name=contact.name if contact else actor.name, email=contact.email if contact else "",
        phone=contact.phone if contact else "",
    )  # fmt: skip
    started = _start(enterprise.network, data, actor=actor, enterprise=enterprise, kind=Application.Kind.RENEWAL)
    last = Application.objects.filter(enterprise=enterprise, state=State.ADMITTED).order_by("-pk").first()
    answers = dict(last.items.values_list("code", "answer")) if last else {}
    for item in started.application.items.all():
        if answers.get(item.code):
            item.answer = answers[item.code]
            item.save(update_fields=["answer"])
    return started


def _data_of(enterprise: Enterprise, *, contact_name: str, email: str, phone: str) -> ApplicationData:
    return ApplicationData(
        name=enterprise.name, legal_form=enterprise.legal_form, tax_id=enterprise.tax_id,
        member_count=enterprise.member_count, activity=enterprise.activity, municipality=enterprise.municipality,
        contact_name=contact_name, email=email, phone=phone,
    )  # fmt: skip


def _start(network: Network, data: ApplicationData, *, actor: Actor, key: str = "", **more: Any) -> Started:
    values = _values(data)
    token = _token(key, network.pk, values["name"], values["phone"], values["email"])
    known: Application | None = Application.objects.filter(token_hash=queries.hash_of(token)).first()
    if known is not None:
        return Started(known, token)
    fresh = lock(network)
    last = Application.objects.aggregate(last=Max("number"))["last"] or 0
    application = Application(
        network=fresh, number=last + 1, token_hash=queries.hash_of(token), created_at=clock.now(), **values, **more
    )
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:
        raise AlreadyApplied from None
    informal = application.legal_form in (Enterprise.LegalForm.INFORMAL, Enterprise.LegalForm.FAMILY)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            network=fresh, application=application, code=row.code, source=row.source, title=row.title, text=row.text,
            proof=row.proof if row.source == "network" else words.proof(row.code, informal=informal),
            norm=row.norm, article=row.article, position=row.position, is_required=row.is_required,
        )
        for row in queries.criteria_of(fresh)
    )  # fmt: skip
    record(actor, "admission.started", application, name=application.name, legal_form=application.legal_form,
           application_kind=str(application.kind))  # fmt: skip
    emit(ApplicationStarted(fresh.pk, application.pk))
    return Started(application, token)


def _token(key: str, *content: object) -> str:
    if not key:
        return secrets.token_urlsafe(TOKEN_BYTES)
    digest = salted_hmac("mutirao.admission.link", repr((key, *content)), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def _values(data: ApplicationData) -> dict[str, Any]:
    values = {field.name: getattr(data, field.name) for field in fields(data)}
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    for name, told in (("name", _("Diga o nome do grupo.")), ("contact_name", _("Diga com quem falar."))):
        if not values[name]:
            raise InvalidValue(told, field=name)
    if values["legal_form"] not in Enterprise.LegalForm.values:
        raise InvalidValue(_("Escolha a forma do empreendimento."), field="legal_form")
    values["tax_id"] = read_tax_id(values["tax_id"]).number
    values["email"] = values["email"].lower()
    return values


@operation
def edit_application(application: Application, data: ApplicationData, *, actor: Actor) -> Application:
    """Change what the group says of itself, until it is sent or while it is asked back. Raises: WrongState."""
    require_applicant(application, actor)
    application = _draft(application)
    before = snapshot(application, DATA_FIELDS)
    for name, value in _values(data).items():
        setattr(application, name, value)
    if changed := differences(before, snapshot(application, DATA_FIELDS)):
        application.save(update_fields=[*changed, "folded"] if "name" in changed else list(changed))
        record(actor, "admission.edited", application, fields=sorted(changed))
    return application


def _draft(application: Application) -> Application:
    application = lock(application)
    if application.state != State.DRAFT:
        raise WrongState(state=application.get_state_display())
    return application


def taking_evidence(application: Application) -> Application:
    """The application locked, while what proves it may still come. Raises: WrongState."""
    application = lock(application)
    if not application.is_open:
        raise WrongState(state=application.get_state_display())
    return application


@operation
def say_for_criterion(item: ChecklistItem, *, answer: str, actor: Actor) -> ChecklistItem:
    """What the group says to one criterion, in its own words; only before it is sent. Raises: WrongState."""
    require_applicant(item.application, actor)
    _draft(item.application)
    item = lock(item)
    item.answer = answer.strip()
    item.save(update_fields=["answer"])
    return item


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
    application = _draft(evidence.application)
    evidence = lock(evidence)
    kept = evidence.file.name or ""
    storage = evidence.file.storage
    record(actor, "admission.evidence_removed", application, evidence=evidence.pk, digest=evidence.digest)
    evidence.delete()
    if kept:
        transaction.on_commit(lambda: storage.delete(kept))


@operation
def submit(application: Application, *, actor: Actor) -> Application:
    """Send the request to the network; sending it twice changes nothing.

    A company's request is refused at once, with the reason and the way of a partner.
    Raises: WrongState, StillMissing.
    """
    require_applicant(application, actor)
    application = lock(application)
    if application.state in (State.SUBMITTED, State.REVIEW):
        return application
    if application.state != State.DRAFT:
        raise WrongState(state=application.get_state_display())
    if application.legal_form == COMPANY:
        return _refuse_company(application, actor)
    if missing := queries.missing_to_submit(application, application.items.all()):
        raise StillMissing(what=", ".join(missing))
    rules = queries.settings_of(application.network_id)
    application.state, application.submitted_at = State.SUBMITTED, clock.now()
    application.decide_by = clock.today() + dt.timedelta(days=rules.review_days)
    application.save(update_fields=["state", "submitted_at", "decide_by"])
    record(actor, "admission.submitted", application, decide_by=application.decide_by)
    emit(ApplicationSubmitted(application.network_id, application.pk))
    return application


def _refuse_company(application: Application, actor: Actor) -> Application:
    """A company's request ends here, on record, with the criterion and the way of a partner."""
    reason = str(CompanyIsPartner())
    application.state, application.decided_at, application.decision_reason = State.REFUSED, clock.now(), reason
    application.submitted_at = clock.now()
    application.save(update_fields=["state", "decided_at", "decision_reason", "submitted_at"])
    application.items.filter(code__in=("work", "members_work", "self_management")).update(is_refusal_ground=True)
    record(actor, "admission.refused", application, reason=reason, legal_form=application.legal_form)
    emit(ApplicationRefused(application.network_id, application.pk))
    return application


@operation
def answer_question(question: Question, *, answer: str, actor: Actor) -> Question:
    """The group's answer; it may be changed while the review runs. Raises: WrongState, InvalidValue."""
    require_applicant(question.application, actor)
    application = taking_evidence(question.application)
    question = lock(question)
    if not answer.strip():
        raise InvalidValue(_("Escreva a resposta."), field="answer")
    if question.answer == answer.strip():
        return question
    question.answer, question.answered_at = answer.strip(), clock.now()
    question.save(update_fields=["answer", "answered_at"])
    record(actor, "admission.question_answered", application, question=question.text, answer=question.answer)
    emit(QuestionAnswered(application.network_id, application.pk, question.pk))
    return question


@operation
def withdraw(application: Application, *, actor: Actor, reason: str = "") -> Application:
    """Take the request back; what was written stays for the record. Raises: WrongState once it is decided."""
    require_applicant(application, actor)
    application = lock(application)
    if application.state == State.WITHDRAWN:
        return application
    if not application.is_open:
        raise WrongState(state=application.get_state_display())
    application.state, application.decided_at = State.WITHDRAWN, clock.now()
    application.save(update_fields=["state", "decided_at"])
    record(actor, "admission.withdrawn", application, reason=reason.strip())
    emit(ApplicationWithdrawn(application.network_id, application.pk))
    return application


@operation
def issue_new_link(application: Application, *, actor: Actor) -> Started:
    """A new private link for a group that lost its own; the old one opens nothing any more. Raises: NotAllowed."""
    actor.require(permissions.MANAGE, application)
    application = lock(application)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    application.token_hash = queries.hash_of(token)
    application.save(update_fields=["token_hash"])
    record(actor, "admission.link_renewed", application)
    return Started(application, token)


@operation
def link_enterprise(application: Application, *, enterprise: Enterprise, actor: Actor) -> Application:
    """Say that a request is of an enterprise that is registered already as candidate, or that left or was excluded.

    Raises: NotAllowed, WrongState, NotACandidate, AlreadyApplied.
    """
    actor.require(permissions.MANAGE, application)
    actor.require(permissions.MANAGE, enterprise)
    application = taking_evidence(application)
    enterprise = lock(enterprise)
    if membership.may(enterprise, membership.HOLD_ROLE) or enterprise.legal_form == COMPANY:
        raise NotACandidate(enterprise=enterprise.name, standing=enterprise.get_standing_display())
    application.enterprise = enterprise
    try:
        with transaction.atomic():
            application.save(update_fields=["enterprise"])
    except IntegrityError:
        raise AlreadyApplied from None
    record(actor, "admission.enterprise_linked", application, enterprise=enterprise.name)
    return application


@operation
def drop_stale_draft(application: Application, *, actor: Actor) -> bool:
    """Forget a draft that nobody sent for long, with its files: nothing of people is kept without need.

    Returns whether it went. Raises: NotAllowed.
    """
    if not actor.is_system:
        actor.require(permissions.MANAGE, application)
    application = lock(application)
    fresh = application.created_at + DRAFT_KEPT > clock.now()
    if application.state != State.DRAFT or application.enterprise_id or fresh:
        return False
    files = [(row.file.storage, str(row.file.name)) for row in application.evidence.exclude(file="")]
    record(actor, "admission.draft_dropped", application, number=application.number)
    application.delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))
    return True


@operation
def welcome_in(application: Application, *, actor: Actor) -> Issued:
    """The invitation with which an admitted group's first person opens an account and speaks for the enterprise.

    Once somebody spoke for it, the network's own invitations are the way: whoever was dismissed does not come back by
    the link of the request. The same invitation all day long. Raises: WrongState unless admitted; AlreadyInside.
    """
    require_applicant(application, actor)
    application = lock(application)
    enterprise = application.enterprise
    if application.state != State.ADMITTED or enterprise is None:
        raise WrongState(state=application.get_state_display())
    decided = timezone.localdate(application.decided_at or clock.now())
    speaks = RoleAssignment.objects.filter(enterprise=enterprise, role=roles.ENTERPRISE_COORDINATOR)
    if speaks.filter(RoleAssignment.held_on(clock.today()) | Q(since__gte=decided)).exists():
        raise AlreadyInside(enterprise=enterprise.name)
    issued = invite(
        application.network, role=roles.ENTERPRISE_COORDINATOR, enterprise=enterprise, name=application.contact_name,
        key=f"admission-{application.pk}-{clock.today()}", actor=actor,
    )  # fmt: skip
    # Those of other days would be as many more ways in.
    own = Invitation.objects.filter(enterprise=enterprise, role=roles.ENTERPRISE_COORDINATOR, invited_by__isnull=True)
    for old in own.filter(accepted_at__isnull=True, revoked_at__isnull=True).exclude(pk=issued.invitation.pk):
        revoke_invitation(old, actor=actor)
    return issued
