# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from mutirao.kernel import audit, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.network.importing.enterprises import guess_legal_form
from mutirao.network.importing.operations import Imported
from mutirao.network.models import Contact, Enterprise
from tests import factories
from tests.importing.bringing import Bringing
from tests.importing.files import ods, xlsx

SHEET = """
    Razão Social;Forma;CNPJ;Cadeia;Região;Sócios;Fundação;Responsável;Telefone;E-mail
    Cooperativa Mãos da Serra;cooperativa;12.ABC.345/01DE-35;mel;Serra;1.234;15/03/2009;Ana;(12) 9999-0000;ANA@ex.coop
    Associação Flor do Vale;;;Mel;Vale;;;;;
    Grupo do Pão;informal;;pães;Serra;7;;;;
"""


@pytest.fixture
def enterprises(network: Any, coordinator: Actor) -> Bringing:
    return Bringing("enterprises", network, coordinator)


def test_enterprises_come_in_with_what_the_sheet_says(enterprises: Bringing, noon: dt.datetime) -> None:
    assert enterprises.bring(SHEET) == Imported(new=3, changed=0, unchanged=0)
    serra = Enterprise.objects.get(tax_id="12ABC34501DE35")
    assert (serra.legal_form, serra.tax_id_kind, serra.member_count) == ("cooperative", "cnpj", 1234)
    assert (serra.founded_on, serra.joined_on) == (dt.date(2009, 3, 15), dt.date(2026, 3, 2))
    flor = Enterprise.objects.get(name="Associação Flor do Vale")
    assert (flor.legal_form, flor.tax_id_kind) == ("association", "none")
    assert flor.value_chain == serra.value_chain
    assert (serra.territory.name, flor.territory.name) == ("Serra", "Vale")
    contact = Contact.objects.get()
    assert (contact.enterprise, contact.name, contact.phone, contact.email) == (
        serra, "Ana", "(12) 9999-0000", "ana@ex.coop",
    )  # fmt: skip


def test_the_same_sheet_again_changes_nothing(enterprises: Bringing) -> None:
    enterprises.bring(SHEET)
    entries = AuditEntry.objects.count()
    assert enterprises.bring(SHEET) == Imported(new=0, changed=0, unchanged=3)
    assert (Enterprise.objects.count(), Contact.objects.count(), AuditEntry.objects.count()) == (3, 1, entries)


def test_every_usual_form_of_the_file_says_the_same(enterprises: Bringing) -> None:
    rows = [line.strip().split(";") for line in SHEET.strip().split("\n")]
    enterprises.bring(SHEET)
    files = [xlsx(rows), ods(rows)]
    files += ["\n".join(mark.join(row) for row in rows).encode() for mark in (",", "\t", "|")]
    text = "\r\n".join(";".join(row) for row in rows)
    files += [text.encode(encoding) for encoding in ("utf-8-sig", "utf-16", "cp1252")]
    for content in files:
        assert enterprises.preview(content).plan.counts == {"new": 0, "changed": 0, "unchanged": 3}


def test_the_preview_writes_nothing_and_says_what_would_change(enterprises: Bringing) -> None:
    enterprises.bring(SHEET)
    preview = enterprises.preview(SHEET.replace("1.234", "1.300").replace("Grupo do Pão", "Grupo das Massas"))
    assert preview.plan.counts == {"new": 1, "changed": 1, "unchanged": 1}
    (difference,) = preview.plan.changed[0].differences
    assert (difference.label, difference.before, difference.after) == ("Pessoas que participam", "1.234", "1.300")
    assert Enterprise.objects.count() == 3


def test_changes_are_written_and_recorded_for_each_enterprise(enterprises: Bringing, network: Any) -> None:
    enterprises.bring(SHEET)
    enterprises.bring(SHEET.replace("1.234", "1.300"))
    serra = Enterprise.objects.get(tax_id="12ABC34501DE35")
    assert serra.member_count == 1300
    edited = AuditEntry.objects.get(act="network.enterprise_edited")
    assert (edited.subject_id, edited.data["changes"]) == (str(serra.pk), {"member_count": [1234, 1300]})
    imported = AuditEntry.objects.filter(act="network.imported").order_by("sequence").last()
    assert imported is not None
    assert (imported.data["new"], imported.data["changed"], imported.data["unchanged"]) == (0, 1, 2)
    assert audit.check_chain(network.pk) is None


def test_a_number_that_could_be_two_is_said_in_words(enterprises: Bringing) -> None:
    assert (
        "Coluna Sócios: lendo 1.234 como mil duzentos e trinta e quatro (o ponto separa os milhares)."
        in enterprises.preview(SHEET).remarks
    )


def test_a_person_may_say_how_numbers_are_written(enterprises: Bringing) -> None:
    (problem,) = enterprises.problems(SHEET, numbers=".")
    assert problem == "Linha 2, coluna Sócios: 1,234 não é um número inteiro."


def test_every_problem_is_told_with_row_and_column_and_nothing_is_written(enterprises: Bringing) -> None:
    problems = enterprises.problems(
        """
        Cadastro da rede 2026
        Nome;Forma;CNPJ;Pessoas;Fundação;E-mail;Latitude
        Coop A;coop;12.345.678/0001-00;abc;31/02/2020;a@b;
        ;coop;;;;;
        Coop B;clube;123;10 pessoas;;;-22,5
        Pão e Mel;;;;;;
        Coop C;coop;5,34373E+13;;;;
        """
    )
    assert problems == [
        "Linha 3, coluna CNPJ: “12.345.678/0001-00”: os dígitos finais não conferem; falta ou sobra algo no número.",
        "Linha 3, coluna Pessoas: “abc” não é um número.",
        "Linha 3, coluna Fundação: “31/02/2020” não é uma data. Escreva, por exemplo, 31/12/2026.",
        "Linha 3, coluna E-mail: “a@b” não é um endereço de e-mail.",
        "Linha 4, coluna Nome: está vazio, e é preciso informar.",
        "Linha 5, coluna Forma: “clube” não é uma das opções: cooperativa, associação, grupo informal, empreendimento "
        "familiar, empresa.",
        "Linha 5, coluna CNPJ: “123” não é um CNPJ (14 caracteres) nem um CPF (11).",
        "Linha 5, coluna Pessoas: “10 pessoas” não é só um número. Deixe aqui o número; a unidade vai em outra coluna.",
        "Linha 5, coluna Latitude: informe latitude e longitude, as duas.",
        "Linha 6, coluna Forma: diga a forma: cooperativa, associação, grupo informal, empreendimento familiar, "
        "empresa.",
        "Linha 7, coluna CNPJ: “5,34373E+13” foi encurtado pela planilha. Formate a coluna como texto e digite o "
        "número inteiro.",
    ]
    assert not Enterprise.objects.exists()
    assert not AuditEntry.objects.exists()


def test_empty_cells_leave_what_is_there(enterprises: Bringing) -> None:
    enterprises.bring(SHEET)
    assert enterprises.bring("Nome;Forma;O que faz\nGrupo do Pão;;pães e bolos\n") == Imported(0, 1, 0)
    pao = Enterprise.objects.get(name="Grupo do Pão")
    assert (pao.legal_form, pao.activity, pao.member_count) == ("informal", "pães e bolos", 7)


def test_a_sheet_in_capitals_does_not_spoil_names_written_with_care(enterprises: Bringing) -> None:
    enterprises.bring(SHEET)
    assert enterprises.bring("NOME\nASSOCIACAO FLOR DO VALE\n") == Imported(0, 0, 1)


def test_a_registration_goes_before_the_name(enterprises: Bringing) -> None:
    enterprises.bring(SHEET)
    assert enterprises.bring("Nome;CNPJ\nCooperativa Mãos da Montanha;12ABC34501DE35\n") == Imported(0, 1, 0)
    assert Enterprise.objects.get(tax_id="12ABC34501DE35").folded == "cooperativa maos da montanha"


def test_another_registration_for_a_known_name_is_a_problem(enterprises: Bringing) -> None:
    enterprises.bring(SHEET)
    (problem,) = enterprises.problems("Nome;CNPJ\nCooperativa Mãos da Serra;33.000.167/0001-01\n")
    assert problem == (
        "Linha 2, coluna CNPJ: “Cooperativa Mãos da Serra” já está cadastrado com outro registro: 12.ABC.345/01DE-35."
    )


def test_zeros_that_the_spreadsheet_ate_are_put_back(enterprises: Bringing) -> None:
    number = int("00623904000173")
    enterprises.bring(xlsx([["Nome", "Forma", "CNPJ"], ["Coop Zero", "coop", number]]))
    assert Enterprise.objects.get().tax_id == "00623904000173"


def test_several_rows_of_one_enterprise_bring_several_contacts(enterprises: Bringing) -> None:
    sheet = """
        Nome;Forma;Contato;Telefone
        Coop A;coop;Ana;11 1
        coop a;;Bia;11 2
        Coop A;;ana;11 1
        """
    assert enterprises.bring(sheet) == Imported(1, 0, 0)
    assert list(Contact.objects.values_list("name", flat=True)) == ["Ana", "Bia"]
    assert enterprises.bring(sheet + "        Coop A;;Caio;11 3\n") == Imported(0, 1, 0)
    assert Contact.objects.count() == 3


def test_rows_that_contradict_one_another_are_a_problem(enterprises: Bringing) -> None:
    (problem,) = enterprises.problems("Nome;Forma;Pessoas\nCoop A;coop;10\nCOOP A;coop;12\n")
    assert problem == "Linha 3, coluna Pessoas: “Coop A” já está na linha 2, e aqui diz outra coisa."


def test_a_telephone_without_a_name_is_the_enterprises_own(enterprises: Bringing) -> None:
    enterprises.bring("Nome;Forma;Telefone\nCoop A;coop;11 1234\n")
    assert str(Contact.objects.get()) == "Coop A"


def test_the_template_rows_sums_and_repeated_titles_are_left_out_and_said(enterprises: Bringing) -> None:
    preview = enterprises.preview(
        """
        Nome;Pessoas
        Coop A;10

        Nome;Pessoas
        Coop B;20
        TOTAL;30
        """
    )
    assert [change.label for change in preview.plan.new] == ["Coop A", "Coop B"]
    assert preview.remarks == ["A linha 6 parece ser uma soma e não é importada."]


def test_columns_not_understood_are_named_and_can_be_chosen_by_hand(enterprises: Bringing) -> None:
    sheet = "Apelido;Cor\nCoop A;azul\n"
    preview = enterprises.preview(sheet)
    assert [column.title for column in preview.understanding.unused] == ["Apelido", "Cor"]
    assert "Não encontrei a linha de títulos" in str(preview.problems[0])
    assert enterprises.bring(sheet, mapping={"name": 0}) == Imported(1, 0, 0)
    assert enterprises.preview(sheet, mapping={"name": 0}).understanding.unused[0].title == "Cor"


def test_the_sheet_whose_titles_fit_is_taken_and_the_others_named(enterprises: Bringing) -> None:
    content = xlsx(
        [["Leia-me"]], sheet="Capa", also={"Cadastro": [["Nome", "Forma"], ["Coop A", "coop"]], "X": [["a"]]}
    )
    preview = enterprises.preview(content)
    assert preview.understanding.sheet is not None
    assert preview.understanding.sheet.name == "Cadastro"
    assert preview.remarks[0] == "Foi lida a aba “Cadastro”. Ficaram de fora: “Capa”, “X”."
    assert enterprises.preview(content, sheet="Capa").problems


# --- places ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def places(network: Any) -> None:
    for code, name, folded, state in (
        (9900001, "Lagoinha", "lagoinha", "SP"),
        (9900002, "Bom Lugar", "bom lugar", "MG"),
        (9900003, "Bom Lugar", "bom lugar", "PR"),
        (9900004, "Santa Rita d'Água", "santa rita d agua", "SP"),
    ):
        factories.municipality(ibge_code=code, name=name, folded=folded, state=state)


@pytest.mark.parametrize("written", ["Lagoinha/SP", "LAGOINHA - SP", "lagoinha (sp)", "Lagoinha", "9900001", "990000"])
def test_a_municipality_is_known_by_name_and_state_or_code(enterprises: Bringing, places: None, written: str) -> None:
    if written == "990000":
        assert "990000" in enterprises.problems(f"Nome;Forma;Município\nCoop A;coop;{written}\n")[0]
        return
    enterprises.bring(f"Nome;Forma;Município\nCoop A;coop;{written}\n")
    assert Enterprise.objects.get().municipality_id == 9900001


def test_the_state_may_stand_in_a_column_of_its_own(enterprises: Bringing, places: None) -> None:
    enterprises.bring("Nome;Forma;Cidade;UF\nCoop A;coop;bom lugar;pr\nCoop B;coop;santa rita d'agua;SP\n")
    assert list(Enterprise.objects.values_list("municipality_id", flat=True)) == [9900003, 9900004]


def test_unclear_places_are_told_with_the_choices(enterprises: Bringing, places: None) -> None:
    problems = enterprises.problems(
        """
        Nome;Forma;Município
        Coop A;coop;Bom Lugar
        Coop B;coop;Lagoinha/MG
        Coop C;coop;Lagoinia
        Coop D;coop;Xyzópolis
        """
    )
    assert problems == [
        "Linha 2, coluna Município: “Bom Lugar” existe em mais de um estado: Bom Lugar/MG, Bom Lugar/PR.",
        "Linha 3, coluna Município: “Lagoinha/MG” não existe em MG. Existe: Lagoinha/SP.",
        "Linha 4, coluna Município: Não conheço o município “Lagoinia”. Seria Lagoinha/SP?",
        "Linha 5, coluna Município: Não conheço o município “Xyzópolis”. Escreva, por exemplo, Lagoinha/SP.",
    ]


def test_without_the_list_of_municipalities_it_is_said_once_how_to_load_it(enterprises: Bringing) -> None:
    (problem,) = enterprises.problems("Nome;Forma;Município\nCoop A;coop;Lagoinha/SP\nCoop B;coop;Lagoinha/SP\n")
    assert "./mutirao import municipalities" in problem


# --- who may, and where ----------------------------------------------------------------------------------------------


def test_who_may_not_import_is_refused(network: Any) -> None:
    with pytest.raises(NotAllowed):
        Bringing("enterprises", network, factories.actor(network, "council")).bring(SHEET)
    with pytest.raises(NotAllowed):
        Bringing("enterprises", network, factories.actor(factories.network(), "coordination")).bring(SHEET)
    assert not Enterprise.objects.exists()


def test_another_network_is_left_alone(enterprises: Bringing) -> None:
    other = factories.network()
    with tenancy.activated(other):
        factories.enterprise(name="Cooperativa Mãos da Serra", tax_id="12ABC34501DE35", tax_id_kind="cnpj")
    assert enterprises.bring(SHEET).new == 3
    with tenancy.activated(other):
        assert Enterprise.objects.get().member_count is None


@pytest.mark.parametrize(
    ("name", "form"),
    [("Cooperativa dos Produtores", "cooperative"), ("COOPVALE", "cooperative"), ("XYZ - Coop. Mista", "cooperative"),
     ("Associação de Mulheres", "association"), ("Assoc. Flor", "association"), ("Grupo do Pão", "informal"),
     ("Doces da Vó Ltda", "company"), ("Mãos que Fazem", "")],
)  # fmt: skip
def test_some_names_tell_their_legal_form(name: str, form: str) -> None:
    assert guess_legal_form(name) == form


def test_degrees_are_never_thousands(enterprises: Bringing) -> None:
    enterprises.bring("Nome;Forma;Latitude;Longitude\nCoop A;coop;-22,0174055;-47.886\n")
    row = Enterprise.objects.get()
    assert (row.latitude, row.longitude) == (Decimal("-22.01741"), Decimal("-47.88600"))


def test_what_else_is_wrong_with_a_row_is_told_in_one_go(enterprises: Bringing, places: None) -> None:
    assert enterprises.problems("Nome;Forma;Pessoas;Município;Latitude\nCoop A;clube;abc;Lagoinia;norte\n") == [
        "Linha 2, coluna Forma: “clube” não é uma das opções: cooperativa, associação, grupo informal, empreendimento "
        "familiar, empresa.",
        "Linha 2, coluna Pessoas: “abc” não é um número.",
        "Linha 2, coluna Município: Não conheço o município “Lagoinia”. Seria Lagoinha/SP?",
        "Linha 2, coluna Latitude: “norte” não é um número.",
    ]
