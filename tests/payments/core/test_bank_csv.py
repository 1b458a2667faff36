# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.payments import docs

from mutirao.payments.core.bank_csv import BankLine, UnreadableStatement, read_bank_csv, totals, with_references

EXAMPLES = docs.bank_examples()
MINIMAL = "Data;Valor;Histórico\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(("bank", "csv", "expected"), EXAMPLES, ids=[bank for bank, _csv, _lines in EXAMPLES])
def test_the_documented_exports_are_read(bank: str, csv: str, expected: list[dict[str, str]], encoding: str) -> None:
    read = read_bank_csv(csv.encode(encoding))
    assert read.problems == ()
    assert [(line.row, line.on.isoformat(), line.amount_minor) for line in read.lines] == [
        (int(row["row"]), row["date"], int(Decimal(row["amount"]) * 100)) for row in expected
    ]
    for line, row in zip(read.lines, expected, strict=True):
        if row["reference"].startswith("sha"):
            assert line.reference.startswith("sha:")
            assert line.reference[44:] == row["reference"][3:]
        else:
            assert line.reference == row["reference"]


@pytest.mark.parametrize(("bank", "csv", "expected"), EXAMPLES, ids=[bank for bank, _csv, _lines in EXAMPLES])
def test_the_encoding_does_not_change_the_references(bank: str, csv: str, expected: list[dict[str, str]]) -> None:
    one, other = (read_bank_csv(csv.encode(encoding)).lines for encoding in ("utf-8", "cp1252"))
    assert [line.reference for line in one] == [line.reference for line in other]
    assert len({line.reference for line in one}) == len(one)


def test_text_of_a_line_is_all_that_is_neither_date_nor_money() -> None:
    bradesco = next(csv for bank, csv, _lines in EXAMPLES if bank == "Bradesco")
    assert [line.text for line in read_bank_csv(bradesco.encode()).lines] == [
        "Transferencia Pix · 1301495 · Rem: Costureiras do Bair 02/03",
        "Pagto Cobranca · 0000384",
        "Pix Qr Code Estatico R1C000001D90 · 1741169",
    ]


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("1.234,56", 123_456), ("1234,56", 123_456), ("R$ 1.234,56", 123_456), ("12", 1_200), ("0,05", 5),
        ("-12,00", -1_200), ("12,00-", -1_200), ("(12,00)", -1_200), ("- R$ 12,00", -1_200), ("-R$ 12,00", -1_200),
        ("12,00 D", -1_200), ("12,00C", 1_200), ("12,00 d", -1_200), ("12,00 (-)", -1_200), ("12,00 (+)", 1_200),
        ("+ 12,00", 1_200), ("1.234", 123_400),
    ],
)  # fmt: skip
def test_amounts_as_banks_write_them(written: str, minor: int) -> None:
    (line,) = read_bank_csv(f"{MINIMAL}02/03/2026;{written};Ana\n".encode()).lines
    assert line.amount_minor == minor


def test_the_column_tells_which_mark_is_the_decimal_one() -> None:
    comma = read_bank_csv((MINIMAL + "02/03/2026;1.234;a\n02/03/2026;0,50;b\n").encode()).lines
    point = read_bank_csv((MINIMAL + "02/03/2026;1,234;a\n02/03/2026;0.50;b\n").encode()).lines
    assert [line.amount_minor for line in comma] == [line.amount_minor for line in point] == [123_400, 50]


def test_rows_that_cannot_be_read_are_named() -> None:
    read = read_bank_csv(
        (MINIMAL + "02/03/2026;10,00;a\n31/02/2026;10,00;b\n02/03/2026;dez;c\n02/03/2026;1,005;d\n").encode()
    )
    assert [(problem.row, problem.shown) for problem in read.problems] == [
        (3, "31/02/2026"),
        (4, "dez"),
        (5, "1,005"),
    ]
    assert len(read.lines) == 1


def test_somebody_called_like_a_balance_is_not_lost() -> None:
    names = ("Saldo Bar e Restaurante", "Total Embalagens", "SALDO DO DIA", "Total")
    csv = MINIMAL + "".join(f"02/03/2026;10,00;{name}\n" for name in names)
    assert [line.text for line in read_bank_csv(csv.encode()).lines] == ["Saldo Bar e Restaurante", "Total Embalagens"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02\x03", "not_text"),
        (b"nome;telefone\nAna;123\n", "no_columns"),
        (b"<OFX><STMTTRN></STMTTRN></OFX>", "no_columns"),
        (MINIMAL.encode(), "no_lines"),
        ((MINIMAL + "02/03/2026;0,00;nada\n").encode(), "no_lines"),
    ],
)
def test_what_is_no_statement_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableStatement) as refusal:
        read_bank_csv(content)
    assert refusal.value.code == code


@settings(deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_give_lines_or_are_refused(content: bytes) -> None:
    with suppress(UnreadableStatement):
        assert read_bank_csv(content).lines


line = st.builds(
    BankLine,
    row=st.integers(1, 9),
    on=st.just(dt.date(2026, 3, 2)),
    text=st.sampled_from(["Ana", "Bia"]),
    amount_minor=st.sampled_from([-100, 100, 200]),
)


@settings(deadline=None)
@given(lines=st.lists(line, max_size=12), cut=st.integers(0, 12))
def test_an_overlapping_file_brings_the_same_references(lines: list[BankLine], cut: int) -> None:
    whole = {item.reference for item in with_references(lines)}
    assert len(whole) == len(lines)
    assert {item.reference for item in with_references(lines[:cut])} <= whole


def test_totals_are_exact() -> None:
    lines = [BankLine(1, dt.date(2026, 3, 2), "", amount) for amount in (10, -3, 7)]
    assert totals(lines) == {"in": 17, "out": 3}
