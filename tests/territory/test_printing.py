# SPDX-License-Identifier: AGPL-3.0-or-later
"""The printed map holds everything that was filtered, in the order in which people look for it (N2)."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from tests import factories

from mutirao.kernel.actors import Actor
from mutirao.network.models import Network, Person, Territory
from mutirao.territory import operations as do
from mutirao.territory.models import Partner
from mutirao.territory.operations import LinkData
from mutirao.territory.views.chain import PER_PAGE

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def centre(coordinator: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=coordinator.person_id))
    return client


@pytest.fixture
def places(network: Network) -> list[Any]:
    north = Territory.objects.create(name="Norte")
    towns = [
        factories.municipality(name="Apiaí", latitude="-24.51000", longitude="-48.84000"),
        factories.municipality(name="Registro", folded="registro", latitude="-24.49000", longitude="-47.84000"),
    ]
    return [
        factories.enterprise(name="Farinheira #1 *", territory=north, municipality=towns[0]),
        factories.enterprise(name="Padaria", territory=north, municipality=towns[1]),
        factories.enterprise(name="Sem lugar", legal_form="association"),
    ]


def printed(client: Client, network: Network, **filters: Any) -> tuple[str, PdfReader]:
    answer = client.get(reverse("territory:map_pdf", args=[network.slug]), filters)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    pdf = PdfReader(BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split()), pdf


def test_more_than_a_page_of_the_screen_is_printed_whole_with_page_numbers(
    network: Network, centre: Client, places: list[Any]
) -> None:
    many = PER_PAGE * 4
    for number in range(many):
        factories.enterprise(name=f"Grupo {number:03}!", municipality=places[number % 2].municipality)
    words, pdf = printed(centre, network)
    assert re.findall(r"Grupo (\d{3})!", words) == [
        f"{n:03}" for n in (*range(0, many, 2), *range(1, many, 2))
    ]  # by place, then by name
    assert f"{many + 3} empreendimentos" in words
    assert f"Apiaí (SP) ({many // 2})" in words
    assert len(pdf.pages) > 1
    for number, page in enumerate(pdf.pages, start=1):
        foot = " ".join(page.extract_text().split())
        assert f"{number} / {len(pdf.pages)}" in foot
        assert network.name in foot
        assert "2 de março de 2026" in foot


def test_the_list_stands_by_territory_and_place_with_what_is_made_and_used(
    network: Network, centre: Client, places: list[Any], coordinator: Actor
) -> None:
    flour = factories.product(name="Farinha")
    do.add_link(places[0], product=flour, direction="makes", data=LinkData(), actor=coordinator)
    do.add_link(places[1], product=flour, direction="uses", data=LinkData(), actor=coordinator)
    words, pdf = printed(centre, network)
    order = [
        "Norte (2)", "Apiaí (SP) (1)", "Farinheira #1 *", "Produz: Farinha", "Registro (SP) (1)", "Padaria",
        "Usa: Farinha", "Sem território (1)", "Lugar não informado (1)", "Sem lugar",
    ]  # fmt: skip
    found = [words.index(one) for one in order]
    assert found == sorted(found)
    assert "Filtros: nenhum: estão todos" in words
    assert "1 não aparece no mapa." in words
    assert "Mapa com 3 empreendimentos" in _alternatives(pdf.trailer["/Root"]["/StructTreeRoot"])


def _alternatives(node: Any) -> list[str]:
    """The words that stand for pictures, in a tagged PDF."""
    node = node.get_object()
    if isinstance(node, list):
        return [words for one in node for words in _alternatives(one)]
    if not isinstance(node, dict):
        return []
    return [*([str(node["/Alt"])] if "/Alt" in node else []), *(_alternatives(node["/K"]) if "/K" in node else [])]


def test_paper_says_by_what_it_was_filtered_and_holds_nothing_else(
    network: Network, centre: Client, places: list[Any], coordinator: Actor
) -> None:
    flour = factories.product(name="Farinha")
    do.add_link(places[0], product=flour, direction="makes", data=LinkData(), actor=coordinator)
    north = Territory.objects.get()
    words, _pdf = printed(centre, network, product=flour.pk, direction="makes", territory=north.pk)
    assert "Território: Norte; Produto: Farinha; Quem: produz" in words
    assert "Padaria" not in words
    words, _pdf = printed(centre, network, area="-25,-49,-24,-48.5")
    assert "Mapa: só uma parte" in words
    assert ("Farinheira" in words, "Padaria" in words) == (True, False)
    assert "1 empreendimento" in words


def test_partners_are_printed_when_they_are_shown(network: Network, centre: Client, places: list[Any]) -> None:
    Partner.objects.create(name="Sindicato", kind="union", municipality=places[0].municipality)
    assert "Sindicato" not in printed(centre, network)[0]
    words, _pdf = printed(centre, network, partners="yes")
    assert "Parceiros do território (1)" in words
    assert "Sindicato" in words


def test_paper_speaks_the_networks_language_and_nothing_found_is_said(
    network: Network, centre: Client, places: list[Any]
) -> None:
    words, _pdf = printed(centre, network, legal_form="company")
    assert "0 empreendimentos" in words
    Network.objects.filter(pk=network.pk).update(language="en")
    words, _pdf = printed(centre, network, legal_form="association")
    assert "2 March 2026" in words or "March 2, 2026" in words
    assert "Associação" not in words


def test_the_page_leads_to_the_paper_with_the_same_filters(network: Network, centre: Client, places: list[Any]) -> None:
    page = centre.get(reverse("territory:map", args=[network.slug]), {"legal_form": "association"})
    address = reverse("territory:map_pdf", args=[network.slug])
    assert f'href="{address}?legal_form=association"' in page.content.decode()


def test_a_stranger_prints_nothing(network: Network, places: list[Any]) -> None:
    client = Client()
    client.force_login(factories.person())
    assert client.get(reverse("territory:map_pdf", args=[network.slug])).status_code == 404


def test_ten_times_the_enterprises_print_with_no_more_queries(
    network: Network, centre: Client, places: list[Any], coordinator: Actor
) -> None:
    flour = factories.product(name="Farinha")

    def write(many: int) -> None:
        for number in range(many):
            made = factories.enterprise(municipality=places[number % 2].municipality)
            do.add_link(made, product=flour, direction="uses", data=LinkData(), actor=coordinator)

    def queries_of() -> int:
        with CaptureQueriesContext(connection) as caught:
            printed(centre, network)
        return len(caught)

    write(2)
    queries_of()  # what the first page of a session asks
    few = queries_of()
    write(20)
    assert queries_of() == few
