# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories

from mutirao.catalogue import operations
from mutirao.catalogue.errors import ProductAlreadyThere
from mutirao.catalogue.events import ProductUnitChanging
from mutirao.catalogue.models import Category, Product
from mutirao.catalogue.operations import PRODUCT_FIELDS, ProductData
from mutirao.kernel import changes, events
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed, StaleEdit
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Network, Person

FLOUR = ProductData(name="Farinha de trigo", unit="kg", category="Farinhas", ncm="1101.00.10")


@pytest.fixture
def desk(client: Client, coordinator: Actor) -> Client:
    client.force_login(Person.objects.get(pk=coordinator.person_id))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_product_comes_with_its_shelf_and_plain_ncm(network: Network, coordinator: Actor) -> None:
    flour = operations.add_product(network, FLOUR, actor=coordinator)
    assert (flour.ncm, str(flour.category)) == ("11010010", "Farinhas")
    operations.add_product(network, ProductData(name="Fubá", unit="kg", category=" farinhas"), actor=coordinator)
    assert Category.objects.count() == 1


def test_one_name_in_two_units_is_two_products_and_twice_in_one_unit_is_refused(
    network: Network, coordinator: Actor
) -> None:
    operations.add_product(network, FLOUR, actor=coordinator)
    operations.add_product(network, ProductData(name="farinha de trigo", unit="sc"), actor=coordinator)
    with pytest.raises(ProductAlreadyThere, match="Farinha de trigo"):
        operations.add_product(network, ProductData(name="FARINHA DE TRÍGO", unit="kg"), actor=coordinator)


def test_the_same_form_sent_twice_adds_one_product(network: Network, coordinator: Actor) -> None:
    first = operations.add_product(network, FLOUR, actor=coordinator, key="k")
    assert operations.add_product(network, FLOUR, actor=coordinator, key="k") == first
    assert Product.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (ProductData(name=" ", unit="kg"), "name"),
        (ProductData(name="X", unit="arroba"), "unit"),
        (ProductData(name="X", unit="kg", ncm="1101"), "ncm"),
        (ProductData(name="X", unit="kg", ncm="1101001a"), "ncm"),
        (ProductData(name="X", unit="un", weight_kg=Decimal(0)), "weight_kg"),
    ],
)
def test_poor_data_are_refused_by_field(network: Network, coordinator: Actor, data: ProductData, field: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        operations.add_product(network, data, actor=coordinator)
    assert refused.value.field == field
    assert not Product.objects.exists()


@pytest.mark.parametrize("role", ["treasury", "accountant", "council"])
def test_others_look_and_do_not_touch(network: Network, role: str) -> None:
    with pytest.raises(NotAllowed):
        operations.add_product(network, FLOUR, actor=factories.actor(network, role))


def test_an_edit_is_on_record_and_the_late_one_is_told(network: Network, coordinator: Actor) -> None:
    flour = operations.add_product(network, FLOUR, actor=coordinator)
    seen = changes.version(flour, PRODUCT_FIELDS)
    operations.edit_product(flour, ProductData(name="Farinha", unit="kg"), actor=coordinator, seen=seen)
    entry = AuditEntry.objects.get(act="catalogue.product_edited")
    assert entry.data["changes"]["name"] == ["Farinha de trigo", "Farinha"]
    assert entry.data["changes"]["category"] == ["Farinhas", None]
    with pytest.raises(StaleEdit):
        operations.edit_product(flour, FLOUR, actor=coordinator, seen=seen)


def test_another_unit_may_be_refused_by_who_noted_quantities(network: Network, coordinator: Actor) -> None:
    flour = operations.add_product(network, FLOUR, actor=coordinator)
    asked: list[ProductUnitChanging] = []

    def refuse(event: ProductUnitChanging) -> None:
        asked.append(event)
        raise InvalidValue("Há pedidos em quilos.")

    events.inside(ProductUnitChanging)(refuse)
    try:
        operations.edit_product(flour, ProductData(name="Outra farinha", unit="kg"), actor=coordinator)
        assert not asked
        with pytest.raises(InvalidValue, match="em quilos"):
            operations.edit_product(flour, ProductData(name="Outra farinha", unit="sc"), actor=coordinator)
    finally:
        events._inside[ProductUnitChanging].remove(refuse)
    assert (asked[0].old_unit, asked[0].new_unit) == ("kg", "sc")
    assert Product.objects.get().unit == "kg"


def test_out_of_use_and_back(network: Network, coordinator: Actor) -> None:
    flour = operations.add_product(network, FLOUR, actor=coordinator)
    operations.use_product(flour, in_use=False, actor=coordinator)
    operations.use_product(flour, in_use=False, actor=coordinator)
    operations.use_product(flour, in_use=True, actor=coordinator)
    acts = list(AuditEntry.objects.filter(subject_kind="catalogue.product").values_list("act", flat=True))
    assert acts == ["catalogue.product_added", "catalogue.product_retired", "catalogue.product_reused"]


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_product_goes_in_is_shown_and_changed_on_the_pages(desk: Client, network: Network) -> None:
    base = f"/rede/{network.slug}/produtos"
    answer = desk.post(
        f"{base}/novo/",
        {"name": "Pote de vidro", "unit": "un", "category": "Embalagens", "weight_kg": "0,25", "idempotency_key": "k"},
    )
    row = Product.objects.get()
    assert answer["Location"] == f"{base}/{row.pk}/"
    assert row.weight_kg == Decimal("0.25")
    page = text(desk.get(answer["Location"]))
    for words in ("Pote de vidro", "unidade (un)", "Embalagens", "0,25 kg"):
        assert words in page
    assert 'value="0,25"' in text(desk.get(f"{base}/{row.pk}/mudar/"))
    assert desk.post(f"{base}/{row.pk}/mudar/", {"name": "Pote", "unit": "un", "ncm": "12"}).status_code == 422
    assert desk.post(f"{base}/{row.pk}/mudar/", {"name": "Pote", "unit": "un"}).status_code == 302
    desk.post(f"{base}/{row.pk}/uso/", {"in_use": "0"})
    assert "Nenhum produto" in text(desk.get(f"{base}/"))
    assert "fora de uso" in text(desk.get(f"{base}/", {"situation": "retired"}))


def test_products_are_found_by_name_ncm_and_shelf(desk: Client, network: Network, coordinator: Actor) -> None:
    operations.add_product(network, FLOUR, actor=coordinator)
    operations.add_product(network, ProductData(name="Açúcar cristal", unit="kg"), actor=coordinator)
    url = f"/rede/{network.slug}/produtos/"
    assert "2 produtos" in text(desk.get(url))
    for query, found in (("acucar", "Açúcar"), ("1101", "Farinha"), ("farinhas", "Farinha"), ("trigo far", "Farinha")):
        page = text(desk.get(url, {"q": query}))
        assert "1 produto<" in page, query
        assert found in page


def test_the_list_of_products_asks_the_same_few_times_whatever_its_size(desk: Client, network: Network) -> None:
    url = f"/rede/{network.slug}/produtos/"
    factories.product()
    desk.get(url)
    with CaptureQueriesContext(connection) as few:
        desk.get(url)
    shelf = Category.objects.create(name="Prateleira")
    for _number in range(60):
        factories.product(category=shelf)
    with CaptureQueriesContext(connection) as many:
        desk.get(url)
    assert len(many) == len(few) <= 12


def test_who_may_not_change_products_sees_no_buttons(client: Client, network: Network) -> None:
    row = factories.product()
    actor = factories.actor(network, "enterprise_coordinator", factories.enterprise())
    client.force_login(Person.objects.get(pk=actor.person_id))
    base = f"/rede/{network.slug}/produtos"
    assert "Cadastrar produto" not in text(client.get(f"{base}/"))
    assert "Mudar os dados" not in text(client.get(f"{base}/{row.pk}/"))
    assert client.get(f"{base}/novo/").status_code == 403
    assert client.post(f"{base}/{row.pk}/uso/", {"in_use": "0"}).status_code == 403
    assert Product.objects.get().is_active
