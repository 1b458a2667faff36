# SPDX-License-Identifier: AGPL-3.0-or-later
"""What programs read: the same rows as the pages, in exact numbers, in parts that have an end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories
from tests.admission import makers
from tests.purchasing import factories as buying
from tests.site.api.asking import Program, program_of, secret_of, with_role

from mutirao.admission import checking
from mutirao.admission.models import Certificate
from mutirao.network.models import Person
from mutirao.payments.operations import issue_charge
from mutirao.purchasing.models import PurchaseRound, RoundGood

pytestmark = pytest.mark.usefixtures("noon")


def charge(group: Any, amount: int, *, title: str = "Farinha", treasurer: Any) -> Any:
    return issue_charge(group, amount_minor=amount, title=title, actor=treasurer)


@pytest.fixture
def treasurer(network: Any) -> Any:
    made = factories.actor(network, "treasury")
    factories.second_factor(Person.objects.get(pk=made.person_id))
    return made


def test_the_list_of_enterprises_is_the_pages(network: Any) -> None:
    factories.enterprise(name="Padaria Aurora", legal_form="cooperative", tax_id="12345678000195", tax_id_kind="cnpj")
    factories.enterprise(name="Costura Viva")
    factories.enterprise(name="Fora de uso", is_active=False)
    program = program_of("sales")
    path = f"/rede/{network.slug}/empreendimentos"
    told = program.get(path).json()
    assert (told["count"], [one["name"] for one in told["items"]]) == (2, ["Costura Viva", "Padaria Aurora"])
    assert [one["name"] for one in program.get(path, q="auro").json()["items"]] == ["Padaria Aurora"]
    assert [one["name"] for one in program.get(path, legal_form="informal").json()["items"]] == ["Costura Viva"]
    assert [one["name"] for one in program.get(path, situation="inactive").json()["items"]] == ["Fora de uso"]
    assert program.get(path, q="auro").json()["items"][0]["tax_id"] == "12.345.678/0001-95"


def test_a_persons_number_is_whole_only_for_who_needs_to_know_it(network: Any) -> None:
    row = factories.enterprise(legal_form="family", tax_id="52998224725", tax_id_kind="cpf")
    path = f"/rede/{network.slug}/empreendimentos/{row.pk}"
    assert program_of("sales").get(path).json()["tax_id"] == "529.982.247-25"
    other = program_of("enterprise_member", factories.enterprise()).get(path).json()
    assert "529" not in other["tax_id"]
    assert other["contacts"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "query.limit"),
        ({"limit": "201"}, "query.limit"),
        ({"limit": "muitos"}, "query.limit"),
        ({"offset": "-1"}, "query.offset"),
        ({"offset": str(2**63)}, "query.offset"),
        ({"offset": str(10**30)}, "query.offset"),
        ({"q": "a\0b"}, "query.q"),
        ({"standing": "dono"}, "query.standing"),
        ({"chain": "999"}, "chain"),
        ({"chain": str(10**30)}, "chain"),
    ],
)
def test_parts_have_bounds_and_filters_their_choices(network: Any, query: dict[str, str], field: str) -> None:
    answer = program_of("sales").get(f"/rede/{network.slug}/empreendimentos", **query)
    assert answer.status_code == 422, answer.content
    assert [one["field"] for one in answer.json()["problems"]] == [field]


def test_a_long_list_comes_in_parts_without_gap_or_double(network: Any) -> None:
    for number in range(7):
        factories.enterprise(name=f"Grupo {number}")
    program, names = program_of("sales"), []
    for offset in (0, 3, 6, 9):
        told = program.get(f"/rede/{network.slug}/empreendimentos", limit=3, offset=offset).json()
        assert (told["count"], told["limit"], told["offset"]) == (7, 3, offset)
        names += [one["name"] for one in told["items"]]
    assert names == [f"Grupo {number}" for number in range(7)]


def test_products_with_their_unit(network: Any) -> None:
    factories.product(name="Açúcar", unit="kg", ncm="17019900")
    factories.product(name="Sacola", unit="mil", is_active=False)
    program = program_of("enterprise_member", factories.enterprise())
    (only,) = program.get(f"/rede/{network.slug}/produtos").json()["items"]
    assert (only["name"], only["unit"], only["ncm"]) == ("Açúcar", "kg", "17019900")
    assert program.get(f"/rede/{network.slug}/produtos", situation="all").json()["count"] == 2


def test_a_round_with_deadline_goods_and_places(network: Any, coordinator: Any, noon: dt.datetime) -> None:
    group = factories.enterprise(name="Mãos da Terra")
    round_ = buying.open_round(network, coordinator, products=[factories.product(name="Farinha")])
    RoundGood.objects.update(last_price="4.123456", pack_size="25")
    buying.draft_round(network, coordinator)
    program = program_of("enterprise_coordinator", group)
    (listed,) = program.get(f"/rede/{network.slug}/rodadas").json()["items"]
    whole = program.get(f"/rede/{network.slug}/rodadas/{round_.number}").json()
    assert listed == {name: whole[name] for name in listed}
    assert whole["needs_until"] == "2026-03-09T12:00:00-03:00"
    assert whole["own"] == [{"enterprise": {"id": group.pk, "name": "Mãos da Terra"}, "state": "invited"}]
    (good,) = whole["goods"]
    assert good["last_price"] == {"amount": "4.123456", "currency": "BRL", "per": "kg"}
    assert good["pack"] == {"amount": "25", "unit": "kg"}
    assert [one["name"] for one in whole["places"]] == ["Local 1"]
    assert program.get(f"/rede/{network.slug}/rodadas", over="true").json()["count"] == 0
    assert program.get(f"/rede/{network.slug}/rodadas/{round_.number + 1}").status_code == 404
    assert program_of("purchasing").get(f"/rede/{network.slug}/rodadas").json()["count"] == 2


def test_one_sees_the_charges_of_ones_own_enterprise(network: Any, treasurer: Any) -> None:
    own, other = factories.enterprise(), factories.enterprise()
    mine, theirs = charge(own, 12_345, treasurer=treasurer), charge(other, 500, treasurer=treasurer)
    program = program_of("enterprise_coordinator", own)
    told = program.get(f"/rede/{network.slug}/cobrancas").json()
    assert [one["id"] for one in told["items"]] == [mine.pk]
    assert told["items"][0]["amount"] == {"minor": 12_345, "currency": "BRL"}
    assert told["items"][0]["open"] == {"minor": 12_345, "currency": "BRL"}
    assert program.get(f"/rede/{network.slug}/cobrancas/{mine.pk}").json()["settlements"] == []
    assert program.get(f"/rede/{network.slug}/cobrancas/{theirs.pk}").status_code == 404
    assert program.get(f"/rede/{network.slug}/cobrancas", state="paid").json()["count"] == 0
    assert program_of("accountant").get(f"/rede/{network.slug}/cobrancas").json()["count"] == 2


def test_whose_enterprise_is_out_reads_its_own_charges_and_nothing_else(network: Any, treasurer: Any) -> None:
    own = factories.enterprise()
    mine = charge(own, 700, treasurer=treasurer)
    program = program_of("enterprise_coordinator", own)
    own.standing = "left"
    own.save(update_fields=["standing"])
    base = f"/rede/{network.slug}"
    assert program.get(f"{base}/cobrancas/{mine.pk}").status_code == 200
    for path, status in ((f"{base}/empreendimentos", 403), (f"{base}/produtos", 403), (f"{base}/rodadas", 403)):
        answer = program.get(path)
        assert (answer.status_code, answer.json()["type"]) == (status, "urn:mutirao:not_allowed")


def test_anyone_checks_a_certificate(network: Any, coordinator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    makers.admitted(network, coordinator)
    row = Certificate.objects.get()
    answer = Client().get(f"/api/v1/certificados/{row.code}")
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["state"], told["seal_holds"], told["enterprise_name"]) == ("valid", True, row.enterprise_name)
    assert told["digest"] == row.digest
    assert Client().get("/api/v1/certificados/0000-0000").status_code == 404
    monkeypatch.setattr(checking, "TRIES_AN_HOUR", 2)
    assert Client().get(f"/api/v1/certificados/{row.code}").status_code == 429
    assert Client().get(f"/certificado/{row.code}/").status_code == 429


def test_ten_times_the_rows_are_read_with_the_same_number_of_queries(
    network: Any, coordinator: Any, treasurer: Any
) -> None:
    person = with_role("coordination")
    program = Program(secret_of(person))
    paths = [f"/rede/{network.slug}/{name}" for name in ("empreendimentos", "produtos", "rodadas", "cobrancas")]

    def more(many: int) -> None:
        for _number in range(many):
            factories.product()
            group = factories.enterprise()
            charge(group, 100, treasurer=treasurer)
            buying.open_round(network, coordinator, products=[factories.product()], places=[buying.place()])

    def counted() -> dict[str, int]:
        one = f"{paths[2]}/{PurchaseRound.objects.latest('number').number}"
        return {name: queries_of(path) for name, path in [*zip(paths, paths, strict=True), ("uma rodada", one)]}

    def queries_of(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert program.get(path, **({"limit": 200} if path in paths else {})).status_code == 200
        return len(asked)

    program.get("/")  # notes that the token is in use, once in a while
    more(1)
    few = counted()
    more(9)
    assert counted() == few
    assert max(few.values()) <= 14, few
