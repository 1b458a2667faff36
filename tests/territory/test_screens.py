# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screens of the territory as their people see them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar
from PIL import Image
from python_calamine import CalamineWorkbook
from tests import factories
from tests.importing.bringing import Bringing

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network.models import Enterprise, Person, Territory
from mutirao.network.panels import panels_for
from mutirao.site import home
from mutirao.territory import operations as do
from mutirao.territory.models import Agreement, ChainLink, Partner
from mutirao.territory.operations import CallData, LinkData, PartnerData, PersonData

pytestmark = pytest.mark.usefixtures("noon")


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


@pytest.fixture
def centre(coordinator: Actor) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def places(network: Any) -> list[Any]:
    north, south = Territory.objects.create(name="Norte"), Territory.objects.create(name="Sul")
    towns = [
        factories.municipality(name="Apiaí", latitude="-24.51000", longitude="-48.84000"),
        factories.municipality(name="Registro", folded="registro", latitude="-24.49000", longitude="-47.84000"),
    ]
    return [
        factories.enterprise(name="Farinheira <b>", territory=north, municipality=towns[0]),
        factories.enterprise(name="Padaria", territory=south, municipality=towns[1]),
        factories.enterprise(name="Sem lugar", legal_form="association"),
    ]


@pytest.fixture
def chain(places: list[Any], coordinator: Actor) -> list[Any]:
    flour, cake = factories.product(name="Farinha"), factories.product(name="Bolo", unit="un")
    quantity = LinkData(quantity=Decimal(40))
    do.add_link(places[0], product=flour, direction="makes", data=quantity, actor=coordinator)
    do.add_link(places[1], product=flour, direction="uses", data=quantity, actor=coordinator)
    do.add_link(places[1], product=cake, direction="makes", data=quantity, actor=coordinator)
    return [flour, cake]


@pytest.fixture
def council(network: Any, coordinator: Actor) -> Partner:
    town = factories.municipality(name="Eldorado", latitude="-24.52000", longitude="-48.11000")
    data = PartnerData(name="Conselho de Alimentação", kind="council", municipality=town, relationship="Antiga")
    made = do.add_partner(network, data, actor=coordinator)
    assert made is not None
    return made


def url(network: Any, name: str, *args: Any) -> str:
    return reverse(f"territory:{name}", args=[network.slug, *args])


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def listed(response: Any) -> list[str]:
    return [row.name for row, _makes, _uses in response.context["rows"]]


def test_map_and_list_show_the_same_and_each_dot_opens_its_enterprise(
    network: Any, centre: Client, places: list[Any], chain: list[Any]
) -> None:
    page = centre.get(url(network, "map"))
    assert listed(page) == ["Farinheira <b>", "Padaria", "Sem lugar"]
    body = page.content.decode()
    picture = body[body.index('<svg class="territory-map"') : body.index("<figcaption>")]
    for row in places[:2]:
        assert f'href="/rede/{network.slug}/empreendimentos/{row.pk}/"' in picture
    assert "Farinheira &lt;b&gt;" in picture
    assert "<b>" not in picture.replace("&lt;b&gt;", "")
    assert "1 empreendimento não aparece no mapa" in text(page)
    assert "km" in picture
    assert "style=" not in picture


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"direction": "makes"}, ["Farinheira <b>", "Padaria"]),
        ({"direction": "uses"}, ["Padaria"]),
        ({"product": 0}, ["Farinheira <b>", "Padaria"]),
        ({"product": 0, "direction": "makes"}, ["Farinheira <b>"]),
        ({"product": 1, "direction": "uses"}, []),
        ({"legal_form": "association"}, ["Sem lugar"]),
        ({"territory": "Norte"}, ["Farinheira <b>"]),
    ],
)
def test_filters_narrow_map_and_list(
    network: Any, centre: Client, chain: list[Any], filters: dict[str, Any], expected: list[str]
) -> None:
    if "product" in filters:
        filters = filters | {"product": chain[filters["product"]].pk}
    if "territory" in filters:
        filters = {"territory": Territory.objects.get(name=filters["territory"]).pk}
    page = centre.get(url(network, "map"), filters)
    if expected:
        assert listed(page) == expected
    else:
        assert "Nenhum empreendimento assim" in text(page)


def test_a_number_on_the_map_opens_exactly_those_it_counts(
    network: Any, centre: Client, places: list[Any], chain: list[Any], coordinator: Actor
) -> None:
    near = factories.municipality(name="Perto", latitude="-24.50990", longitude="-48.84010")
    for number in range(14):
        made = factories.enterprise(municipality=near if number % 2 else places[0].municipality)
        do.add_link(made, product=chain[0], direction="uses", data=LinkData(), actor=coordinator)
    factories.enterprise(municipality=near)  # says nothing of flour
    page = centre.get(url(network, "map"), {"product": chain[0].pk})
    found = re.search(r'<a href="([^"]+)" aria-label="(\d+) em Apiaí e arredores">', page.content.decode())
    assert found is not None
    opened = centre.get(found[1].replace("&amp;", "&"))
    assert len(opened.context["enterprises"]) == int(found[2]) == 15
    assert "Ver o mapa inteiro" in text(opened)
    assert 'name="area"' in opened.content.decode()
    for nonsense in ("", "x", "1,2,3", "nan,1,2,3", "1,2,3,1e99", "9" * 400):
        assert len(centre.get(url(network, "map"), {"area": nonsense}).context["enterprises"]) == 18


def test_an_enterprise_with_a_place_of_its_own_is_found_there(network: Any, centre: Client, places: list[Any]) -> None:
    Enterprise.objects.filter(pk=places[0].pk).update(latitude="-22.00000", longitude="-47.00000")
    assert listed(centre.get(url(network, "map"), {"area": "-25,-49,-24,-47"})) == ["Padaria"]
    assert listed(centre.get(url(network, "map"), {"area": "-22,-47,-22,-47"})) == ["Farinheira <b>"]


def test_the_map_of_several_countries_names_cities_and_is_filtered_by_country(network: Any, centre: Client) -> None:
    type(network).objects.filter(pk=network.pk).update(country="FR")
    for name, city, country, lat, lon in (
        ("Vélos", "Nantes", "FR", "47.21840", "-1.55360"), ("Ruedas", "Bilbao", "ES", "43.26270", "-2.92530"),
        ("Räder", "Leipzig", "DE", "51.33970", "12.37310"),
    ):  # fmt: skip
        factories.enterprise(name=name, city=city, country=country, latitude=lat, longitude=lon)
    factories.enterprise(name="Sans point", city="Lyon", country="FR")
    page = centre.get(url(network, "map"))
    body = page.content.decode()
    for city in ("Nantes", "Bilbao", "Leipzig"):
        assert re.search(rf'<text class="place[^>]*>{city}</text>', body)
    assert "falta o município, ou o ponto" in text(page)
    assert 'name="municipality"' not in body
    assert listed(centre.get(url(network, "map"), {"country": "ES"})) == ["Ruedas"]


def test_the_list_says_the_territory_that_the_map_colours(network: Any, centre: Client, places: list[Any]) -> None:
    assert "Apiaí (SP) · Norte" in text(centre.get(url(network, "map")))


def test_partners_stand_on_the_map_when_asked_for(
    network: Any, centre: Client, places: list[Any], council: Partner
) -> None:
    assert "Conselho" not in text(centre.get(url(network, "map")))
    shown = centre.get(url(network, "map"), {"partners": "yes"})
    assert 'class="partner"' in shown.content.decode()


def test_ten_times_the_enterprises_cost_no_more_queries(
    network: Any, centre: Client, chain: list[Any], places: list[Any], coordinator: Actor
) -> None:
    def queries_of(name: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            centre.get(url(network, name))
        return len(caught)

    pages = ("map", "missing", "actors")
    do.add_partner(network, PartnerData(name="Primeiro", kind="other"), actor=coordinator)
    for name in pages:
        queries_of(name)  # what the first page of a session asks
    few = [queries_of(name) for name in pages]
    for number in range(30):
        made = factories.enterprise(
            municipality=places[number % 2].municipality, territory=places[number % 2].territory
        )
        do.add_link(made, product=chain[number % 2], direction="uses", data=LinkData(), actor=coordinator)
        do.add_partner(network, PartnerData(name=f"Parceiro {number}", kind="other"), actor=coordinator)
    many = [queries_of(name) for name in pages]
    assert [after for before, after in zip(few, many, strict=True) if after > before] == []


def test_what_is_missing_is_said_and_downloaded(network: Any, centre: Client, chain: list[Any]) -> None:
    page = text(centre.get(url(network, "missing")))
    assert "Fazemos e ninguém compra ainda Bolo Fazem: Padaria" in page
    sheets = CalamineWorkbook.from_filelike(BytesIO(centre.get(url(network, "missing_xlsx")).content))
    assert sheets.sheet_names == ["Comprado fora e feito aqui", "Usado e ninguém faz", "Feito e sem quem compre"]
    assert sheets.get_sheet_by_index(2).to_python()[1][:3] == ["Bolo", "un", "Padaria"]
    csv = centre.get(url(network, "missing_csv")).content.decode("utf-8-sig")
    assert "Feito e sem quem compre;Bolo;un;Padaria;;480;" in csv


def test_an_enterprise_writes_what_it_makes_from_its_own_page(
    network: Any, places: list[Any], chain: list[Any]
) -> None:
    own = signed_in(factories.actor(network, "enterprise_coordinator", places[1]))
    factories.product(name="Pão", unit="kg")
    sent = {"product": "pao", "direction": "makes", "quantity": "12,5", "per": "month", "months": ["3", "4"]}
    answer = own.post(url(network, "link_new", places[1].pk), sent, follow=True)
    assert "março a abril" in text(answer).lower() or "mar a abr" in text(answer).lower()
    link = ChainLink.objects.get(product__name="Pão")
    assert (link.quantity, link.months) == (Decimal("12.5"), [3, 4])
    edit = url(network, "link_edit", places[1].pk, link.pk)
    seen = re.search(r'name="seen" value="(\w+)"', own.get(edit).content.decode())
    assert seen is not None
    own.post(edit, {"quantity": "20", "per": "year", "seen": seen[1]})
    link.refresh_from_db()
    assert (link.quantity, link.per) == (Decimal(20), "year")
    own.post(url(network, "link_remove", places[1].pk, link.pk))
    assert not ChainLink.objects.filter(pk=link.pk).exists()


def test_an_unknown_product_is_refused_in_words(network: Any, centre: Client, places: list[Any]) -> None:
    sent = {"product": "Lua", "direction": "makes", "per": "month"}
    answer = centre.post(url(network, "link_new", places[0].pk), sent)
    assert answer.status_code == 422
    assert "não está na lista de produtos" in text(answer)


def test_a_member_reads_and_is_refused_to_write(
    network: Any, places: list[Any], chain: list[Any], council: Partner
) -> None:
    member = signed_in(factories.actor(network, "enterprise_member", places[1]))
    assert member.get(url(network, "links", places[1].pk)).status_code == 200
    assert member.get(url(network, "actor", council.pk)).status_code == 200
    link = ChainLink.objects.first()
    refused = [
        url(network, "link_new", places[1].pk), url(network, "link_edit", link.enterprise_id, link.pk),
        url(network, "actor_new"), url(network, "actor_edit", council.pk), url(network, "meeting_new", council.pk),
        url(network, "call_new", council.pk), url(network, "next_step", council.pk),
        url(network, "agreement_new", council.pk), url(network, "person_new", council.pk),
        url(network, "next_step_done", council.pk), url(network, "actor_activity", council.pk),
    ]  # fmt: skip
    assert {path: member.get(path).status_code for path in refused} == dict.fromkeys(refused, 403)


def test_members_do_not_see_whom_to_call_at_a_partner(
    network: Any, centre: Client, council: Partner, coordinator: Actor
) -> None:
    data = PersonData(name="Rita Prado", phone="11 5555-1234", kept_because="responde pela merenda")
    do.add_partner_person(council, data, actor=coordinator)
    member = signed_in(factories.actor(network, "enterprise_member", factories.enterprise()))
    assert "Rita" not in text(member.get(url(network, "actor", council.pk)))
    seen = text(centre.get(url(network, "actor", council.pk)))
    assert "(11) 5555-1234" in seen
    assert "Guardamos porque: responde pela merenda" in seen


def test_a_partner_is_written_down_from_the_screen(
    network: Any, centre: Client, places: list[Any], chain: list[Any]
) -> None:
    sent = {
        "name": "Prefeitura", "kind": "city_hall", "municipality": "Registro (SP)", "enterprises": [places[1].pk],
        "products": [chain[1].pk],
    }  # fmt: skip
    assert centre.post(url(network, "actor_new"), sent).status_code == 302
    partner = Partner.objects.get()
    assert list(partner.products.all()) == [chain[1]]
    assert "Fazemos e ninguém compra ainda Nada" in text(centre.get(url(network, "missing")))
    page = text(centre.get(reverse("network:enterprise", args=[network.slug, places[1].pk])))
    assert "Prefeitura" in page
    again = centre.post(url(network, "actor_new"), sent)
    assert again.status_code == 422
    assert "Já há um parceiro" in text(again)


def test_a_signed_paper_is_kept_and_handed_out_and_a_page_is_refused(
    network: Any, centre: Client, council: Partner
) -> None:
    address = url(network, "agreement_new", council.pk)
    bad = {"text": "Sala", "since": "2026-03-01", "file": SimpleUploadedFile("a.pdf", b"<html><script>")}
    assert centre.post(address, bad).status_code == 422
    assert not Agreement.objects.exists()
    buffer = BytesIO()
    Image.new("RGB", (30, 20), "white").save(buffer, "PNG")
    good = {"text": "Sala", "since": "2026-03-01", "file": SimpleUploadedFile("termo.png", buffer.getvalue())}
    assert centre.post(address, good).status_code == 302
    agreement = Agreement.objects.get()
    paper = centre.get(url(network, "agreement_file", council.pk, agreement.pk))
    assert paper["Content-Type"] == "image/jpeg"
    assert "sandbox" in paper["Content-Security-Policy"]


def test_a_partner_abroad_is_written_down_from_the_screen(network: Any, centre: Client) -> None:
    sent = {"name": "Coop57", "kind": "funder", "municipality": "", "city": "Barcelona"}
    assert centre.post(url(network, "actor_new"), sent).status_code == 302
    row = Partner.objects.get()
    assert "Cidade Barcelona" in text(centre.get(url(network, "actor", row.pk)))
    assert 'value="Barcelona"' in centre.get(url(network, "actor_edit", row.pk)).content.decode()
    assert "Coop57" in text(centre.get(url(network, "actors"), {"q": "barcelona"}))


def test_what_is_sent_twice_is_written_down_once(network: Any, centre: Client, council: Partner) -> None:
    person = {"name": "Rita", "idempotency_key": "a" * 32}
    agreed = {"text": "Sala às terças", "since": "2026-03-01", "idempotency_key": "b" * 32}
    for _again in range(2):
        assert centre.post(url(network, "person_new", council.pk), person).status_code == 302
        assert centre.post(url(network, "agreement_new", council.pk), agreed).status_code == 302
    assert (council.people.count(), council.agreements.count()) == (1, 1)
    page = centre.get(url(network, "agreement_new", council.pk)).content.decode()
    assert 'name="idempotency_key"' in page


def test_old_talks_stay_within_reach(network: Any, centre: Client, council: Partner, coordinator: Actor) -> None:
    for number in range(25):
        day = clock.today() - dt.timedelta(days=number)
        do.note_meeting(council, held_on=day, who="Eu", what=f"Conversa {number}.", actor=coordinator)
    first = text(centre.get(url(network, "actor", council.pk)))
    assert "Conversa 19." in first
    assert "Conversa 24." not in first
    assert "1 a 20 de 25" in first
    assert "Conversa 24." in text(centre.get(url(network, "actor", council.pk), {"page": 2}))


@pytest.mark.parametrize(
    ("currency", "typed", "minor", "shown"),
    [("JPY", "1.250.000", 1250000, "JP¥ 1.250.000"), ("BRL", "12.500,50", 1250050, "R$ 12.500,50")],
)
def test_a_calls_value_is_in_the_networks_currency(
    network: Any, centre: Client, council: Partner, currency: str, typed: str, minor: int, shown: str
) -> None:
    network.currency = currency
    network.save(update_fields=["currency"])
    sent = {"number": "1/26", "title": "Merenda", "closes_on": "2030-01-31", "outcome": "watching"}
    assert centre.post(url(network, "call_new", council.pk), {**sent, "value_minor": typed}).status_code == 302
    call = council.calls.get()
    assert (call.value_minor, call.currency) == (minor, currency)
    assert f'value="{typed}"' in centre.get(url(network, "call_edit", call.pk)).content.decode()
    assert shown in text(centre.get(url(network, "actor", council.pk))).replace("\xa0", " ")
    assert shown in text(centre.get(reverse("network:audit", args=[network.slug]))).replace("\xa0", " ")
    if currency == "JPY":
        refused = centre.post(url(network, "call_new", council.pk), {**sent, "number": "2", "value_minor": "10,55"})
        assert refused.status_code == 422


def test_deadlines_go_to_the_calendar(network: Any, centre: Client, council: Partner, coordinator: Actor) -> None:
    day = clock.today() + dt.timedelta(days=12)
    data = CallData(number="3/26", title="Merenda; 2º semestre", closes_on=day, goods="banana\nmel")
    do.add_call(council, data, actor=coordinator)
    do.set_next_step(council, what="Levar a ata", until=day, actor=coordinator)
    events = Calendar.from_ical(centre.get(url(network, "deadlines")).content).walk("VEVENT")
    assert [(event.decoded("dtstart"), str(event["summary"])) for event in events] == [
        (day, "Chamada 3/26: propostas até hoje"),
        (day, "Conselho de Alimentação: Levar a ata"),
    ]
    assert f"/rede/{network.slug}/parceiros/{council.pk}/" in str(events[0]["url"])


def test_what_is_due_is_on_the_first_page_and_in_the_search(
    network: Any, centre: Client, council: Partner, coordinator: Actor
) -> None:
    day = clock.today() + dt.timedelta(days=12)
    do.add_call(council, CallData(number="3/26", title="Merenda escolar", closes_on=day), actor=coordinator)
    do.set_next_step(council, what="Levar a ata", until=clock.today() - dt.timedelta(days=1), actor=coordinator)
    titles = [one.title for one in home.waiting(coordinator, network)]
    assert titles[0] == "Levar a ata"
    assert any("3/26" in title for title in titles)
    found = text(centre.get(reverse("search", args=[network.slug]), {"q": "merenda"}))
    assert "Merenda escolar" in found
    assert "Conselho de Alimentação" in text(centre.get(reverse("search", args=[network.slug]), {"q": "alimentacao"}))


def test_panels_say_who_makes_and_who_uses(
    network: Any, coordinator: Actor, places: list[Any], chain: list[Any]
) -> None:
    titles = [str(panel.title) for panel in panels_for("product", coordinator, chain[0])]
    assert "Quem produz e quem usa" in titles


def test_a_sheet_brings_what_is_made_and_used(
    network: Any, coordinator: Actor, places: list[Any], chain: list[Any]
) -> None:
    titles = "Empreendimento;Produz ou usa;Produto;Quantidade;Por"
    sheet = f"{titles}\nSem lugar;produz;bolo;1.200;ano\nPadaria;usa;Farinha;55;\n"
    Bringing("chain", network, coordinator).bring(sheet)
    link = ChainLink.objects.get(enterprise=places[2])
    assert (link.direction, link.quantity, link.per) == ("makes", Decimal(1200), "year")
    assert ChainLink.objects.get(enterprise=places[1], direction="uses").quantity == Decimal(55)
