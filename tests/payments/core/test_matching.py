# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from mutirao.payments.core.bank_csv import BankLine, with_references
from mutirao.payments.core.matching import Kind, Match, Open, match_lines
from mutirao.payments.core.txid import make_txid


def line(text: str, amount: int = 10_000, row: int = 1) -> BankLine:
    return BankLine(row, dt.date(2026, 3, 2), text, amount)


def charge(number: int, amount: int = 10_000, *names: str, tax_id: str = "") -> Open:
    return Open(number * 10, number, make_txid(1, number), amount, number * 100, names, tax_id)


def match(lines: list[BankLine], charges: list[Open], taken: set[str] | None = None) -> list[Match]:
    return match_lines(with_references(lines), charges, taken=taken or set())


def said(found: Match) -> tuple[str, str, int | None, int | None]:
    return str(found.kind), found.why, found.charge, found.enterprise


def test_the_identifier_is_sure_whatever_the_amount() -> None:
    (found,) = match([line(f"PIX QRS {make_txid(1, 2)}", 1)], [charge(1), charge(2)])
    assert said(found) == ("sure", "txid", 20, None)


def test_the_identifier_of_a_settled_charge_tells_whose_money_it_is() -> None:
    (found,) = match([line(make_txid(1, 2))], [charge(1), replace(charge(2), open_minor=0)])
    assert said(found) == ("maybe", "txid_closed", None, 200)


def test_two_identifiers_in_a_line_are_left_to_a_person() -> None:
    (found,) = match([line(f"{make_txid(1, 1)} {make_txid(1, 2)}")], [charge(1), charge(2)])
    assert said(found) == ("none", "several", None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Pix recebido - COSTUREIRAS DO BAIRRO ALTO",
        "TRANSF PIX COSTUREIR BAIRRO ALTO",
        "Pix recebido de Ana Lúcia Pereira",
    ],
)
def test_amount_and_name_are_likely(text: str) -> None:
    charges = [
        charge(1, 10_000, "Associação das Costureiras do Bairro Alto", "Ana Lucia Pereira"),
        charge(2, 10_000, "Mel"),
    ]
    (found,) = match([line(text)], charges)
    assert said(found) == ("maybe", "amount_name", 10, None)


@pytest.mark.parametrize("text", ["PIX 12.345.678/0001-95", "pix 12345678000195"])
def test_amount_and_tax_id_are_likely(text: str) -> None:
    (found,) = match([line(text)], [charge(1, tax_id="12345678000195"), charge(2, tax_id="98765432000198")])
    assert said(found) == ("maybe", "amount_tax_id", 10, None)


@pytest.mark.parametrize("text", ["Pix de Ana ***.982.247-**", "Pix •••.982.247-••"])
def test_a_masked_cpf_is_recognised(text: str) -> None:
    (found,) = match([line(text)], [charge(1, tax_id="52998224725"), charge(2, tax_id="11144477735")])
    assert said(found) == ("maybe", "amount_tax_id", 10, None)


@pytest.mark.parametrize(
    ("text", "charges"),
    [
        ("Pix recebido", [charge(1, 10_000, "Mel da Serra")]),
        ("Pix Maria Souza", [charge(1, 10_000, "Maria Aparecida dos Santos")]),
        ("Pix Mel da Serra", [charge(1, 9_999, "Mel da Serra")]),
        ("Cooperativa Pix Recebido Grupo", [charge(1, 10_000, "Cooperativa Grupo")]),
    ],
)
def test_less_is_not_likely(text: str, charges: list[Open]) -> None:
    (found,) = match([line(text)], charges)
    assert said(found) == ("none", "nothing", None, None)


def test_two_charges_that_fit_are_left_to_a_person() -> None:
    (found,) = match([line("Pix Mel da Serra")], [charge(1, 10_000, "Mel da Serra"), charge(2, 10_000, "Mel da Serra")])
    assert said(found) == ("none", "several", None, None)
    assert set(found.candidates) == {10, 20}


def test_two_lines_for_one_charge_are_left_to_a_person() -> None:
    lines = [line("Pix Mel da Serra", row=1), line("Pix Mel da Serra", row=2)]
    found = match(lines, [charge(1, 10_000, "Mel da Serra")])
    assert [item.kind for item in found] == [Kind.NONE, Kind.NONE]


def test_a_sure_line_stays_sure_beside_a_likely_one() -> None:
    found = match([line("Pix Mel da Serra"), line(make_txid(1, 1), row=2)], [charge(1, 10_000, "Mel da Serra")])
    assert [item.kind for item in found] == [Kind.NONE, Kind.SURE]


def test_taken_lines_and_money_out_are_left() -> None:
    taken = with_references([line(make_txid(1, 1))])[0].reference
    found = match([line(make_txid(1, 1)), line("x", -5)], [charge(1)], {taken})
    assert [item.kind for item in found] == [Kind.TAKEN, Kind.DEBIT]


def test_candidates_come_by_payer_then_by_amount() -> None:
    charges = [charge(n, 10_000 + n, f"Grupo {chr(96 + n) * 5}") for n in range(1, 20)]
    (found,) = match([line("Pix ccccc ***")], charges)
    assert found.candidates[:3] == (30, 10, 20)
    assert len(found.candidates) == 8
