# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where each module keeps data about people (see `network.personal`); what other apps keep, and what holds an erasure
back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from mutirao.kernel import clock, tenancy
from mutirao.network import panels, personal, roles, trail
from mutirao.network.models import Person, RoleAssignment
from mutirao.network.personal import BLANK, BOOKS, COMPANIES, DECISIONS, DELETE, KEEP, RIGHTS
from mutirao.site.keeping.permissions import EXPORT_NETWORK

_KEPT = {
    DECISIONS: """
        governance.Motion.put_by governance.Entitlement.answered_by governance.GivenAnswer.by
        purchasing.Participation.answered_by purchasing.QuoteRequest.asked_by network.StandingChange.by
        admission.Application.proposed_by admission.Application.decision_recorded_by admission.Evidence.added_by
        admission.Conflict.person admission.Conflict.declared_by admission.Reviewer.person admission.Reviewer.named_by
        admission.Question.asked_by admission.Certificate.issued_by admission.Measure.opened_by
        admission.Measure.decided_by admission.Appeal.filed_by admission.Appeal.decided_by
        territory.Partner.next_step_by territory.Meeting.step_by memory.Moment.written_by memory.Moment.published_by
        memory.Portrayal.recorded_by
    """,
    BOOKS: "purchasing.Receipt.received_by payments.BankStatement.uploaded_by payments.Payment.recorded_by",
    RIGHTS: """
        network.RoleAssignment.person network.Invitation.invited_by network.Invitation.accepted_by
        network.Delegation.to_person network.SecondFactorReset.person network.SecondFactorReset.asked_by
        network.SecondFactorReset.confirmed_by
    """,
}


def declare_all() -> None:
    """Called once, when the apps are ready."""
    for why, names in _KEPT.items():
        for name in names.split():
            label, _dot, column = name.rpartition(".")
            personal.declare(label, column, why=why)
    for label in ("account.EmailAddress", "usersessions.UserSession"):
        personal.declare(label, "user", erase=DELETE)
    for label in ("notices.Notice", "notices.NoticeSettings", "notices.Device", "notices.Preference"):
        personal.declare(label, "person", erase=DELETE)
    panels.register_settings(
        "network_leave",
        _lazy("Levar tudo da rede"),
        _lazy("Uma cópia de tudo o que a rede tem, em formatos abertos"),
        EXPORT_NETWORK,
    )
    personal.declare("network.AccessToken", "person", erase=DELETE)
    personal.declare("mfa.Authenticator", "user", erase=DELETE, export=False)  # secrets, no data about anybody
    personal.declare_text("account.EmailAddress", "email", erase=DELETE, export=False)  # found by its person
    personal.declare_text("network.Person", "email", erase=BLANK, export=False)  # the person's own row
    personal.declare_text("network.Contact", "email", erase=DELETE)
    personal.declare_text("network.Invitation", "email", blank=("name", "email"))
    personal.declare_text("admission.Application", "email", blank=("contact_name", "phone", "email"))
    personal.declare_text("territory.Partner", "email", erase=KEEP, why=COMPANIES, export=False)
    personal.declare_text("territory.PartnerPerson", "email")
    personal.declare_text("catalogue.Supplier", "email", erase=KEEP, why=COMPANIES, export=False)


@personal.holds_back
def last_of_the_coordination(person: Person) -> Iterator[str]:
    """A network is not left without coordination."""
    with tenancy.unscoped("a person's roles in every network"):
        held = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), role=roles.COORDINATION)
        for assignment in held.filter(person=person).select_related("network"):
            if not held.filter(network=assignment.network).exclude(person=person).exists():
                yield _("Você é a única pessoa na coordenação da rede %(network)s: passe antes o papel a outra.") % {
                    "network": assignment.network
                }


def words_of(person: Any) -> str:
    """What stands in the place of a person's name once erased."""
    return _("Pessoa removida nº %(number)s") % {"number": person.pk}


trail.describe(
    acts={
        "kernel.person_erased": _lazy("Apagou os dados de uma pessoa"),
        "kernel.erasure_asked": _lazy("Pediu para apagar os próprios dados"),
        "kernel.erasure_taken_back": _lazy("Voltou atrás no pedido de apagar os dados"),
        "kernel.network_exported": _lazy("Levou uma cópia de tudo da rede"),
    },
    fields={"leaves": _lazy("palavras trocadas na trilha"), "asked_by": _lazy("pedido por"), "due": _lazy("no dia")},
)
