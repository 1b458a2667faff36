# SPDX-License-Identifier: AGPL-3.0-or-later
"""The solvers as a person or a program runs them: answers and the command line as a process of its own, what is wrong
with a document within this one."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mutirao.solve import main
from tests.purchasing.core.tables import examples

SOURCE = Path(__file__).resolve().parents[1] / "src"
PACKS = {"pack_size": "3", "rule": "equal", "needs": [{"who": "A", "quantity": "3"}]}


def solve(*arguments, stdin=b"", language="pt"):
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "MUTIRAO_LANG": language}
    return subprocess.run(
        [sys.executable, "-m", "mutirao", "solve", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=environment,
        timeout=120,
        check=False,
    )


def answer(what, document, *arguments):
    done = solve(what, "-", *arguments, stdin=json.dumps(document).encode())
    assert done.stderr == b""
    assert done.returncode == 0
    return json.loads(done.stdout)


@pytest.fixture
def refusal(monkeypatch):
    """Says the one line with which a document is refused."""

    def refused(what, content, language="pt"):
        stdin = content if isinstance(content, bytes) else json.dumps(content).encode()
        said, answered = io.StringIO(), io.TextIOWrapper(io.BytesIO())
        monkeypatch.setenv("MUTIRAO_LANG", language)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setattr(sys, "stdout", answered)
        monkeypatch.setattr(sys, "stderr", said)
        assert main([what, "-"]) == 1
        assert answered.buffer.getvalue() == b""
        [line] = said.getvalue().splitlines()
        return line

    return refused


def with_changes(document, **changes):
    return {**document, **changes}


def need(**changes):
    return with_changes(PACKS, needs=[{"who": "A", "quantity": "3", **changes}])


# allocate


def test_allocate_answers_as_documented(tmp_path):
    document, expected = examples("allocate.md")
    assert answer("allocate", document) == expected
    file = tmp_path / "needs of may.json"
    file.write_text(json.dumps(document))
    assert json.loads(solve("allocate", file).stdout) == expected


def test_allocate_reads_numbers_and_a_byte_order_mark_and_keeps_names_as_written():
    document = '{"pack_size": 1.50, "rule": "equal", "received": 1e0, "needs": [{"who": "Pão & Mel", "quantity": 2}]}'
    done = solve("allocate", "-", stdin=b"\xef\xbb\xbf" + document.encode())
    assert json.loads(done.stdout) == {
        "packs": 1,
        "ordered": "1.5",
        "missing": "1",
        "leftover": "0",
        "shares": [{"who": "Pão & Mel", "granted": "1", "from_tolerance": "0"}],
    }
    assert "Pão & Mel".encode() in done.stdout


def test_allocate_of_no_needs_orders_nothing():
    assert answer("allocate", with_changes(PACKS, needs=[], minimum_packs="2", received=None)) == {
        "packs": 0,
        "ordered": "0",
        "missing": "0",
        "leftover": "0",
        "shares": [],
    }


def test_an_unknown_field_is_left_aside_with_a_warning():
    done = solve("allocate", "-", stdin=json.dumps(need(tolerence="2")).encode())
    assert done.returncode == 0
    assert done.stderr.decode() == "aviso: campo que não conheço, deixado de lado: needs[0].tolerence\n"
    assert json.loads(done.stdout)["shares"] == [{"who": "A", "granted": "3", "from_tolerance": "0"}]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "precisa ser um objeto, entre chaves { }"),
        ({}, "falta o campo pack_size"),
        (with_changes(PACKS, pack_size=None), "pack_size: precisa ser um número"),
        (with_changes(PACKS, pack_size="0"), "pack_size: precisa ser maior que zero"),
        (with_changes(PACKS, pack_size="-3"), "pack_size: não pode ser negativo"),
        (with_changes(PACKS, pack_size=True), "pack_size: precisa ser um número"),
        (with_changes(PACKS, pack_size=[3]), "pack_size: precisa ser um número"),
        (with_changes(PACKS, pack_size="1e999"), "pack_size: precisa ser menor que 1000000000000"),
        (with_changes(PACKS, pack_size="1e999999"), "pack_size: precisa ser um número"),
        (with_changes(PACKS, pack_size="1e-12"), "pack_size: tem mais de 9 casas decimais"),
        (with_changes(PACKS, pack_size="NaN"), "pack_size: precisa ser um número"),
        (with_changes(PACKS, pack_size="3,5"), "pack_size: precisa ser um número"),
        (with_changes(PACKS, pack_size="1_0"), "pack_size: precisa ser um número"),
        (with_changes(PACKS, pack_size="٣"), "pack_size: precisa ser um número"),
        (with_changes(PACKS, pack_size="9" * 5000), "pack_size: precisa ser um número"),
        (with_changes(PACKS, rule="fair"), "rule: precisa ser um destes: chronological, proportional, equal"),
        (with_changes(PACKS, rule=["equal"]), "rule: precisa ser um destes: chronological, proportional, equal"),
        (with_changes(PACKS, minimum_packs="1.5"), "minimum_packs: precisa ser um número inteiro"),
        (with_changes(PACKS, minimum_packs=-1), "minimum_packs: não pode ser negativo"),
        (with_changes(PACKS, received="-1"), "received: não pode ser negativo"),
        (with_changes(PACKS, needs={}), "needs: precisa ser uma lista, entre colchetes [ ]"),
        (with_changes(PACKS, needs=["A"]), "needs[0]: precisa ser um objeto, entre chaves { }"),
        (with_changes(PACKS, needs=[{"who": "A"}]), "needs[0]: falta o campo quantity"),
        (need(who=7), "needs[0].who: precisa ser um texto entre aspas"),
        (need(who="  "), "needs[0].who: está em branco"),
        (need(who="x" * 301), "needs[0].who: o texto passa de 300 caracteres"),
        (need(who="\ud800"), "needs[0].who: o texto tem caracteres quebrados"),
        (need(quantity="três"), "needs[0].quantity: precisa ser um número"),
        (need(quantity=""), "needs[0].quantity: precisa ser um número"),
        (need(tolerance="-0.5"), "needs[0].tolerance: não pode ser negativo"),
        (with_changes(PACKS, needs=[{"who": "A", "quantity": 1}] * 2), "needs[1]: A já apareceu antes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_allocate_refuses_bad_data_in_one_line(refusal, document, words):
    assert refusal("allocate", document).startswith(words)


@pytest.mark.parametrize("what", ["allocate", "award"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "não há nada para ler: a entrada está vazia"),
        (b" \n", "não há nada para ler: a entrada está vazia"),
        (b"{", "isto não é JSON: linha 1, coluna 2"),
        (b"{} {}", "isto não é JSON: linha 1, coluna 4"),
        (b"\xff\xfe{\x00", "o arquivo não está em UTF-8 (byte 0)"),
        (b"[" * 100_000, "o JSON tem níveis demais um dentro do outro"),
        (b'{"a":' * 100_000, "o JSON tem níveis demais um dentro do outro"),
        (b'{"needs": [], "needs": []}', "o campo needs aparece duas vezes no mesmo objeto"),
        (b'{"needs": NaN}', "NaN não é um número que se possa usar"),
        (b'{"needs": -Infinity}', "-Infinity não é um número que se possa usar"),
        (b"null", "precisa ser um objeto, entre chaves { }"),
    ],
)
def test_refuses_what_is_no_document(refusal, what, content, words):
    assert refusal(what, content) == words


def test_speaks_english_when_asked(refusal):
    assert refusal("allocate", {}, language="en_US.UTF-8") == "the field pack_size is missing"
    assert refusal("allocate", b"", language="en") == "there is nothing to read: the input is empty"


def test_a_line_break_in_the_data_stays_within_one_line(refusal):
    assert refusal("allocate", {**PACKS, "needs": [{"who": "A\nB", "quantity": 1}] * 2}).startswith("needs[1]: A?B já")


# award


def quote(**changes):
    breaks = [{"from": "1", "unit_price": "4.20"}, {"from": "50", "unit_price": "3.999"}]
    line = {"item": "rice", "pack_size": "5", "available": "80", "breaks": breaks}
    return {"supplier": "A", "minimum_order": "100.00", "freight": 30, "lines": [line], **changes}


def buying(**changes):
    return {"needs": [{"item": "rice", "quantity": "61"}], "quotes": [quote()], **changes}


def line(**changes):
    return buying(quotes=[quote(lines=[{**quote()["lines"][0], **changes}])])


def test_award_answers_to_the_cent():
    assert answer("award", buying()) == {
        "status": "optimal",
        "gap": 0,
        "total": "289.94",
        "goods": "259.94",
        "freight": "30.00",
        "orders": [
            {
                "supplier": "A",
                "goods": "259.94",
                "freight": "30.00",
                "lines": [{"item": "rice", "packs": 13, "quantity": "65", "unit_price": "3.999", "cost": "259.94"}],
            }
        ],
        "unserved": [],
    }


def test_award_says_what_nobody_can_supply_and_what_the_terms_forbid():
    needs = [{"item": "rice", "quantity": "61"}, {"item": "beans", "quantity": "2.5"}]
    assert answer("award", buying(needs=needs))["unserved"] == [{"item": "beans", "quantity": "2.5"}]
    beans = {"item": "beans", "breaks": [{"from": "1", "unit_price": "7.5"}]}
    two = [quote(), quote(supplier="B", lines=[beans])]
    assert answer("award", {"needs": needs, "quotes": two, "max_suppliers": 1}) == {
        "status": "infeasible",
        "gap": None,
        "total": "0.00",
        "goods": "0.00",
        "freight": "0.00",
        "orders": [],
        "unserved": [],
    }


def test_award_of_nothing_costs_nothing():
    assert answer("award", {"needs": [], "quotes": []})["status"] == "optimal"
    nothing = answer("award", buying(needs=[{"item": "rice", "quantity": 0}]))
    assert (nothing["total"], nothing["orders"], nothing["unserved"]) == ("0.00", [], [])
    assert answer("award", buying(quotes=[]))["unserved"] == [{"item": "rice", "quantity": "61"}]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "falta o campo needs"),
        (buying(needs=None), "needs: precisa ser uma lista"),
        (buying(needs=[{"item": "rice"}]), "needs[0]: falta o campo quantity"),
        (buying(needs=[{"item": "rice", "quantity": "-1"}]), "needs[0].quantity: não pode ser negativo"),
        (buying(max_suppliers=0), "max_suppliers: precisa ser pelo menos 1"),
        (buying(max_suppliers="two"), "max_suppliers: precisa ser um número"),
        (buying(quotes=[quote(), quote()]), "quotes[1]: A já apareceu antes"),
        (buying(quotes=[quote(minimum_order="1.005")]), "quotes[0].minimum_order: tem mais de 2 casas decimais"),
        (buying(quotes=[quote(freight="-1")]), "quotes[0].freight: não pode ser negativo"),
        (buying(quotes=[quote(free_freight_from=[])]), "quotes[0].free_freight_from: precisa ser um número"),
        (buying(quotes=[quote(preference=100)]), "quotes[0].preference: precisa ser menor que 100"),
        (buying(quotes=[quote(lines=None)]), "quotes[0].lines: precisa ser uma lista"),
        (line(pack_size="0"), "quotes[0].lines[0].pack_size: precisa ser maior que zero"),
        (line(available="-1"), "quotes[0].lines[0].available: não pode ser negativo"),
        (line(breaks=[]), "quotes[0].lines[0].breaks: falta pelo menos um preço"),
        (
            line(breaks=[{"from": 1, "unit_price": 1}, {"from": "1.0", "unit_price": 2}]),
            "quotes[0].lines[0].breaks[1]: já há um preço a partir de 1",
        ),
        (
            line(breaks=[{"from": 1, "unit_price": "0.0000001"}]),
            "quotes[0].lines[0].breaks[0].unit_price: tem mais de 6 casas decimais",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_award_refuses_bad_data_in_one_line(refusal, document, words):
    assert refusal("award", document).startswith(words)


# The command line


def test_a_document_refused_ends_the_program_with_1_and_one_line():
    done = solve("allocate", "-", stdin=b"[" * 100_000)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == "o JSON tem níveis demais um dentro do outro\n"


def test_says_what_is_wrong_with_the_file(tmp_path):
    for file, words in [
        (tmp_path / "none.json", "o arquivo não existe: "),
        (tmp_path, "isto é uma pasta, não um arquivo: "),
        ("a\x01b", "o arquivo não existe: a?b"),
    ]:
        done = solve("allocate", file)
        assert done.returncode == 1
        assert done.stderr.decode().startswith(words)
        assert len(done.stderr.decode().splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["allocate"], ["divide", "-"], ["allocate", "-", "-"], ["award", "-", "-x"]])
def test_a_wrong_command_line_returns_2_and_says_how(arguments):
    done = solve(*arguments)
    assert done.returncode == 2
    assert done.stdout == b""
    assert len(done.stderr.decode().splitlines()) == 1


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "nan", "inf", ""])
def test_refuses_a_time_limit_that_is_none(seconds):
    done = solve("award", "-", "--time-limit", seconds)
    assert done.returncode == 2
    assert "--time-limit pede" in done.stderr.decode()


def test_a_reader_that_goes_away_leaves_no_traceback(tmp_path):
    file = tmp_path / "many.json"
    needs = [{"who": f"E{place}", "quantity": "1"} for place in range(20_000)]
    file.write_text(json.dumps(with_changes(PACKS, needs=needs)))
    done = subprocess.run(
        f'"{sys.executable}" -m mutirao solve allocate "{file}" | head -c 10',
        shell=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        timeout=60,
        check=False,
    )
    assert done.stdout == b'{\n  "packs'
    assert done.stderr == b""


def test_allocate_loads_neither_django_nor_the_solver(tmp_path):
    file = tmp_path / "packs.json"
    file.write_text(json.dumps(PACKS))
    code = (
        "import sys; from mutirao.solve import main; main(sys.argv[1:]);"
        "sys.exit(any(name in sys.modules for name in ('django', 'highspy', 'numpy')))"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    arguments = [sys.executable, "-c", code, "allocate", str(file)]
    assert subprocess.run(arguments, capture_output=True, env=environment, timeout=60, check=False).returncode == 0
