# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several treasurers at once, each in a process of its own, on either database."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from tests import factories

from mutirao.governance import operations as governance
from mutirao.kernel import clock, tenancy

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)
WORKERS, ROUNDS = 3, 4
WORKER = """
import datetime as dt, pathlib, sys, time
import django
django.setup()
from mutirao.governance import operations as governance
from mutirao.governance.models import Motion
from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import system
from mutirao.kernel.errors import DomainError
from mutirao.network.models import Enterprise
from mutirao.payments import operations as do
from mutirao.payments.models import Charge, Payment
from mutirao.payments.operations import ChargeSpec

network_id, place, rounds, gate = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4])
(gate.parent / f"ready-{place}").touch()
while not gate.exists():
    time.sleep(0.01)
now = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)
refused = 0
with tenancy.activated(network_id), clock.at(now):
    actor = system(network_id, why=f"worker {place}")
    enterprises = list(Enterprise.objects.order_by("pk"))
    # Each takes the enterprises in an order of its own: locks must not depend on it.
    mine = enterprises[place:] + enterprises[:place]
    for number in range(rounds):
        do.issue_charges([ChargeSpec(e, 100, f"R{number}") for e in mine], actor=actor, source=("round", number))
        for enterprise in mine:
            open_ones = list(Charge.objects.filter(enterprise=enterprise, state="open"))
            for act in (
                lambda: do.record_payment(
                    enterprise, amount_minor=130, received_on=clock.today(), method="pix", actor=actor,
                    reference=f"E{number}-{enterprise.pk}",
                ),
                lambda: do.apply_credit(open_ones[0], amount_minor=20, actor=actor),
                lambda: do.reverse_payment(
                    Payment.objects.filter(enterprise=enterprise, reversed_at=None).first(), reason="x", actor=actor
                ) if place == 0 and number % 3 == 2 else None,
                lambda: do.cancel_charges(
                    Charge.objects.filter(source_kind="round", source_id=number), reason="x", actor=actor
                ) if number == rounds - 1 else None,
                lambda: governance.answer_motion(
                    Motion.objects.get(), enterprise=enterprise, answer="yes", recorded_for="Ana", actor=actor
                ),
            ):
                try:
                    act()
                except (DomainError, IndexError):
                    refused += 1
print(refused)
"""


@pytest.fixture
def committed(transactional_db: None) -> Iterator[Any]:
    """A network with three enterprises and an open motion that other connections see."""
    made = factories.network()
    with tenancy.activated(made), clock.at(NOW):
        enterprises = [factories.enterprise() for _ in range(3)]
        governance.put_motion("?", enterprises=enterprises, actor=factories.actor(made, "coordination"))
        yield made


def environment_of(tmp_path: Path) -> dict[str, str]:
    """What the workers need to reach the test's database: a copy of it on SQLite, the same one on PostgreSQL."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "MUTIRAO_DATA": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "mutirao.site.settings"
    if connection.vendor == "sqlite":
        environment.pop("DATABASE_URL", None)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "mutirao.sqlite3")])
    else:
        at = connection.settings_dict
        user = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
        # The host may be the folder of a socket.
        where = quote(str(at["HOST"]), safe="") + (f":{at['PORT']}" if at["PORT"] else "")
        environment["DATABASE_URL"] = f"postgres://{user}@{where}/{at['NAME']}"
    return environment


def rows_of(tmp_path: Path, statement: str) -> list[tuple[Any, ...]]:
    if connection.vendor == "sqlite":
        stored = sqlite3.connect(tmp_path / "mutirao.sqlite3")
        try:
            return stored.execute(statement).fetchall()
        finally:
            stored.close()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def run_workers(network_id: int, tmp_path: Path) -> None:
    gate, environment = tmp_path / "go", environment_of(tmp_path)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(network_id), str(place), str(ROUNDS), str(gate)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for place in range(WORKERS)
    ]
    while not all((tmp_path / f"ready-{place}").exists() or workers[place].poll() for place in range(WORKERS)):
        time.sleep(0.01)
    gate.touch()
    ends = [(*worker.communicate(timeout=300), worker.returncode) for worker in workers]
    assert [code for *_words, code in ends] == [0] * WORKERS, ends
    # They did get in each other's way: the same references and the same answers came from all of them.
    assert sum(int(out) for out, *_rest in ends) > 0


def test_several_at_once_lose_and_double_nothing(committed: Any, tmp_path: Path) -> None:
    run_workers(committed.pk, tmp_path)
    charges = rows_of(tmp_path, "SELECT number FROM payments_charge ORDER BY number")
    assert charges == [(number,) for number in range(1, len(charges) + 1)]
    standing = "SELECT count(*) FROM payments_charge WHERE state <> 'cancelled' GROUP BY source_id, enterprise_id"
    assert {row[0] for row in rows_of(tmp_path, standing)} == {1}
    taken = "SELECT count(*) FROM payments_payment WHERE reversed_at IS NULL GROUP BY reference"
    assert {row[0] for row in rows_of(tmp_path, taken)} == {1}
    for name, statement in {
        "a charge and its settlements": """
            SELECT c.id FROM payments_charge c LEFT JOIN payments_settlement s ON s.charge_id = c.id
            GROUP BY c.id, c.settled_minor HAVING c.settled_minor <> COALESCE(SUM(s.amount_minor), 0)""",
        "an account and its movements": """
            SELECT a.id FROM payments_creditaccount a
            LEFT JOIN payments_creditmovement m ON m.enterprise_id = a.enterprise_id
            GROUP BY a.id, a.balance_minor HAVING a.balance_minor <> COALESCE(SUM(m.amount_minor), 0)""",
        "a payment and its parts": """
            SELECT p.id FROM payments_payment p
            WHERE (CASE WHEN p.reversed_at IS NULL THEN p.amount_minor ELSE 0 END) <>
            COALESCE((SELECT SUM(s.amount_minor) FROM payments_settlement s WHERE s.payment_id = p.id), 0) +
            COALESCE((SELECT SUM(m.amount_minor) FROM payments_creditmovement m WHERE m.payment_id = p.id), 0)""",
    }.items():
        assert rows_of(tmp_path, statement) == [], name
    given = rows_of(tmp_path, "SELECT count(*) FROM governance_givenanswer GROUP BY entitlement_id")
    assert given == [(1,), (1,)]  # the second yes of three decided; each enterprise answered once
    assert rows_of(tmp_path, "SELECT state FROM governance_motion") == [("passed",)]
