# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories

from mutirao.catalogue import operations
from mutirao.catalogue.errors import SupplierAlreadyThere
from mutirao.catalogue.models import Supplier
from mutirao.catalogue.operations import SUPPLIER_FIELDS, SupplierData
from mutirao.kernel import changes
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, StaleEdit
from mutirao.kernel.models import AuditEntry
from mutirao.network.errors import InvalidTaxId
from mutirao.network.models import Network, Person

MILL = SupplierData(name="Moinho São João", tax_id="16.727.230/0001-97", is_solidarity=True)


@pytest.fixture
def desk(client: Client, coordinator: Actor) -> Client:
    client.force_login(Person.objects.get(pk=coordinator.person_id))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_suppliers_with_and_without_registration(network: Network, coordinator: Actor) -> None:
    mill = operations.add_supplier(network, MILL, actor=coordinator)
    operations.add_supplier(network, SupplierData(name="Feira do Zé"), actor=coordinator)
    operations.add_supplier(network, SupplierData(name="Barraca da Ana"), actor=coordinator)
    assert mill.tax_id_written == "16.727.230/0001-97"
    assert AuditEntry.objects.get(subject_id=str(mill.pk)).data["is_solidarity"] is True


def test_one_name_and_one_registration_belong_to_one_supplier(network: Network, coordinator: Actor) -> None:
    operations.add_supplier(network, MILL, actor=coordinator)
    with pytest.raises(SupplierAlreadyThere) as by_number:
        operations.add_supplier(network, SupplierData(name="Outro", tax_id="16727230000197"), actor=coordinator)
    assert by_number.value.field == "tax_id"
    with pytest.raises(SupplierAlreadyThere) as by_name:
        operations.add_supplier(network, SupplierData(name="MOINHO SAO JOAO"), actor=coordinator)
    assert by_name.value.field == "name"
    with pytest.raises(InvalidTaxId):
        operations.add_supplier(network, SupplierData(name="X", tax_id="16.727.230/0001-98"), actor=coordinator)


def test_the_same_form_sent_twice_adds_one_supplier(network: Network, coordinator: Actor) -> None:
    first = operations.add_supplier(network, MILL, actor=coordinator, key="k")
    assert operations.add_supplier(network, MILL, actor=coordinator, key="k") == first


def test_edits_are_on_record_and_late_ones_told(network: Network, coordinator: Actor) -> None:
    mill = operations.add_supplier(network, MILL, actor=coordinator)
    seen = changes.version(mill, SUPPLIER_FIELDS)
    operations.edit_supplier(mill, SupplierData(name="Moinho"), actor=coordinator, seen=seen)
    assert AuditEntry.objects.get(act="catalogue.supplier_edited").data["changes"]["is_solidarity"] == [True, False]
    with pytest.raises(StaleEdit):
        operations.edit_supplier(mill, MILL, actor=coordinator, seen=seen)
    with pytest.raises(NotAllowed):
        operations.use_supplier(mill, in_use=False, actor=factories.actor(network, "treasury"))


def test_a_supplier_goes_in_is_shown_and_changed_on_the_pages(desk: Client, network: Network) -> None:
    factories.municipality(name="Araraquara", folded="araraquara", state="SP")
    enterprise = factories.enterprise(name="Doce Lida")
    base = f"/rede/{network.slug}/fornecedores"
    answer = desk.post(
        f"{base}/novo/",
        {
            "name": "Doce Lida", "is_solidarity": "on", "is_local": "on", "municipality": "Araraquara",
            "enterprise": "doce lida", "contact_name": "Rosa", "phone": "16 3333-0000", "idempotency_key": "k",
        },
    )  # fmt: skip
    row = Supplier.objects.get()
    assert answer["Location"] == f"{base}/{row.pk}/"
    assert row.enterprise == enterprise
    page = text(desk.get(answer["Location"]))
    for words in (
        "da economia solidária",
        "do território",
        "Araraquara (SP)",
        "Rosa",
        "tel:+551633330000",
        "(16) 3333-0000",
    ):
        assert words in page
    assert 'value="Araraquara (SP)"' in text(desk.get(f"{base}/{row.pk}/mudar/"))
    desk.post(f"{base}/{row.pk}/mudar/", {"name": "Doce Lida Ltda"})
    row.refresh_from_db()
    assert (row.name, row.is_local, row.enterprise) == ("Doce Lida Ltda", False, None)
    unknown = desk.post(f"{base}/{row.pk}/mudar/", {"name": "X", "enterprise": "não há"})
    assert unknown.status_code == 422
    assert "Não achei o empreendimento" in text(unknown)
    desk.post(f"{base}/{row.pk}/uso/", {"in_use": "0"})
    assert "Nenhum fornecedor" in text(desk.get(f"{base}/"))


def test_suppliers_are_filtered(desk: Client, network: Network, coordinator: Actor) -> None:
    operations.add_supplier(network, MILL, actor=coordinator)
    operations.add_supplier(
        network, SupplierData(name="Atacadão", contact_name="Zoé", is_local=True), actor=coordinator
    )
    url = f"/rede/{network.slug}/fornecedores/"
    for query, found in (
        ({"q": "sao joao"}, "Moinho"), ({"q": "16.727"}, "Moinho"), ({"q": "zoe"}, "Atacadão"),
        ({"kind": "solidarity"}, "Moinho"), ({"kind": "local"}, "Atacadão"),
    ):  # fmt: skip
        page = text(desk.get(url, query))
        assert "1 fornecedor<" in page, query
        assert found in page


def test_the_list_of_suppliers_asks_the_same_few_times_whatever_its_size(desk: Client, network: Network) -> None:
    url = f"/rede/{network.slug}/fornecedores/"
    factories.supplier()
    desk.get(url)
    with CaptureQueriesContext(connection) as few:
        desk.get(url)
    place = factories.municipality()
    for _number in range(60):
        factories.supplier(municipality=place)
    with CaptureQueriesContext(connection) as many:
        desk.get(url)
    assert len(many) == len(few) <= 12


def test_a_suppliers_cpf_is_veiled_for_people_of_enterprises(client: Client, network: Network) -> None:
    row = factories.supplier(tax_id="39053344705")
    page = f"/rede/{network.slug}/fornecedores/{row.pk}/"
    for role, enterprise, shown in (
        ("purchasing", None, "390.533.447-05"),
        ("enterprise_member", factories.enterprise(), "***.533.447-**"),
    ):
        actor = factories.actor(network, role, enterprise)
        client.force_login(Person.objects.get(pk=actor.person_id))
        assert shown in text(client.get(page))
