# SPDX-License-Identifier: AGPL-3.0-or-later
"""The needs list for a thumb, and the team's tables (B2)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests import factories
from tests.purchasing import factories as buying

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.network.models import Contact, Enterprise, Network
from mutirao.purchasing.models import Need, Participation, PurchaseRound
from mutirao.purchasing.operations import needs, rounds
from mutirao.purchasing.views import needs as needs_views


@pytest.fixture
def enterprise(network: Network) -> Enterprise:
    return factories.enterprise(name="Mãos da Terra")


@pytest.fixture
def round_(enterprise: Enterprise, network: Network, coordinator: Actor, noon: dt.datetime) -> PurchaseRound:
    """Rice (kg, R$ 5,20 last time) and boxes (un, no price yet), open for a week."""
    products = [factories.product(name="Arroz"), factories.product(name="Caixa", unit="un")]
    made = buying.open_round(network, coordinator, products=products)
    rounds.edit_good(buying.goods(made)[0], last_price=Decimal("5.20"), actor=coordinator)
    return made


@pytest.fixture
def address(round_: PurchaseRound, enterprise: Enterprise) -> str:
    return buying.url(round_, f"pedidos/{enterprise.pk}/")


def sent(round_: PurchaseRound, *quantities: str, **more: Any) -> dict[str, Any]:
    """What the browser sends: quantities of the goods in their order, tolerances empty."""
    data: dict[str, Any] = {"act": "send", "seen_version": "0", "remark": "", "idempotency_key": "", **more}
    for good, quantity in zip(buying.goods(round_), quantities, strict=True):
        data[f"quantity-{good.pk}"] = quantity
        data.setdefault(f"tolerance-{good.pk}", "")
    return data


def stored(enterprise: Enterprise) -> list[tuple[str, Decimal, Decimal]]:
    rows = Need.objects.filter(participation__enterprise=enterprise).order_by("good__position")
    return [(str(need.good), need.quantity, need.tolerance) for need in rows.select_related("good__product")]


def body(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_list_is_sent_and_confirmed(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, address: str
) -> None:
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    rice = buying.goods(round_)[0]
    answer = client.post(address, sent(round_, "10,5", "4", **{f"tolerance-{rice.pk}": "2"}), follow=True)
    assert answer.redirect_chain == [(f"{address}resumo/", 302)]
    page = body(answer)
    assert "O pedido de Mãos da Terra foi recebido." in page
    assert "10,5 kg" in page
    assert "R$\xa054,60" in page
    assert stored(enterprise) == [("Arroz", Decimal("10.5"), Decimal(2)), ("Caixa", Decimal(4), Decimal(0))]


def test_same_list_sent_twice_is_confirmed_twice_and_kept_once(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, address: str
) -> None:
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    twice = sent(round_, "10", "", idempotency_key="one-and-the-same")
    assert [client.post(address, twice).status_code for _ in range(2)] == [302, 302]
    assert Participation.objects.get(enterprise=enterprise).version == 1


def test_what_is_wrong_is_told_by_good_and_everything_typed_stays(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, address: str
) -> None:
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    answer = client.post(address, sent(round_, "doze", "1,5", remark="Oi"))
    page = body(answer)
    assert answer.status_code == 422
    assert "“doze” não é um número" in page
    assert 'value="doze"' in page
    assert 'value="1,5"' in page
    assert "Oi</textarea>" in page
    answer = client.post(address, sent(round_, "12", "1,5"))
    assert "só dá para pedir números inteiros" in body(answer)
    assert stored(enterprise) == []


def test_second_person_sees_what_the_first_stored_and_keeps_the_own(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor, address: str
) -> None:
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    buying.enter(round_, enterprise, coordinator, "7")
    answer = client.post(address, sent(round_, "12", ""))
    page = body(answer)
    assert answer.status_code == 422
    assert f"{coordinator.name} mudou este pedido" in page
    assert "Agora está guardado: 7 kg" in page
    assert 'value="12"' in page
    assert stored(enterprise) == [("Arroz", Decimal(7), Decimal(0))]
    again = client.post(address, sent(round_, "12", "", seen_version=answer.context["form"]["seen_version"].value()))
    assert again.status_code == 302
    assert stored(enterprise) == [("Arroz", Decimal(12), Decimal(0))]


def test_without_javascript_the_server_counts_and_repeats(
    client: Client, network: Network, round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor, noon: Any
) -> None:
    buying.enter(round_, enterprise, coordinator, ("12.5", "3"), "6")
    rounds.close_needs(round_, actor=coordinator)
    later = rounds.open_draft_round(
        network, title="Abril", needs_until=noon + dt.timedelta(days=9), copy_from=round_, actor=coordinator,
        decided_on=clock.today(), decision_note="De novo",
    )  # fmt: skip
    later = rounds.open_round(later, actor=coordinator)
    address = buying.url(later, f"pedidos/{enterprise.pk}/")
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    rice, boxes = buying.goods(later)
    first = client.get(address)
    assert [row.good.before.quantity for row in first.context["rows"]] == [Decimal("12.5"), Decimal(6)]
    filled = client.post(address, sent(later, "", "1", act="repeat"))
    assert filled.status_code == 200
    assert [(row.quantity, row.tolerance) for row in filled.context["rows"]] == [("12,5", "3"), ("1", "")]
    assert filled.context["form"].total_minor == 6500
    one = client.post(address, sent(later, "99", "1", act=f"repeat-{boxes.pk}"))
    assert [row.quantity for row in one.context["rows"]] == ["99", "6"]
    counted = client.post(address, sent(later, "2", "x", act="calculate"))
    assert counted.context["form"].total_minor == 1040
    assert "data-error-summary" not in body(counted)
    assert not Need.objects.filter(participation__round=later).exists()
    assert rice.last_price == Decimal("5.20")


def test_place_is_asked_where_there_are_several(
    client: Client, network: Network, coordinator: Actor, enterprise: Enterprise, noon: Any
) -> None:
    barn, school = buying.place(name="Galpão"), buying.place(name="Escola")
    round_ = buying.open_round(network, coordinator, places=[barn, school])
    address = buying.url(round_, f"pedidos/{enterprise.pk}/")
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    assert "Falta dizer onde" in body(client.post(address, sent(round_, "1", "")))
    assert "Galpão" in body(client.post(address, sent(round_, "1", "", place=barn.pk), follow=True))
    assert Participation.objects.get(enterprise=enterprise).place == barn


def test_declining_takes_what_was_asked_back(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, address: str
) -> None:
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    client.post(address, sent(round_, "10", ""))
    page = client.get(f"{address}nao-participar/")
    assert "O que foi pedido sai da rodada" in body(page)
    answer = client.post(
        f"{address}nao-participar/", {"seen_version": "1", "remark": "Sem dinheiro agora"}, follow=True
    )
    assert "Desta vez o empreendimento não participa." in body(answer)
    assert stored(enterprise) == []


# --- who and when ----------------------------------------------------------------------------------------------------


def test_centre_writes_down_who_phoned(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, address: str
) -> None:
    someone = buying.signed_in(client, "purchasing")
    assert "Falta dizer quem" in body(client.post(address, sent(round_, "10", "", told_by="")))
    page = body(client.post(address, sent(round_, "10", "", told_by="Dona Lúcia"), follow=True))
    assert someone.name in page
    assert "por telefone, com Dona Lúcia" in page


def test_late_list_is_refused_in_words_and_not_lost(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, address: str
) -> None:
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    with clock.at(round_.needs_until):
        answer = client.post(address, sent(round_, "10", ""))
        assert answer.status_code == 422
        assert "O prazo dos pedidos da rodada" in body(answer)
        assert 'value="10"' in body(answer)
        assert client.get(address).headers["Location"] == f"{address}resumo/"


def test_other_enterprises_lists_are_not_found(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, address: str
) -> None:
    for paths in ("", "resumo/", "nao-participar/"):
        buying.signed_in(client, "enterprise_coordinator", factories.enterprise())
        assert client.get(address + paths).status_code == 404
        assert client.post(address, sent(round_, "10", "")).status_code == 404
    other = factories.network()
    with tenancy.activated(other):
        buying.signed_in(client, "coordination")
    assert client.get(address).status_code == 404


def test_member_reads_but_does_not_write(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor, address: str
) -> None:
    buying.enter(round_, enterprise, coordinator, "10")
    buying.signed_in(client, "enterprise_member", enterprise)
    page = client.get(address, follow=True)
    assert "10 kg" in body(page)
    assert "Mudar o pedido" not in body(page)
    assert client.post(address, sent(round_, "99", "")).status_code == 403
    assert client.get(f"{address}nao-participar/").status_code == 403


def test_person_of_two_enterprises_chooses(
    client: Client, network: Network, coordinator: Actor, enterprise: Enterprise, noon: Any
) -> None:
    other = factories.enterprise(name="Pão Nosso")
    round_ = buying.open_round(network, coordinator)
    someone = buying.signed_in(client, "enterprise_coordinator", enterprise)
    factories.role(someone, "enterprise_coordinator", other)
    page = body(client.get(buying.url(round_, "meu-pedido/")))
    assert "Mãos da Terra" in page
    assert "Pão Nosso" in page


# --- the team's tables -----------------------------------------------------------------------------------------------


@pytest.fixture
def answered(round_: PurchaseRound, enterprise: Enterprise, coordinator: Actor) -> PurchaseRound:
    """Two asked, one stays out, one is silent."""
    for name in ("Pão Nosso", "Costura Viva", "Horta"):
        rounds.invite_enterprise(round_, enterprise=factories.enterprise(name=name), actor=coordinator)
    buying.enter(round_, enterprise, coordinator, ("10.25", "2"), "3", remark="=1+1")
    buying.enter(round_, Enterprise.objects.get(name="Pão Nosso"), coordinator, "5.5")
    declining = buying.participation(round_, Enterprise.objects.get(name="Costura Viva"))
    needs.decline_round(declining, told_by="Rita", actor=coordinator)
    return round_


def test_table_adds_up_what_all_need(client: Client, answered: PurchaseRound) -> None:
    buying.signed_in(client, "council")
    answer = client.get(buying.url(answered, "pedidos/"))
    goods = answer.context["goods"]
    assert [(good.name, good.quantity, good.tolerance, good.enterprises, good.estimate_minor) for good in goods] == [
        ("Arroz", Decimal("15.75"), Decimal(2), 2, 8190),
        ("Caixa", Decimal(3), Decimal(0), 1, None),
    ]
    assert answer.context["without_price"] == 1


def test_good_opens_to_its_enterprises(client: Client, answered: PurchaseRound) -> None:
    buying.signed_in(client, "purchasing")
    rice, boxes = buying.goods(answered)
    page = body(client.get(buying.url(answered, f"pedidos/produto/{rice.pk}/")))
    assert page.index("Mãos da Terra") < page.index("Pão Nosso")
    assert "Pão Nosso" not in body(client.get(buying.url(answered, f"pedidos/produto/{boxes.pk}/")))
    assert client.get(buying.url(answered, "pedidos/produto/999999/")).status_code == 404


def test_enterprises_are_found_by_name_and_answer(client: Client, answered: PurchaseRound) -> None:
    buying.signed_in(client, "purchasing")

    def names(query: str) -> list[str]:
        page = client.get(buying.url(answered, f"pedidos/empreendimentos/?{query}"))
        return [row["participation"].enterprise.name for row in page.context["rows"]]

    assert names("") == ["Costura Viva", "Horta", "Mãos da Terra", "Pão Nosso"]
    assert names("resposta=answered") == ["Mãos da Terra", "Pão Nosso"]
    assert names("q=horta") == ["Horta"]
    assert names("resposta=nonsense") == names("")


def test_call_list_has_the_telephone_numbers(client: Client, answered: PurchaseRound) -> None:
    garden = Enterprise.objects.get(name="Horta")
    Contact.objects.create(enterprise=garden, name="Seu Jorge", phone="(16) 3333-1111")
    factories.role(factories.person(name="Ana", phone="(16) 98888-0000"), "enterprise_coordinator", garden)
    buying.signed_in(client, "purchasing")
    answer = client.get(buying.url(answered, "pedidos/quem-falta/"))
    (row,) = answer.context["rows"]
    assert row["participation"].enterprise == garden
    assert row["phones"] == [("Seu Jorge", "(16) 3333-1111"), ("Ana", "(16) 98888-0000")]
    assert "?quem=Seu%20Jorge" in body(answer)


@pytest.mark.parametrize(
    "path", ["pedidos/", "pedidos/empreendimentos/", "pedidos/quem-falta/", "pedidos/planilha.csv"]
)
def test_tables_are_for_the_network_only(
    client: Client, answered: PurchaseRound, enterprise: Enterprise, path: str
) -> None:
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    assert client.get(buying.url(answered, path)).status_code == 403


def test_spreadsheet_holds_totals_and_needs_and_no_formula(client: Client, answered: PurchaseRound) -> None:
    buying.signed_in(client, "purchasing")
    content = client.get(buying.url(answered, "pedidos/planilha.xlsx")).content
    totals, each = load_workbook(io.BytesIO(content)).worksheets
    assert [row[:4] for row in totals.iter_rows(min_row=2, values_only=True)] == [
        ("Arroz", "kg", 15.75, 2),
        ("Caixa", "un", 3, 0),
    ]
    remark = next(cell for row in each.iter_rows(min_row=2) for cell in row if cell.value == "=1+1")
    assert remark.data_type == "s"
    assert each.max_row == 4


def test_text_table_has_no_formula_either(client: Client, answered: PurchaseRound) -> None:
    buying.signed_in(client, "purchasing")
    content = client.get(buying.url(answered, "pedidos/planilha.csv")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert rows[1][:5] == ["Arroz", "kg", "Mãos da Terra", "10,250000", "2,000000"]
    assert rows[1][-1] == "'=1+1"
    assert len(rows) == 4


# --- light pages -----------------------------------------------------------------------------------------------------


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_needs_pages_take_as_many_queries_for_many_as_for_few(
    client: Client, network: Network, coordinator: Actor, enterprise: Enterprise, noon: Any
) -> None:
    last = buying.open_round(network, coordinator)
    buying.enter(last, enterprise, coordinator, "1", "2")
    few = buying.open_round(network, coordinator)
    for _ in range(40):
        Contact.objects.create(enterprise=factories.enterprise(), name="Alguém", phone="1")
    many = buying.open_round(network, coordinator, products=[factories.product() for _ in range(30)])
    for answering in Enterprise.objects.all()[:25]:
        buying.enter(many, answering, coordinator, *["10"] * 30)
    buying.enter(few, enterprise, coordinator, "1")
    few_silent = factories.enterprise()
    rounds.invite_enterprise(few, enterprise=few_silent, actor=coordinator)
    Contact.objects.create(enterprise=few_silent, name="Alguém", phone="2")
    buying.signed_in(client, "purchasing")
    for path in ("pedidos/", "pedidos/empreendimentos/", "pedidos/quem-falta/", f"pedidos/{enterprise.pk}/"):
        counts = (_queries(client, buying.url(few, path)), _queries(client, buying.url(many, path)))
        assert counts[0] == counts[1] <= 16, path


def test_more_needs_than_a_workbook_takes_are_offered_as_csv(
    client: Client, network: Network, coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    enterprise = factories.enterprise()
    round_ = buying.open_round(network, coordinator)
    buying.enter(round_, enterprise, coordinator, "10", "3")
    buying.signed_in(client, "purchasing")
    assert client.get(buying.url(round_, "pedidos/planilha.xlsx")).status_code == 200
    monkeypatch.setattr(needs_views, "MOST_IN_XLSX", 1)
    answer = client.get(buying.url(round_, "pedidos/planilha.xlsx"))
    assert answer.status_code == 422
    assert "São 2 pedidos" in answer.content.decode()
    assert "Baixe em CSV" in answer.content.decode()
    assert client.get(buying.url(round_, "pedidos/planilha.csv")).status_code == 200
