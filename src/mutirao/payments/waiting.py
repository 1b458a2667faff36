# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much money waits for the treasury: statements of the bank nobody took in, bills that are due."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network import workload
from mutirao.network.roles import TREASURY
from mutirao.payments.models import BankStatement, Bill
from mutirao.payments.permissions import RECORD_PAYMENTS, SEE_BILLS


def money_to_settle(actor: Actor) -> list[workload.Load]:
    """Statements sent in and not taken in, for those who record payments and the network's team; bills due by today."""
    if not actor.can(SEE_BILLS):
        return []
    statements = BankStatement.objects.filter(taken_in_at__isnull=True).count()
    bills = Bill.objects.filter(state=Bill.State.OPEN, due_on__lte=clock.today()).count()
    # The page of statements opens only for those who record payments.
    page = "payments:bank_import" if actor.can(RECORD_PAYMENTS) else ""
    return [
        workload.Load(TREASURY, statements, _("extratos do banco a conferir"), page),
        workload.Load(TREASURY, bills, _("contas vencidas ou que vencem hoje"), "payments:bills"),
    ]


workload.register(money_to_settle)
