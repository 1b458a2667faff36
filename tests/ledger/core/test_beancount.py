# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.ledger.core.beancount import (
    ExportAccount,
    ExportBook,
    ExportEntry,
    ExportPosting,
    account_names,
    amount,
    quoted,
    render,
)

# Beancount's own rule for account names, its ASCII part: capital or digit first, then letters, digits, hyphens.
VALID = re.compile(r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+")


def account(key: int, code: str, name: str, kind: str = "asset") -> ExportAccount:
    return ExportAccount(key, code, name, kind)


@pytest.mark.parametrize(
    ("code", "name", "kind", "expected"),
    [
        ("1.1.2", "Banco", "asset", "Assets:1-1-2-Banco"),
        ("2.1.2", "Créditos de empreendimentos", "liability", "Liabilities:2-1-2-Creditos-de-empreendimentos"),
        ("3.1.3", "Saldo (nº 1) & açúcar!", "equity", "Equity:3-1-3-Saldo-no-1-acucar"),
        ("a", "ção", "income", "Income:A-cao"),
        ("¿?", "…", "expense", "Expenses:7"),
    ],
)
def test_names_are_valid_and_readable(code: str, name: str, kind: str, expected: str) -> None:
    assert account_names([account(7, code, name, kind)]) == {7: expected}


def test_names_that_fold_to_the_same_stay_apart() -> None:
    names = account_names([account(1, "1.1", "Pão"), account(2, "1-1", "pao"), account(3, "1 1", "Pao")])
    assert len(set(names.values())) == 3


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=30)), max_size=6))
def test_names_are_valid_whatever_people_call_accounts(words: list[tuple[str, str]]) -> None:
    names = account_names(account(key, *pair) for key, pair in enumerate(words))
    assert all(VALID.fullmatch(name) for name in names.values())
    assert len(set(names.values())) == len(words)


def test_strings_are_one_line_and_escaped() -> None:
    assert quoted('diz "oi"\\ e\nquebra\t ') == '"diz \\"oi\\"\\\\ e quebra"'


def test_amounts_have_the_digits_of_their_currency() -> None:
    assert [amount(-123_456, "BRL"), amount(5, "BRL"), amount(7, "PYG")] == ["-1234.56 BRL", "0.05 BRL", "7 PYG"]


def test_a_book_is_written_whole() -> None:
    bank, grants = account(1, "1.1.2", "Banco"), account(2, "4.1.2", "Doações", "income")
    book = ExportBook(
        title="Rede Raízes", currency="BRL", accounts=[bank, grants], since=dt.date(2026, 3, 1),
        upto=dt.date(2026, 3, 31), opening={1: 500, 2: -500}, closing={1: 1_500, 2: -1_500},
    )  # fmt: skip
    entry = ExportEntry(
        dt.date(2026, 3, 2), 7, 'Apoio da "prefeitura"',
        [ExportPosting(1, 1_000, "cooperative", partner="Mel", memo="x"), ExportPosting(2, -1_000, "non_cooperative")],
        source_kind="payments.charge", source_id=3, reverses=6,
    )  # fmt: skip
    assert list(render(book, [entry])) == [
        ";; Mutirão",
        'option "title" "Rede Raízes"',
        'option "operating_currency" "BRL"',
        "",
        "2026-02-28 open Assets:1-1-2-Banco BRL",
        '  code: "1.1.2"',
        '  name: "Banco"',
        "2026-02-28 open Income:4-1-2-Doacoes BRL",
        '  code: "4.1.2"',
        '  name: "Doações"',
        "",
        '2026-02-28 * "Saldos anteriores"',
        "  Assets:1-1-2-Banco  5.00 BRL",
        "  Income:4-1-2-Doacoes  -5.00 BRL",
        "",
        '2026-03-02 * "Apoio da \\"prefeitura\\"" ^payments.charge-3',
        "  number: 7",
        '  source: "payments.charge 3"',
        "  reverses: 6",
        "  Assets:1-1-2-Banco  10.00 BRL",
        '    act: "cooperative"',
        '    partner: "Mel"',
        '    memo: "x"',
        "  Income:4-1-2-Doacoes  -10.00 BRL",
        '    act: "non_cooperative"',
        "",
        "2026-04-01 balance Assets:1-1-2-Banco  15.00 BRL",
        "2026-04-01 balance Income:4-1-2-Doacoes  -15.00 BRL",
    ]
