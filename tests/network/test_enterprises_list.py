# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of enterprises: found by how they stand, and taken home as a spreadsheet (N1)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests import factories
from tests.importing.bringing import Bringing

from mutirao.kernel.actors import Actor
from mutirao.network.importing.operations import Imported
from mutirao.network.models import Contact, Enterprise, Network, Person, Territory, ValueChain


@pytest.fixture
def boss(network: Network, coordinator: Actor, client: Client) -> Client:
    client.force_login(Person.objects.get(pk=coordinator.person_id))
    return client


def names(client: Client, network: Network, query: str = "") -> list[str]:
    page = client.get(f"/rede/{network.slug}/empreendimentos/?{query}")
    return [row.name for row in page.context["page"]]


def sheet(client: Client, network: Network, query: str = "") -> list[dict[str, str]]:
    body = client.get(f"/rede/{network.slug}/empreendimentos.csv?{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body), delimiter=";"))


def full(**fields: Any) -> Enterprise:
    return factories.enterprise(
        **{
            "name": "Mel da Serra", "legal_form": "cooperative", "tax_id": "12ABC34501DE35", "tax_id_kind": "cnpj",
            "activity": "mel", "value_chain": ValueChain.objects.create(name="Mel"),
            "territory": Territory.objects.create(name="Serra"),
            "municipality": factories.municipality(name="Lagoinha", folded="lagoinha", state="SP"),
            "address": "Estrada da Serra, km 4", "member_count": 24, "founded_on": dt.date(2009, 3, 15),
            "joined_on": dt.date(2020, 1, 2), "notes": "Luta pela água em 2014; participa do PAA",
            "member_since": dt.date(2020, 1, 2), **fields,
        }
    )  # fmt: skip


def test_enterprises_are_found_by_how_they_stand_those_who_are_out_too(network: Network, boss: Client) -> None:
    for standing in ("member", "candidate", "suspended", "partner"):
        factories.enterprise(name=standing, standing=standing)
    factories.enterprise(name="excluded", standing="excluded", is_active=False)
    assert names(boss, network) == ["candidate", "member", "partner", "suspended"]
    assert names(boss, network, "standing=suspended") == ["suspended"]
    assert names(boss, network, "standing=excluded") == ["excluded"]
    assert [row["Nome"] for row in sheet(boss, network, "standing=candidate")] == ["candidate"]
    page = boss.get(f"/rede/{network.slug}/empreendimentos/").content.decode()
    assert 'class="status danger"' in page
    assert "suspenso" in page


def test_the_sheet_has_everything_that_is_known(network: Network, boss: Client) -> None:
    row = full()
    Contact.objects.create(enterprise=row, name="Ana", duty="coordenadora", phone="+5512999990000", email="ana@ex.coop")
    Contact.objects.create(enterprise=row, name="Bia", email="bia@ex.coop")
    first, second = sheet(boss, network)
    assert first["Número do registro"] == "12.ABC.345/01DE-35"
    assert (first["Cadeia produtiva"], first["Território"], first["Município"], first["UF"]) == (
        "Mel", "Serra", "Lagoinha", "SP",
    )  # fmt: skip
    assert (first["Pessoas que participam"], first["Começou em"], first["Membro desde"]) == (
        "24", "2009-03-15", "2020-01-02",
    )  # fmt: skip
    assert first["Observações"] == "Luta pela água em 2014; participa do PAA"
    assert (first["Contato"], first["Telefone"]) == ("Ana", "(12) 99999-0000")
    assert (second["Nome"], second["Contato"], second["Pessoas que participam"]) == ("Mel da Serra", "Bia", "")


def test_the_sheet_comes_back_in_and_changes_nothing(network: Network, coordinator: Actor, boss: Client) -> None:
    row = full()
    Contact.objects.create(enterprise=row, name="Ana", phone="+5512999990000", email="ana@ex.coop")
    Contact.objects.create(enterprise=row, name="Bia", email="bia@ex.coop")
    factories.enterprise(name="Grupo do Pão", standing="candidate")
    body = boss.get(f"/rede/{network.slug}/empreendimentos.xlsx").content
    assert Bringing("enterprises", network, coordinator).bring(body) == Imported(new=0, changed=0, unchanged=2)


def test_text_that_looks_like_a_formula_stays_text(network: Network, boss: Client) -> None:
    factories.enterprise(name='=HYPERLINK("http://x")', activity="@SUM(1)", notes="-2+3")
    (line,) = sheet(boss, network)
    assert (line["Nome"], line["O que faz"], line["Observações"]) == (
        "'=HYPERLINK(\"http://x\")", "'@SUM(1)", "'-2+3",
    )  # fmt: skip
    book = load_workbook(io.BytesIO(boss.get(f"/rede/{network.slug}/empreendimentos.xlsx").content))
    assert book.active["A2"].data_type == "s"


def test_who_need_not_know_gets_no_contacts_and_a_veiled_cpf(network: Network) -> None:
    own = factories.enterprise(name="Nosso")
    other = factories.enterprise(name="Outro", tax_id="52998224725", tax_id_kind="cpf")
    for row in (own, other):
        Contact.objects.create(enterprise=row, name="Ana", phone="+5512999990000")
    someone = factories.person()
    factories.role(someone, "enterprise_member", own)
    client = Client()
    client.force_login(someone)
    first, second = sheet(client, network)
    assert first["Contato"] == "Ana"
    assert (second["Contato"], second["Telefone"]) == ("", "")
    assert "529.982" not in second["Número do registro"]


def test_ten_enterprises_cost_as_many_queries_as_one(network: Network, boss: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            sheet(boss, network)
        return len(caught)

    full()
    cost()
    before = cost()
    for number in range(9):
        row = factories.enterprise(name=f"Grupo {number}", municipality=factories.municipality())
        Contact.objects.create(enterprise=row, name="Ana")
    assert cost() == before
