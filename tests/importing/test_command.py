# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao import, as somebody types it."""

from __future__ import annotations

import datetime as dt
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mutirao.catalogue.models import Product
from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Enterprise, Municipality, Network
from mutirao.purchasing.models import Need
from tests import factories
from tests.importing.files import xlsx
from tests.purchasing import factories as purchasing

pytestmark = pytest.mark.django_db


@dataclass
class Said:
    out: str
    err: str
    refused: str = ""
    code: int = 0


@pytest.fixture(autouse=True)
def _portuguese_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def command(*arguments: str) -> Said:
    """What the command said; `refused` is its last sentence when it failed, `code` how it ends."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return Said(out.getvalue(), err.getvalue(), str(error), error.returncode)
    return Said(out.getvalue(), err.getvalue())


@pytest.fixture
def rede(db: None) -> Network:
    return factories.network(slug="raizes", name="Rede")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "com espaço.csv"
    path.write_bytes("Nome;Forma;Pessoas;Cor\nCoop A;coop;1.234;azul\nCoop B;coop;5;\n".encode("cp1252"))
    return path


def test_a_file_is_previewed_and_written(rede: Network, sheet: Path) -> None:
    said = command("enterprises", str(sheet), "--network", "raizes")
    assert said.refused == ""
    assert said.out.splitlines() == [
        "Empreendimentos: CSV, colunas separadas por “;”",
        "  · Coluna Pessoas: lendo 1.234 como mil duzentos e trinta e quatro (o ponto separa os milhares).",
        "  · coluna “Cor”: não reconhecida",
        "  linha 2: Nome: Coop A; Forma: cooperativa; Pessoas que participam: 1.234",
        "  linha 3: Nome: Coop B; Forma: cooperativa; Pessoas que participam: 5",
        "2 novos, 0 mudam, 0 sem mudança.",
        "Importado.",
    ]
    with tenancy.activated(rede):
        assert Enterprise.objects.count() == 2
    entry = AuditEntry.objects.filter(act="network.imported").get()
    assert (entry.via, entry.data["file"]) == ("command", "com espaço.csv")
    assert "./mutirao import" in entry.actor_name


def test_a_rehearsal_writes_nothing(rede: Network, sheet: Path) -> None:
    said = command("empreendimentos", str(sheet), "--network", "raizes", "--dry-run")
    assert said.out.endswith("Ensaio: nada foi gravado.\n")
    assert not AuditEntry.objects.exists()


def test_again_there_is_nothing_to_do(rede: Network, sheet: Path) -> None:
    command("enterprises", str(sheet), "--network", "raizes")
    assert command("enterprises", str(sheet), "--network", "raizes").out.endswith(
        "0 novos, 0 mudam, 2 sem mudança.\nTudo isto já está aqui: nada a mudar.\n"
    )


def test_problems_end_with_exit_code_one_and_nothing_written(rede: Network, sheet: Path) -> None:
    sheet.write_text("Nome;Forma;Pessoas\nCoop A;coop;abc\n;coop;\n")
    said = command("enterprises", str(sheet), "--network", "raizes")
    assert said.err.splitlines() == [
        "Linha 2, coluna Pessoas: “abc” não é um número.",
        "Linha 3, coluna Nome: está vazio, e é preciso informar.",
    ]
    assert said.refused.startswith("Nada foi importado: há 2 ponto(s) a corrigir")
    assert said.code == 1
    with tenancy.activated(rede):
        assert not Enterprise.objects.exists()


def test_columns_can_be_named_by_hand(rede: Network, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("O que é;Como se mede;Nota\nFarinha;kg;x\n")
    said = command("products", str(path), "--network=raizes", "--map", "o que é=name", "--map", "Como se mede=unit")
    assert said.refused == ""
    with tenancy.activated(rede):
        assert [(row.name, row.unit) for row in Product.objects.all()] == [("Farinha", "kg")]
    wrong = command("products", str(path), "--network=raizes", "--map", "Nada=name")
    assert wrong.refused == "--map: o arquivo não tem a coluna “Nada”. As colunas são: O que é, Como se mede, Nota."
    assert "não há o campo “cor”" in command("products", str(path), "--network=raizes", "--map", "Nota=cor").refused


def test_sheet_numbers_and_dates_can_be_told(rede: Network, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    rows = [["Nome", "Forma", "Pessoas", "Fundação"], ["Coop A", "coop", "1,234", "03/04/2010"]]
    path.write_bytes(xlsx([["nada"]], sheet="Capa", also={"Lista": rows}))
    arguments = ("enterprises", str(path), "--network=raizes", "--sheet=lista", "--numbers=dot", "--dates=month")
    assert command(*arguments).refused == ""
    with tenancy.activated(rede):
        row = Enterprise.objects.get()
    assert (row.member_count, row.founded_on) == (1234, dt.date(2010, 3, 4))


def test_standard_input_is_read(rede: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Produto;Unidade\nSal;kg\n")))
    assert command("products", "-", "--network", "raizes").refused == ""
    with tenancy.activated(rede):
        assert Product.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nada", "x.csv"), "Não há importação do tipo “nada”. Os tipos são: enterprises, "),
        (("products", "x.csv"), "Diga a rede com --network. As redes são: raizes."),
        (
            ("products", "x.csv", "--network", "outra"),
            "Não há rede com o endereço curto “outra”. As redes são: raizes.",
        ),
        (("products", "/não/existe.csv", "--network", "raizes"), "O arquivo não existe: /não/existe.csv"),
        (("products", "/", "--network", "raizes"), "Isto é uma pasta, não um arquivo: /"),
    ],
)
def test_wrong_command_lines_are_answered_in_one_sentence(rede: Network, arguments: Any, said: str) -> None:
    assert command(*arguments).refused.startswith(said)


def test_a_file_that_is_no_sheet_is_answered_in_words(rede: Network, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"%PDF-1.7")
    assert command("products", str(path), "--network", "raizes").refused.startswith("Isto é um PDF, não uma planilha.")


def test_needs_want_their_round(network: Network, coordinator: Actor, noon: dt.datetime, tmp_path: Path) -> None:
    factories.enterprise(name="Flor do Vale")
    round_ = purchasing.open_round(network, coordinator, products=[factories.product(name="Caixa", unit="un")])
    path = tmp_path / "x.csv"
    path.write_text("Empreendimento;Produto;Quantidade\nFlor do Vale;Caixa;3\n")
    assert command("needs", str(path), "--network", network.slug).refused == "Falta dizer: Rodada (--round)."
    assert "Não há rodada" in command("needs", str(path), "--network", network.slug, "--round", "99").refused
    assert command("pedidos", str(path), "--network", network.slug, "--round", str(round_.number)).refused == ""
    assert Need.objects.get().quantity == 3


# --- municipalities --------------------------------------------------------------------------------------------------

PLACES = "codigo_ibge,nome,latitude,longitude,capital,codigo_uf\n3548906,São Carlos,-22.0174,-47.886,0,35\n"


def test_municipalities_come_in_for_the_whole_installation(db: None, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(PLACES)
    assert command("municipalities", str(path)).out.endswith("1 novo, 0 mudam, 0 sem mudança.\nImportado.\n")
    row = Municipality.objects.get()
    assert (row.pk, row.name, row.folded, row.state, str(row.longitude)) == (
        3548906, "São Carlos", "sao carlos", "SP", "-47.88600",
    )  # fmt: skip
    path.write_text(PLACES.replace("São Carlos", "São Carlos do Pinhal"))
    assert "muda São Carlos do Pinhal: Nome: São Carlos → São Carlos do Pinhal" in command("municipios", str(path)).out
    assert Municipality.objects.get().folded == "sao carlos do pinhal"


def test_problems_of_municipalities_are_told(db: None, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(PLACES + "354890,Curto,-22,-47,0,35\n3548907,Outro,-22,-47,0,43\n3548906,De novo,-95,-47,0,35\n")
    said = command("municipalities", str(path))
    assert said.err.splitlines() == [
        "Linha 3, coluna codigo_ibge: “354890” não é um código do IBGE, que tem 7 números e começa pelo do estado.",
        "Linha 4, coluna codigo_uf: o código 3548907 é de SP.",
        "Linha 5, coluna latitude: -95 é menos que o mínimo, -90.",
    ]
    assert not Municipality.objects.exists()


def test_the_real_list_comes_in_whole_and_again_without_change(db: None, shared_data: Path) -> None:
    path = shared_data / "municipios.csv"
    total = len(path.read_text().splitlines()) - 1
    assert command("municipalities", str(path)).refused == ""
    assert Municipality.objects.count() == total
    assert f"0 novos, 0 mudam, {total} sem mudança." in command("municipalities", str(path)).out
