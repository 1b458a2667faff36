# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be refused about the territory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, InvalidValue


class LinkAlreadyThere(InvalidValue):
    code = "link_already_there"
    field = "product"
    message = _("%(enterprise)s já disse isto de “%(product)s”.")
    next_step = _("Mude o que já está escrito, em vez de escrever de novo.")


class QuantityNotPositive(InvalidValue):
    code = "quantity_not_positive"
    field = "quantity"
    message = _("A quantidade precisa ser maior que zero.")
    next_step = _("Se não sabe quanto é, deixe em branco.")


class PartnerAlreadyThere(InvalidValue):
    code = "partner_already_there"
    field = "name"
    message = _("Já há um parceiro com o nome “%(name)s”.")
    next_step = _("Procure na lista; se for outro, acrescente a cidade ao nome.")


class ReasonToKeepMissing(InvalidValue):
    code = "reason_to_keep_missing"
    field = "kept_because"
    message = _("Diga por que guardamos o telefone ou o e-mail desta pessoa.")
    next_step = _("Por exemplo: “é quem responde pela merenda e pediu para ser avisada”. Ou deixe só o nome.")


class EndsBeforeItBegins(InvalidValue):
    code = "ends_before_it_begins"
    message = _("O fim não pode vir antes do começo.")


class NothingSaid(InvalidValue):
    code = "nothing_said"
    message = _("Falta dizer o que é.")


class DateMissing(InvalidValue):
    code = "date_missing"
    message = _("Falta a data.")


class NoNextStep(DomainError):
    code = "no_next_step"
    message = _("Não há próximo passo marcado com %(partner)s.")


class CallAlreadyThere(InvalidValue):
    code = "call_already_there"
    field = "number"
    message = _("Esta chamada já está cadastrada: %(number)s.")


class MeetingInTheFuture(InvalidValue):
    code = "meeting_in_the_future"
    field = "held_on"
    message = _("Uma conversa se anota depois que aconteceu.")
    next_step = _("Para o que ainda vem, use o próximo passo.")


class NextStepByStranger(InvalidValue):
    code = "next_step_by_stranger"
    field = "by"
    message = _("Quem faz o próximo passo precisa ter um papel nesta rede.")


class NextStepThere(DomainError):
    code = "next_step_there"
    message = _("Já há outro próximo passo marcado com %(partner)s.")
    next_step = _("Termine ou retire o que está marcado; depois reabra este.")


class NotAStep(DomainError):
    code = "not_a_step"
    message = _("Esta conversa não veio de um próximo passo, ou já foi riscada.")


class ReasonMissing(InvalidValue):
    code = "reason_missing"
    field = "reason"
    message = _("Diga por quê.")
    next_step = _("O motivo fica escrito para quem ler depois.")


class StruckOut(DomainError):
    code = "struck_out"
    message = _("Isto foi riscado: %(why)s")
    next_step = _("Se foi engano, traga de volta antes de corrigir.")
