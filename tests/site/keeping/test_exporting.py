# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network leaves with all it has, and nothing of another's."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from tests import factories
from tests.ledger import makers as ledger_makers

from mutirao.kernel import tenancy
from mutirao.kernel.tenancy import TenantModel
from mutirao.site.keeping.exporting import write_network


@pytest.fixture
def archive(network: Any, noon: Any) -> Any:
    other = factories.network(name="Outra rede")
    with tenancy.activated(other):
        factories.enterprise(name="Do vizinho")
        ledger_makers.posted(ledger_makers.book_of(other))
    factories.enterprise(name="=cmd|' /C calc'!A0")
    ledger_makers.posted(ledger_makers.book_of(network))
    buffer = io.BytesIO()
    write_network(network, buffer)
    with zipfile.ZipFile(buffer) as opened:
        yield opened


def test_every_model_is_there_in_two_formats(archive: Any) -> None:
    names = set(archive.namelist())
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            assert {f"tabelas/{model._meta.label}.csv", f"tabelas/{model._meta.label}.jsonl"} <= names


def test_rows_are_the_networks_own(archive: Any, network: Any) -> None:
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Do vizinho" not in everything
    assert b"Outra rede" not in everything
    lines = archive.read("tabelas/network.Enterprise.jsonl").decode().splitlines()
    assert {json.loads(line)["network_id"] for line in lines} == {network.pk}
    assert b"password" not in everything


def test_a_formula_in_a_name_is_text_in_the_csv(archive: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(archive.read("tabelas/network.Enterprise.csv").decode("utf-8-sig"))))
    assert rows[0]["name"] == "'=cmd|' /C calc'!A0"
    assert json.loads(archive.read("tabelas/network.Enterprise.jsonl").splitlines()[0])["name"].startswith("=cmd")


def test_the_dictionary_names_every_column(archive: Any) -> None:
    described = {(line["tabela"], line["coluna"]) for line in json.loads(archive.read("dicionario.json"))}
    for name in archive.namelist():
        if name.endswith(".csv") and name.startswith("tabelas/"):
            header = next(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            label = name.removeprefix("tabelas/").removesuffix(".csv")
            assert {(label, column) for column in header} <= described


def test_the_books_are_there(archive: Any) -> None:
    (book,) = [name for name in archive.namelist() if name.endswith(".beancount")]
    assert b"open" in archive.read(book)


def verify(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "trilha" / "conferir.py")], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


def test_the_trail_is_verified_without_mutirao(archive: Any, tmp_path: Path) -> None:
    archive.extractall(tmp_path)
    assert verify(tmp_path) == (0, "A trilha está inteira.")
    path = tmp_path / "trilha" / "trilha.jsonl"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(lines[:-1]) + ("\n" if lines[:-1] else ""), "utf-8")
    assert verify(tmp_path)[0] == (1 if len(lines) > 1 else 0)
    first = json.loads(lines[0])
    first["words"]["name"] = "Outra pessoa"
    path.write_text("\n".join([json.dumps(first), *lines[1:]]) + "\n", "utf-8")
    assert verify(tmp_path) == (1, "o registro nº 1 foi alterado")
