# SPDX-License-Identifier: AGPL-3.0-or-later
"""What governance says on the trail's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.governance.models import Entitlement, Motion
from mutirao.kernel.errors import Words
from mutirao.network import trail


def _answer(code: str) -> Words:
    return dict(Entitlement.Answer.choices).get(code, code)


def _rule(code: str) -> Words:
    return dict(Motion.Rule.choices).get(code, code)


trail.describe(
    acts={
        "governance.motion_put": _("Levou uma decisão aos empreendimentos"),
        "governance.motion_answered": _("Respondeu a uma decisão"),
        "governance.motion_passed": _("Decisão aprovada"),
        "governance.motion_rejected": _("Decisão recusada"),
        "governance.motion_withdrawn": _("Retirou uma decisão"),
        "governance.voter_released": _("Um empreendimento deixou de responder: não é membro agora"),
    },
    fields={
        "rule": _("regra"), "answer_until": _("responder até"), "asked": _("quem responde"), "answer": _("resposta"),
        "recorded_for": _("quem disse"), "yes": _("sim"), "no": _("não"), "abstain": _("abstenções"),
        "missing": _("sem resposta"), "needed": _("sim necessários"),
    },
    subjects={"governance.motion": trail.Subject(_("decisão"), "governance:motion", lambda pk: {"motion_id": pk})},
    values={"answer": _answer, "rule": _rule},
)  # fmt: skip
