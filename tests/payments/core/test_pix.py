# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.payments import docs

from mutirao.payments.core.pix import (
    CITY_MOST,
    NAME_MOST,
    PixCode,
    PixKeyError,
    encode,
    fit,
    parse,
    read_key,
)
from mutirao.payments.core.qr import qr_svg

# Written by others, with the service name in capitals: static with a telephone, and dynamic with an address.
STATIC = (
    "00020126360014BR.GOV.BCB.PIX0114+5511943214321520400005303986540566.665802BR5907EMPRESA6008BRASILIA62070503***6304"
)
DYNAMIC = (
    "00020101021226770014BR.GOV.BCB.PIX2555pix.example.com/qr/93598be0-1bd0-4997-8318-81776a1d8a99"
    "5204000053039865802BR5907EMPRESA6009SAO PAULO62070503***6304EEAB"
)


@pytest.mark.parametrize("row", docs.table(docs.read("pix.md"), "key", "name", "city", "amount", "txid", "code"))
def test_the_documented_codes_are_written_and_read_back(row: dict[str, str]) -> None:
    amount = int(Decimal(row["amount"]) * 100) if row["amount"] else None
    code = PixCode(row["key"], row["name"], row["city"], amount, row["txid"])
    assert encode(code) == row["code"]
    assert parse(row["code"]) == code


@pytest.mark.parametrize("row", docs.table(docs.read("pix.md"), "name", "at most", "on the code"))
def test_names_are_cut_between_words(row: dict[str, str]) -> None:
    assert fit(row["name"], int(row["at most"])) == row["on the code"]


@pytest.mark.parametrize("row", docs.table(docs.read("pix.md"), "kind", "typed", "kept"))
def test_keys_are_kept_as_the_directory_knows_them(row: dict[str, str]) -> None:
    key = read_key(row["typed"])
    assert (key.kind, key.text) == (row["kind"], row["kept"])
    assert read_key(key.text) == key


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("529.982.247-24", "cpf"),
        ("16987654321", "cpf"),
        ("5299822472", "cpf"),
        ("11.222.333/0001-82", "cnpj"),
        ("12ABC34501DE34", "cnpj"),
        ("1122233300018", "cnpj"),
        ("ana@", "email"),
        ("ana lima@exemplo.coop", "email"),
        ("a" * 70 + "@exemplo.coop", "email"),
        ("+55 16 8765", "phone"),
        ("+1 212 555 0100", "phone"),
        ("(06) 98765-4321", "phone"),
        ("123e4567-e12b-12d1-a456-42665544000", "evp"),
        ("nossa chave", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_is_no_key_is_refused_by_kind(text: str, code: str) -> None:
    with pytest.raises(PixKeyError) as refusal:
        read_key(text)
    assert refusal.value.code == code


def test_codes_of_others_are_read() -> None:
    assert parse(STATIC + "04ED") == PixCode("+5511943214321", "EMPRESA", "BRASILIA", 6666)
    dynamic = parse(DYNAMIC)
    assert (dynamic.key, dynamic.url) == ("", "pix.example.com/qr/93598be0-1bd0-4997-8318-81776a1d8a99")
    assert (dynamic.amount_minor, dynamic.city) == (None, "SAO PAULO")


plain = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)
codes = st.builds(
    PixCode,
    key=st.sampled_from(["52998224725", "ana@exemplo.coop", "+5516987654321", "12ABC34501DE35"]),
    name=plain.map(lambda text: text[:NAME_MOST]),
    city=plain.map(lambda text: text[:CITY_MOST]),
    amount_minor=st.none() | st.integers(1, 10**12 - 1),
    txid=st.from_regex(r"[A-Za-z0-9]{0,25}", fullmatch=True),
    description=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)


@settings(deadline=None)
@given(code=codes)
def test_every_code_reads_back_as_written(code: PixCode) -> None:
    text = encode(code)
    assert parse(text) == code
    assert re.fullmatch(r"[ -~]+", text)


@settings(deadline=None)
@given(code=codes, at=st.integers(0, 10**6), char=st.characters(min_codepoint=33, max_codepoint=126))
def test_one_wrong_character_is_noticed(code: PixCode, at: int, char: str) -> None:
    text = encode(code)
    at %= len(text)
    damaged = text[:at] + char + text[at + 1 :]
    if damaged.upper() != text.upper():
        with pytest.raises(ValueError, match=r"damaged|field|Pix code"):
            parse(damaged)


@settings(deadline=None)
@given(text=st.text(max_size=60), most=st.integers(1, 30))
def test_names_fit_in_plain_ascii(text: str, most: int) -> None:
    cut = fit(text, most)
    assert len(cut) <= most
    assert cut == cut.strip()
    assert all(" " <= char <= "~" for char in cut)
    assert fit(cut, most) == cut


@pytest.mark.parametrize(
    "code",
    [
        PixCode("", "A", "B"),
        PixCode("k" * 78, "A", "B"),
        PixCode("k", "a" * 26, "B"),
        PixCode("k", "Raízes", "B"),
        PixCode("k", "A", ""),
        PixCode("k", "A", "B", 0),
        PixCode("k", "A", "B", 10**12),
        PixCode("k", "A", "B", 1, "com espaço"),
        PixCode("k" * 77, "A", "B", description="x"),
        PixCode("", "A", "B", url="pix.example.com/1"),
    ],
)
def test_impossible_codes_are_refused(code: PixCode) -> None:
    with pytest.raises(ValueError, match=r"."):
        encode(code)


@pytest.mark.parametrize("text", ["", "6304", "000201", "0002016304FFFF", "é" * 20])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_qr_is_svg_without_style_or_script() -> None:
    drawn = qr_svg(encode(PixCode("52998224725", "Rede", "Cidade", 100, "R1C000001D90")))
    assert drawn.startswith("<svg")
    assert "viewBox" in drawn
    assert not re.search(r"style|script|onload|width=|height=", drawn)
