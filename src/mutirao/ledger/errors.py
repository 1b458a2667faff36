# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the books say no to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError


class EntryDoesNotBalance(DomainError):
    code = "entry_does_not_balance"
    status = 422
    message = _("Débitos e créditos não fecham: a diferença é %(difference)s.")
    next_step = _("Confira os valores: o que entra em umas contas tem de sair de outras.")


class TooFewLines(DomainError):
    code = "entry_too_few_lines"
    status = 422
    message = _("Um lançamento precisa de pelo menos duas linhas.")
    next_step = _("Diga de onde sai e para onde vai o valor.")


class AmountOutOfRange(DomainError):
    code = "entry_amount_out_of_range"
    status = 422
    message = _("Uma linha tem valor zero ou grande demais.")
    next_step = _("Corrija o valor ou tire a linha.")


class AccountNotInBook(DomainError):
    code = "account_not_in_book"
    status = 422
    message = _("Uma das contas não é deste livro ou não está mais em uso.")
    next_step = _("Escolha uma conta deste livro.")


class AccountCodeWrong(DomainError):
    code = "account_code_wrong"
    status = 422
    field = "code"
    message = _("O código de uma conta são números separados por pontos, como 1.1.9.")


class AccountNameMissing(DomainError):
    code = "account_name_missing"
    status = 422
    field = "name"
    message = _("Informe o nome da conta.")


class AccountCodeTaken(DomainError):
    code = "account_code_taken"
    field = "code"
    message = _("O código %(code)s já é da conta “%(name)s” deste livro.")
    next_step = _("Escolha outro código.")


class AccountKindIsFixed(DomainError):
    code = "account_kind_is_fixed"
    field = "kind"
    message = _("O grupo não muda mais: já há lançamentos nesta conta, ou o sistema lança nela.")
    next_step = _("Abra outra conta no grupo certo e passe para ela o que for preciso.")


class AccountIsStandard(DomainError):
    code = "account_is_standard"
    field = "is_active"
    message = _("O sistema lança nesta conta: ela não se fecha.")
    next_step = _("Se não quiser vê-la no balancete, basta que ela não tenha movimento.")


class AccountHasBalance(DomainError):
    code = "account_has_balance"
    field = "is_active"
    message = _("A conta tem saldo de %(balance)s.")
    next_step = _("Passe o saldo para outra conta e depois feche esta.")


class PartnerNotInNetwork(DomainError):
    code = "partner_not_in_network"
    status = 422
    message = _("Um dos empreendimentos indicados não é desta rede.")


class PartnerMissing(DomainError):
    code = "partner_missing"
    status = 422
    message = _("Uma linha em “%(account)s” não diz de que empreendimento é.")
    next_step = _("Escolha o empreendimento: sem ele o extrato dele não fecha.")


class PeriodIsClosed(DomainError):
    code = "period_is_closed"
    message = _("O mês de %(month)s está fechado neste livro.")
    next_step = _("Use uma data de mês aberto ou peça à contabilidade que reabra o mês.")
    field = "date"


class PeriodNotOver(DomainError):
    code = "period_not_over"
    message = _("O mês de %(month)s ainda não terminou.")
    next_step = _("Feche-o a partir do primeiro dia do mês seguinte.")


class EarlierPeriodOpen(DomainError):
    code = "earlier_period_open"
    message = _("O mês de %(month)s, que vem antes, ainda está aberto.")
    next_step = _("Feche os meses na ordem.")


class PeriodHasDrafts(DomainError):
    code = "period_has_drafts"
    message = _("Há rascunhos neste mês: %(count)s.")
    next_step = _("Lance ou descarte os rascunhos antes de fechar.")


class PeriodNotClosed(DomainError):
    code = "period_not_closed"
    message = _("Este mês já está aberto.")


class PeriodAlreadyClosed(DomainError):
    code = "period_already_closed"
    message = _("Este mês já está fechado.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 422
    message = _("Diga o motivo.")
    field = "reason"


class AlreadyPosted(DomainError):
    code = "entry_already_posted"
    message = _("Este lançamento já está nos livros e não muda mais.")
    next_step = _("Para corrigir, estorne-o e lance de novo.")


class NotPosted(DomainError):
    code = "entry_not_posted"
    message = _("Este lançamento ainda é rascunho.")
    next_step = _("Lance-o ou descarte-o.")


class AlreadyReversed(DomainError):
    code = "entry_already_reversed"
    message = _("Este lançamento já foi estornado.")


class ReversalNotReversible(DomainError):
    code = "reversal_not_reversible"
    message = _("Um estorno não se estorna.")
    next_step = _("Se o valor vale, lance-o de novo.")


class ReversalBeforeEntry(DomainError):
    code = "reversal_before_entry"
    status = 422
    message = _("O estorno não pode ter data anterior à do lançamento.")
    field = "date"


class DateInFuture(DomainError):
    code = "entry_date_in_future"
    status = 422
    message = _("A data está no futuro.")
    next_step = _("Lance o que já aconteceu.")
    field = "date"


class TooLongForSheet(DomainError):
    code = "too_long_for_sheet"
    status = 422
    message = _("São mais de %(limit)s linhas: é muito para uma planilha.")
    next_step = _("Escolha um período menor ou baixe em CSV.")


class KeyUsedOtherwise(DomainError):
    code = "entry_key_used_otherwise"
    message = _("Já existe um lançamento com esta identificação e outros valores.")
    next_step = _("Estorne o lançamento existente antes de lançar valores diferentes.")
