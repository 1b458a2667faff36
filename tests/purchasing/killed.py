# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E402 - Django is set up before its models are imported
"""A program of its own for test_killed.py: `prepare`, `stall N` (stops while it charges a round), `finish`.

Each start opens the same SQLite file, as a server does that comes back after the power went out, and first tells what
it finds.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from tests import factories, template_database
from tests.purchasing.test_second_half import Story

from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.audit import check_chain
from mutirao.kernel.models import AuditEntry, Job
from mutirao.ledger.models import Entry
from mutirao.network import access
from mutirao.network.models import Network, Person
from mutirao.payments.models import Charge
from mutirao.purchasing.models import CostShare, PurchaseRound
from mutirao.purchasing.operations import sharing


class Writes:
    """Counts what is written; at `stall_at` it says so and waits to be killed."""

    def __init__(self, stall_at: int = 0) -> None:
        self.count, self.stall_at = 0, stall_at

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.count += 1
            if self.count == self.stall_at:
                tell("stalled")
                time.sleep(300)
        return result


def standing(network: Network) -> dict[str, Any]:
    """What there is of the round's charging, and whether the record is whole."""
    return {
        "state": PurchaseRound.objects.get().state,
        "shares": CostShare.objects.count(),
        "charges": Charge.objects.count(),
        "charged_minor": sum(Charge.objects.values_list("amount_minor", flat=True)),
        "entries": Entry.objects.count(),
        "record": AuditEntry.objects.count(),
        "jobs": Job.objects.count(),
        "chain_broken_at": check_chain(network.pk),
    }


def prepare() -> dict[str, Any]:
    """A received round, ready to be charged; tells how many writes the charging takes."""
    template_database.install()
    call_command("migrate", verbosity=0)
    network = factories.network()
    with tenancy.activated(network):
        story = Story(network, factories.actor(network, "coordination"))
        story.receive()
        writes = Writes()
        with transaction.atomic(), connection.execute_wrapper(writes):
            charge(story.team)
            transaction.set_rollback(True)
        return {"writes": writes.count, **standing(network)}


def charge(actor: Actor) -> None:
    sharing.charge_round(PurchaseRound.objects.get(), actor=actor)


def tell(said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def main(act: str, stall_at: int = 0) -> None:
    if act == "prepare":
        tell(prepare())
        return
    network = Network.objects.get()
    with tenancy.activated(network):
        tell(standing(network))
        team = Person.objects.get(assignments__role="coordination")
        with connection.execute_wrapper(Writes(stall_at)):
            charge(access.actor_for(team, network))
        tell(standing(network))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
