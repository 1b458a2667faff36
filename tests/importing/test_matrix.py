# SPDX-License-Identifier: AGPL-3.0-or-later
"""Needs as a table of enterprises against goods, as people keep them (B2)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mutirao.kernel.actors import Actor
from mutirao.kernel.sheets import write_xlsx
from mutirao.network.importing.reading import UnreadableFile
from mutirao.purchasing.models import Need, PurchaseRound
from tests import factories
from tests.importing.bringing import Bringing, encoded
from tests.purchasing import factories as purchasing

MATRIX = """
    Rodada de março;;;;
    Grupo;Farinha de trigo (kg);Ovos;Caixa;Obs
    Mãos da Serra;1.150,5;10;;
    flor do vale;2,5;;12;Busca cedo
    TOTAL;1.153,0;10;12;
"""


@pytest.fixture
def round_(network: Any, coordinator: Actor, noon: dt.datetime) -> PurchaseRound:
    factories.enterprise(name="Mãos da Serra", tax_id="12ABC34501DE35", tax_id_kind="cnpj")
    factories.enterprise(name="Flor do Vale")
    goods = [
        factories.product(name="Farinha de trigo", unit="kg"),
        factories.product(name="Ovos", unit="dz"),
        factories.product(name="Caixa", unit="un"),
    ]
    return purchasing.open_round(network, coordinator, products=goods)


@pytest.fixture
def needs(network: Any, coordinator: Actor, round_: PurchaseRound) -> Bringing:
    return Bringing("needs", network, coordinator, round_)


def needs_of(name: str) -> dict[str, tuple[Decimal, Decimal]]:
    rows = Need.objects.filter(participation__enterprise__name=name).select_related("good__product")
    return {need.good.product.name: (need.quantity, need.tolerance) for need in rows}


def test_a_table_of_enterprises_against_goods_is_recognised(needs: Bringing) -> None:
    preview = needs.preview(MATRIX)
    assert preview.problems == []
    assert any("tabela cruzada" in remark for remark in preview.remarks)
    assert any("linha 5 parece ser uma soma" in remark for remark in preview.remarks)
    needs.bring(MATRIX)
    assert needs_of("Mãos da Serra") == {"Farinha de trigo": (Decimal("1150.5"), 0), "Ovos": (10, 0)}
    assert needs_of("Flor do Vale") == {"Farinha de trigo": (Decimal("2.5"), 0), "Caixa": (12, 0)}
    assert Need.objects.filter(participation__remark="Busca cedo").exists()


def test_bringing_it_again_changes_nothing(needs: Bringing) -> None:
    needs.bring(MATRIX)
    preview = needs.preview(MATRIX)
    assert preview.nothing_to_do
    assert preview.plan.counts == {"new": 0, "changed": 0, "unchanged": 4}


def test_what_is_wrong_is_told_by_row_and_column(needs: Bringing) -> None:
    assert needs.problems("""
        Empreendimento;Farinha de trigo;Ovos;Caixa;Feijão preto
        Mãos da Serra;muito;10;;5
        Flor do Vau;1;2;3;
        Flor do Vale;;;1,5;
        ;4;;;
    """) == [
        "Linha 1, coluna Feijão preto: “Feijão preto” não está na lista da rodada. Acrescente-o à rodada, ou apague a "
        "coluna.",
        "Linha 2, coluna Farinha de trigo: “muito” não é um número.",
        "Linha 3, coluna Empreendimento: “Flor do Vau” não está na rede. Seria “Flor do Vale”?",
        "Linha 4, coluna Caixa: em unidade só dá para pedir números inteiros.",
        "Linha 5, coluna Empreendimento: está vazio, e é preciso informar.",
    ]
    assert not Need.objects.exists()


def test_empty_cells_leave_needs_and_a_zero_takes_one_back(needs: Bringing) -> None:
    needs.bring(MATRIX)
    needs.bring("Empreendimento;Farinha de trigo;Ovos\nMãos da Serra;0;\n")
    assert needs_of("Mãos da Serra") == {"Ovos": (10, 0)}
    assert len(needs_of("Flor do Vale")) == 2


def test_tolerance_has_a_column_of_its_own(needs: Bringing) -> None:
    needs.bring("Empreendimento;Ovos (dz);Ovos (dz) aceita até mais\nFlor do Vale;10;3\n")
    assert needs_of("Flor do Vale") == {"Ovos": (10, 3)}
    problems = needs.problems("Empreendimento;Ovos;Ovos até mais\nMãos da Serra;;3\n")
    assert problems == ["Linha 2, coluna Ovos até mais: “aceita até mais” só vale junto com uma quantidade."]


def test_names_may_stand_under_no_title_at_all(needs: Bringing) -> None:
    needs.bring(";Ovos;Caixa\nFlor do Vale;10;1\n")
    assert needs_of("Flor do Vale") == {"Ovos": (10, 0), "Caixa": (1, 0)}


def test_a_workbook_works_too(needs: Bringing) -> None:
    rows = [["Flor do Vale", Decimal("2.5"), 10]]
    needs.bring(write_xlsx([("Março", ["Empreendimento", "Farinha de trigo (kg)", "Ovos"], rows)]))
    assert needs_of("Flor do Vale") == {"Farinha de trigo": (Decimal("2.5"), 0), "Ovos": (10, 0)}


def test_the_list_form_is_still_the_list_form(needs: Bringing) -> None:
    preview = needs.preview("Empreendimento;Produto;Quantidade\nFlor do Vale;Ovos;10\n")
    assert preview.understanding.layout is not None
    assert not any("tabela cruzada" in remark for remark in preview.remarks)


def test_the_table_to_fill_in_comes_back_unchanged_and_changed(
    client: Client, needs: Bringing, round_: PurchaseRound
) -> None:
    needs.bring(MATRIX)
    needs.bring("Empreendimento;Ovos;Ovos até mais\nMãos da Serra;10;2\n")
    purchasing.signed_in(client, "purchasing")
    answer = client.get(purchasing.url(round_, "pedidos/tabela.xlsx"))
    assert answer.status_code == 200
    preview = needs.preview(answer.content)
    assert preview.problems == []
    assert preview.nothing_to_do
    assert preview.plan.counts["unchanged"] == 4
    assert (
        purchasing.url(round_, "pedidos/tabela.xlsx") in client.get(purchasing.url(round_, "pedidos/")).content.decode()
    )


def test_too_many_sheets_are_told(needs: Bringing) -> None:
    table = (["Empreendimento", "Produto", "Quantidade"], [["Flor do Vale", "Ovos", 10]])
    empty = [(f"Aba {number}", ["Nada"], [["a"]]) for number in range(24)]
    preview = needs.preview(write_xlsx([("Pedidos", *table), *empty]))
    assert any("as 5 últimas não foram abertas" in remark for remark in preview.remarks)
    assert preview.can_apply
    few = needs.preview(write_xlsx([("Pedidos", *table), *empty[:19]]))
    assert not any("não foram abertas" in remark for remark in few.remarks)
    blank = [(f"Aba {number}", [""], []) for number in range(20)]
    with pytest.raises(UnreadableFile, match="as outras 25 não foram abertas"):
        needs.preview(write_xlsx([*blank, ("Pedidos", *table), *empty]))


def test_the_preview_page_shows_the_table(client: Client, needs: Bringing, round_: PurchaseRound, network: Any) -> None:
    purchasing.signed_in(client, "purchasing")
    file = SimpleUploadedFile("março.csv", encoded(MATRIX))
    address = f"/rede/{network.slug}/importar/needs/"
    page = client.post(address, {"file": file, "target": str(round_.number)}, follow=True)
    assert page.status_code == 200
    assert "tabela cruzada" in page.content.decode()
