# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao check` finds what was tampered with; the triggers are taken away first, as a tamperer would."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from tests import app_role, factories
from tests.ledger import makers
from tests.ledger.makers import posted

from mutirao.kernel import tenancy
from mutirao.kernel.models import AuditHead, Job
from mutirao.ledger.models import Book

MOMENT = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)


@pytest.fixture
def book(network: Any, noon: Any) -> Book:
    return makers.book_of(network)


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def without(trigger: str, table: str) -> None:
    with app_role.as_owner():
        sql(f"DROP TRIGGER {trigger}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def check(monkeypatch: pytest.MonkeyPatch, language: str = "pt_BR.UTF-8") -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, language)
    out, err = StringIO(), StringIO()
    try:
        call_command("mutirao_check", stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_sound_installation_is_told_so(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    posted(book)
    other = factories.network(name="Outra rede")
    with tenancy.activated(other):
        posted(makers.book_of(other))
    code, out, err = check(monkeypatch)
    assert (code, err) == (0, "")
    assert f"{book.network.name}:\n  trilha de auditoria inteira: 2 registros\n" in out
    assert "Outra rede:" in out
    assert "livros que fecham: 1, com 1 lançamentos" in out
    assert out.endswith("Tudo certo.\n")


def test_an_empty_installation_is_sound(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(monkeypatch)[0] == 0


def test_an_amount_changed_behind_the_triggers_is_found(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = posted(book)
    without("ledger_line_unchanged", "ledger_line")
    if connection.vendor == "postgresql":
        without("ledger_line_changed", "ledger_line")
    sql(f"UPDATE ledger_line SET amount_minor = 99 WHERE entry_id = {entry.pk} AND amount_minor > 0")
    code, out, err = check(monkeypatch)
    assert code == 1
    assert f"O livro “{book.name}” não fecha: as contas somam -1 centavos" in err
    assert f"Lançamento nº 1 de “{book.name}”: 2 linha(s) que somam -1 centavos" in err
    assert err.endswith("Problemas encontrados: 3.\n" if connection.vendor == "sqlite" else "encontrados: 4.\n")
    assert "falta no banco de dados a trava “ledger_line_unchanged”" in err
    assert "Tudo certo" not in out


def test_lines_and_entries_taken_away_are_found(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [posted(book) for _number in range(3)]
    without("ledger_line_kept", "ledger_line")
    without("ledger_entry_kept", "ledger_entry")
    sql(
        f"DELETE FROM ledger_line WHERE entry_id = {entries[1].pk}",
        f"DELETE FROM ledger_entry WHERE id = {entries[1].pk}",
        f"DELETE FROM ledger_line WHERE entry_id = {entries[0].pk}",
    )
    code, _out, err = check(monkeypatch)
    assert code == 1
    assert "faltam números: de 1 a 3 há 2 lançamentos" in err
    assert "Lançamento nº 1" in err
    assert "0 linha(s)" in err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE kernel_auditentry SET reason = 'x' WHERE sequence = 2", "registro nº 2 foi alterado"),
        ("DELETE FROM kernel_auditentry WHERE sequence = 2", "falta o registro nº 2"),
        ("DELETE FROM kernel_auditentry WHERE sequence = 3", "falta o registro nº 3"),
    ],
)
def test_a_trail_that_was_tampered_with_is_found(
    book: Book, monkeypatch: pytest.MonkeyPatch, change: str, said: str
) -> None:
    posted(book)
    posted(book)
    assert AuditHead.objects.get(network_id=book.network_id).sequence == 3
    without("kernel_audit_unchanged", "kernel_auditentry")
    without("kernel_audit_kept", "kernel_auditentry")
    sql(change)
    code, _out, err = check(monkeypatch)
    assert code == 1
    assert said in err


def test_work_that_gave_up_is_listed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = {"run_after": MOMENT, "created_at": MOMENT}
    Job.objects.create(task="mutirao.x.send", state="failed", attempts=6, last_error="OSError: caiu\nmais", **moment)
    Job.objects.create(task="mutirao.x.later", state="ready", **moment)
    code, _out, err = check(monkeypatch)
    assert code == 1
    assert "(mutirao.x.send) desistiu depois de 6 tentativas: OSError: caiu" in err
    assert "mais" not in err.split("tentativas")[1].splitlines()[0]
    assert "later" not in err
