# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an enterprise and the network still owe one another."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutirao.kernel import formats
from mutirao.network import duties
from mutirao.network.duties import Duty
from mutirao.network.models import Enterprise
from mutirao.payments.models import Charge
from mutirao.payments.queries import credit_of, currency_of, totals_of


def money_between(enterprise: Enterprise) -> Iterator[Duty]:
    """Open charges, and credit that the enterprise holds."""
    account = reverse("payments:account", args=[enterprise.network.slug, enterprise.pk])
    currency = currency_of(enterprise.network_id)
    charges = Charge.objects.filter(enterprise=enterprise, state=Charge.State.OPEN)
    if count := charges.count():
        words = ngettext(
            "%(count)s cobrança em aberto, de %(amount)s: receba, ou dê baixa com o motivo.",
            "%(count)s cobranças em aberto, ao todo %(amount)s: receba, ou dê baixa com o motivo.",
            count,
        )
        amount = formats.money(totals_of(charges).open_minor, currency)
        yield Duty(words % {"count": count, "amount": amount}, account)
    if held := credit_of(enterprise):
        words = _("%(amount)s de crédito na rede: use numa cobrança ou devolva em dinheiro.")
        yield Duty(words % {"amount": formats.money(held, currency)}, account)


duties.register(money_between, order=20)
