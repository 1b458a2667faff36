# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit trail only grows, whatever SQL is sent to the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests import app_role, factories

from mutirao.kernel import audit
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.kernel.work import operation, record


@operation
def note(subject: Any, *, actor: Actor) -> None:
    record(actor, "test.noted", subject)


@pytest.fixture
def entry(network: Any, coordinator: Actor) -> AuditEntry:
    note(network, actor=coordinator)
    return AuditEntry.objects.get()


def refused(statement: str, *values: Any, words: str = "audit: ") -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "change", ["reason = 'outro'", "digest = 'x'", "sequence = 9", "network_id = 0", "data = '{}'"]
)
def test_an_entry_never_changes(entry: AuditEntry, change: str) -> None:
    refused(f"UPDATE kernel_auditentry SET {change} WHERE id = %s", entry.pk)
    assert audit.check_chain(entry.network_id) is None


def test_an_entry_is_never_deleted(entry: AuditEntry) -> None:
    refused("DELETE FROM kernel_auditentry WHERE id = %s", entry.pk)
    with pytest.raises(IntegrityError, match="audit"), transaction.atomic():
        AuditEntry.objects.all().delete()
    assert AuditEntry.objects.count() == 1


def test_the_trail_goes_on_growing(entry: AuditEntry, network: Any, coordinator: Actor) -> None:
    note(factories.enterprise(), actor=coordinator)
    assert AuditEntry.objects.count() == 2
    assert audit.check_chain(network.pk) is None


def test_an_entry_is_not_replaced(entry: AuditEntry) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("OR REPLACE is SQLite's")
    columns = [field.column for field in AuditEntry._meta.concrete_fields]
    same = ", ".join("'x'" if column == "reason" else column for column in columns)
    refused(
        f"INSERT OR REPLACE INTO kernel_auditentry ({', '.join(columns)}) SELECT {same} FROM kernel_auditentry",
        words="not displaced",
    )
    without_id = [column for column in columns if column != "id"]
    same = ", ".join("'x'" if column == "reason" else column for column in without_id)
    refused(
        f"INSERT OR REPLACE INTO kernel_auditentry ({', '.join(without_id)}) SELECT {same} FROM kernel_auditentry",
        words="not displaced",
    )


@pytest.mark.postgres
def test_the_trail_is_never_emptied(entry: AuditEntry) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's")
    refused = pytest.raises(DatabaseError, match="never emptied")
    with app_role.as_owner(), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE kernel_auditentry")


@pytest.mark.postgres
def test_each_year_has_a_part_of_the_trail_that_is_kept_as_the_whole(entry: AuditEntry) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("partitions are PostgreSQL's")
    part = f"kernel_auditentry_{entry.at.year}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM kernel_auditentry WHERE id = %s", [entry.pk])
        assert cursor.fetchone() == (part,)
    columns = ", ".join(f.column for f in AuditEntry._meta.concrete_fields if f.column != "id")
    refused(f"INSERT INTO kernel_auditentry ({columns}) SELECT {columns} FROM kernel_auditentry", words="not displaced")
    refused(f"DELETE FROM {part} WHERE id = %s", entry.pk, words="never deleted|permission denied")
    emptied = pytest.raises(DatabaseError, match="never emptied")
    with app_role.as_owner(), emptied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {part}")
