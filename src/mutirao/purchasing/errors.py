# SPDX-License-Identifier: AGPL-3.0-or-later
"""What purchase rounds refuse, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, InvalidValue, NotFound, StaleEdit


class WrongValue(DomainError):
    """A value that cannot be; its message says all there is to say."""

    code = "wrong_value"
    status = 422


# --- rounds ----------------------------------------------------------------------------------------------------------


class WrongState(DomainError):
    """The round is not at the stage that this needs."""

    code = "wrong_state"
    message = _("A rodada “%(round)s” está %(state)s, e nesta etapa isto não se faz.")
    next_step = _("Volte à página da rodada e veja o que pode ser feito agora.")


class ReasonMissing(WrongValue):
    code = "reason_missing"
    message = _("Diga o motivo: ele fica registrado e todos podem ler.")
    field = "reason"


class RoundHasNoGoods(InvalidValue):
    code = "round_has_no_goods"
    message = _("A rodada ainda não tem produtos.")
    next_step = _("Acrescente pelo menos um produto à lista.")


class RoundHasNoPlace(InvalidValue):
    code = "round_has_no_place"
    message = _("A rodada ainda não tem local de entrega.")
    next_step = _("Escolha pelo menos um local.")
    field = "places"


class DeadlinePassed(InvalidValue):
    code = "deadline_passed"
    message = _("O prazo dos pedidos (%(until)s) já passou.")
    next_step = _("Escolha um dia e uma hora que ainda vêm.")
    field = "needs_until"


class DeadlineNotLater(InvalidValue):
    code = "deadline_not_later"
    message = _("O novo prazo precisa ser depois do atual (%(until)s).")
    next_step = _("Escolha um dia e uma hora mais adiante. Para fechar antes, use “Fechar os pedidos”.")
    field = "until"


class NewDeadlinePassed(DeadlinePassed):
    code = "new_deadline_passed"
    message = _("O novo prazo (%(until)s) já passou.")
    field = "until"


class DeliveryBeforeDeadline(InvalidValue):
    code = "delivery_before_deadline"
    message = _("A entrega prevista fica antes do prazo dos pedidos.")
    next_step = _("Escolha um dia de entrega depois do prazo.")
    field = "deliver_on"


class DecisionMissing(InvalidValue):
    code = "decision_missing"
    message = _("Falta a reunião que decidiu esta rodada: o dia e o que foi decidido.")
    next_step = _("Preencha o dia da reunião e escreva em poucas palavras o que ela decidiu.")
    field = "decision_note"


class DecisionInTheFuture(InvalidValue):
    code = "decision_in_the_future"
    message = _("O dia da reunião ainda não chegou.")
    next_step = _("Informe o dia em que a reunião aconteceu.")
    field = "decided_on"


class FixedOnceOpen(DomainError):
    """A rule on which enterprises already rely."""

    code = "fixed_once_open"
    message = _("Depois de aberta a rodada, isto não muda mais: %(what)s.")
    next_step = _(
        "Os empreendimentos pedem contando com o que foi anunciado. Se for preciso, cancele e abra outra rodada."
    )


class PlaceInUse(DomainError):
    code = "place_in_use"
    message = _("O local “%(place)s” já foi escolhido por quem pediu.")
    next_step = _("Combine outro local com esses empreendimentos antes de tirar este.")
    field = "places"


class GoodAlreadyThere(DomainError):
    code = "good_already_there"
    message = _("“%(product)s” já está na lista desta rodada.")
    field = "product"


class GoodIsNeeded(DomainError):
    code = "good_is_needed"
    message = _("“%(product)s” já foi pedido e não pode sair da lista. Empreendimentos que pediram: %(count)s.")
    next_step = _("Fale com quem pediu; quando ninguém mais pedir, ele pode sair.")


class GoodIsQuoted(DomainError):
    code = "good_is_quoted"
    message = _("“%(product)s” já tem cotação nesta rodada e não pode sair da lista.")
    next_step = _("Tire-o antes da cotação do fornecedor.")


class GoodPackWrong(WrongValue):
    code = "good_pack_wrong"
    message = _("O pacote precisa ser maior que zero e no máximo %(most)s. Confira a vírgula.")
    field = "pack_size"


class GoodPackTooFine(WrongValue):
    """A pack that nobody could ask for in the good's unit."""

    code = "good_pack_too_fine"
    message = _("Em %(unit)s, o pacote pode ter no máximo %(places)s casas depois da vírgula.")
    field = "pack_size"


class MinimumPacksWrong(WrongValue):
    code = "minimum_packs_wrong"
    message = _("O mínimo de pacotes precisa ser um número de zero a %(most)s.")
    field = "minimum_packs"


class AlreadyInvited(DomainError):
    code = "already_invited"
    message = _("“%(enterprise)s” já está nesta rodada.")


class EnterpriseStaysOut(DomainError):
    """Enterprises out of activity are not invited."""

    code = "enterprise_stays_out"
    message = _("“%(enterprise)s” não participa de rodadas: não está ativo.")


# --- needs -----------------------------------------------------------------------------------------------------------


class NeedsAreClosed(DomainError):
    code = "needs_are_closed"
    message = _("O prazo dos pedidos da rodada “%(round)s” terminou em %(until)s.")
    next_step = _("Fale com a equipe de compras: ela pode prorrogar o prazo para todos.")


class RoundNotOpen(DomainError):
    code = "round_not_open"
    message = _("A rodada “%(round)s” está %(state)s e não recebe pedidos.")
    next_step = _("Fale com a equipe de compras se algo ficou faltando.")


class NeedsChangedMeanwhile(StaleEdit):
    """Two people of one enterprise at once: the second sees what the first sent."""

    code = "needs_changed_meanwhile"
    message = _("%(who)s mudou este pedido enquanto você preenchia.")
    next_step = _("Veja abaixo como está agora. O que você digitou continua na tela: confira e envie de novo.")


class NothingNeeded(InvalidValue):
    code = "nothing_needed"
    message = _("Nenhuma quantidade foi informada.")
    next_step = _("Informe pelo menos uma, ou toque em “Não vamos participar desta vez”.")


class NeedNegative(WrongValue):
    code = "need_negative"
    message = _("%(product)s: a quantidade não pode ser menor que zero.")


class NeedTooLarge(InvalidValue):
    code = "need_too_large"
    message = _("%(product)s: a quantidade é grande demais.")
    next_step = _("Confira a vírgula.")


class NeedTooFine(WrongValue):
    code = "need_too_fine"
    message = _("%(product)s: em %(unit)s, use no máximo %(places)s casas depois da vírgula.")


class NeedNotWhole(NeedTooFine):
    code = "need_not_whole"
    message = _("%(product)s: em %(unit)s só dá para pedir números inteiros.")


class ToleranceAlone(WrongValue):
    code = "tolerance_alone"
    message = _("%(product)s: diga quanto precisa. “Aceito até mais” só vale junto com uma quantidade.")


class PlaceMissing(InvalidValue):
    code = "place_missing"
    message = _("Falta dizer onde o empreendimento vai buscar.")
    next_step = _("Escolha um dos locais de entrega da rodada.")
    field = "place"


class PlaceNotOfRound(InvalidValue):
    code = "place_not_of_round"
    message = _("Este local não é desta rodada.")
    next_step = _("Escolha um dos locais de entrega da rodada.")
    field = "place"


class ToldByMissing(InvalidValue):
    code = "told_by_missing"
    message = _("Falta dizer quem, no empreendimento, passou este pedido.")
    next_step = _("Escreva o nome de quem telefonou.")
    field = "told_by"


# --- quotes ----------------------------------------------------------------------------------------------------------


class QuotesAreClosed(DomainError):
    code = "quotes_are_closed"
    message = _("A rodada “%(round)s” está %(state)s: as cotações não mudam mais.")
    next_step = _("Se a compra ainda não foi encomendada, reabra a rodada para cotar de novo.")


class SupplierAlreadyQuoted(DomainError):
    code = "supplier_already_quoted"
    message = _("“%(supplier)s” já tem cotação nesta rodada.")
    next_step = _("Abra a cotação que existe e mude o que for preciso.")
    field = "supplier"


class QuoteIsEmpty(InvalidValue):
    code = "quote_is_empty"
    message = _("A cotação não tem nenhum preço.")
    next_step = _("Preencha o preço de pelo menos um produto.")


class QuoteWithdrawn(DomainError):
    code = "quote_withdrawn"
    message = _("Esta cotação foi retirada.")
    next_step = _("Cadastre uma nova cotação do fornecedor.")


class QuoteValueWrong(WrongValue):
    """One wrong value in a quote's line, said with the product's name."""

    code = "quote_value_wrong"


class QuoteReplaced(StaleEdit):
    """The offer changed while the supplier was writing."""

    code = "quote_replaced"
    message = _("Esta cotação mudou enquanto você preenchia.")
    next_step = _("O que você digitou continua na tela: confira e envie de novo.")


class SuppliersMissing(InvalidValue):
    code = "suppliers_missing"
    message = _("Nenhum fornecedor foi escolhido.")
    next_step = _("Marque pelo menos um.")
    field = "suppliers"


class AnswerDeadlinePassed(InvalidValue):
    code = "answer_deadline_passed"
    message = _("Este prazo já passou.")
    next_step = _("Escolha um dia e uma hora à frente.")
    field = "answer_until"


class LinkUnknown(NotFound):
    """Nobody learns whether a link ever was: wrong, replaced and outdated ones all read the same."""

    code = "link_unknown"
    message = _("Este endereço não vale ou foi trocado por outro.")
    next_step = _("Peça um novo a quem mandou o pedido de cotação.")


class LinkRevoked(DomainError):
    code = "link_revoked"
    status = 410
    message = _("Este pedido de cotação foi cancelado por quem o mandou.")
    next_step = _("Se ainda quiser fornecer, fale com quem mandou.")


class TooManyTries(DomainError):
    code = "too_many_tries"
    status = 429
    message = _("Foram tentativas demais em pouco tempo.")
    next_step = _("Espere dez minutos e abra de novo o endereço que recebeu.")


class RequestIsOver(DomainError):
    code = "request_is_over"
    message = _("O prazo para responder terminou em %(until)s.")
    next_step = _("Fale com quem mandou o pedido: o prazo pode ser estendido.")


class RequestClosed(DomainError):
    """The round went on: said to the supplier without a word about the round."""

    code = "request_closed"
    message = _("Este pedido de cotação já foi encerrado: não recebe mais respostas.")
    next_step = _("Se precisar, fale com quem mandou o pedido.")


class TooManyFiles(InvalidValue):
    code = "too_many_files"
    message = _("São no máximo %(most)s arquivos.")
    field = "documents"


# --- settings --------------------------------------------------------------------------------------------------------


class PlaceNameTaken(DomainError):
    code = "place_name_taken"
    message = _("Já existe um local com o nome “%(name)s”.")
    field = "name"


class PlaceWasUsed(DomainError):
    code = "place_was_used"
    message = _("O local “%(place)s” já foi usado em rodadas e faz parte da história da rede.")
    next_step = _("Em vez de apagar, marque que ele não está mais em uso.")


class SettingOutOfRange(WrongValue):
    code = "setting_out_of_range"
    message = _("Informe um valor de %(least)s a %(most)s.")


# --- award, approval, orders -----------------------------------------------------------------------------------------


class NoQuotes(DomainError):
    code = "no_quotes"
    message = _("Ainda não há cotações nesta rodada.")
    next_step = _("Cadastre pelo menos uma cotação antes de comparar.")


class NothingAwarded(DomainError):
    code = "nothing_awarded"
    message = _("Ainda não foi escolhido de quem comprar.")
    next_step = _("Compare as cotações e escolha uma divisão.")


class ScenarioNotPossible(DomainError):
    """A split that cannot be bought as it stands."""

    code = "scenario_not_possible"
    message = _("Esta divisão não pode ser comprada: %(why)s")
    next_step = _("Ajuste a divisão ou escolha outra.")


class OverBudget(InvalidValue):
    code = "over_budget"
    message = _("A compra (%(total)s) passa do orçamento decidido na reunião (%(budget)s).")
    next_step = _("Escolha outra divisão ou escreva por que a compra deve seguir assim.")
    field = "reason"


class OrderNotInState(DomainError):
    code = "order_not_in_state"
    message = _("O pedido %(number)s está %(state)s, e nesta etapa isto não se faz.")
    next_step = _("Volte à página da rodada e veja o que pode ser feito agora.")


# --- receipt, costs, charges -----------------------------------------------------------------------------------------


class ReceiptIsFinal(DomainError):
    code = "receipt_is_final"
    message = _("Os custos desta rodada já foram repartidos: o recebimento não muda mais.")
    next_step = _("Se descobriu um problema depois, dê um crédito ao empreendimento, com o motivo.")


class ReceiptValueWrong(WrongValue):
    """One wrong value of a receipt, said with the product's name."""

    code = "receipt_value_wrong"


class AccessKeyWrong(InvalidValue):
    code = "access_key_wrong"
    message = _("A chave de acesso não confere.")
    next_step = _("São 44 números, no rodapé ou no topo da nota. Confira e digite de novo.")
    field = "access_key"


class OrdersStillOut(DomainError):
    code = "orders_still_out"
    message = _("Ainda há pedidos sem recebimento: %(orders)s.")
    next_step = _("Registre o que chegou, ou cancele o pedido que não virá.")


class NothingToShare(DomainError):
    code = "nothing_to_share"
    message = _("Nada chegou que possa ser repartido.")
    next_step = _("Confira os recebimentos, ou cancele a rodada.")


class UnitIsInUse(DomainError):
    code = "unit_is_in_use"
    message = _("“%(product)s” já está em rodadas, em %(unit)s: a unidade não muda mais.")
    next_step = _("Cadastre outro produto com a unidade nova e tire este de uso.")
    field = "unit"


class TooManyForXlsx(DomainError):
    code = "too_many_for_xlsx"
    status = 422
    message = _("São %(count)s pedidos: em XLSX a planilha demoraria demais para ser feita e aberta.")
    next_step = _("Baixe em CSV, no mesmo menu: o LibreOffice e o Excel abrem do mesmo jeito.")
