# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invoice lines of school meals: the real file where it is, and the same form invented."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from mutirao.catalogue.models import Product, Supplier
from mutirao.kernel import audit
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.quantities import find_unit
from mutirao.kernel.core.text import fold
from mutirao.network.importing.operations import Imported
from mutirao.network.models import Enterprise
from tests import factories
from tests.importing.bringing import Bringing

HEAD = (
    "ano,data_emissao,tipo_fornecedor,cnpj,fornecedor,numero_documento,produto,ncm,cfop,unidade,quantidade,"
    "valor_unitario,valor_total,dap\n"
)
LINES = HEAD + (
    "2018,2018-05-14,empresa,33.000.167/0001-01,MERCANTIL ALFA LTDA,1,VINAGRE,22090000,5102,FRC,156,2.82,439.92,nao\n"
    "2018,2018-05-14,empresa,33.000.167/0001-01,MERCANTIL ALFA LTDA,1,FUBA,11041900,5102,KLG,150,2.40,360.00,nao\n"
    "2019,2019-02-21,cooperativa_ou_associacao,12ABC34501DE35,COOPERATIVA DOS AGRICULTORES,2,Alho,7129010,5102,kg,2,"
    "16.30,32.60,sim\n"
    "2019,2019-02-21,cooperativa_ou_associacao,12ABC34501DE35,COOPERATIVA DOS AGRICULTORES,2,ALHO,7129090,5102,KG,2,"
    "16.30,32.60,sim\n"
    "2019,2019-02-21,cooperativa_ou_associacao,00.623.904/0001-73,ASSOCIACAO DO SITIO,3,Alho,,5102,UN,2,1.30,2.60,sim\n"
)


@pytest.fixture
def pnae(network: Any, coordinator: Actor) -> Bringing:
    return Bringing("pnae", network, coordinator)


def test_who_sold_and_what_come_in_and_again_without_doubling(pnae: Bringing) -> None:
    assert pnae.bring(LINES) == Imported(9, 0, 0)
    assert list(Enterprise.objects.values_list("name", "legal_form", "tax_id")) == [
        ("ASSOCIACAO DO SITIO", "association", "00623904000173"),
        ("COOPERATIVA DOS AGRICULTORES", "cooperative", "12ABC34501DE35"),
    ]
    assert list(Supplier.objects.values_list("name", "is_solidarity", "enterprise__tax_id")) == [
        ("ASSOCIACAO DO SITIO", True, "00623904000173"),
        ("COOPERATIVA DOS AGRICULTORES", True, "12ABC34501DE35"),
        ("MERCANTIL ALFA LTDA", False, None),
    ]
    assert list(Product.objects.values_list("name", "unit", "ncm")) == [
        ("Alho", "kg", "07129010"), ("Alho", "un", ""), ("FUBA", "kg", "11041900"), ("VINAGRE", "un", "22090000"),
    ]  # fmt: skip
    assert pnae.bring(LINES) == Imported(0, 0, 9)
    assert (Enterprise.objects.count(), Supplier.objects.count(), Product.objects.count()) == (2, 3, 4)


def test_what_the_lines_do_not_bring_is_said(pnae: Bringing) -> None:
    preview = pnae.preview(LINES)
    assert "“Alho” aparece também com o NCM 07129090; fica 07129010." in preview.remarks
    assert "As linhas não dizem quem comprou: nenhum comprador é cadastrado." in preview.remarks
    assert {column.title for column in preview.understanding.unused} == {
        "ano", "data_emissao", "numero_documento", "cfop", "quantidade", "valor_unitario", "valor_total", "dap",
    }  # fmt: skip


def test_what_is_there_is_completed_and_not_replaced(pnae: Bringing) -> None:
    coop = factories.enterprise(name="Cooperativa dos Agricultores", legal_form="cooperative")
    factories.product(name="Fubá", unit="kg", ncm="11029000")
    factories.product(name="Vinagre", unit="un")
    factories.supplier(name="Mercantil Alfa Ltda", tax_id="33000167000101", is_solidarity=True)
    assert pnae.bring(LINES) == Imported(5, 2, 2)
    coop.refresh_from_db()
    assert (coop.name, coop.tax_id) == ("Cooperativa dos Agricultores", "12ABC34501DE35")
    assert Product.objects.get(folded="fuba").ncm == "11029000"
    assert Product.objects.get(folded="vinagre").ncm == "22090000"
    assert Supplier.objects.get(tax_id="33000167000101").is_solidarity
    assert Supplier.objects.get(tax_id="12ABC34501DE35").enterprise == coop
    assert pnae.bring(LINES) == Imported(0, 0, 9)


def test_a_supplier_that_was_there_is_linked_to_its_enterprise(pnae: Bringing) -> None:
    there = factories.supplier(name="Coop. dos Agricultores", tax_id="12ABC34501DE35")
    pnae.bring(LINES)
    there.refresh_from_db()
    assert there.enterprise == Enterprise.objects.get(tax_id="12ABC34501DE35")
    assert there.name == "Coop. dos Agricultores"


def test_a_registration_of_two_kinds_is_a_problem(pnae: Bringing) -> None:
    extra = "2019,2019-02-21,empresa,12ABC34501DE35,X,2,Alho,7129010,5102,kg,2,1,2,sim\n"
    assert pnae.problems(LINES + extra) == ["Linha 7, coluna tipo_fornecedor: este CNPJ é de outro tipo na linha 4."]
    assert not Supplier.objects.exists()


# --- the real file ---------------------------------------------------------------------------------------------------


def test_the_real_lines_come_in_whole_and_again_without_doubling(pnae: Bringing, shared_data: Path) -> None:
    content = (shared_data / "pnae_sao_carlos.csv").read_bytes()
    lines = list(csv.DictReader(content.decode().splitlines()))
    sellers = {line["cnpj"] for line in lines}
    owned = {line["cnpj"] for line in lines if line["tipo_fornecedor"] == "cooperativa_ou_associacao"}
    goods = {(fold(line["produto"]), getattr(find_unit(line["unidade"]), "code", None)) for line in lines}
    assert len(sellers) > len(owned) > 0

    done = pnae.bring(content)
    assert done == Imported(len(owned) + len(sellers) + len(goods), 0, 0)
    digits = {"".join(mark for mark in number if mark.isalnum()) for number in owned}
    assert set(Enterprise.objects.values_list("tax_id", flat=True)) == digits
    assert set(Supplier.objects.filter(is_solidarity=True).values_list("enterprise__tax_id", flat=True)) == digits
    assert Supplier.objects.count() == len(sellers)
    assert set(Product.objects.values_list("folded", "unit")) == goods
    assert all(len(code) == 8 for code in Product.objects.values_list("ncm", flat=True))
    for enterprise in Enterprise.objects.all():
        assert enterprise.legal_form == ("cooperative" if "COOPERATIVA" in enterprise.name else "association")

    assert pnae.bring(content) == Imported(0, 0, done.new)
    assert Product.objects.count() == len(goods)
    assert audit.check_chain(pnae.network.pk) is None
