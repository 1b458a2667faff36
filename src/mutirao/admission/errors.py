# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be refused about joining, staying and leaving."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, InvalidValue, NotAllowed, NotFound


class UnknownLink(NotFound):
    code = "admission_unknown_link"
    message = _("Este endereço não vale.")
    next_step = _("Confira se ele veio inteiro, ou peça à coordenação da rede um novo endereço do seu pedido.")


class NotTakingRequests(DomainError):
    code = "not_taking_requests"
    message = _("Esta rede não recebe pedidos pela internet agora.")
    next_step = _("Fale com a coordenação da rede.")


class WrongState(DomainError):
    code = "admission_wrong_state"
    message = _("Este pedido está “%(state)s”: isso já não cabe.")
    next_step = _("Abra a página do pedido e veja qual é o próximo passo.")


class CompanyIsPartner(DomainError):
    """A company asks to be a member."""

    code = "company_is_partner"
    status = 422
    field = "legal_form"
    message = _("Uma empresa não pode ser membro: quem trabalha nela não é quem decide e é dono.")
    next_step = _(
        "O caminho de uma empresa é ser parceira: fornecer à rede ou comprar dela. Fale com a equipe de compras. "
        "Se vocês decidem juntos e são donos do que fazem, escolham cooperativa, associação ou grupo informal."
    )


class StillMissing(InvalidValue):
    code = "still_missing"
    message = _("Antes de enviar, falta: %(what)s.")
    next_step = _("O que já foi escrito fica guardado.")


class TooMuchEvidence(InvalidValue):
    code = "too_much_evidence"
    field = "file"
    message = _("Um pedido tem no máximo %(limit)s documentos.")
    next_step = _("Junte páginas num PDF só, ou apague o que não precisa.")


class NothingShown(InvalidValue):
    code = "nothing_shown"
    message = _("Mande um arquivo ou escreva um texto.")


class NotAReviewer(NotAllowed):
    code = "not_a_reviewer"
    message = _("Só quem foi nomeado para examinar este pedido faz isso.")
    next_step = _("Peça à coordenação para nomear você, se não houver impedimento.")


class ConflictOfInterest(NotAllowed):
    code = "conflict_of_interest"
    field = "people"
    message = _("%(person)s não pode examinar este pedido: %(why)s.")
    next_step = _("Nomeie outra pessoa, sem ligação com o grupo.")


class AlreadyVoted(DomainError):
    code = "already_voted"
    message = _("Você já votou neste pedido.")
    next_step = _("Para reconsiderar depois da decisão, há o recurso à assembleia.")


class TooFewReviewers(DomainError):
    code = "too_few_reviewers"
    message = _("São precisas %(needed)s pessoas examinando; há %(now)s.")
    next_step = _(
        "A coordenação nomeia mais alguém sem ligação com o grupo; depois se vota. Se não houver gente bastante, "
        "a coordenação muda em Regras quantas pessoas examinam."
    )


class OpinionsMissing(InvalidValue):
    code = "opinions_missing"
    message = _("Dê antes seu parecer sobre cada critério. Falta: %(what)s.")


class GroundMissing(InvalidValue):
    code = "ground_missing"
    message = _("Uma recusa precisa dizer qual critério não é atendido.")
    next_step = _("Marque “não atende” em pelo menos um critério obrigatório, e diga por quê.")


class RequiredNotMet(InvalidValue):
    code = "required_not_met"
    message = _("Você marcou que um critério obrigatório não é atendido: “%(what)s”.")
    next_step = _("Para aceitar, todos os obrigatórios precisam ser atendidos. Mude o parecer, ou vote por recusar.")


class QuestionsOpen(DomainError):
    code = "questions_open"
    message = _("Há pergunta sem resposta do grupo.")
    next_step = _("Espere a resposta, ou retire a pergunta.")


class AssemblyDecides(DomainError):
    code = "assembly_decides"
    message = _("Nesta rede quem decide é a assembleia.")
    next_step = _("Registre a decisão com o dia da ata e onde ela está.")


class ReviewersDecide(DomainError):
    code = "reviewers_decide"
    message = _("Nesta rede quem decide é o voto de quem examina o pedido.")
    next_step = _("A assembleia decide quando há empate, ou por recurso.")


class ReasonMissing(InvalidValue):
    code = "admission_reason_missing"
    field = "reason"
    message = _("Diga por quê.")


class MinutesNeeded(InvalidValue):
    code = "admission_minutes_needed"
    field = "minutes_on"
    message = _("Falta o dia da ata e onde ela está guardada.")


class AlreadyApplied(DomainError):
    code = "already_applied"
    message = _("Já há um pedido em andamento deste empreendimento.")
    next_step = _("Continue aquele.")


class AlreadyInside(DomainError):
    code = "already_inside"
    message = _("“%(enterprise)s” já teve quem entrasse por aqui para coordená-lo.")
    next_step = _("Peça um convite a quem o coordena, ou à coordenação da rede.")


class NotACandidate(DomainError):
    code = "not_a_candidate"
    message = _("“%(enterprise)s” está como “%(standing)s”: não cabe pedido de entrada.")
    next_step = _("Abra a situação do empreendimento na rede e veja o que cabe agora.")


class NameBelongsToAnother(DomainError):
    code = "name_belongs_to_another"
    message = _("Já existe na rede “%(enterprise)s”, com este nome ou registro.")
    next_step = _("A coordenação diz, na página do pedido, se é o mesmo grupo, ou combina com ele outro nome.")


class NotAMemberNow(DomainError):
    code = "not_a_member_now"
    message = _("Isto só cabe a um membro; “%(enterprise)s” está como “%(standing)s”.")
    next_step = _("Abra a situação do empreendimento na rede e veja o que cabe agora.")


class AlreadyCertified(DomainError):
    code = "already_certified"
    message = _("“%(enterprise)s” já tem certificado, válido até %(until)s.")
    next_step = _("Para renovar, abra um pedido de renovação.")


class CertificateToRenew(DomainError):
    """Only the first certificate of a founder is issued without a review; what ran out is renewed."""

    code = "certificate_to_renew"
    message = _("“%(enterprise)s” já teve certificado, que valeu até %(until)s.")
    next_step = _("Para ter outro, abra um pedido de renovação.")


class OwnEnterprise(NotAllowed):
    code = "own_enterprise"
    message = _("Você tem papel em “%(enterprise)s”: quem é da casa não decide sobre ela.")
    next_step = _("Peça a outra pessoa da coordenação; a decisão de um recurso, também ao conselho fiscal.")


class AppealRunning(DomainError):
    code = "appeal_running"
    message = _("Há um recurso deste empreendimento à espera da assembleia.")
    next_step = _("Registre antes a decisão dele.")


class StillToBeHeard(DomainError):
    code = "still_to_be_heard"
    message = _("O empreendimento tem até %(until)s para ser ouvido.")
    next_step = _("Espere o prazo, ou a resposta dele.")


class MeasureUnderWay(DomainError):
    code = "measure_under_way"
    message = _("Já há uma medida em andamento contra este empreendimento.")
    next_step = _("Decida aquela antes.")


class MeasureNotSo(DomainError):
    code = "measure_not_so"
    message = _("Esta medida está “%(state)s”: isso já não cabe.")
    next_step = _("Abra a situação do empreendimento na rede e veja o que cabe agora.")


class AppealTooLate(DomainError):
    code = "appeal_too_late"
    message = _("O prazo para recorrer terminou em %(until)s.")
    next_step = _("Fale com a coordenação: a assembleia pode tratar do assunto por iniciativa própria.")


class AlreadyAppealed(DomainError):
    code = "already_appealed"
    message = _("Já há um recurso contra esta decisão.")
    next_step = _("Acompanhe aquele: a assembleia decide uma vez.")


class DecidedBefore(NotAllowed):
    code = "decided_before"
    message = _("Quem tomou a decisão não registra o recurso contra ela.")
    next_step = _("Peça a outra pessoa da coordenação ou ao conselho fiscal.")


class UnknownCertificate(NotFound):
    code = "unknown_certificate"
    message = _("Não há certificado com este código.")
    next_step = _("Confira se o código foi copiado inteiro. Se veio de um papel, desconfie e pergunte à rede.")
