# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import csv
import datetime as dt
import io
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.kernel.core import tabular
from mutirao.kernel.core.tabular import (
    BrokenCell,
    CellProblem,
    DateStyle,
    NumberStyle,
    UnreadableTable,
    column_letter,
    date_style,
    decode,
    find_layout,
    fold_title,
    number_style,
    read_date,
    read_delimited,
    read_flag,
    read_number,
    read_text,
)

PRINTABLE = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x24F, blacklist_categories=("Cc", "Cs", "Cn"), blacklist_characters="\x85"
    ),
    min_size=1,
    max_size=20,
)
WESTERN = st.text(st.sampled_from("abcçãéÀü ,;.0123456789ºª€“”"), min_size=1, max_size=20).filter(
    lambda text: text.strip()
)


# --- encodings and delimiters ----------------------------------------------------------------------------------------


@given(WESTERN)
def test_text_comes_back_from_every_usual_encoding(text: str) -> None:
    whole = f"Nome;Preço\n{text};1"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"):
        decoded, _name = decode(whole.encode(encoding))
        assert decoded.removeprefix("\ufeff") == whole


def test_a_file_of_the_old_windows_is_recognised() -> None:
    assert decode("Feijão;Preço".encode("cp1252")) == ("Feijão;Preço", "cp1252")
    assert decode(b"a\x81\x8db")[1] == "latin-1"


@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf\n", b"\x00\x00\x00"])
def test_an_empty_file_is_called_empty(content: bytes) -> None:
    with pytest.raises(UnreadableTable) as refused:
        decode(content)
    assert refused.value.code == "empty"


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableTable) as refused:
        decode(bytes(range(256)) * 20)
    assert refused.value.code == "not_text"


ROWS = st.lists(st.lists(PRINTABLE, min_size=3, max_size=3), min_size=2, max_size=8)


@given(ROWS, st.sampled_from(tabular.DELIMITERS))
def test_a_table_written_with_any_delimiter_comes_back(rows: list[list[str]], mark: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=mark).writerows([["Nome", "Quantidade", "Unidade"], *rows])
    table = read_delimited(stream.getvalue(), {"nome", "quantidade", "unidade"})
    assert table.delimiter == mark
    assert table.rows[1:] == [[cell.strip() or None for cell in row] for row in rows]


def test_decimal_commas_do_not_make_columns() -> None:
    assert read_delimited("Nome;Preço\nArroz;4,50\nFeijão;7,20\n").delimiter == ";"


def test_a_single_column_keeps_its_commas() -> None:
    table = read_delimited("Nome\nJoão, Maria e outros\nSó um\nMais um\n", {"nome"})
    assert (table.delimiter, table.rows[1]) == ("", ["João, Maria e outros"])


def test_the_line_sep_decides_and_rows_keep_their_numbers() -> None:
    assert read_delimited("sep=|\nNome|Qtd\nA;B|1\n").rows == [[], ["Nome", "Qtd"], ["A;B", "1"]]


def test_quoted_line_breaks_stay_in_their_cell_and_inch_marks_do_no_harm() -> None:
    table = read_delimited('Nome;Obs\n"Cano";"linha 1\nlinha 2"\n"3/4" cano;x\nTubo 1/2";y\n')
    assert table.rows[1:] == [["Cano", "linha 1\nlinha 2"], ["3/4 cano", "x"], ['Tubo 1/2"', "y"]]


def test_a_quote_that_is_never_closed_is_found_where_it_opens() -> None:
    with pytest.raises(UnreadableTable) as refused:
        read_delimited('a;b\n1;2\n3;"aberta\n4;5\n6;7\n')
    assert (refused.value.code, refused.value.params) == ("open_quote", {"line": "3"})


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    with suppress(UnreadableTable):
        assert read_delimited(text).delimiter in (*tabular.DELIMITERS, "", text[4:5])


def test_twice_encoded_letters_are_noticed() -> None:
    assert tabular.looks_garbled("feijão".encode().decode("cp1252"))
    assert not tabular.looks_garbled("São João da Boa Vista, AÇÃO, pão")


# --- titles ----------------------------------------------------------------------------------------------------------

TITLES = {"name": ("nome", "razao social"), "quantity": ("quantidade", "qtd"), "price": ("preco unitario", "preco")}


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Quantidade (kg)*", "quantidade"), ("Preço_unitário:", "preco unitario"), (" CNPJ/CPF ", "cnpj cpf"),
     ("(kg)", "kg"), ("NOME", "nome"), (None, ""), (Decimal(3), "")],
)  # fmt: skip
def test_titles_are_compared_without_accents_capitals_and_marks(written: object, folded: str) -> None:
    assert fold_title(written) == folded


def test_the_title_row_is_found_below_a_preamble() -> None:
    rows = [
        ["Lista de compras"],
        [],
        ["Emitida em 2026", None],
        ["Preço", "RAZÃO SOCIAL", "Qtd.", "Cor"],
        ["1", "a", "2", "b"],
    ]
    layout = find_layout(rows, TITLES)
    assert layout is not None
    assert (layout.header, layout.columns, layout.unknown) == (3, {"name": 1, "quantity": 2, "price": 0}, [3])


def test_of_two_columns_for_one_field_the_better_title_wins_and_the_other_is_named() -> None:
    layout = find_layout([["Razão social", "Nome", "Preço", "Preço unitário"]], TITLES)
    assert layout is not None
    assert layout.columns == {"name": 1, "price": 3}
    assert layout.doubled == {0: "name", 2: "price"}


def test_where_no_title_is_known_the_first_text_row_stands_for_the_titles() -> None:
    layout = find_layout([[], [Decimal(1)], ["xis", "ypsilon"], ["a", "b"]], TITLES)
    assert layout is not None
    assert (layout.header, layout.columns, layout.recognised) == (2, {}, False)
    assert find_layout([[Decimal(1)], [None]], TITLES) is None


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


# --- columns of numbers and dates ------------------------------------------------------------------------------------


def test_a_column_decides_what_a_lone_mark_means() -> None:
    comma = number_style(["1.234", "12,5"], otherwise=".")
    assert (comma.mark, comma.example, read_number("1.234", comma)) == (",", "1.234", Decimal(1234))
    dot = number_style(["1.234", "12.5"], otherwise=",")
    assert (dot.mark, read_number("1.234", dot)) == (".", Decimal("1.234"))
    silent = number_style(["1.234", "2.500"], otherwise=",")
    assert (silent.mark, silent.because, read_number("2.500", silent)) == (",", "language", Decimal(2500))


def test_a_column_that_mixes_both_ways_refuses_only_what_could_be_either() -> None:
    mixed = number_style(["1.234", "12.5", "12,5"], otherwise=",")
    assert mixed.mark is None
    assert (read_number("12.5", mixed), read_number("12,5", mixed)) == (Decimal("12.5"), Decimal("12.5"))
    with pytest.raises(CellProblem) as refused:
        read_number("1.234", mixed)
    assert refused.value.code == "either"


@given(
    st.lists(st.decimals(min_value=0, max_value=10**7, places=2), min_size=1), st.sampled_from([(".", ","), (",", ".")])
)
def test_a_whole_column_written_one_way_comes_back_exact(numbers: list[Decimal], marks: tuple[str, str]) -> None:
    group, mark = marks
    texts = [f"{number:,.2f}".replace(",", "\0").replace(".", mark).replace("\0", group) for number in numbers]
    style = number_style(texts, otherwise="," if mark == "." else ".")
    assert [read_number(text, style) for text in texts] == numbers


def test_dashes_of_accounting_formats_are_empty() -> None:
    assert [read_number(cell, NumberStyle(",")) for cell in (None, "-", " – ", "R$ -", "")] == [None] * 5


@pytest.mark.parametrize(
    ("cell", "code"),
    [("abc", "not_a_number"), (True, "not_a_number"), (dt.date(2026, 1, 1), "not_a_number"), ("#DIV/0!", "broken_cell"),
     ("Err:502", "broken_cell"), (BrokenCell("#N/A"), "broken_cell"), (BrokenCell(""), "not_calculated")],
)  # fmt: skip
def test_a_cell_that_is_no_number_says_why(cell: tabular.Cell, code: str) -> None:
    with pytest.raises(CellProblem) as refused:
        read_number(cell, NumberStyle(","))
    assert refused.value.code == code


def test_a_column_of_dates_decides_the_order() -> None:
    assert date_style(["03/04/2026", "31/12/2026"]).day_first is True
    american = date_style(["03/04/2026", "12/31/2026"])
    assert (american.day_first, read_date("03/04/2026", american)) == (False, dt.date(2026, 3, 4))
    mixed = date_style(["03/04/2026", "12/31/2026", "31/12/2026"])
    assert mixed.day_first is None
    with pytest.raises(CellProblem):
        read_date("03/04/2026", mixed)
    assert read_date("2026-04-03", mixed) == dt.date(2026, 4, 3)
    with pytest.raises(CellProblem):
        read_date(Decimal(45000), DateStyle(day_first=True))


def test_text_is_one_line_without_what_an_export_added() -> None:
    assert read_text(" Pão\n de \x07mel ") == "Pão de mel"
    assert read_text("'=cmd") == "=cmd"
    assert read_text(Decimal("5343731500")) == "5343731500"
    assert read_text(" ") is None
    with pytest.raises(CellProblem) as refused:
        read_text("x" * 11, longest=10)
    assert (refused.value.code, refused.value.params) == ("too_long", {"limit": 10, "length": 11})


def test_a_number_that_the_spreadsheet_cut_is_refused_as_a_code() -> None:
    with pytest.raises(CellProblem) as refused:
        tabular.read_code("5,34373E+13")
    assert refused.value.code == "cut_number"


def test_yes_and_no_in_the_usual_words() -> None:
    assert [read_flag(cell) for cell in ("Sim", "S", "x", True, "NÃO", "n", "0", None, "-")] == [
        True, True, True, True, False, False, False, None, None,
    ]  # fmt: skip
    with pytest.raises(CellProblem):
        read_flag("talvez")
