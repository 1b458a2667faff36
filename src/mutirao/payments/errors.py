# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be refused about charges, payments, credits and bills."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, InvalidValue


class AlreadySent(DomainError):
    """The same form came twice (a double tap, a phone that repeats itself): the first one counts."""

    code = "already_sent"
    message = _("Isto já tinha sido enviado e foi registrado uma vez só.")


class PaymentAlreadyTaken(DomainError):
    code = "payment_already_taken"
    field = "reference"
    message = _("O pagamento com a identificação “%(reference)s” já foi registrado em %(day)s para %(enterprise)s.")
    next_step = _("Confira os pagamentos desse empreendimento antes de registrar outra vez.")


class PaymentAlreadyReversed(DomainError):
    code = "payment_already_reversed"
    message = _("Este pagamento já foi estornado.")


class ChargeNotOpen(DomainError):
    code = "charge_not_open"
    message = _("A cobrança nº %(number)s não está em aberto: %(state)s.")
    next_step = _("Atualize a página e veja como ela está agora.")


class ChargeOfAnother(InvalidValue):
    code = "charge_of_another"
    field = "charge"
    message = _("A cobrança nº %(number)s não é de %(enterprise)s.")


class ChargeDiffers(DomainError):
    code = "charge_differs"
    message = _(
        "%(enterprise)s já tem a cobrança nº %(number)s pelo mesmo motivo, de %(issued)s, e agora seriam %(now)s."
    )
    next_step = _("Cancele aquela cobrança antes de emitir a nova.")


class NotWrittenOff(DomainError):
    code = "not_written_off"
    message = _("A cobrança nº %(number)s não tem baixa a desfazer.")


class NotEnoughCredit(DomainError):
    code = "not_enough_credit"
    status = 422
    field = "amount_minor"
    message = _("%(enterprise)s tem %(balance)s de crédito, menos que %(wanted)s.")
    next_step = _("Use no máximo o crédito que existe.")


class CreditDiffers(DomainError):
    code = "credit_differs"
    message = _("%(enterprise)s já recebeu %(given)s de crédito pelo mesmo motivo, e agora seriam %(now)s.")
    next_step = _("Dê a diferença como outro crédito, com o seu motivo.")


class CreditAlreadyUsed(DomainError):
    code = "credit_already_used"
    message = _("Este pagamento deixou %(wanted)s de crédito, e só restam %(balance)s: o resto já foi usado.")
    next_step = _("Desfaça antes o uso do crédito na cobrança em que ele entrou; depois estorne o pagamento.")


class MoreThanOwed(InvalidValue):
    code = "more_than_owed"
    field = "amount_minor"
    message = _("O que falta é %(open)s; %(wanted)s passa disso.")
    next_step = _("Informe no máximo o que falta.")


class NothingToReverse(DomainError):
    code = "nothing_to_reverse"
    message = _("Não há o que desfazer aqui.")


class BillNotOpen(DomainError):
    code = "bill_not_open"
    message = _("A conta “%(title)s” não está a pagar: %(state)s.")
    next_step = _("Atualize a página e veja como ela está agora.")


class BillDiffers(DomainError):
    code = "bill_differs"
    message = _("A conta “%(title)s” já foi lançada com %(registered)s, e agora seriam %(now)s.")
    next_step = _("Corrija o valor da conta que já existe.")


class ReasonMissing(InvalidValue):
    code = "reason_missing"
    field = "reason"
    message = _("Diga o motivo: ele fica no registro.")


class PixKeyWrong(InvalidValue):
    code = "pix_key_wrong"
    field = "pix_key"


class BankAccountWrong(InvalidValue):
    code = "bank_account_wrong"
    next_step = _("Confira no extrato ou no contrato da conta.")


class UnreadableStatement(InvalidValue):
    code = "unreadable_statement"
    field = "file"


class LineProblem(DomainError):
    code = "line_problem"
    message = _("Linha %(row)s: %(problem)s")


class NothingDecided(InvalidValue):
    code = "nothing_decided"
    message = _("Nenhuma linha foi escolhida para registrar.")
    next_step = _("Marque ao menos uma linha, ou volte sem registrar nada.")
