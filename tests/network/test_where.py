# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a network is: country, language, currency and clock, from its beginning on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue
from mutirao.ledger.models import Book
from mutirao.network import operations as do
from mutirao.network.errors import CurrencyInUse
from mutirao.network.models import Network
from mutirao.network.operations.networks import installation
from mutirao.payments.models import Charge, CreditAccount
from mutirao.payments.operations import issue_charge

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("country", "language", "currency", "time_zone"),
    [
        ("FR", "fr", "EUR", "Europe/Paris"),
        ("AR", "es", "ARS", "America/Argentina/Buenos_Aires"),
        ("CL", "es", "CLP", "America/Santiago"),
        ("BR", "pt-br", "BRL", "America/Sao_Paulo"),
        ("JP", "en", "JPY", "Asia/Tokyo"),
    ],
)
@pytest.mark.usefixtures("network")
def test_a_network_takes_language_currency_and_clock_of_its_country(
    country: str, language: str, currency: str, time_zone: str
) -> None:
    made = do.create_network(slug="nova", name="Nova", country=country.lower(), actor=installation())
    assert (made.country, made.language, made.currency, made.time_zone) == (country, language, currency, time_zone)


@pytest.mark.parametrize(
    "wrong", [{"country": "ZZ"}, {"currency": "XXX"}, {"language": "tlh"}, {"time_zone": "Europe/Lutetia"}]
)
@pytest.mark.usefixtures("network")
def test_what_there_is_not_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidValue):
        do.create_network(slug="nova", name="Nova", actor=installation(), **wrong)


def test_currency_changes_only_while_nothing_is_booked(network: Network, coordinator: Actor) -> None:
    changed = do.edit_network(network, name="R", about="", currency="UYU", country="UY", actor=coordinator)
    assert (changed.currency, changed.country) == ("UYU", "UY")
    assert set(Book.objects.values_list("currency", flat=True)) <= {"UYU"}
    assert set(CreditAccount.objects.values_list("currency", flat=True)) <= {"UYU"}
    issue_charge(factories.enterprise(), amount_minor=1, title="Março", due_on=DAY, actor=coordinator)
    assert Charge.objects.get().currency == "UYU"
    with pytest.raises(CurrencyInUse):
        do.edit_network(network, name="R", about="", currency="ARS", actor=coordinator)
    network.refresh_from_db()
    assert network.currency == "UYU"
    renamed = do.edit_network(network, name="Outra", about="", currency="UYU", actor=coordinator)
    assert renamed.name == "Outra"


def test_rules_page_sets_where_the_network_is(network: Network, coordinator: Actor) -> None:
    client = Client()
    client.force_login(factories.Person.objects.get(pk=coordinator.person_id))
    url = reverse("network:settings", args=[network.slug])
    assert 'value="America/Sao_Paulo" selected' in client.get(url).content.decode()
    form = {
        "name": "R", "about": "", "country": "PT", "language": "pt-br", "currency": "EUR",
        "time_zone": "Europe/Lisbon",
    }  # fmt: skip
    assert client.post(url, form).status_code == 302
    network.refresh_from_db()
    assert (network.country, network.currency, network.time_zone) == ("PT", "EUR", "Europe/Lisbon")
    refused = client.post(url, {**form, "currency": "BTC"})
    assert refused.status_code == 422


def test_who_chose_no_language_reads_the_networks(network: Network, coordinator: Actor) -> None:
    network.language = "fr"
    network.save()
    someone = factories.Person.objects.get(pk=coordinator.person_id)
    client = Client()
    client.force_login(someone)
    url = reverse("network:enterprises", args=[network.slug])
    assert '<html lang="fr"' in client.get(url).content.decode()
    assert '<html lang="en"' in client.get(url, headers={"Accept-Language": "de,en;q=0.8"}).content.decode()
    assert '<html lang="fr"' in client.get(url, headers={"Accept-Language": "de"}).content.decode()
    someone.language = "es"
    someone.save()
    assert '<html lang="es"' in client.get(url).content.decode()


def test_a_form_abroad_does_not_speak_of_brazilian_numbers(network: Network, coordinator: Actor) -> None:
    Network.objects.filter(pk=network.pk).update(country="AR")
    client = Client()
    client.force_login(factories.Person.objects.get(pk=coordinator.person_id))
    page = client.get(reverse("network:enterprise_new", args=[network.slug])).content.decode()
    assert "CUIT" in page
    assert "Código postal" in page
    for word in ("CEP", "CNPJ", "UF)"):
        assert word not in page
