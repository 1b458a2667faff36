# SPDX-License-Identifier: AGPL-3.0-or-later
"""Couriers' co-operatives of several countries as one federation: the real list where it is, and one like it."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mutirao.kernel.actors import Actor
from mutirao.network import queries
from mutirao.network.importing.operations import Imported
from mutirao.network.models import Enterprise, Network
from tests import factories
from tests.importing.bringing import Bringing

LIST = (
    "name,city,country,latitude,longitude,url,instance\n"
    "Vélos du Port,Nantes,fr,47.2184,-1.5536,https://velosduport.example,https://x.example\n"
    'Asso Pédale,"Liège, Wallonie",be,50.6326,5.5797,,\n'
    "Ruedas Libres,Bilbao,es,43.2627,-2.9253,http://ruedas.coop,\n"
    "Rápidos Coop,Santiago,cl,-33.4569,-70.6483,,\n"
)


@pytest.fixture
def federation(network: Network) -> Network:
    network.country, network.currency, network.language, network.time_zone = "FR", "EUR", "fr", "Europe/Paris"
    network.save()
    return network


@pytest.fixture
def couriers(federation: Network, coordinator: Actor) -> Bringing:
    return Bringing("couriers", federation, coordinator)


def test_the_list_becomes_candidates_of_their_own_countries_and_again_without_doubling(couriers: Bringing) -> None:
    assert couriers.bring(LIST) == Imported(4, 0, 0)
    rows = Enterprise.objects.values_list("name", "city", "country", "legal_form", "standing", "website")
    assert list(rows) == [
        ("Asso Pédale", "Liège, Wallonie", "BE", "association", "candidate", ""),
        ("Rápidos Coop", "Santiago", "CL", "cooperative", "candidate", ""),
        ("Ruedas Libres", "Bilbao", "ES", "cooperative", "candidate", "http://ruedas.coop"),
        ("Vélos du Port", "Nantes", "FR", "cooperative", "candidate", "https://velosduport.example"),
    ]
    assert couriers.bring(LIST) == Imported(0, 0, 4)
    assert Enterprise.objects.count() == 4


def test_a_form_that_nothing_tells_is_named_and_what_people_put_right_stays(couriers: Bringing) -> None:
    told = [remark for remark in couriers.preview(LIST).remarks if "Vélos du Port" in remark]
    assert len(told) == 1
    assert "Ruedas Libres" not in told[0]
    couriers.bring(LIST)
    Enterprise.objects.filter(name="Vélos du Port").update(legal_form="association", activity="cargas pesadas")
    assert couriers.bring(LIST) == Imported(0, 0, 4)
    port = Enterprise.objects.get(name="Vélos du Port")
    assert (port.legal_form, port.activity) == ("association", "cargas pesadas")


def test_a_country_that_is_none_and_half_a_place_are_told(couriers: Bringing) -> None:
    problems = couriers.problems(
        "name,city,country,latitude,longitude,url,instance\nUm,X,zz,1,2,,\nDois,Y,es,1,,,\nTrês,Z,fr,1,2,não é site,\n"
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "Linha 2, coluna country", "Linha 3, coluna latitude", "Linha 4, coluna url",
    ]  # fmt: skip


def test_the_real_federation_comes_in_whole_and_its_pages_stay_cheap(
    couriers: Bringing, federation: Network, coordinator: Actor, client: Client, shared_data: Path
) -> None:
    real = shared_data / "courier_coops.csv"
    with real.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert couriers.bring(real.read_bytes()) == Imported(len(expected), 0, 0)
    assert couriers.bring(real.read_bytes()) == Imported(0, 0, len(expected))
    rows = Enterprise.objects.all()
    assert Counter(row.country for row in rows) == Counter(line["country"].upper() for line in expected)
    assert all(row.position is not None and row.city for row in rows)
    assert {row.name: row.city for row in rows} == {line["name"].strip(): line["city"] for line in expected}
    client.force_login(factories.Person.objects.get(pk=coordinator.person_id))
    base = f"/rede/{federation.slug}/empreendimentos/"
    client.get(base)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(base).content.decode()
    assert len(asked) <= 15
    assert "Dijon" in page
    only = client.get(base, {"country": "ES"}).content.decode()
    assert "Bilbao" in only
    assert "Dijon" not in only
    found = queries.find_enterprises(Enterprise.objects.all(), queries.Terms.of("bilbao"))
    assert [row.name for row in found] == ["Botxoriders"]


def test_enterprises_of_several_countries_come_in_one_sheet(federation: Network, coordinator: Actor) -> None:
    enterprises = Bringing("enterprises", federation, coordinator)
    sheet = (
        "Nom,Forme,Pays,SIRET,Ville,Code postal,Téléphone,Site\n"
        "Scop du Nord,scop,,732 829 320 00074,Lille,59000,06 12 34 56 78,scopdunord.example\n"
        "Ruedas,coop,España,A13585625,Bilbao,48001,944 000 000,\n"
        "Feira Livre,associação,Brasil,16.727.230/0001-97,,13560-000,(16) 3333-0000,\n"
    )
    assert enterprises.bring(sheet.replace("Nom,", "Nome,").replace("Forme", "Forma").replace("Téléphone", "Telefone"))
    rows = Enterprise.objects.values_list("name", "country", "tax_id_kind", "tax_id", "city", "postal_code")
    assert list(rows) == [
        ("Feira Livre", "BR", "cnpj", "16727230000197", "", "13560-000"),
        ("Ruedas", "ES", "es_nif", "A13585625", "Bilbao", "48001"),
        ("Scop du Nord", "FR", "fr_siret", "73282932000074", "Lille", "59000"),
    ]
    phones = Enterprise.objects.values_list("name", "contacts__phone")
    assert dict(phones) == {
        "Feira Livre": "+551633330000", "Ruedas": "+34944000000", "Scop du Nord": "+33612345678",
    }  # fmt: skip


def test_a_number_of_the_wrong_country_is_told_in_words(federation: Network, coordinator: Actor) -> None:
    enterprises = Bringing("enterprises", federation, coordinator)
    problems = enterprises.problems(
        "Nome,Forma,País,Registro,CEP\nUm,coop,Espanha,732 829 320 00074,48001\nDois,coop,França,732 829 320 00074,1\n"
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "Linha 2, coluna Registro", "Linha 3, coluna CEP",
    ]  # fmt: skip
    assert "NIF" in problems[0]
    assert "75011" in problems[1]
