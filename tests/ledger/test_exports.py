# SPDX-License-Identifier: AGPL-3.0-or-later
"""A book handed to Beancount's own checker, a program that is not ours, running by itself."""

from __future__ import annotations

import datetime as dt
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests import factories
from tests.ledger import makers
from tests.ledger.makers import MARCH, posted

from mutirao.kernel.actors import Actor
from mutirao.kernel.core.money import Money
from mutirao.ledger import exports, operations, queries
from mutirao.ledger.core.chart import NETWORK_CHART, PARTNER_ACCOUNTS
from mutirao.ledger.core.chart import NetworkAccount as N
from mutirao.ledger.core.entries import ACT_TYPES, COOPERATIVE, EntrySpec, LegSpec
from mutirao.ledger.errors import TooLongForSheet
from mutirao.ledger.models import Account, Book, Entry


def check(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", str(path)], capture_output=True, text=True, timeout=120
    )


def totals(path: Path) -> dict[str, str]:
    """Balances by account as Beancount adds them up, in a process of its own."""
    script = (
        "import sys\n"
        "from beancount import loader\n"
        "from beancount.core import realization\n"
        "entries, errors, options = loader.load_file(sys.argv[1])\n"
        "assert not errors, errors\n"
        "for account in realization.iter_children(realization.realize(entries)):\n"
        "    if account.txn_postings:\n"
        "        print(account.account, account.balance.to_string(parens=False))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


@pytest.fixture
def full_book(network: Any, book: Book) -> Book:
    """Two hundred entries over a year with every account, both act types, odd words, a reversal, a draft."""
    chance, actor = random.Random(7), makers.by_system(network.pk)
    partner = factories.enterprise(name='Cooperativa "São João" \\ açaí & cia\u2028ltda')
    Account.objects.filter(book=book, purpose=N.BANK).update(name="Banco (c/c nº 1) – açúcar", code="1.1.2")
    purposes = [row.purpose for row in NETWORK_CHART]
    specs = []
    for number in range(200):
        amounts = [chance.choice([-1, 1]) * chance.randint(1, 10**7) for _leg in range(chance.randint(1, 4))]
        amounts.append(-sum(amounts))
        amounts = [value for value in amounts if value] if sum(map(bool, amounts)) > 1 else [5, -5]
        lines = []
        for value in amounts:
            purpose = chance.choice(purposes)
            partner_id = partner.pk if purpose in PARTNER_ACCOUNTS or chance.random() < 0.2 else None
            lines.append(LegSpec(purpose, value, chance.choice(ACT_TYPES), partner_id, 'linha "x" \\'))
        date = dt.date(2025, 3, 1) + dt.timedelta(days=chance.randrange(366))
        specs.append(
            EntrySpec(date, f'Rodada {number}: "pão\\mel"\nsegunda linha', lines, ("purchasing.round", number))
        )
    ids = operations.post_entries(book, specs, actor=actor)
    operations.reverse_entry(Entry.objects.get(pk=ids[3]), date=MARCH, reason="Erro", actor=actor)
    makers.drafted(book)
    return book


def expected_totals(book: Book, actor: Actor, **dates: Any) -> dict[str, str]:
    balance = queries.trial_balance(book, actor=actor, **dates)
    return {
        row.code.replace(".", "-"): str(Money(row.figures.closing, "BRL"))
        for group in balance.groups
        for row in group.rows
        if row.figures.closing
    }


def by_code(found: dict[str, str]) -> dict[str, str]:
    """ "Assets:1-1-2-Banco" → "1-1-2"."""
    return {"-".join(name.split(":")[1].split("-")[:3]): amount for name, amount in found.items() if amount.strip()}


def test_beancount_agrees_with_the_whole_book(full_book: Book, coordinator: Actor, tmp_path: Path) -> None:
    path = tmp_path / "livro.beancount"
    path.write_text(exports.beancount_file(full_book, actor=coordinator), encoding="utf-8")
    done = check(path)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert by_code(totals(path)) == expected_totals(full_book, coordinator)


def test_beancount_agrees_with_a_part_of_the_year(full_book: Book, coordinator: Actor, tmp_path: Path) -> None:
    dates = {"since": dt.date(2025, 7, 1), "upto": dt.date(2025, 9, 30)}
    path = tmp_path / "livro.beancount"
    path.write_text(exports.beancount_file(full_book, actor=coordinator, **dates), encoding="utf-8")
    assert check(path).returncode == 0
    assert by_code(totals(path)) == expected_totals(full_book, coordinator, **dates)


def test_an_empty_book_is_a_valid_file(book: Book, coordinator: Actor, tmp_path: Path) -> None:
    path = tmp_path / "livro.beancount"
    path.write_text(exports.beancount_file(book, actor=coordinator), encoding="utf-8")
    assert check(path).returncode == 0


def test_the_checker_would_notice_a_changed_amount(full_book: Book, coordinator: Actor, tmp_path: Path) -> None:
    text = exports.beancount_file(full_book, actor=coordinator)
    changed = re.sub(r"(?<= balance Assets:1-1-1-Caixa  )-?", "1", text)
    assert changed != text
    path = tmp_path / "livro.beancount"
    path.write_text(changed, encoding="utf-8")
    assert check(path).returncode != 0


def test_entries_dated_in_the_future_are_in_the_file_too(book: Book, coordinator: Actor, tmp_path: Path) -> None:
    posted(book, date=dt.date(2026, 12, 1))
    path = tmp_path / "livro.beancount"
    path.write_text(exports.beancount_file(book, actor=coordinator), encoding="utf-8")
    assert check(path).returncode == 0
    assert by_code(totals(path))["1-1-2"] == "1.00 BRL"


def test_a_book_too_long_for_a_spreadsheet_says_so(
    book: Book, coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(book)
    monkeypatch.setattr(exports, "XLSX_LINES", 2)
    assert exports.journal_xlsx(book, actor=coordinator, since=None, upto=None)
    posted(book, date=dt.date(2026, 2, 1))
    with pytest.raises(TooLongForSheet):
        exports.journal_xlsx(book, actor=coordinator, since=None, upto=None)
    assert exports.journal_xlsx(book, actor=coordinator, since=MARCH, upto=None)
    assert len(exports.journal_csv(book, actor=coordinator, since=None, upto=None).splitlines()) == 5


def test_file_names_are_plain(book: Book) -> None:
    book.name = "Mãos da Terra / Açaí & Cia"
    assert exports.file_stem(book) == "livro-maos-da-terra-acai-cia"
    assert exports.file_stem(book, Account(code="1.1.2")) == "livro-maos-da-terra-acai-cia-1-1-2"


def test_cooperative_is_what_the_law_calls_it(full_book: Book, coordinator: Actor) -> None:
    rows = list(exports.journal_rows(full_book, actor=coordinator, since=None, upto=None))
    assert {row[7] for row in rows} == {"ato cooperativo", "ato não cooperativo"}
    assert COOPERATIVE in ACT_TYPES
