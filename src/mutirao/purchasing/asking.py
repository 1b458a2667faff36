# SPDX-License-Identifier: AGPL-3.0-or-later
"""What suppliers are told when they are asked for quotes: the message with the link, the reminder, the e-mail."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mutirao.kernel import formats
from mutirao.purchasing.models import QuoteRequest
from mutirao.purchasing.operations.quote_requests import token_of


def link_path(request_: QuoteRequest) -> str:
    """The path of a request's page; "" where the link cannot be shown again."""
    token = token_of(request_)
    return reverse("supplier_quote", kwargs={"token": token}) if token else ""


def link_address(request_: QuoteRequest) -> str:
    """The whole address, for letters; "" where the link cannot be shown again."""
    path = link_path(request_)
    return settings.ADDRESS + path if path else ""


def message_text(request_: QuoteRequest, url: str) -> str:
    """The message that goes with the link, to paste or to send."""
    round_ = request_.round
    lines = [
        _("%(network)s pede uma cotação para uma compra coletiva.") % {"network": round_.network.name},
        _("O que precisamos está neste endereço; é só preencher os preços pelo celular, sem cadastro."),
        _("Responda até %(until)s.") % {"until": formats.moment(request_.answer_until)},
    ]
    if request_.message:
        lines.append(request_.message)
    if request_.supplier.contact_name:
        lines.insert(0, _("Olá, %(name)s!") % {"name": request_.supplier.contact_name})
    return "\n".join([*lines, url])


def reminder_text(request_: QuoteRequest, url: str) -> str:
    """A few words for whoever has not answered yet."""
    hello = _("Olá, %(name)s!") % {"name": request_.supplier.contact_name or request_.supplier.name}
    until = formats.moment(request_.answer_until)
    return "\n".join(
        [
            hello,
            _("O pedido de cotação da %(network)s espera a sua resposta até %(until)s.")
            % {"network": request_.round.network.name, "until": until},
            _("Se desta vez não fornece, há um botão para dizer isso."),
            url,
        ]
    )


def letter(request_: QuoteRequest) -> EmailMessage:
    """The e-mail with the link, in the network's language and time zone."""
    network = request_.round.network
    with translation.override(network.language), timezone.override(network.time_zone):
        subject = _("Pedido de cotação de %(network)s") % {"network": network.name}
        return EmailMessage(subject, message_text(request_, link_address(request_)), to=[request_.supplier.email])
