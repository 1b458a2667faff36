# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network's currency, while nothing is booked in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.work import operation
from mutirao.network.errors import CurrencyInUse
from mutirao.network.models import Network
from mutirao.network.permissions import EDIT_NETWORK
from mutirao.payments.models import Bill, Charge, CreditAccount, CreditMovement, Payment


@operation
def take_currency(network: Network, currency: str, *, actor: Actor) -> None:
    """Turn empty credit accounts to a currency; asked by the network's own change of it.

    Raises: NotAllowed; CurrencyInUse.
    """
    actor.require(EDIT_NETWORK, network)
    for model, what in (
        (Charge, _("cobranças")), (Payment, _("pagamentos")), (CreditMovement, _("créditos")), (Bill, _("contas")),
    ):  # fmt: skip
        if model.objects.exists():
            raise CurrencyInUse(currency=network.currency, what=what)
    CreditAccount.objects.update(currency=currency)
