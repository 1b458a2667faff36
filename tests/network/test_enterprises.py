# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests import factories

from mutirao.kernel import changes, events, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed, StaleEdit
from mutirao.kernel.models import AuditEntry
from mutirao.network import operations
from mutirao.network.errors import EnterpriseAlreadyThere, InvalidTaxId
from mutirao.network.events import EnterpriseDeactivated
from mutirao.network.models import Contact, Enterprise, Territory, ValueChain
from mutirao.network.operations import ContactData, EnterpriseData
from mutirao.network.operations.enterprises import ENTERPRISE_FIELDS

HONEY = EnterpriseData(
    name="Mel da Serra", legal_form="cooperative", tax_id="16.727.230/0001-97", value_chain="Mel", territory="Serra"
)


def test_an_enterprise_is_added_with_chain_and_territory_by_name(network: Any, coordinator: Actor) -> None:
    honey = operations.add_enterprise(network, HONEY, actor=coordinator)
    other = operations.add_enterprise(
        network, EnterpriseData(name="Doce Lida", legal_form="informal", value_chain=" MEL "), actor=coordinator
    )
    assert (honey.tax_id_kind, honey.tax_id) == ("cnpj", "16727230000197")
    assert honey.value_chain == other.value_chain
    assert [str(chain) for chain in ValueChain.objects.all()] == ["Mel"]
    assert [str(territory) for territory in Territory.objects.all()] == ["Serra"]
    entry = AuditEntry.objects.get(act="network.enterprise_added", subject_id=str(honey.pk))
    assert entry.data["value_chain"] == "Mel"


def test_the_same_form_sent_twice_adds_one_enterprise(network: Any, coordinator: Actor) -> None:
    first = operations.add_enterprise(network, HONEY, actor=coordinator, key="k1")
    assert operations.add_enterprise(network, HONEY, actor=coordinator, key="k1") == first
    assert AuditEntry.objects.filter(act="network.enterprise_added").count() == 1


def test_a_form_sent_again_with_another_name_is_another_enterprise(network: Any, coordinator: Actor) -> None:
    operations.add_enterprise(network, HONEY, actor=coordinator, key="k1")
    operations.add_enterprise(network, EnterpriseData(name="Outro", legal_form="informal"), actor=coordinator, key="k1")
    assert Enterprise.objects.count() == 2


def test_a_name_that_differs_in_accents_and_capitals_is_the_same_name(network: Any, coordinator: Actor) -> None:
    operations.add_enterprise(network, EnterpriseData(name="Pão de Mel", legal_form="informal"), actor=coordinator)
    with pytest.raises(EnterpriseAlreadyThere) as refused:
        operations.add_enterprise(network, EnterpriseData(name="PAO DE  MEL", legal_form="family"), actor=coordinator)
    assert refused.value.field == "name"
    assert "Pão de Mel" in str(refused.value)


def test_a_registration_belongs_to_one_enterprise_of_the_network(network: Any, coordinator: Actor) -> None:
    operations.add_enterprise(network, HONEY, actor=coordinator)
    twin = EnterpriseData(name="Mel do Vale", legal_form="cooperative", tax_id="16727230000197")
    with pytest.raises(EnterpriseAlreadyThere) as refused:
        operations.add_enterprise(network, twin, actor=coordinator)
    assert refused.value.field == "tax_id"


def test_another_network_may_have_the_same_enterprise(network: Any, coordinator: Actor) -> None:
    operations.add_enterprise(network, HONEY, actor=coordinator)
    other = factories.network()
    with tenancy.activated(other):
        operations.add_enterprise(other, HONEY, actor=factories.actor(other, "coordination"))


def test_wrong_check_digits_are_refused_in_words(network: Any, coordinator: Actor) -> None:
    wrong = EnterpriseData(name="X", legal_form="company", tax_id="16.727.230/0001-98")
    with pytest.raises(InvalidTaxId, match="dígitos finais") as refused:
        operations.add_enterprise(network, wrong, actor=coordinator)
    assert refused.value.field == "tax_id"


def test_a_name_is_needed_and_half_a_position_refused(network: Any, coordinator: Actor) -> None:
    with pytest.raises(InvalidValue, match="nome"):
        operations.add_enterprise(network, EnterpriseData(name="  ", legal_form="informal"), actor=coordinator)
    with pytest.raises(InvalidValue, match="as duas"):
        operations.add_enterprise(
            network, EnterpriseData(name="X", legal_form="informal", latitude=Decimal(1)), actor=coordinator
        )


@pytest.mark.parametrize("role", ["treasury", "accountant", "council"])
def test_only_coordination_and_purchasing_add_enterprises(network: Any, role: str) -> None:
    with pytest.raises(NotAllowed):
        operations.add_enterprise(network, HONEY, actor=factories.actor(network, role))


def test_an_enterprise_coordinator_edits_their_own_and_no_other(network: Any) -> None:
    own, other = factories.enterprise(), factories.enterprise()
    actor = factories.actor(network, "enterprise_coordinator", own)
    operations.edit_enterprise(own, EnterpriseData(name="Nosso", legal_form="family"), actor=actor)
    with pytest.raises(NotAllowed):
        operations.edit_enterprise(other, EnterpriseData(name="Deles", legal_form="family"), actor=actor)
    with pytest.raises(NotAllowed):
        operations.edit_enterprise(
            own,
            EnterpriseData(name="Nosso", legal_form="family"),
            actor=factories.actor(network, "enterprise_member", own),
        )


def test_an_edit_keeps_what_changed_and_finds_by_the_new_name(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise(name="Antes", legal_form="informal")
    operations.edit_enterprise(enterprise, EnterpriseData(name="Ação", legal_form="informal"), actor=coordinator)
    entry = AuditEntry.objects.get(act="network.enterprise_edited")
    assert entry.data == {"changes": {"name": ["Antes", "Ação"]}, "acting_as": "coordination"}
    assert Enterprise.objects.get(folded="acao").findable == "acao"


def test_an_edit_that_changes_nothing_leaves_no_record(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise(name="Igual", legal_form="informal")
    operations.edit_enterprise(enterprise, EnterpriseData(name="Igual", legal_form="informal"), actor=coordinator)
    assert not AuditEntry.objects.filter(act="network.enterprise_edited").exists()


def test_the_second_of_two_coordinators_editing_at_once_is_told(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise(name="Um", legal_form="informal")
    seen = changes.version(enterprise, ENTERPRISE_FIELDS)
    operations.edit_enterprise(
        enterprise, EnterpriseData(name="Dois", legal_form="informal"), actor=coordinator, seen=seen
    )
    with pytest.raises(StaleEdit):
        operations.edit_enterprise(
            enterprise, EnterpriseData(name="Três", legal_form="informal"), actor=coordinator, seen=seen
        )
    assert Enterprise.objects.get().name == "Dois"


def test_deactivating_wants_a_reason_and_can_be_undone(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    with pytest.raises(InvalidValue):
        operations.deactivate_enterprise(enterprise, actor=coordinator, reason=" ")
    operations.deactivate_enterprise(enterprise, actor=coordinator, reason="Encerrou as atividades")
    operations.deactivate_enterprise(enterprise, actor=coordinator, reason="de novo")
    assert AuditEntry.objects.get(act="network.enterprise_deactivated").reason == "Encerrou as atividades"
    assert not operations.reactivate_enterprise(enterprise, actor=coordinator).network.is_example
    assert Enterprise.objects.get().is_active


def test_an_upper_module_may_refuse_that_an_enterprise_leaves(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise()

    def refuse(event: EnterpriseDeactivated) -> None:
        if event.enterprise_id == enterprise.pk:
            raise InvalidValue("Há cobranças em aberto.")

    events.inside(EnterpriseDeactivated)(refuse)
    try:
        with pytest.raises(InvalidValue):
            operations.deactivate_enterprise(enterprise, actor=coordinator, reason="saiu")
    finally:
        events._inside[EnterpriseDeactivated].remove(refuse)
    assert Enterprise.objects.get().is_active


def test_contacts_are_added_changed_and_removed_on_record(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    rosa = ContactData(name="Rosa", phone="16 99999-0000")
    contact = operations.add_contact(enterprise, rosa, actor=coordinator, key="a")
    assert operations.add_contact(enterprise, rosa, actor=coordinator, key="a") == contact
    operations.edit_contact(contact, ContactData(name="Rosa Lima", phone="16 99999-0000"), actor=coordinator)
    operations.remove_contact(contact, actor=coordinator)
    assert not Contact.objects.exists()
    acts = list(AuditEntry.objects.order_by("sequence").values_list("act", flat=True))
    assert acts == ["network.contact_added", "network.contact_edited", "network.contact_removed"]
    with pytest.raises(NotAllowed):
        operations.add_contact(enterprise, ContactData(name="X"), actor=factories.actor(network, "council"))
