# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mutirao.catalogue.models import Category, Product, Supplier
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.network.importing.operations import Imported
from tests import factories
from tests.importing.bringing import Bringing
from tests.importing.files import xlsx


@pytest.fixture
def products(network: Any, coordinator: Actor) -> Bringing:
    return Bringing("produtos", network, coordinator)


@pytest.fixture
def suppliers(network: Any, coordinator: Actor) -> Bringing:
    return Bringing("suppliers", network, coordinator)


PRODUCTS = """
    Descrição do produto;Un.;Grupo;NCM;Peso (kg)
    Farinha de trigo;KG;Farinhas;1101.00.10;
    Feijão;SC;Grãos;7133319;60
    Ovos;Dúzia;;;0,72
    Óleo de soja;LTR;farinhas;;
"""


def test_products_come_in_with_units_as_invoices_write_them(products: Bringing) -> None:
    assert products.bring(PRODUCTS) == Imported(4, 0, 0)
    assert list(Product.objects.values_list("name", "unit", "ncm", "weight_kg", "category__name")) == [
        ("Farinha de trigo", "kg", "11010010", None, "Farinhas"),
        ("Feijão", "sc", "07133319", Decimal(60), "Grãos"),
        ("Óleo de soja", "l", "", None, "Farinhas"),
        ("Ovos", "dz", "", Decimal("0.72"), None),
    ]
    assert Category.objects.count() == 2
    assert products.bring(PRODUCTS) == Imported(0, 0, 4)
    assert Product.objects.count() == 4


def test_the_ncm_column_as_a_number_gets_its_zero_back(products: Bringing) -> None:
    products.bring(xlsx([["Produto", "Unidade", "NCM"], ["Alho", "kg", 7129010]]))
    assert Product.objects.get().ncm == "07129010"


def test_another_unit_is_another_product_and_it_is_said(products: Bringing) -> None:
    products.bring(PRODUCTS)
    preview = products.preview("Produto;Unidade\nfeijao;kg\n")
    assert preview.plan.counts == {"new": 1, "changed": 0, "unchanged": 0}
    assert preview.remarks == ["“feijao” já existe em sc; em kg será outro produto."]


def test_changes_of_products_are_told_and_recorded(products: Bringing) -> None:
    products.bring(PRODUCTS)
    sheet = "Produto;Unidade;Categoria;NCM\nFEIJAO;saco;Leguminosas;07133399\nOvos;dz;;\n"
    (change,) = products.preview(sheet).plan.changed
    assert [(item.label, item.before, item.after) for item in change.differences] == [
        ("Categoria", "Grãos", "Leguminosas"),
        ("NCM", "07133319", "07133399"),
    ]
    assert products.bring(sheet) == Imported(0, 1, 1)
    feijao = Product.objects.get(unit="sc")
    assert (feijao.name, str(feijao.category), feijao.weight_kg) == ("Feijão", "Leguminosas", Decimal(60))
    entry = AuditEntry.objects.get(act="catalogue.product_edited")
    assert entry.data["changes"]["category"] == ["Grãos", "Leguminosas"]


def test_problems_of_products_are_told_by_row_and_column(products: Bringing) -> None:
    assert products.problems("Produto;Unidade;NCM;Peso\nA;balaio;123;0\nB;;;\nC;kg;;-1\n") == [
        "Linha 2, coluna Unidade: “balaio” não é uma unidade que se conheça. Use, por exemplo: g, kg, t, ml, l, m3, "
        "un, dz, mil, m, cm, m2, h, min, cx, sc, pct, frd, mc.",
        "Linha 2, coluna NCM: “123” não é um código NCM, que tem 8 números.",
        "Linha 2, coluna Peso: 0 não serve: precisa ser mais que zero.",
        "Linha 3, coluna Unidade: está vazio, e é preciso informar.",
        "Linha 4, coluna Peso: -1 não serve: precisa ser mais que zero.",
    ]
    assert not Product.objects.exists()


def test_the_same_product_twice_counts_once_and_a_contradiction_is_a_problem(products: Bringing) -> None:
    preview = products.preview("Produto;Unidade;NCM\nArroz;kg;\nARROZ;Quilo;10063021\n")
    assert (preview.plan.counts["new"], preview.remarks) == (
        1, ["Uma linha repete outra e conta uma vez só: 3."],
    )  # fmt: skip
    assert products.problems("Produto;Unidade;NCM\nArroz;kg;10063011\nArroz;kg;10063021\n") == [
        "Linha 3, coluna NCM: “Arroz” já está na linha 2, e aqui diz outra coisa."
    ]


def test_only_who_edits_the_catalogue_imports_it(network: Any) -> None:
    with pytest.raises(NotAllowed):
        Bringing("products", network, factories.actor(network, "treasury")).bring(PRODUCTS)


# --- suppliers -------------------------------------------------------------------------------------------------------

SUPPLIERS = """
    Fornecedor,CNPJ,Economia solidária,Local,Contato,Telefone,E-mail
    Moinho da Várzea,33.000.167/0001-01,não,x,José,"(12) 3333-0000",VENDAS@moinho.com.br
    Cooperativa Mãos da Serra,12ABC34501DE35,sim,,,,
    Seu Zé,,,sim,,,
"""


def test_suppliers_come_in_and_again_without_doubling(suppliers: Bringing) -> None:
    assert suppliers.bring(SUPPLIERS) == Imported(3, 0, 0)
    assert list(Supplier.objects.values_list("name", "tax_id", "is_solidarity", "is_local", "email")) == [
        ("Cooperativa Mãos da Serra", "12ABC34501DE35", True, False, ""),
        ("Moinho da Várzea", "33000167000101", False, True, "vendas@moinho.com.br"),
        ("Seu Zé", "", False, True, ""),
    ]
    assert suppliers.bring(SUPPLIERS) == Imported(0, 0, 3)


def test_a_supplier_with_an_enterprises_registration_is_linked_to_it(suppliers: Bringing) -> None:
    suppliers.bring(SUPPLIERS)
    serra = factories.enterprise(name="Mãos da Serra", tax_id="12ABC34501DE35", tax_id_kind="cnpj")
    (change,) = suppliers.preview(SUPPLIERS).plan.changed
    assert [(item.label, item.after) for item in change.differences] == [("Empreendimento da rede", "Mãos da Serra")]
    assert suppliers.bring(SUPPLIERS) == Imported(0, 1, 2)
    assert Supplier.objects.get(tax_id="12ABC34501DE35").enterprise == serra
    assert suppliers.bring(SUPPLIERS) == Imported(0, 0, 3)


def test_a_name_that_is_anothers_is_a_problem(suppliers: Bringing) -> None:
    suppliers.bring(SUPPLIERS)
    assert suppliers.problems("Fornecedor;CNPJ\nSeu Zé;33000167000101\n") == [
        "Linha 2, coluna CNPJ: este registro é de “Moinho da Várzea”, e este nome já é de outro cadastro."
    ]
    assert suppliers.problems("Fornecedor;CNPJ\nA;33000167000101\nA;00623904000173\n") == [
        "Linha 3, coluna Fornecedor: o nome “A” já é de outro fornecedor."
    ]
