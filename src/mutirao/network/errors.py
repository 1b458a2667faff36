# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong with networks, their people and their enterprises."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, InvalidValue, NotAllowed, NotFound


class AddressTaken(DomainError):
    code = "network_address_taken"
    field = "slug"
    message = _("Já existe uma rede com o endereço curto “%(slug)s”.")
    next_step = _("Escolha outro endereço curto.")


class AlreadySetUp(DomainError):
    code = "already_set_up"
    status = 410
    message = _("Esta instalação já foi preparada.")
    next_step = _("Entre com seu e-mail e senha, ou peça um convite à coordenação da rede.")


class WrongSetUpLink(NotFound):
    code = "wrong_set_up_link"
    message = _("Este endereço de preparação não vale.")
    next_step = _("Use o endereço que o programa mostrou ao iniciar, ou peça um novo com “./mutirao setup_link”.")


class OperatorsOnly(NotAllowed):
    code = "operators_only"
    message = _("Isto é só para quem cuida da instalação.")
    next_step = _("Peça a quem cuida do servidor.")


class InvalidTaxId(InvalidValue):
    code = "invalid_tax_id"
    field = "tax_id"
    next_step = _("Confira o número no documento.")


class CurrencyInUse(DomainError):
    code = "currency_in_use"
    field = "currency"
    message = _("A rede já tem dinheiro registrado em %(currency)s: %(what)s.")
    next_step = _("A moeda fica como está. Para trabalhar em outra moeda, comece outra rede.")


class InvalidPhone(InvalidValue):
    code = "invalid_phone"
    field = "phone"
    next_step = _("Um número de outro país começa por + e o código do país.")


class EnterpriseAlreadyThere(DomainError):
    """An enterprise with that name or registration is in the network already."""

    code = "enterprise_already_there"
    next_step = _("Procure na lista de empreendimentos; talvez ele só esteja inativo.")


class CompanyCannotBeMember(DomainError):
    code = "company_cannot_be_member"
    status = 422
    field = "legal_form"
    message = _("“%(enterprise)s” é empresa: não pode ser membro, porque não pertence às pessoas que trabalham nela.")
    next_step = _("Empresas participam como parceiras da rede: fornecendo ou comprando.")


class StandingCannotFollow(DomainError):
    code = "standing_cannot_follow"
    message = _("“%(enterprise)s” está como “%(before)s”; daí não se passa a “%(after)s”.")
    next_step = _("Veja em Admissão o que cabe agora.")


class FoundingClosed(DomainError):
    code = "founding_closed"
    message = _("A rede encerrou sua fundação em %(day)s.")
    next_step = _("Quem quer entrar agora faz um pedido de entrada, que a rede examina e decide.")


class MinutesMissing(InvalidValue):
    code = "minutes_missing"
    field = "minutes_on"
    message = _("Falta dizer de que dia é a ata, e onde ela está guardada.")
    next_step = _("Sem a ata, ninguém pode conferir a decisão.")


class EnterpriseHasDuties(DomainError):
    """Somebody is to leave with something open: charges, needs in a round under way, an answer awaited."""

    code = "enterprise_has_duties"
    message = _("“%(name)s” ainda tem o que resolver na rede. %(duties)s")
    next_step = _("Resolva antes o que está aberto; depois tente de novo.")


class UnknownRole(InvalidValue):
    code = "unknown_role"
    field = "role"
    message = _("Este papel não existe.")
    next_step = _("Escolha um papel da lista.")


class RoleNeedsEnterprise(InvalidValue):
    code = "role_needs_enterprise"
    field = "enterprise"
    message = _("O papel “%(role)s” é de um empreendimento.")
    next_step = _("Escolha o empreendimento.")


class RoleTakesNoEnterprise(InvalidValue):
    code = "role_takes_no_enterprise"
    field = "enterprise"
    message = _("O papel “%(role)s” é da rede toda.")
    next_step = _("Deixe o empreendimento em branco.")


class LastCoordinator(DomainError):
    code = "last_coordinator"
    message = _("%(person)s é a única pessoa na coordenação da rede.")
    next_step = _("Dê antes esse papel a outra pessoa, para que a rede não fique sem coordenação.")


class UnknownInvitation(NotFound):
    code = "unknown_invitation"
    message = _("Este convite não existe.")
    next_step = _("Confira se o endereço veio inteiro na mensagem, ou peça outro convite à coordenação.")


class InvitationUsed(DomainError):
    code = "invitation_used"
    status = 410
    message = _("Este convite já foi usado.")
    next_step = _("Se foi você, é só entrar. Se não, peça outro convite à coordenação.")


class InvitationExpired(DomainError):
    code = "invitation_expired"
    status = 410
    message = _("Este convite venceu.")
    next_step = _("Peça outro convite à coordenação.")


class InvitationRevoked(DomainError):
    code = "invitation_revoked"
    status = 410
    message = _("Este convite foi cancelado.")
    next_step = _("Fale com a coordenação da rede.")


class InvitationForSomeoneElse(DomainError):
    code = "invitation_for_someone_else"
    status = 403
    message = _("Este convite é para outro e-mail (%(email)s).")
    next_step = _("Entre com esse e-mail, ou peça um convite para o seu.")


class AccountExists(DomainError):
    code = "account_exists"
    field = "email"
    message = _("Já existe uma conta com este e-mail.")
    next_step = _("Entre com ela: o convite continua aqui esperando.")


class WeakPassword(InvalidValue):
    """The password does not pass the rules; `message` says which."""

    code = "weak_password"
    field = "password"
    next_step = _("Escolha outra senha.")


class NotYoursToLeave(DomainError):
    code = "not_yours_to_leave"
    field = "roles"
    message = _("O papel “%(role)s” não pode ficar com outra pessoa.")
    next_step = _(
        "Só se delega um papel que é seu e que vale nesses dias; conselho fiscal e consultoria são da própria pessoa."
    )


class PersonNotHere(DomainError):
    code = "person_not_here"
    field = "to"
    message = _("%(person)s não tem papel nesta rede.")
    next_step = _("Escolha alguém que já participa da rede.")


class OversightDoesNotExecute(DomainError):
    code = "oversight_does_not_execute"
    field = "to"
    message = _("%(person)s é do conselho fiscal, e quem fiscaliza não executa.")
    next_step = _("Escolha alguém que não seja do conselho.")


class WithoutSecondFactor(DomainError):
    code = "without_second_factor"
    message = _("%(person)s não usa a confirmação em duas etapas: não há o que refazer.")
    next_step = _("Se a pessoa esqueceu a senha, ela mesma pede outra na página de entrar.")


class ResetAlreadyAsked(DomainError):
    code = "reset_already_asked"
    message = _("Já há um pedido em aberto para %(person)s.")
    next_step = _("Outra pessoa da coordenação precisa confirmar esse pedido.")


class ResetByTwo(NotAllowed):
    code = "reset_by_two"
    message = _("Este pedido é de duas pessoas da coordenação: uma pede, outra confirma, e nenhuma delas é a própria.")
    next_step = _("Peça a outra pessoa da coordenação.")


class ResetByLongStanding(NotAllowed):
    code = "reset_by_long_standing"
    message = _(
        "Só pede e só confirma quem já estava na coordenação havia ao menos %(days)s dias quando o pedido foi feito."
    )
    next_step = _("Podem fazer isso: %(who)s. Se quem pediu é mais recente, parem o pedido e façam outro.")


class ResetClosed(DomainError):
    code = "reset_closed"
    message = _("Este pedido já foi confirmado, parado ou feito.")
    next_step = _("Veja na página da pessoa como ele está.")


class TokenNameMissing(InvalidValue):
    code = "token_name_missing"
    field = "name"
    message = _("Dê um nome ao acesso, com até 80 letras.")
    next_step = _("Por exemplo, o programa que vai usá-lo: “planilha de pedidos”.")


class TokenNameTaken(DomainError):
    code = "token_name_taken"
    field = "name"
    message = _("Você já tem um acesso chamado “%(name)s”.")
    next_step = _("Use outro nome, ou tire antes o acesso que já existe.")


class ExpiryNotOffered(InvalidValue):
    code = "expiry_not_offered"
    field = "days"
    message = _("Escolha um dos prazos da lista.")


class TooManyTokens(DomainError):
    code = "too_many_tokens"
    message = _("Você já tem %(most)s acessos valendo.")
    next_step = _("Tire o acesso de um programa que já não usa.")


class TokenNeedsSecondFactor(NotAllowed):
    code = "token_needs_second_factor"
    message = _("Seu papel na %(network)s pede a confirmação em duas etapas antes de dar acesso a um programa.")
    next_step = _("Abra “Proteção da conta” no seu menu e ligue a confirmação em duas etapas: leva dois minutos.")


class TokenRefused(DomainError):
    """A program without a secret that works; the same words whatever is wrong with it."""

    code = "token_refused"
    status = 401
    message = _("Este acesso não vale: não existe, venceu ou foi encerrado.")
    next_step = _("Crie outro em “Proteção da conta”, “Acesso por programas”, e mande-o no cabeçalho Authorization.")


class TokenMissing(TokenRefused):
    code = "token_missing"
    message = _("Aqui só entra quem manda um código de acesso.")


class TokenReadsOnly(NotAllowed):
    code = "token_reads_only"
    message = _("Este acesso só lê: não muda nada.")
    next_step = _("Crie outro que também possa escrever, em “Proteção da conta”, “Acesso por programas”.")


class UnknownLink(NotFound):
    code = "unknown_link"
    message = _("Este endereço não vale mais.")
    next_step = _("Ele serve uma vez e por pouco tempo. Se ainda precisar, peça outro.")
