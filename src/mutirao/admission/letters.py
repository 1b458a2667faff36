# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters to groups that asked to join and have no account: by e-mail, where they gave one.

The private link is kept by nobody but the group, so a letter names it and does not carry it.
"""

from __future__ import annotations

from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mutirao.admission.models import Application, Question
from mutirao.kernel import clock, formats, jobs
from mutirao.network.models import Network
from mutirao.network.roles import ENTERPRISE_COORDINATOR
from mutirao.notices.queries import people_of_enterprises

SEND = "mutirao.admission.tasks.send_letter"
RECEIVED, ASKED, ADMITTED, REFUSED, APPEAL_REJECTED = "received", "asked", "admitted", "refused", "appeal_rejected"


def send_later(what: str, application: Application, question: Question | None = None) -> bool:
    """Ask for a letter to be sent after commit, once; returns whether one will go. None goes without an e-mail, to
    those who hear of it in the app, and from an example network, whose addresses may be somebody's.
    """
    network = application.network
    if not application.email or network.is_example:
        return False
    if application.enterprise_id:
        told = people_of_enterprises([application.enterprise_id], {ENTERPRISE_COORDINATOR})
        if told.filter(email__iexact=application.email).exists():
            return False
    moment = application.decided_at or application.submitted_at or clock.now()
    about = question.pk if question else f"{moment:%y%m%d%H%M%S}"
    jobs.enqueue(
        SEND,
        {"application_id": application.pk, "what": what, "question_id": question.pk if question else None},
        network_id=network.pk,
        key=f"admission.letter:{what}:{application.pk}:{about}",
    )
    return True


def send(application_id: int, what: str, question_id: int | None = None) -> bool:
    """Send a letter in the network's language; returns whether there was something to say still."""
    row = Application.objects.select_related("network").filter(pk=application_id).first()
    question = Question.objects.filter(pk=question_id).first() if question_id else None
    if row is None or not row.email or (what == ASKED and question is None):
        return False
    network: Network = row.network
    with translation.override(network.language or settings.LANGUAGE_CODE), timezone.override(network.time_zone):
        subject, lines = _words(what, row, question)
        lines = [
            _("Olá, %(name)s!") % {"name": row.contact_name or row.name},
            *lines,
            _("Se perdeu o endereço particular do pedido, peça outro à coordenação da rede."),
            network.name,
        ]
    sender = formataddr((network.name, settings.DEFAULT_FROM_EMAIL))
    return EmailMessage(subject, "\n\n".join(lines) + "\n", sender, [row.email]).send() == 1


def _words(what: str, row: Application, question: Question | None) -> tuple[str, list[str]]:
    names = {"name": row.name, "network": row.network.name}
    if what == RECEIVED:
        by = formats.date(row.decide_by) if row.decide_by else "–"
        return _("Pedido recebido: %(name)s") % names, [
            _("%(network)s recebeu o pedido de %(name)s.") % names,
            _("A resposta vem até %(day)s. Acompanhe pelo endereço particular do pedido.") % {"day": by},
        ]
    if what == ASKED and question is not None:
        return _("%(network)s pergunta a %(name)s") % names, [
            question.text,
            _("Responda pelo endereço particular do pedido."),
        ]
    if what == ADMITTED:
        return _("%(name)s entrou na rede") % names, [
            _("%(network)s aceitou o pedido de %(name)s.") % names,
            row.decision_reason,
            _("Abra o endereço particular do pedido para ver o certificado e criar sua conta."),
        ]
    if what == REFUSED:
        lines = [_("%(network)s recusou o pedido de %(name)s.") % names, row.decision_reason]
        if row.appeal_until is not None:
            until = formats.date(row.appeal_until)
            lines.append(
                _("Dá para recorrer à assembleia até %(day)s, pelo endereço particular do pedido.") % {"day": until}
            )
        return _("Resposta ao pedido de %(name)s") % names, lines
    if what == APPEAL_REJECTED:
        return _("A assembleia decidiu o recurso de %(name)s") % names, [
            _("A assembleia de %(network)s manteve a recusa do pedido de %(name)s.") % names,
            row.appeal.decision_reason,
        ]
    raise ValueError(f"no such letter: {what}")
