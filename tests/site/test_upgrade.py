# SPDX-License-Identifier: AGPL-3.0-or-later
"""An upgrade whose migration breaks leaves the database as it was, and says so."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from tests import app_role

from mutirao.kernel import clock
from mutirao.kernel.models import Job


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "command", [("prepare", "--database"), ("web", "--bind", "127.0.0.1:0"), ("work",)], ids=lambda command: command[0]
)
def test_an_older_program_leaves_a_newer_database_alone(command: tuple[str, ...]) -> None:
    recorder = MigrationRecorder(connection)
    with app_role.as_owner():
        recorder.record_applied("kernel", "9998_of_next_year")
        err = StringIO()
        try:
            with pytest.raises(SystemExit) as stopped:
                call_command(*command, stdout=StringIO(), stderr=err)
        finally:
            recorder.record_unapplied("kernel", "9998_of_next_year")
    assert stopped.value.code == 1
    assert "versão mais nova do programa (kernel.9998_of_next_year)" in err.getvalue()
    assert "restore --replace" in err.getvalue()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["code", "sql"])
def test_a_migration_that_breaks_is_undone_and_named(settings: Any, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setenv("BROKEN_MIGRATION", how)
    moment = clock.now()
    Job.objects.create(task="whole", state=Job.State.DONE, run_after=moment, created_at=moment)
    settings.MIGRATION_MODULES = {"kernel": "tests.site.broken_migrations"}
    err = StringIO()
    with app_role.as_owner(), pytest.raises(SystemExit):
        call_command("prepare", database=True, stdout=StringIO(), stderr=err)
    said = err.getvalue()
    assert "parou em kernel.0999_breaks: " in said
    assert ("no_such_column" if how == "sql" else "ValueError: a book without a currency") in said
    assert "volte à versão anterior" in said
    assert "kernel_halfway" not in connection.introspection.table_names()
    assert Job.objects.get().task == "whole"
    assert ("kernel", "0999_breaks") not in MigrationRecorder(connection).applied_migrations()
