# SPDX-License-Identifier: AGPL-3.0-or-later
"""The group's side: fill its request in, send it, answer, take it back; and how it comes in once admitted."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mutirao.admission import permissions, queries
from mutirao.admission.errors import (
    AlreadyApplied,
    AlreadyInside,
    CompanyIsPartner,
    NameBelongsToAnother,
    NotACandidate,
    StillMissing,
    WrongState,
)
from mutirao.admission.events import (
    ApplicationRefused,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    QuestionAnswered,
)
from mutirao.admission.models import Application, ChecklistItem, Question
from mutirao.admission.operations.beginning import COMPANY, ApplicationData, values_of
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.changes import differences, snapshot
from mutirao.kernel.errors import InvalidValue
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.network import membership, roles
from mutirao.network.models import Enterprise, Invitation, RoleAssignment
from mutirao.network.operations.enterprises import read_tax_id
from mutirao.network.operations.invitations import Issued, invite, revoke_invitation

State = Application.State
DRAFT_KEPT = dt.timedelta(days=90)
DATA_FIELDS = ("name", "legal_form", "tax_id", "member_count", "activity", "municipality", "city", "contact_name",
               "phone", "email", "about")  # fmt: skip


def guest(application: Application) -> Actor:
    """The group itself, acting by its private link: holding it is what lets it."""
    return system(application.network_id, why=application.contact_name or application.name, via="link")


def require_applicant(application: Application, actor: Actor) -> None:
    """Raises: NotAllowed unless the group acts by its link, speaks for its enterprise, or the coordination helps it."""
    if actor.is_system or actor.acts_by(permissions.MANAGE, application):
        return
    if application.enterprise is None or not actor.acts_by(permissions.SPEAK, application.enterprise):
        actor.require(permissions.MANAGE, application)


@operation
def edit_application(application: Application, data: ApplicationData, *, actor: Actor) -> Application:
    """Change what the group says of itself, until it is sent or while it is asked back. Raises: WrongState."""
    require_applicant(application, actor)
    application = draft(application)
    before = snapshot(application, DATA_FIELDS)
    for name, value in values_of(data, country=application.country, phone_now=application.phone).items():
        setattr(application, name, value)
    if changed := differences(before, snapshot(application, DATA_FIELDS)):
        application.save(update_fields=[*changed, "folded"] if "name" in changed else list(changed))
        record(actor, "admission.edited", application, fields=sorted(changed))
    return application


def draft(application: Application) -> Application:
    """The application locked, while the group still fills it in. Raises: WrongState."""
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
    draft(item.application)
    item = lock(item)
    item.answer = answer.strip()
    item.save(update_fields=["answer"])
    return item


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
def link_enterprise(application: Application, *, enterprise: Enterprise, actor: Actor) -> Application:
    """Say that a request is of an enterprise that is registered already as candidate, or that left or was excluded.

    Raises: NotAllowed, WrongState, NotACandidate, AlreadyApplied.
    """
    actor.require(permissions.MANAGE, application)
    actor.require(permissions.MANAGE, enterprise)
    application = _entering(application)
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


def _entering(application: Application) -> Application:
    """The application locked, of a group that is not in and may yet come in. Raises: WrongState."""
    application = lock(application)
    if not application.may_still_enter:
        raise WrongState(state=application.get_state_display())
    return application


@operation
def correct_application(application: Application, *, name: str, tax_id: str, actor: Actor) -> Application:
    """Say that a request is of a new group, by another name or registration where what it sent is somebody else's.

    Raises: NotAllowed, WrongState, InvalidValue, InvalidTaxId, NameBelongsToAnother.
    """
    actor.require(permissions.MANAGE, application)
    application = _entering(application)
    names = ("enterprise", "name", "tax_id")
    before = snapshot(application, names)
    application.enterprise, application.name = None, name.strip()
    if not application.name:
        raise InvalidValue(_("Diga o nome do grupo."), field="name")
    application.tax_id = read_tax_id(tax_id, application.country).number
    if (twin := queries.twin_of(application)) is not None:
        raise NameBelongsToAnother(enterprise=twin.name)
    if changed := differences(before, snapshot(application, names)):
        application.save(update_fields=[*names, "folded"])
        record(actor, "admission.corrected", application, changes=changed)
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
