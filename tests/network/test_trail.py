# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the trail tells of roles, it tells in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests import factories

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.network import roles, trail
from mutirao.network.operations import Bounds, dismiss, edit_account_rules, grant_role


def test_the_trail_names_roles_and_parts_in_words(network: Any, coordinator: Actor) -> None:
    visitor, leaving = factories.person(), factories.person()
    until = clock.today() + dt.timedelta(days=30)
    bounds = Bounds(until=until, task="Rever os livros", parts=("ledger", "payments"))
    grant_role(visitor, role=roles.CONSULTANT, actor=coordinator, bounds=bounds)
    factories.role(leaving, roles.TREASURY)
    dismiss(leaving, reason="Saiu da equipe", actor=coordinator)
    edit_account_rules(
        network, second_factor_roles=[roles.TREASURY], grace_days=7, reset_wait_hours=24, actor=coordinator
    )
    assert told("network.role_granted")["partes do programa"] == "Livros, Cobranças e pagamentos"
    assert told("network.dismissed")["papéis"] == "Tesouraria"
    assert told("network.account_rules_edited")["papéis que pedem a confirmação em duas etapas"].endswith(
        "→ Tesouraria"
    )


def told(act: str) -> dict[str, str]:
    return dict(trail.data_rows(AuditEntry.objects.filter(act=act).latest("pk")))
