# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of admission, each for an actor or for whoever holds a link."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from mutirao.admission import permissions, words
from mutirao.admission.core import criteria as core
from mutirao.admission.core.certificates import digest_of, read, sealed_text
from mutirao.admission.core.voting import Outcome, outcome
from mutirao.admission.errors import UnknownCertificate, UnknownLink
from mutirao.admission.models import (
    OPEN_STATES,
    AdmissionSettings,
    Appeal,
    Application,
    Certificate,
    ChecklistItem,
    Conflict,
    Criterion,
    Evidence,
    Measure,
    Question,
    Reviewer,
)
from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotFound
from mutirao.kernel.models import LegalParameter
from mutirao.network.core.standing import INSIDE
from mutirao.network.models import Delegation, Enterprise, Network, Person, RoleAssignment

# --- rules -----------------------------------------------------------------------------------------------------------


def settings_of(network_id: int) -> AdmissionSettings:
    """What the network agreed, or what holds where it agreed nothing (not saved)."""
    found: AdmissionSettings | None = AdmissionSettings.objects.filter(network_id=network_id).first()
    return found or AdmissionSettings(network_id=network_id)


def legal_criteria(country: str, on: dt.date) -> dict[str, LegalParameter]:
    """The criteria of a country's law in force on a day, by code without prefix, in the order of the article."""
    rows = LegalParameter.objects.filter(
        country=country, code__startswith=core.LEGAL_PREFIX, valid_from__lte=on
    ).order_by("valid_from", "pk")
    latest = {row.code.removeprefix(core.LEGAL_PREFIX): row for row in rows}
    return {code: row for code, row in latest.items() if row.value}


def criteria_of(network: Network) -> list[Criterion]:
    """The network's criteria in use; where it never touched them, those of its country's rule set (not saved)."""
    kept = list(Criterion.objects.filter(network=network))
    return [row for row in kept if row.is_active] if kept else default_criteria(network, on=clock.today())


def default_criteria(network: Network, *, on: dt.date) -> list[Criterion]:
    """The rule set of the network's country as rows not saved: law first, then what of the common ground is open."""
    legal = legal_criteria(network.country, on)
    return [
        Criterion(
            network=network,
            code=rule.code,
            source=rule.source,
            title=str(words.TITLES[rule.code]),
            text=legal[rule.code].note if rule.code in legal else str(words.TEXTS[rule.code]),
            proof=str(words.PROOFS.get(rule.code, "")),
            norm=legal[rule.code].norm if rule.code in legal else "",
            article=legal[rule.code].article if rule.code in legal else "",
            position=10 * (number + 1),
            is_required=rule.is_required,
        )
        for number, rule in enumerate(core.checklist(legal))
    ]


# --- applications ----------------------------------------------------------------------------------------------------


def hash_of(token: str) -> str:
    """What is kept of a private link's token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def application_of(token: str) -> Application:
    """The application of a private link, looked up across networks. Raises: UnknownLink."""
    with tenancy.unscoped("a private link names no network"):
        rows = Application.objects.select_related("network", "enterprise", "municipality")
        found: Application | None = rows.filter(token_hash=hash_of(token)).first()
    if found is None:
        raise UnknownLink
    return found


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """All for the network's team; else those that the person was named to review."""
    rows: QuerySet[Application] = Application.objects.select_related("municipality", "enterprise")
    if actor.can(permissions.SEE):
        return rows
    return rows.filter(Exists(_own_reviews(actor).filter(application=OuterRef("pk"))))


def _own_reviews(actor: Actor) -> QuerySet[Reviewer]:
    rows: QuerySet[Reviewer] = Reviewer.objects.filter(person_id=actor.person_id or 0, released_at__isnull=True)
    return rows


def with_counts(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with how many review, how many voted and how many questions wait (`named`, `voted`, `open`)."""
    working = Q(reviewers__released_at__isnull=True)
    return rows.annotate(
        named=Count("reviewers", filter=working, distinct=True),
        voted=Count("reviewers", filter=working & ~Q(reviewers__vote=""), distinct=True),
        asked=Count("questions", filter=Q(questions__answered_at__isnull=True), distinct=True),
    ).order_by("-number")


def application_for(actor: Actor, number: int) -> Application:
    """One application. Raises: NotFound."""
    found = applications_visible_to(actor).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def review_of(actor: Actor, application: Application) -> Reviewer | None:
    """The actor's own review of an application; None for whoever does not review it."""
    return _own_reviews(actor).filter(application=application).first()


def may_refer(actor: Actor, application: Application) -> list[Enterprise]:
    """The members for which the actor may give a reference and that gave none yet."""
    given = Evidence.objects.filter(application=application, kind=Evidence.Kind.REFERENCE)
    rows = Enterprise.objects.filter(pk__in=actor.enterprise_ids, standing="member")
    rows = rows.exclude(pk__in=given.values("by_enterprise"))
    return [row for row in rows if actor.can(permissions.REFER, row)]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is: who reviews, what votes say, and what happens next in words."""

    reviewers: list[Reviewer]
    needed: int
    outcome: Outcome
    open_questions: int
    assembly_decides: bool

    @property
    def voted(self) -> int:
        """How many have voted."""
        return sum(1 for row in self.reviewers if row.vote)

    def next_step(self, application: Application) -> str:
        """Who does what now, in words."""
        state = application.state
        if state == Application.State.DRAFT:
            return _("O grupo está preenchendo o pedido.")
        if state == Application.State.ADMITTED:
            return _("Decidido: o grupo entrou.")
        if state == Application.State.REFUSED:
            return _("Decidido: o pedido foi recusado.")
        if state == Application.State.WITHDRAWN:
            return _("O grupo retirou o pedido.")
        missing = self.needed - len(self.reviewers)
        if missing > 0:
            return _("A coordenação nomeia quem examina (faltam %(missing)s).") % {"missing": missing}
        if self.open_questions:
            return _("O grupo responde às perguntas (%(open)s em aberto).") % {"open": self.open_questions}
        if self.assembly_decides:
            return _("A coordenação registra a decisão da assembleia.")
        return _("Quem examina dá parecer e vota (%(voted)s de %(all)s).") % {
            "voted": self.voted,
            "all": len(self.reviewers),
        }


def counted_reviewers(application: Application) -> list[Reviewer]:
    """Those whose review counts: named, not released, and without conflict of interest today, whatever they voted."""
    rows = list(Reviewer.objects.filter(application=application, released_at__isnull=True).select_related("person"))
    barred = conflicts_of(application, [row.person for row in rows])
    return [row for row in rows if row.person_id not in barred]


def progress_of(application: Application) -> Progress:
    """Where a review stands."""
    rules = settings_of(application.network_id)
    reviewers = counted_reviewers(application)
    result: Outcome = outcome([row.vote for row in reviewers]) if reviewers else "open"
    enough = len(reviewers) >= rules.reviewers_needed
    by_assembly = rules.decided_by == AdmissionSettings.DecidedBy.ASSEMBLY
    return Progress(
        reviewers=reviewers,
        needed=rules.reviewers_needed,
        outcome=result if enough and not by_assembly else "open",
        open_questions=Question.objects.filter(application=application, answered_at__isnull=True).count(),
        assembly_decides=by_assembly or (enough and result == "tied"),
    )


def missing_to_submit(application: Application, items: Iterable[ChecklistItem]) -> list[str]:
    """What the request lacks before it can be sent, in words: data, and criteria with neither answer nor proof."""
    missing = [
        str(label)
        for value, label in (
            (application.member_count, _("quantas pessoas participam")),
            (application.activity, _("o que o grupo faz")),
            (application.municipality_id, _("o município")),
            (application.phone or application.email, _("um telefone ou e-mail")),
        )
        if not value
    ]
    shown = set(Evidence.items.through.objects.filter(evidence__application=application).values_list(
        "checklistitem_id", flat=True
    ))  # fmt: skip
    missing += [f"“{item.title}”" for item in items if item.is_required and not item.answer and item.pk not in shown]
    return missing


# --- conflict of interest --------------------------------------------------------------------------------------------


def conflicts_of(application: Application, people: Iterable[Person]) -> dict[int, str]:
    """Why each of the people may not review, by id; who is free of conflict is left out.

    Whoever holds or held a role in the enterprise, or was left one there by somebody away, proposed the group or began
    its request, is its contact, spoke for it by a reference, or declared (or was declared to have) kinship or interest.
    """
    found: dict[int, str] = {}
    wanted = {person.pk: person for person in people}
    if not wanted:
        return found
    if application.enterprise_id:
        held = RoleAssignment.objects.filter(person__in=wanted, enterprise_id=application.enterprise_id)
        left = Delegation.objects.filter(to_person__in=wanted, assignment__enterprise_id=application.enterprise_id)
        inside = {*held.values_list("person_id", flat=True), *left.values_list("to_person_id", flat=True)}
        found |= dict.fromkeys(inside, _("tem ou teve papel neste empreendimento"))
    given = Evidence.objects.filter(application=application, kind=Evidence.Kind.REFERENCE, added_by__in=wanted)
    found |= dict.fromkeys(given.values_list("added_by_id", flat=True), _("deu referência do grupo"))
    for pk, person in wanted.items():
        if pk == application.proposed_by_id:
            found[pk] = _("propôs a entrada do grupo")
        elif application.email and person.email.lower() == application.email.lower():
            found[pk] = _("é o contato do grupo")
    for row in Conflict.objects.filter(application=application, person__in=wanted):
        found[row.person_id] = _("declarou ligação com o grupo (%(reason)s)") % {"reason": row.reason}
    return found


def possible_reviewers(application: Application) -> list[tuple[Person, str]]:
    """Everybody with a role in the network today, with why they may not review ("" for whoever may)."""
    held = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person=OuterRef("pk"))
    people = list(Person.objects.filter(Exists(held)).order_by("folded"))
    why = conflicts_of(application, people)
    return [(person, why.get(person.pk, "")) for person in people]


# --- certificates ----------------------------------------------------------------------------------------------------


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


# --- what waits, and what is late ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Duty:
    """Something of admission that waits for the person: what, about whom, where, until when."""

    title: str
    about: str
    view: str
    kwargs: dict[str, Any]
    until: dt.date | None = None

    @property
    def late(self) -> bool:
        """Whether its day is over."""
        return self.until is not None and self.until < clock.today()


def duties_of(actor: Actor) -> list[Duty]:
    """What waits for the person in admission, those with a day first."""
    found = [*_reviews(actor), *_to_run(actor), *_measures(actor), *_appeals(actor), *_own(actor)]
    return sorted(found, key=lambda one: one.until or dt.date.max)


def _reviews(actor: Actor) -> list[Duty]:
    rows = _own_reviews(actor).filter(vote="", application__state=Application.State.REVIEW)
    by_vote = settings_of(actor.network_id or 0).decided_by == AdmissionSettings.DecidedBy.REVIEWERS
    return [
        Duty(
            _("Examinar o pedido de %(name)s") % {"name": row.application.name},
            _("Dê parecer e vote") if by_vote else _("Dê parecer"),
            "admission:review",
            {"number": row.application.number},
            row.application.decide_by,
        )
        for row in rows.select_related("application")
        if by_vote or not row.opinions.exists()
    ]


def _to_run(actor: Actor) -> list[Duty]:
    if not actor.can(permissions.MANAGE):
        return []
    rows = Application.objects.filter(state__in=(Application.State.SUBMITTED, Application.State.REVIEW))
    found = []
    for row in rows:
        progress = progress_of(row)
        needs_people = len(progress.reviewers) < progress.needed
        late = row.decide_by is not None and row.decide_by < clock.today()
        if needs_people or progress.assembly_decides or late:
            found.append(
                Duty(progress.next_step(row), row.name, "admission:request", {"number": row.number}, row.decide_by)
            )
    return found


def _measures(actor: Actor) -> list[Duty]:
    rows = Measure.objects.filter(state=Measure.State.HEARING).select_related("enterprise")
    found = []
    for row in rows:
        page = {"pk": row.enterprise_id}
        speaks = actor.can(permissions.SPEAK, row.enterprise)
        over = row.hear_until is None or row.hear_until < clock.today() or row.heard_on is not None
        if speaks and row.heard_on is None:
            title = _("Dizer o que pensa da exclusão proposta")
            found.append(Duty(title, row.enterprise.name, "admission:standing", page, row.hear_until))
        elif over and actor.can(permissions.SANCTION, row.enterprise):
            title = _("Decidir a exclusão proposta")
            found.append(Duty(title, row.enterprise.name, "admission:standing", page, row.hear_until))
    return found


def _appeals(actor: Actor) -> list[Duty]:
    if not actor.can(permissions.RECORD_APPEAL):
        return []
    rows = Appeal.objects.filter(state=Appeal.State.OPEN).select_related("measure__enterprise", "application")
    found = []
    for row in rows:
        if actor.person_id in deciders_before(row):
            continue
        about = row.measure.enterprise.name if row.measure else row.application.name
        found.append(Duty(_("Levar o recurso à assembleia"), about, "admission:appeal", {"pk": row.pk}, row.decide_by))
    return found


def _own(actor: Actor) -> list[Duty]:
    """Certificates of the actor's enterprises that run out soon."""
    day = clock.today() + dt.timedelta(days=settings_of(actor.network_id or 0).reminder_days)
    rows = Certificate.objects.filter(
        enterprise_id__in=actor.enterprise_ids, state=Certificate.State.VALID, expires_on__lte=day
    ).exclude(enterprise__applications__state__in=OPEN_STATES)
    return [
        Duty(_("Renovar o certificado"), row.enterprise.name, "admission:standing", {"pk": row.enterprise_id},
             row.expires_on)
        for row in rows.select_related("enterprise")
        if actor.can(permissions.SPEAK, row.enterprise)
    ]  # fmt: skip


def deciders_before(appeal: Appeal) -> set[int]:
    """Who took the decision that is appealed against, by id: they do not decide again."""
    if appeal.measure is not None:
        return {pk for pk in (appeal.measure.opened_by_id, appeal.measure.decided_by_id) if pk}
    application = appeal.application
    if application is None:  # the database has no such appeal
        return set()
    votes = Reviewer.objects.filter(application=application).exclude(vote="").values_list("person_id", flat=True)
    return {*votes, *(pk for pk in (application.decision_recorded_by_id,) if pk)}


def appeals_visible_to(actor: Actor) -> QuerySet[Appeal]:
    """All for the network's team."""
    rows: QuerySet[Appeal] = Appeal.objects.select_related(
        "measure__enterprise", "application", "filed_by", "decided_by"
    )
    return rows if actor.can(permissions.SEE) else rows.none()


def standing_for(actor: Actor, pk: int) -> Enterprise:
    """An enterprise whose standing the actor may see. Raises: NotFound."""
    found: Enterprise | None = Enterprise.objects.filter(pk=pk).first()
    if found is None or not actor.can(permissions.SEE_STANDING, found):
        raise NotFound
    return found
