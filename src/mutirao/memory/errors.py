# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be refused about memory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, InvalidValue


class NotYourDraft(DomainError):
    code = "not_your_draft"
    status = 403
    message = _("Este momento é cuidado por quem o escreveu e por quem publica.")
    next_step = _("Fale com a coordenação do empreendimento ou da rede.")


class ConsentMissing(DomainError):
    code = "consent_missing"
    message = _("Ainda falta a autorização de quem aparece: %(who)s.")
    next_step = _("Anote a autorização de cada pessoa, ou diga que ninguém pode ser reconhecido, e publique.")


class GuardianMissing(InvalidValue):
    code = "guardian_missing"
    field = "guardian"
    message = _("Quem tem menos de 18 anos precisa da autorização de um responsável.")
    next_step = _("Escreva o nome do responsável que autorizou.")


class ConsentIncomplete(InvalidValue):
    code = "consent_incomplete"
    field = "how"
    message = _("Diga como, quando e até onde a pessoa autorizou.")


class ConsentInTheFuture(InvalidValue):
    code = "consent_in_the_future"
    field = "given_on"
    message = _("A autorização não pode ser de um dia que ainda não veio.")


class ConsentWithdrawn(DomainError):
    code = "consent_withdrawn"
    message = _("%(name)s retirou a autorização.")
    next_step = _("Só uma autorização nova, dada depois disso, traz a imagem de volta; ou apague o arquivo.")


class DescriptionMissing(InvalidValue):
    code = "description_missing"
    field = "description"
    message = _("Diga em palavras o que se vê ou se ouve.")
    next_step = _("É o que lê quem não enxerga ou não ouve.")


class TitleMissing(InvalidValue):
    code = "title_missing"
    field = "title"
    message = _("Dê um título ao momento.")


class MomentInTheFuture(InvalidValue):
    code = "moment_in_the_future"
    field = "year"
    message = _("Memória é do que já aconteceu.")


class MomentIsPublished(DomainError):
    code = "moment_is_published"
    message = _("“%(title)s” está publicado.")
    next_step = _("Recolha o momento antes de apagar.")


class NameMissing(InvalidValue):
    code = "name_missing"
    field = "name"
    message = _("Diga quem aparece.")


class NothingForBooklet(DomainError):
    code = "nothing_for_booklet"
    message = _("Ainda não há momento publicado que possa sair no livreto.")
    next_step = _("Publique momentos; quem aparece precisa ter autorizado o livreto.")
