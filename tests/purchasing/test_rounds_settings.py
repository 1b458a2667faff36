# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network's rules for its rounds, and its places of delivery (B1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests import factories
from tests.purchasing import factories as buying

from mutirao.kernel import changes
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed, SeveralProblems, StaleEdit
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Network
from mutirao.purchasing.errors import PlaceNameTaken, PlaceWasUsed
from mutirao.purchasing.models import DeliveryPlace, PurchasingSettings
from mutirao.purchasing.operations import rounds, settings
from mutirao.purchasing.queries.settings import settings_of


def test_rules_are_changed_with_their_reason(network: Network, coordinator: Actor) -> None:
    rules = settings.edit_purchasing_settings(
        network, allocation_rule="chronological", solidarity_preference=7, reason="Reunião de março",
        actor=coordinator,
    )  # fmt: skip
    assert (rules.allocation_rule, settings_of(network.pk)) == ("chronological", rules)
    entry = AuditEntry.objects.get(act="purchasing.settings_changed")
    assert entry.reason == "Reunião de março"
    assert entry.data["changes"]["allocation_rule"] == ["proportional", "chronological"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"solidarity_preference": 51},
        {"local_preference": -1},
        {"supplier_cost_minor": -1},
        {"max_suppliers": 0},
    ],
)
def test_rules_out_of_range_are_refused(network: Network, coordinator: Actor, wrong: dict[str, Any]) -> None:
    with pytest.raises(SeveralProblems) as caught:
        settings.edit_purchasing_settings(network, actor=coordinator, **wrong)
    assert [problem.field for problem in caught.value.problems] == list(wrong)
    assert settings_of(network.pk).solidarity_preference == 0


def test_second_of_two_coordinators_is_told(network: Network, coordinator: Actor) -> None:
    seen = changes.version(settings_of(network.pk), settings.RULE_FIELDS)
    settings.edit_purchasing_settings(network, fee_rule="equal", seen=seen, actor=coordinator)
    with pytest.raises(StaleEdit):
        settings.edit_purchasing_settings(network, fee_rule="weight", seen=seen, actor=coordinator)
    assert settings_of(network.pk).fee_rule == "equal"


def test_only_the_coordination_sets_rules(network: Network) -> None:
    place = buying.place()
    team = factories.actor(network, "purchasing")
    for act in (
        lambda: settings.edit_purchasing_settings(network, fee_rule="equal", actor=team),
        lambda: settings.add_place(network, name="X", actor=team),
        lambda: settings.edit_place(place, name="X", actor=team),
        lambda: settings.remove_place(place, actor=team),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not PurchasingSettings.objects.exists()


def test_places_have_names_of_their_own(network: Network, coordinator: Actor) -> None:
    barn = settings.add_place(network, name="  Galpão   velho ", actor=coordinator)
    assert barn.name == "Galpão velho"
    with pytest.raises(PlaceNameTaken):
        settings.add_place(network, name="Galpão velho", actor=coordinator)
    with pytest.raises(InvalidValue):
        settings.add_place(network, name="  ", actor=coordinator)
    assert settings.edit_place(barn, name="Galpão velho", address="Rua 1", actor=coordinator).address == "Rua 1"
    other = settings.add_place(network, name="Escola", actor=coordinator)
    with pytest.raises(PlaceNameTaken):
        settings.edit_place(other, name="Galpão velho", actor=coordinator)


def test_place_of_a_round_is_put_out_of_use_and_not_deleted(network: Network, coordinator: Actor, noon: Any) -> None:
    round_ = buying.draft_round(network, coordinator)
    used, spare = round_.places.get(), buying.place(name="Escola")
    with pytest.raises(PlaceWasUsed):
        settings.remove_place(used, actor=coordinator)
    settings.edit_place(used, name=used.name, is_active=False, actor=coordinator)
    settings.remove_place(spare, actor=coordinator)
    assert list(DeliveryPlace.objects.all()) == [used]
    copy = rounds.open_draft_round(network, title="Outra", needs_until=noon, copy_from=round_, actor=coordinator)
    assert not copy.places.exists()


def test_rules_and_places_on_the_screen(client: Client, network: Network) -> None:
    base = f"/rede/{network.slug}/compras/"
    buying.signed_in(client, "coordination")
    page = client.get(f"{base}regras/")
    sent = {
        "allocation_rule": "equal", "freight_rule": "value", "fee_rule": "value", "approval_rule": "everyone",
        "solidarity_preference": "7", "local_preference": "0", "supplier_cost_minor": "30,00",
        "seen": page.context["form"].initial["seen"],
    }  # fmt: skip
    answer = client.post(f"{base}regras/", {**sent, "solidarity_preference": "7,5"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["solidarity_preference"] == ["Use um número inteiro, sem vírgula."]
    assert client.post(f"{base}regras/", sent).status_code == 302
    rules = settings_of(network.pk)
    assert (rules.solidarity_preference, rules.supplier_cost_minor) == (7, 3000)
    assert client.post(f"{base}regras/", {**sent, "fee_rule": "equal"}).status_code == 422
    assert client.post(f"{base}locais/novo/", {"name": "Galpão", "address": "Rua 1"}).status_code == 302
    place = DeliveryPlace.objects.get()
    assert client.post(f"{base}locais/{place.pk}/", {"name": "Galpão", "address": "Rua 2"}).status_code == 302
    place.refresh_from_db()
    assert (place.address, place.is_active) == ("Rua 2", False)
    assert client.post(f"{base}locais/{place.pk}/apagar/").status_code == 302
    assert not DeliveryPlace.objects.exists()


def test_rules_page_is_the_coordinations(client: Client, network: Network) -> None:
    place = buying.place()
    buying.signed_in(client, "purchasing")
    base = f"/rede/{network.slug}/compras/"
    for path in ("regras/", "locais/novo/", f"locais/{place.pk}/", f"locais/{place.pk}/apagar/"):
        assert client.get(base + path).status_code == 403
        assert client.post(base + path, {"name": "X"}).status_code == 403
    assert DeliveryPlace.objects.get() == place
