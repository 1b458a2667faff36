# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be refused about motions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, InvalidValue


class MotionAlreadyOpen(DomainError):
    code = "motion_already_open"
    message = _("Já há uma decisão em aberto sobre isto: “%(title)s”.")
    next_step = _("Espere as respostas, ou retire aquela antes de levar outra.")


class MotionClosed(DomainError):
    code = "motion_closed"
    message = _("Esta decisão já foi encerrada: %(state)s.")
    next_step = _("Para mudar o que foi decidido, é preciso levar uma nova decisão aos empreendimentos.")


class MotionStillRunning(DomainError):
    code = "motion_still_running"
    message = _("Ainda se pode responder até %(until)s.")
    next_step = _("Espere o prazo, ou retire a decisão dizendo o motivo.")


class NotEntitled(DomainError):
    code = "not_entitled"
    status = 403
    message = _("%(enterprise)s não está entre os que respondem a esta decisão.")


class NobodyToAsk(InvalidValue):
    code = "nobody_to_ask"
    field = "enterprises"
    message = _("Escolha ao menos um empreendimento para responder.")


class DeadlineInThePast(InvalidValue):
    code = "deadline_in_the_past"
    field = "answer_until"
    message = _("O prazo %(until)s já passou.")
    next_step = _("Escolha um prazo que ainda venha.")


class ReasonMissing(InvalidValue):
    code = "reason_missing"
    field = "reason"
    message = _("Diga por quê: ajuda a rede a achar um caminho que sirva para todos.")


class WhoSaidMissing(InvalidValue):
    code = "who_said_missing"
    field = "recorded_for"
    message = _("Diga quem deu a resposta pelo empreendimento.")
