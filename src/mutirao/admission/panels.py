# SPDX-License-Identifier: AGPL-3.0-or-later
"""What admission puts on other pages: the standing on an enterprise's, the rules, the words of the trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutirao.admission import permissions, queries
from mutirao.admission.models import AdmissionSettings, Appeal, Certificate, Evidence, Measure, Opinion, Reviewer
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import Words
from mutirao.network import panels, trail
from mutirao.network.models import Enterprise


def standing_of_enterprise(actor: Actor, enterprise: Enterprise) -> panels.Panel | None:
    """How an enterprise stands, with its certificate, for whoever sees it."""
    context = {
        "certificate": queries.certificate_in_force(enterprise),
        "opens": actor.can(permissions.SEE_STANDING, enterprise),
    }
    return panels.Panel(_("Situação na rede"), "admission/_enterprise_panel.html", context)


def _from(choices: Sequence[tuple[str, Words]]) -> Callable[[Any], Words]:
    known = dict(choices)
    return lambda code: known.get(str(code), str(code))


panels.register("enterprise", standing_of_enterprise, order=5)
panels.register_settings(
    "admission:rules",
    _("Entrada na rede"),
    _("Critérios, quem decide, certificado, prazos de defesa e recurso, fundação."),
    permissions.EDIT_RULES,
)
trail.describe(
    acts={
        "admission.started": _("Começou um pedido de entrada"),
        "admission.edited": _("Mudou os dados de um pedido de entrada"),
        "admission.evidence_added": _("Juntou um documento a um pedido de entrada"),
        "admission.evidence_removed": _("Retirou um documento de um pedido de entrada"),
        "admission.submitted": _("Enviou um pedido de entrada"),
        "admission.withdrawn": _("Retirou um pedido de entrada"),
        "admission.link_renewed": _("Trocou o endereço particular de um pedido"),
        "admission.enterprise_linked": _("Ligou um pedido a um empreendimento"),
        "admission.corrected": _("Corrigiu o nome ou o registro de um pedido"),
        "admission.draft_dropped": _("Apagou um rascunho esquecido"),
        "admission.reviewers_named": _("Nomeou quem examina um pedido"),
        "admission.conflict_declared": _("Declarou impedimento para examinar um pedido"),
        "admission.question_asked": _("Perguntou ao grupo"),
        "admission.question_answered": _("Respondeu a uma pergunta"),
        "admission.question_withdrawn": _("Retirou uma pergunta"),
        "admission.opinion_given": _("Deu parecer sobre os critérios"),
        "admission.voted": _("Votou num pedido de entrada"),
        "admission.admitted": _("Pedido de entrada aceito"),
        "admission.refused": _("Pedido de entrada recusado"),
        "admission.certificate_issued": _("Emitiu um certificado"),
        "admission.certificate_ended": _("Um certificado deixou de valer"),
        "admission.certificate_state": _("Mudou a situação de um certificado"),
        "admission.exclusion_proposed": _("Propôs a exclusão de um empreendimento"),
        "admission.heard": _("Um empreendimento se defendeu"),
        "admission.measure_taken": _("Suspendeu ou excluiu um empreendimento"),
        "admission.measure_resumed": _("Uma suspensão voltou a valer"),
        "admission.measure_ended": _("Encerrou uma suspensão ou exclusão"),
        "admission.appeal_filed": _("Recorreu à assembleia"),
        "admission.appeal_decided": _("Registrou a decisão da assembleia sobre um recurso"),
        "admission.settings_changed": _("Mudou as regras de entrada"),
        "admission.criterion_added": _("Acrescentou um critério de entrada"),
        "admission.criterion_edited": _("Mudou um critério de entrada"),
    },
    fields={
        "evidence": _("documento"), "evidence_kind": _("tipo"), "criteria": _("critérios"), "people": _("pessoas"),
        "question": _("pergunta"), "opinions": _("pareceres"), "vote": _("voto"), "decided_by": _("quem decide"),
        "grounds": _("critérios não atendidos"), "decide_by": _("decidir até"), "hear_until": _("ser ouvido até"),
        "appeal_until": _("recorrer até"), "measure_kind": _("medida"), "measure_state": _("como ficou"),
        "certificate_state": _("certificado"), "expires_on": _("vale até"), "text": _("texto"), "title": _("título"),
        "upheld": _("recurso aceito"), "suspends": _("suspende a medida"), "is_required": _("obrigatório"),
        "is_active": _("em uso"), "proof": _("como se mostra"), "reviewers_needed": _("pessoas que examinam"),
        "takes_requests": _("recebe pedidos pela internet"), "welcome": _("recado"),
        "review_days": _("dias para decidir"), "certificate_months": _("meses do certificado"),
        "reminder_days": _("dias do lembrete"), "hearing_days": _("dias para ser ouvido"),
        "appeal_days": _("dias para recorrer"), "appeal_decision_days": _("dias para decidir o recurso"),
        "appeal_suspends": _("recurso suspende a medida"), "application_kind": _("tipo de pedido"),
        "fields": _("campos"),
    },
    subjects={
        "admission.application": trail.Subject(_("pedido de entrada")),
        "admission.criterion": trail.Subject(_("critério de entrada"), "admission:rules", lambda _id: {}),
    },
    values={
        "evidence_kind": _from(Evidence.Kind.choices), "vote": _from(Reviewer.Vote.choices),
        "decided_by": _from(AdmissionSettings.DecidedBy.choices), "measure_kind": _from(Measure.Kind.choices),
        "measure_state": _from(Measure.State.choices), "certificate_state": _from(Certificate.State.choices),
        "verdict": _from(Opinion.Verdict.choices), "appeal": _from(Appeal.State.choices),
    },
)  # fmt: skip
