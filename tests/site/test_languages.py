# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages for people without an account speak the network's language where the browser's is not spoken here; what is
handed out is in the network's language, whoever prints it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories
from tests.admission import makers
from tests.purchasing import factories as buying
from tests.purchasing.test_second_half import Story

from mutirao.admission.models import Certificate
from mutirao.admission.printing import certificate_pdf
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network import operations
from mutirao.network.models import Network, Person
from mutirao.purchasing import documents
from mutirao.purchasing.operations import quote_requests as asking
from mutirao.purchasing.operations import rounds

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def spanish(network: Network) -> Network:
    network.language = "es"
    network.save(update_fields=["language"])
    return network


def language_of(path: str, asked: str) -> str:
    page = Client().get(path, headers={"Accept-Language": asked} if asked else {})
    assert page.status_code == 200
    found = re.search(r'<html lang="([\w-]+)"', page.content.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("asked", "read"), [("", "es"), ("de", "es"), ("ja,ko;q=0.5", "es"), ("fr", "fr")])
def test_an_invitation_and_a_request_to_join_are_read_in_the_networks_language(
    spanish: Network, coordinator: Actor, asked: str, read: str
) -> None:
    issued = operations.invite(spanish, role="purchasing", actor=coordinator, name="Ana")
    assert language_of(f"/convite/{issued.token}/", asked) == read
    assert language_of(reverse("admission_start", args=[spanish.slug]), asked) == read
    started = makers.started(spanish)
    assert language_of(reverse("admission_link", args=[started.token]), asked) == read


def test_who_comes_in_by_an_invitation_keeps_the_language_it_was_read_in(spanish: Network, coordinator: Actor) -> None:
    issued = operations.invite(spanish, role="purchasing", actor=coordinator, name="Ana")
    sent = {"name": "Ana", "email": "ana@example.coop", "way": "password", "password": "una-clave-bien-larga-26"}
    answer = Client().post(f"/convite/{issued.token}/", sent, headers={"Accept-Language": "de"})
    assert answer.status_code == 302
    assert Person.objects.get(email="ana@example.coop").language == "es"


def test_a_certificate_is_checked_and_printed_in_the_networks_language(spanish: Network, coordinator: Actor) -> None:
    makers.admitted(spanish, coordinator)
    certificate = Certificate.objects.select_related("network").get()
    assert language_of(f"/certificado/{certificate.code}/", "de") == "es"
    with translation.override("en"):
        assert re.search(rb"/Lang ?\(es\)", certificate_pdf(certificate))


def test_an_order_goes_to_its_supplier_in_the_networks_language(spanish: Network, coordinator: Actor) -> None:
    order = Story(spanish, coordinator).order()
    with translation.override("en"):
        told = documents.order_text(order)
        page = documents.order_pdf(order)
    assert told.startswith("*Pedido ")
    assert "Order" not in told
    assert re.search(rb"/Lang ?\(es\)", page)


def test_a_supplier_without_account_reads_the_networks_language(spanish: Network, coordinator: Actor) -> None:
    enterprise, product = factories.enterprise(), factories.product(name="Arroz")
    round_ = buying.open_round(spanish, coordinator, products=[product], places=[buying.place(name="Galpón")])
    buying.enter(round_, enterprise, coordinator, "60")
    round_ = rounds.close_needs(round_, actor=coordinator)
    until = clock.now() + dt.timedelta(days=3)
    (asked,) = asking.ask_for_quotes(round_, suppliers=[factories.supplier()], answer_until=until, actor=coordinator)
    assert language_of(f"/cotar/{asking.token_of(asked)}/", "de") == "es"
    assert language_of(f"/cotar/{asking.token_of(asked)}/", "en") == "en"
