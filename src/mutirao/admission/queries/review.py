# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a review is: who reviews, without conflict of interest, and what the votes say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mutirao.admission.core.voting import Outcome, outcome
from mutirao.admission.models import AdmissionSettings, Application, Conflict, Evidence, Question, Reviewer
from mutirao.admission.queries.rules import settings_of
from mutirao.kernel import clock
from mutirao.network.models import Delegation, Person, RoleAssignment


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
    return _counted([application])[application.pk]


def _counted(applications: Sequence[Application]) -> dict[int, list[Reviewer]]:
    """Of each application by id, with as few queries for many as for one."""
    rows = list(
        Reviewer.objects.filter(application__in=applications, released_at__isnull=True).select_related("person")
    )
    barred = _conflicts(applications, {row.person_id: row.person for row in rows})
    counted: dict[int, list[Reviewer]] = {application.pk: [] for application in applications}
    for row in rows:
        if (row.application_id, row.person_id) not in barred:
            counted[row.application_id].append(row)
    return counted


def progress_of(application: Application) -> Progress:
    """Where a review stands."""
    ((_row, progress),) = progress_of_all([application])
    return progress


def progress_of_all(applications: Iterable[Application]) -> list[tuple[Application, Progress]]:
    """Where each of the reviews stands, all of one network; the same few queries however many they are."""
    rows = list(applications)
    if not rows:
        return []
    rules, counted = settings_of(rows[0].network_id), _counted(rows)
    open_ones = Question.objects.filter(application__in=rows, answered_at__isnull=True)
    asked = Counter(open_ones.values_list("application_id", flat=True))
    return [(row, _progress(counted[row.pk], asked[row.pk], rules)) for row in rows]


def _progress(reviewers: list[Reviewer], open_questions: int, rules: AdmissionSettings) -> Progress:
    result: Outcome = outcome([row.vote for row in reviewers]) if reviewers else "open"
    enough = len(reviewers) >= rules.reviewers_needed
    by_assembly = rules.decided_by == AdmissionSettings.DecidedBy.ASSEMBLY
    return Progress(
        reviewers=reviewers,
        needed=rules.reviewers_needed,
        outcome=result if enough and not by_assembly else "open",
        open_questions=open_questions,
        assembly_decides=by_assembly or (enough and result == "tied"),
    )


# --- conflict of interest --------------------------------------------------------------------------------------------


def conflicts_of(application: Application, people: Iterable[Person]) -> dict[int, str]:
    """Why each of the people may not review, by id; who is free of conflict is left out.

    Whoever holds or held a role in the enterprise, or was left one there by somebody away, proposed the group or began
    its request, is its contact, spoke for it by a reference, or declared (or was declared to have) kinship or interest.
    """
    found = _conflicts([application], {person.pk: person for person in people})
    return {person_id: why for (_application_id, person_id), why in found.items()}


def _conflicts(applications: Sequence[Application], people: dict[int, Person]) -> dict[tuple[int, int], str]:
    """By application and person; four queries however many of each."""
    found: dict[tuple[int, int], str] = {}
    if not people:
        return found
    of_enterprise = {row.enterprise_id for row in applications if row.enterprise_id}
    if of_enterprise:
        held = RoleAssignment.objects.filter(person__in=people, enterprise__in=of_enterprise)
        left = Delegation.objects.filter(to_person__in=people, assignment__enterprise__in=of_enterprise)
        pairs = [
            *held.values_list("person_id", "enterprise_id"),
            *left.values_list("to_person_id", "assignment__enterprise_id"),
        ]
        for row in applications:
            for person_id, enterprise_id in pairs:
                if enterprise_id == row.enterprise_id:
                    found[row.pk, person_id] = _("tem ou teve papel neste empreendimento")
    given = Evidence.objects.filter(application__in=applications, kind=Evidence.Kind.REFERENCE, added_by__in=people)
    for application_id, person_id in given.values_list("application_id", "added_by_id"):
        found[application_id, person_id] = _("deu referência do grupo")
    for row in applications:
        for person in people.values():
            if person.pk == row.proposed_by_id:
                found[row.pk, person.pk] = _("propôs a entrada do grupo")
            elif row.email and person.email.lower() == row.email.lower():
                found[row.pk, person.pk] = _("é o contato do grupo")
    for conflict in Conflict.objects.filter(application__in=applications, person__in=people):
        words = _("declarou ligação com o grupo (%(reason)s)") % {"reason": conflict.reason}
        found[conflict.application_id, conflict.person_id] = words
    return found


def possible_reviewers(application: Application) -> list[tuple[Person, str]]:
    """Everybody with a role in the network today, with why they may not review ("" for whoever may)."""
    held = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person=OuterRef("pk"))
    people = list(Person.objects.filter(Exists(held)).order_by("folded"))
    why = conflicts_of(application, people)
    return [(person, why.get(person.pk, "")) for person in people]
