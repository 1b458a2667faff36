# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories

from mutirao.kernel import search as kernel_search
from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.search import Hit, Terms
from mutirao.network.models import Network, Person
from mutirao.site.search import search


def found(actor: Actor, text: str) -> dict[str, list[str]]:
    return {group.kind: [hit.title for hit in group.hits] for group in search(actor, text)}


def test_every_kind_is_found_whatever_the_accents(network: Network, coordinator: Actor) -> None:
    factories.enterprise(name="Pão da Conceição")
    factories.product(name="Pão francês")
    factories.supplier(name="PAO & CIA")
    factories.role(factories.person(name="Paôla"), "council")
    assert found(coordinator, "pao") == {
        "enterprise": ["Pão da Conceição"],
        "product": ["Pão francês"],
        "supplier": ["PAO & CIA"],
        "person": ["Paôla"],
    }
    assert found(coordinator, "CONCEICAO pão") == {"enterprise": ["Pão da Conceição"]}


def test_names_that_begin_so_come_first(network: Network, coordinator: Actor) -> None:
    for name in ("Arroz e mel", "Zangão do Mel", "Mel da Serra"):
        factories.enterprise(name=name)
    assert found(coordinator, "mel")["enterprise"] == ["Mel da Serra", "Arroz e mel", "Zangão do Mel"]


@pytest.mark.parametrize("typed", ["16.727.230/0001-97", "16727230", "16.727"])
def test_a_registration_is_found_with_or_without_its_punctuation(
    network: Network, coordinator: Actor, typed: str
) -> None:
    factories.enterprise(name="Mel", tax_id_kind="cnpj", tax_id="16727230000197")
    assert found(coordinator, typed) == {"enterprise": ["Mel"]}


def test_nothing_is_asked_for_no_words(network: Network, coordinator: Actor) -> None:
    factories.enterprise()
    with CaptureQueriesContext(connection) as asked:
        assert search(coordinator, "   ") == []
    assert not len(asked)


@pytest.mark.parametrize("typed", ["%", "_", "a%b", "'; DROP TABLE", "\\", "x" * 5000, "\x00mel", "mel " * 200])
def test_signs_mean_themselves_and_harm_nothing(network: Network, coordinator: Actor, typed: str) -> None:
    factories.enterprise(name="Comum")
    assert "enterprise" not in found(coordinator, typed)


def test_a_percent_sign_finds_a_percent_sign(network: Network, coordinator: Actor) -> None:
    factories.product(name="Vinagre 4%")
    factories.product(name="Vinagre 40")
    assert found(coordinator, "4%") == {"product": ["Vinagre 4%"]}


def test_nothing_of_another_network_is_found(network: Network, coordinator: Actor) -> None:
    other = factories.network()
    with tenancy.activated(other):
        factories.enterprise(name="Segredo")
        factories.product(name="Segredo")
        factories.role(factories.person(name="Segredo"), "council")
    assert found(coordinator, "segredo") == {}


def test_people_are_found_only_by_those_who_may_see_them(network: Network) -> None:
    own, other = factories.enterprise(), factories.enterprise()
    factories.role(factories.person(name="Minha Gente"), "enterprise_member", own)
    factories.role(factories.person(name="Gente Alheia"), "enterprise_member", other)
    assert found(factories.actor(network, "enterprise_coordinator", own), "gente") == {"person": ["Minha Gente"]}
    assert found(factories.actor(network, "enterprise_member", own), "gente") == {}
    assert found(factories.actor(network, "treasury"), "gente") == {"person": ["Gente Alheia", "Minha Gente"]}


def test_the_number_of_questions_does_not_grow_with_what_is_found(network: Network, coordinator: Actor) -> None:
    for make in (factories.enterprise, factories.product, factories.supplier):
        make(name="Mel")
    factories.role(factories.person(name="Mel"), "council")
    with CaptureQueriesContext(connection) as few:
        search(coordinator, "mel")
    for number in range(30):
        for make in (factories.enterprise, factories.product, factories.supplier):
            make(name=f"Mel {number}")
        factories.role(factories.person(name=f"Mel {number}"), "enterprise_member", factories.enterprise())
    with CaptureQueriesContext(connection) as many:
        groups = search(coordinator, "mel")
    assert len(many) == len(few)
    assert all(len(group.hits) == 8 and group.has_more for group in groups)


def test_upper_modules_offer_what_they_have(network: Network, coordinator: Actor) -> None:
    def find(actor: Actor, terms: Terms, limit: int) -> list[Hit]:
        return [Hit(f"Achado de {terms.text}", "network:enterprises")]

    kernel_search.register("test", find, label="De prova", order=1)
    try:
        with pytest.raises(ValueError, match="twice"):
            kernel_search.register("test", find, label="De prova")
        assert found(coordinator, "Algo")["test"] == ["Achado de Algo"]
    finally:
        del kernel_search._sources["test"]


def test_the_page_shows_groups_and_keeps_the_words(client: Client, network: Network, coordinator: Actor) -> None:
    client.force_login(Person.objects.get(pk=coordinator.person_id))
    row = factories.enterprise(name="Mel da Serra", activity="apicultura")
    url = f"/rede/{network.slug}/buscar/"
    page: Any = client.get(url, {"q": "mel"}).content.decode()
    assert f'href="/rede/{network.slug}/empreendimentos/{row.pk}/"' in page
    assert 'value="mel"' in page
    assert "Não achamos nada" in client.get(url, {"q": "xyz"}).content.decode()
    assert client.get(url).status_code == 200
    assert "&lt;script&gt;" in client.get(url, {"q": "<script>"}).content.decode()
