# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of rounds: who sees what, what each button does, and that they stay light (B1)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories
from tests.purchasing import factories as buying

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.network.models import Enterprise, Network
from mutirao.purchasing.models import Participation, PurchaseRound
from mutirao.purchasing.operations import rounds

State = PurchaseRound.State


@pytest.fixture
def enterprise(network: Network) -> Enterprise:
    return factories.enterprise(name="Mãos da Terra")


@pytest.fixture
def round_(enterprise: Enterprise, network: Network, coordinator: Actor, noon: dt.datetime) -> PurchaseRound:
    return buying.open_round(network, coordinator)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


# --- who sees what ---------------------------------------------------------------------------------------------------


def test_drafts_are_seen_by_the_team_only(
    client: Client, network: Network, coordinator: Actor, enterprise: Enterprise, noon: Any
) -> None:
    draft = buying.draft_round(network, coordinator, title="Ainda em preparo")
    buying.signed_in(client, "purchasing")
    assert "Ainda em preparo" in text(client, f"/rede/{network.slug}/rodadas/")
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    assert "Ainda em preparo" not in text(client, f"/rede/{network.slug}/rodadas/")
    assert client.get(buying.url(draft)).status_code == 404


def test_strangers_find_nothing(client: Client, round_: PurchaseRound) -> None:
    other = factories.network()
    with tenancy.activated(other):
        buying.signed_in(client, "coordination")
    for path in ("", "pedidos/", "cotacoes/", "editar/"):
        assert client.get(buying.url(round_, path)).status_code == 404
    client.logout()
    answer = client.get(buying.url(round_))
    assert answer.status_code == 302
    assert "next=" in answer.headers["Location"]


@pytest.mark.parametrize(
    "path", ["editar/", "abrir/", "prorrogar/", "fechar-pedidos/", "reabrir/", "cancelar/", "convidar/", "produtos/"]
)
@pytest.mark.parametrize("role", ["council", "enterprise_coordinator"])
def test_only_the_team_steers(
    client: Client, round_: PurchaseRound, enterprise: Enterprise, path: str, role: str
) -> None:
    buying.signed_in(client, role, enterprise if role.startswith("enterprise") else None)
    assert client.get(buying.url(round_, path)).status_code == 403
    assert client.post(buying.url(round_, path), {"reason": "X"}).status_code == 403
    round_.refresh_from_db()
    assert round_.state == State.OPEN


# --- one primary action ------------------------------------------------------------------------------------------


def step(client: Client, round_: PurchaseRound) -> str | None:
    found = client.get(buying.url(round_)).context["step"]
    return found.view if found else None


def test_page_says_what_to_do_next(
    client: Client, network: Network, coordinator: Actor, enterprise: Enterprise, noon: dt.datetime
) -> None:
    empty = rounds.open_draft_round(network, title="Vazia", needs_until=noon + dt.timedelta(days=1), actor=coordinator)
    ready = buying.draft_round(network, coordinator)
    buying.signed_in(client, "purchasing")
    assert step(client, empty) == "round_goods"
    rounds.add_goods(empty, products=[factories.product()], actor=coordinator)
    assert step(client, empty) == "round_edit"
    assert step(client, ready) == "round_open"
    opened = rounds.open_round(ready, actor=coordinator)
    assert step(client, opened) == "needs_missing"
    buying.enter(opened, enterprise, coordinator, "10")
    assert step(client, opened) == "round_close"


def test_enterprise_is_asked_for_its_needs_once(
    client: Client, round_: PurchaseRound, coordinator: Actor, enterprise: Enterprise
) -> None:
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    assert "Dizer o que precisamos" in text(client, buying.url(round_))
    buying.enter(round_, enterprise, coordinator, "10")
    page = text(client, buying.url(round_))
    assert "Mudar o nosso pedido" in page
    assert "pediu" in page
    with clock.at(round_.needs_until):
        assert step(client, round_) is None


def test_member_without_a_say_sees_no_action(client: Client, round_: PurchaseRound, enterprise: Enterprise) -> None:
    buying.signed_in(client, "enterprise_member", enterprise)
    assert step(client, round_) is None


# --- the course ------------------------------------------------------------------------------------------------------


def test_round_from_nothing_to_open(
    client: Client, network: Network, enterprise: Enterprise, noon: dt.datetime
) -> None:
    rice, place = factories.product(name="Arroz"), buying.place(name="Galpão")
    buying.signed_in(client, "coordination")
    base = f"/rede/{network.slug}/rodadas/"
    answer = client.post(f"{base}nova/", {"title": "Março", "needs_until": "2026-03-09T20:00"})
    assert answer.headers["Location"] == f"{base}1/produtos/"
    client.post(f"{base}1/produtos/", {"product": [rice.pk], "seen_version": "0"})
    made = PurchaseRound.objects.get()
    assert [str(good) for good in buying.goods(made)] == ["Arroz"]
    page = client.get(f"{base}1/editar/")
    sent = {
        "title": "Março", "needs_until": "2026-03-09T20:00", "places": [place.pk], "decided_on": "2026-03-01",
        "decision_note": "Comprar arroz", "allocation_rule": "equal", "freight_rule": "weight", "fee_rule": "value",
        "fees_minor": "12,50", "budget_minor": "1.000", "seen_version": page.context["form"].initial["seen_version"],
    }  # fmt: skip
    assert client.post(f"{base}1/editar/", sent).headers["Location"] == f"{base}1/"
    made.refresh_from_db()
    assert (made.fees_minor, made.budget_minor, made.allocation_rule) == (1250, 100000, "equal")
    assert client.post(f"{base}1/abrir/", {"seen_version": made.version}).headers["Location"] == f"{base}1/divulgar/"
    made.refresh_from_db()
    assert made.state == State.OPEN
    assert Participation.objects.get().enterprise == enterprise


def test_open_page_tells_what_is_missing(client: Client, network: Network, coordinator: Actor, noon: Any) -> None:
    draft = buying.draft_round(network, coordinator, products=[], decision_note="")
    buying.signed_in(client, "purchasing")
    answer = client.post(buying.url(draft, "abrir/"), {"seen_version": draft.version})
    assert answer.status_code == 422
    assert "não tem produtos" in answer.content.decode()
    assert "Falta a reunião" in answer.content.decode()


def test_second_coordinator_keeps_what_was_typed(client: Client, round_: PurchaseRound, coordinator: Actor) -> None:
    buying.signed_in(client, "purchasing")
    seen = client.get(buying.url(round_, "editar/")).context["form"].initial["seen_version"]
    rounds.edit_round(round_, title="Primeira", actor=coordinator)
    sent = {"title": "Segunda", "places": [place.pk for place in round_.places.all()], "seen_version": seen}
    answer = client.post(buying.url(round_, "editar/"), sent)
    assert answer.status_code == 422
    assert "Alguém mudou isto enquanto você editava" in answer.content.decode()
    assert 'value="Segunda"' in answer.content.decode()
    round_.refresh_from_db()
    assert round_.title == "Primeira"


def test_extension_wants_a_reason(client: Client, round_: PurchaseRound) -> None:
    buying.signed_in(client, "purchasing")
    later = {"until": "2026-03-12T20:00", "seen_version": round_.version}
    assert client.post(buying.url(round_, "prorrogar/"), {**later, "reason": " "}).status_code == 422
    assert client.post(buying.url(round_, "prorrogar/"), {**later, "reason": "Chuva"}).status_code == 302
    page = text(client, buying.url(round_))
    assert "Prazo prorrogado: até 12/03/2026 20:00" in page
    assert "Chuva" in page


def test_closing_warns_of_those_who_have_not_answered(client: Client, round_: PurchaseRound) -> None:
    buying.signed_in(client, "purchasing")
    page = text(client, buying.url(round_, "fechar-pedidos/"))
    assert "1 empreendimento ainda não respondeu e fica de fora" in page
    assert client.post(buying.url(round_, "fechar-pedidos/"), {"seen_version": round_.version}).status_code == 302
    round_.refresh_from_db()
    assert round_.state == State.QUOTING


def test_cancelled_round_shows_why_and_where_it_stood(
    client: Client, round_: PurchaseRound, enterprise: Enterprise
) -> None:
    buying.signed_in(client, "purchasing")
    sent = {"reason": "Fornecedor fechou", "seen_version": round_.version}
    assert client.post(buying.url(round_, "cancelar/"), sent).status_code == 302
    buying.signed_in(client, "enterprise_member", enterprise)
    answer = client.get(buying.url(round_))
    assert "Fornecedor fechou" in answer.content.decode()
    assert [stage["state"] for stage in answer.context["stages"]][:3] == ["done", "cancelled", "todo"]


def test_goods_are_moved_and_removed_by_their_buttons(client: Client, round_: PurchaseRound) -> None:
    buying.signed_in(client, "purchasing")
    first, second = buying.goods(round_)
    client.post(buying.url(round_, "produtos/"), {"down": first.pk, "seen_version": round_.version})
    assert buying.goods(round_) == [second, first]
    client.post(buying.url(round_, "produtos/"), {"remove": first.pk})
    assert buying.goods(round_) == [second]


def test_good_gets_a_price_and_a_note(client: Client, round_: PurchaseRound) -> None:
    buying.signed_in(client, "purchasing")
    good = buying.goods(round_)[0]
    sent = {"note": "Só em sacos", "last_price": "5,205", "seen_version": round_.version}
    assert client.post(buying.url(round_, f"produtos/{good.pk}/"), sent).status_code == 302
    good.refresh_from_db()
    assert (good.note, str(good.last_price)) == ("Só em sacos", "5.205000")


def test_packs_of_a_good_are_said_and_read_everywhere(
    client: Client, round_: PurchaseRound, enterprise: Enterprise
) -> None:
    buying.signed_in(client, "purchasing")
    good = buying.goods(round_)[0]
    said = "de 2,5 em 2,5 kg, pelo menos 2 pacotes"
    assert "Em que pacotes compramos" not in text(client, buying.url(round_))
    sent = {"pack_size": "2,5", "minimum_packs": "2", "seen_version": round_.version}
    assert client.post(buying.url(round_, f"produtos/{good.pk}/"), sent).status_code == 302
    listed = text(client, buying.url(round_, "produtos/"))
    assert said in listed
    assert "conforme as cotações" in listed  # the other good
    page = text(client, buying.url(round_))
    assert "Em que pacotes compramos" in page
    assert f"Produto mudado: {good} ({said})" in page
    form = client.get(buying.url(round_, f"produtos/{good.pk}/")).content.decode()
    assert 'value="2"' in form
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    assert said in text(client, buying.url(round_, f"pedidos/{enterprise.pk}/"))


def test_packs_left_empty_are_left_to_the_quotes(client: Client, round_: PurchaseRound, coordinator: Actor) -> None:
    good = buying.goods(round_)[0]
    rounds.edit_good(good, pack_size=Decimal(3), minimum_packs=1, actor=coordinator)
    buying.signed_in(client, "purchasing")
    assert "de 3 em 3 kg, pelo menos 1 pacote</dd>" in text(client, buying.url(round_))
    empty = {"pack_size": "", "minimum_packs": ""}
    assert client.post(buying.url(round_, f"produtos/{good.pk}/"), empty).status_code == 302
    good.refresh_from_db()
    assert (good.pack_size, good.minimum_packs) == (1, 0)
    assert f"{good} (pacotes conforme as cotações)" in text(client, buying.url(round_))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("pack_size", "0", "maior que zero"),
        ("pack_size", "-3", "maior que zero"),
        ("pack_size", "três", "não é um número"),
        ("pack_size", "1,0000001", "casas depois da vírgula"),
        ("pack_size", "99.999.999", "Confira a vírgula"),
        ("minimum_packs", "-1", "ou mais"),
        ("minimum_packs", "1,5", "número inteiro"),
        ("minimum_packs", "2000000", "de zero a 1.000.000"),
        ("minimum_packs", "dois", "não é um número"),
    ],
)
def test_wrong_packs_come_back_with_what_was_typed(
    client: Client, round_: PurchaseRound, field: str, typed: str, said: str
) -> None:
    buying.signed_in(client, "purchasing")
    good = buying.goods(round_)[0]
    answer = client.post(buying.url(round_, f"produtos/{good.pk}/"), {field: typed, "seen_version": round_.version})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert f'value="{typed}"' in page
    assert f'href="#id_{field}"' in page
    good.refresh_from_db()
    assert (good.pack_size, good.minimum_packs) == (1, 0)


# --- agenda, message, link -------------------------------------------------------------------------------------------


def test_agenda_shows_deadlines_and_deliveries_by_day(
    client: Client, network: Network, coordinator: Actor, noon: Any
) -> None:
    buying.open_round(network, coordinator, title="Milho", days=7, deliver_on=dt.date(2026, 4, 3))
    buying.signed_in(client, "council")
    answer = client.get(f"/rede/{network.slug}/rodadas/agenda/?mes=2026-03")
    assert [(event["day"].day, event["what"]) for event in answer.context["events"]] == [
        (2, "abre"),
        (9, "pedidos até 12:00"),
    ]
    april = client.get(f"/rede/{network.slug}/rodadas/agenda/?mes=2026-04")
    assert [(event["day"].day, event["what"]) for event in april.context["events"]] == [(3, "entrega")]
    assert client.get(f"/rede/{network.slug}/rodadas/agenda/?mes=nada").status_code == 200


def test_message_and_code_carry_the_short_link(client: Client, round_: PurchaseRound, enterprise: Enterprise) -> None:
    buying.signed_in(client, "enterprise_member", enterprise)
    page = text(client, buying.url(round_, "divulgar/"))
    assert f"/p/{round_.link_token}/" in page
    assert "até 09/03/2026 12:00" in page
    assert "<svg" in page


def test_short_link_leads_to_the_own_list(client: Client, round_: PurchaseRound, enterprise: Enterprise) -> None:
    link = f"/p/{round_.link_token}/"
    answer = client.get(link)
    assert answer.status_code == 302
    assert f"next={link}" in answer.headers["Location"]
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    assert client.get(link, follow=True).redirect_chain[-1][0] == buying.url(round_, f"pedidos/{enterprise.pk}/")
    buying.signed_in(client, "purchasing")
    assert client.get(link).headers["Location"] == buying.url(round_)


def test_short_link_tells_strangers_nothing(
    client: Client, round_: PurchaseRound, network: Network, coordinator: Actor, enterprise: Enterprise
) -> None:
    draft = buying.draft_round(network, coordinator)
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    assert client.get(f"/p/{draft.link_token}/").status_code == 404
    other = factories.network()
    with tenancy.activated(other):
        buying.signed_in(client, "coordination")
    for token in (round_.link_token, "nothing"):
        assert client.get(f"/p/{token}/").status_code == 404


# --- light pages -----------------------------------------------------------------------------------------------------


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("path", ["", "historia/"])
def test_round_page_takes_as_many_queries_for_many_as_for_few(
    client: Client, network: Network, coordinator: Actor, noon: Any, path: str
) -> None:
    for _ in range(3):
        factories.enterprise()
    few = buying.open_round(network, coordinator, title="Poucos")
    for _ in range(30):
        factories.enterprise()
    products = [factories.product() for _ in range(20)]
    many = buying.open_round(network, coordinator, title="Muitos", products=products)
    for enterprise in Enterprise.objects.all():
        buying.enter(many, enterprise, coordinator, *["10"] * 20)
    buying.enter(few, Enterprise.objects.all()[0], coordinator, "1")
    buying.signed_in(client, "purchasing")
    assert _queries(client, buying.url(few, path)) == _queries(client, buying.url(many, path)) <= 22


def test_list_of_rounds_takes_a_fixed_number_of_queries(
    client: Client, network: Network, coordinator: Actor, noon: Any
) -> None:
    enterprise = factories.enterprise()
    buying.open_round(network, coordinator)
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    address = f"/rede/{network.slug}/rodadas/"
    before = _queries(client, address)
    for _ in range(12):
        buying.open_round(network, coordinator)
    assert _queries(client, address) == before


def test_a_round_nobody_asked_anything_of_is_not_to_be_quoted(
    client: Client, network: Network, coordinator: Actor
) -> None:
    factories.enterprise()
    round_ = rounds.close_needs(buying.open_round(network, coordinator), actor=coordinator)
    buying.signed_in(client, "purchasing")
    page = client.get(buying.url(round_)).content.decode()
    assert "Cadastrar uma cotação" not in page
    assert "Ninguém pediu nada" in page
    assert buying.url(round_, "reabrir/") in page
