# SPDX-License-Identifier: AGPL-3.0-or-later
"""Needs and quotes of a round, from spreadsheets."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from mutirao.kernel.actors import Actor
from mutirao.network.importing.operations import Imported
from mutirao.purchasing.importing.rounds import UnknownRound, find_round
from mutirao.purchasing.models import Need, Participation, PurchaseRound, Quote, QuoteLine
from mutirao.purchasing.operations import quotes as quoting
from mutirao.purchasing.operations import rounds
from tests import factories
from tests.importing.bringing import Bringing
from tests.purchasing import factories as purchasing


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


@pytest.fixture
def quotes(network: Any, coordinator: Actor, round_: PurchaseRound) -> Bringing:
    factories.supplier(name="Moinho da Várzea", tax_id="33000167000101")
    factories.supplier(name="Granja Sol")
    return Bringing("quotes", network, coordinator, round_)


NEEDS = """
    Empreendimento;Produto;Unidade;Quantidade;Aceita até mais
    Mãos da Serra;Farinha de trigo;kg;1.150,5;20
    maos da serra;OVOS;;10;
    Flor do Vale;farinha de trigo;g;2500;
"""


def needs_of(name: str) -> dict[str, tuple[Decimal, Decimal]]:
    rows = Need.objects.filter(participation__enterprise__name=name).select_related("good__product")
    return {need.good.product.name: (need.quantity, need.tolerance) for need in rows}


def test_needs_come_in_for_each_enterprise(needs: Bringing) -> None:
    assert needs.bring(NEEDS) == Imported(3, 0, 0)
    assert needs_of("Mãos da Serra") == {
        "Farinha de trigo": (Decimal("1150.5"), Decimal(20)),
        "Ovos": (Decimal(10), Decimal(0)),
    }
    assert needs_of("Flor do Vale") == {"Farinha de trigo": (Decimal("2.5"), Decimal(0))}
    serra = Participation.objects.get(enterprise__name="Mãos da Serra")
    assert (serra.state, serra.told_by) == ("answered", "planilha planilha.csv")


def test_the_same_needs_again_change_nothing_and_leave_the_answer_alone(needs: Bringing) -> None:
    needs.bring(NEEDS)
    version = Participation.objects.get(enterprise__name="Mãos da Serra").version
    assert needs.bring(NEEDS) == Imported(0, 0, 3)
    assert Participation.objects.get(enterprise__name="Mãos da Serra").version == version


def test_needs_outside_the_file_stay_and_zero_takes_one_back(needs: Bringing) -> None:
    needs.bring(NEEDS)
    sheet = "Empreendimento;Produto;Qtd\n12.ABC.345/01DE-35;Caixa;5\nMãos da Serra;Ovos;0\n"
    preview = needs.preview(sheet)
    assert preview.plan.counts == {"new": 1, "changed": 1, "unchanged": 0}
    (change,) = preview.plan.changed
    assert (change.differences[0].before, change.differences[0].after) == ("10 dz", "(vazio)")
    needs.bring(sheet)
    assert needs_of("Mãos da Serra") == {
        "Farinha de trigo": (Decimal("1150.5"), Decimal(20)),
        "Caixa": (Decimal(5), Decimal(0)),
    }


def test_who_joined_after_the_opening_is_invited_by_the_file(needs: Bringing) -> None:
    factories.enterprise(name="Recém-chegada")
    sheet = "Empreendimento;Produto;Quantidade\nRecem-chegada;Caixa;2\n"
    assert needs.preview(sheet).remarks == ["Entram agora na rodada: Recém-chegada."]
    needs.bring(sheet)
    assert needs_of("Recém-chegada") == {"Caixa": (Decimal(2), Decimal(0))}


def test_problems_of_needs_are_told_by_row_and_column(needs: Bringing) -> None:
    factories.enterprise(name="Doces Ltda", legal_form="company")
    assert needs.problems(
        """
        Empreendimento;Produto;Unidade;Quantidade;Aceita até mais
        Maos da Cerra;Farinha de trigo;;1;
        Doces Ltda;Caixa;;1;
        Flor do Vale;Arroz;;1;
        Flor do Vale;Caixa;kg;1;
        Flor do Vale;Caixa;;1,5;
        Flor do Vale;Ovos;;0;3
        Flor do Vale;Farinha de trigo;;-2;
        """
    ) == [
        "Linha 2, coluna Empreendimento: “Maos da Cerra” não está na rede. Seria “Mãos da Serra”?",
        "Linha 3, coluna Empreendimento: “Doces Ltda” não pede em rodadas: na rede, sua situação é “parceiro”.",
        "Linha 4, coluna Produto: “Arroz” não está na lista da rodada “Farinhas de março”. Acrescente-o à rodada, ou "
        "confira o nome.",
        "Linha 5, coluna Unidade: “Caixa” está na rodada em un, e não em kg.",
        "Linha 6, coluna Quantidade: em unidade só dá para pedir números inteiros.",
        "Linha 7, coluna Aceita até mais: “aceita até mais” só vale junto com uma quantidade.",
        "Linha 8, coluna Quantidade: -2 é menos que o mínimo, 0.",
    ]
    assert not Need.objects.exists()


def test_two_quantities_for_one_need_are_a_problem_and_the_same_twice_is_not(needs: Bringing) -> None:
    sheet = "Empreendimento;Produto;Quantidade\nFlor do Vale;Caixa;2\nFlor do Vale;Caixa;{}\n"
    assert needs.problems(sheet.format(3)) == [
        "Linha 3, coluna Quantidade: “Flor do Vale” já pede “Caixa” na linha 2, com outra quantidade."
    ]
    assert needs.bring(sheet.format(2)) == Imported(1, 0, 0)


def test_where_there_are_several_places_the_file_says_which(
    network: Any, coordinator: Actor, noon: dt.datetime
) -> None:
    factories.enterprise(name="Flor do Vale")
    places = [purchasing.place(name="Galpão"), purchasing.place(name="Feira")]
    product = factories.product(name="Caixa", unit="un")
    open_ = purchasing.open_round(network, coordinator, products=[product], places=places)
    needs = Bringing("needs", network, coordinator, open_)
    head = "Empreendimento;Produto;Quantidade;Local\n"
    assert needs.problems(head + "Flor do Vale;Caixa;2;\n") == [
        "Linha 2: diga em qual local “Flor do Vale” vai buscar: Feira, Galpão."
    ]
    assert needs.problems(head + "Flor do Vale;Caixa;2;Praça\n") == [
        "Linha 2, coluna Local: “Praça” não é local de entrega desta rodada. Os locais são: Feira, Galpão."
    ]
    needs.bring(head + "Flor do Vale;Caixa;2;galpao\n")
    assert str(Participation.objects.get(enterprise__name="Flor do Vale").place) == "Galpão"


def test_a_round_that_takes_no_needs_refuses_the_file_in_one_sentence(needs: Bringing, coordinator: Actor) -> None:
    rounds.close_needs(needs.context.target, actor=coordinator)
    needs.context.target.refresh_from_db()
    (problem,) = needs.problems(NEEDS)
    assert "não recebe pedidos" in problem


def test_an_enterprise_left_with_nothing_is_a_problem(needs: Bringing) -> None:
    needs.bring(NEEDS)
    sheet = "Empreendimento;Produto;Quantidade\nFlor do Vale;Farinha de trigo;0\n"
    assert needs.problems(sheet) == [
        "Linha 2: “Flor do Vale” ficaria sem pedir nada. Para sair da rodada, use a página dela."
    ]
    # A list of everything with zeros for what is not wanted is no change at all.
    assert needs.bring("Empreendimento;Produto;Quantidade\nFlor do Vale;Caixa;0\n") == Imported(0, 0, 1)


# --- quotes ----------------------------------------------------------------------------------------------------------

QUOTES = """
    Fornecedor;Produto;Embalagem;Marca;Preço por unidade;A partir de;Pedido mínimo;Frete;Validade
    Moinho da Várzea;Farinha de trigo;25;Sol;4,35;;1.000,00;120,00;31/03/2026
    Moinho da Várzea;Farinha de trigo;25;Sol;4,10;500;;;
    Moinho da Várzea;Ovos;;;9,00;;;;
    Granja Sol;Ovos;30;;8,50;;;;
"""


def lines_of(name: str) -> list[tuple[str, str, Decimal, list[tuple[Decimal, Decimal]]]]:
    rows = QuoteLine.objects.filter(quote__supplier__name=name).select_related("good__product").order_by("pk")
    return [
        (
            line.good.product.name, line.brand, line.pack_size,
            [(item.from_quantity, item.unit_price) for item in line.breaks.all()],
        )
        for line in rows
    ]  # fmt: skip


def test_quotes_come_in_with_price_breaks_packs_and_terms(quotes: Bringing) -> None:
    assert quotes.bring(QUOTES) == Imported(4, 0, 0)
    assert lines_of("Moinho da Várzea") == [
        ("Farinha de trigo", "Sol", Decimal(25), [(Decimal(0), Decimal("4.35")), (Decimal(500), Decimal("4.1"))]),
        ("Ovos", "", Decimal(1), [(Decimal(0), Decimal(9))]),
    ]
    quote = Quote.objects.get(supplier__name="Moinho da Várzea")
    assert (quote.minimum_order_minor, quote.freight_minor, quote.valid_until) == (
        100_000,
        12_000,
        dt.date(2026, 3, 31),
    )


def test_the_same_quotes_again_change_nothing(quotes: Bringing) -> None:
    quotes.bring(QUOTES)
    versions = list(Quote.objects.values_list("version", flat=True))
    assert quotes.bring(QUOTES) == Imported(0, 0, 3)
    assert list(Quote.objects.values_list("version", flat=True)) == versions
    assert QuoteLine.objects.count() == 3


def test_a_line_takes_the_files_prices_and_the_others_stay(quotes: Bringing) -> None:
    quotes.bring(QUOTES)
    sheet = """
        Fornecedor;Produto;Embalagem;Marca;Preço por unidade;Disponível;Frete
        MOINHO DA VARZEA;farinha de trigo;25;sol;4,00;800;
        Moinho da Várzea;Caixa;;;1,20;;0
        """
    preview = quotes.preview(sheet)
    assert preview.plan.counts == {"new": 1, "changed": 2, "unchanged": 0}
    (price, available) = preview.plan.changed[0].differences
    assert (price.before, price.after) == ("R$ 4,35; R$ 4,10 a partir de 500", "R$ 4,00")
    assert (available.before, available.after) == ("(vazio)", "800")
    quotes.bring(sheet)
    assert lines_of("Moinho da Várzea") == [
        ("Farinha de trigo", "Sol", Decimal(25), [(Decimal(0), Decimal(4))]),
        ("Ovos", "", Decimal(1), [(Decimal(0), Decimal(9))]),
        ("Caixa", "", Decimal(1), [(Decimal(0), Decimal("1.2"))]),
    ]
    quote = Quote.objects.get(supplier__name="Moinho da Várzea")
    assert (quote.minimum_order_minor, quote.freight_minor) == (100_000, 0)


def test_the_price_of_a_pack_and_another_unit_become_the_price_of_one_unit(quotes: Bringing) -> None:
    quotes.bring(
        """
        Fornecedor;Produto;Unidade;Embalagem;Preço da embalagem;Preço unitário;A partir de
        Granja Sol;Ovos;dz;30;255,00;;
        Moinho da Várzea;Farinha de trigo;g;25000;;0,00435;500000
        """
    )
    assert lines_of("Granja Sol") == [("Ovos", "", Decimal(30), [(Decimal(0), Decimal("8.5"))])]
    assert lines_of("Moinho da Várzea") == [("Farinha de trigo", "", Decimal(25), [(Decimal(500), Decimal("4.35"))])]


def test_problems_of_quotes_are_told_by_row_and_column(quotes: Bringing) -> None:
    assert quotes.problems(
        """
        Fornecedor;Produto;Embalagem;Preço por unidade;Preço da embalagem;A partir de;Frete
        Moinho da Varze;Ovos;;1;;;
        Granja Sol;Arroz;;1;;;
        Granja Sol;Ovos;0;1;;;
        Granja Sol;Ovos;30;;;;
        Granja Sol;Ovos;30;8,50;300;;
        Moinho da Várzea;Ovos;;9;;;10
        Moinho da Várzea;Ovos;;8;;;20
        """
    ) == [
        "Linha 2, coluna Fornecedor: “Moinho da Varze” não está entre os fornecedores. Seria “Moinho da Várzea”?",
        "Linha 3, coluna Produto: “Arroz” não está na lista da rodada “Farinhas de março”. Acrescente-o à rodada, ou "
        "confira o nome.",
        "Linha 4, coluna Embalagem: 0 não serve: precisa ser mais que zero.",
        "Linha 5, coluna Preço por unidade: falta o preço.",
        "Linha 6, coluna Preço da embalagem: o preço da embalagem não é o preço por unidade vezes 30.",
        "Linha 8, coluna Preço por unidade: na linha 7 este produto tem outro preço a partir da mesma quantidade.",
        "Linha 8, coluna Frete: em outra linha de “Moinho da Várzea” está 10.",
    ]
    assert not Quote.objects.exists()


def test_a_withdrawn_quote_is_not_touched_and_a_new_one_is_made(quotes: Bringing, coordinator: Actor) -> None:
    quotes.bring(QUOTES)
    old = Quote.objects.get(supplier__name="Granja Sol")
    quoting.withdraw_quote(old, reason="Errou o preço.", actor=coordinator)
    assert quotes.bring(QUOTES).new == 1
    assert Quote.objects.filter(supplier__name="Granja Sol", is_withdrawn=False).get() != old


def test_a_round_past_quoting_refuses_quotes(quotes: Bringing, coordinator: Actor) -> None:
    rounds.cancel_round(quotes.context.target, reason="Adiada.", actor=coordinator)
    quotes.context.target.refresh_from_db()
    (problem,) = quotes.problems(QUOTES)
    assert "as cotações não mudam mais" in problem


def test_a_round_is_found_by_its_number(round_: PurchaseRound, coordinator: Actor) -> None:
    assert find_round(f"#{round_.number}", coordinator) == round_
    for written in ("99", "x", "", "-1", "1" * 30):
        with pytest.raises(UnknownRound):
            find_round(written, coordinator)
