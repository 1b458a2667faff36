# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quotes side by side, typed in and asked for (B3)."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests import factories
from tests.purchasing import factories as buying

from mutirao.kernel.actors import Actor
from mutirao.network.models import Enterprise, Network
from mutirao.purchasing.models import PriceBreak, PurchaseRound, Quote, RoundGood
from mutirao.purchasing.operations import quotes, rounds
from mutirao.purchasing.queries.award import goods_to_order, quotes_in_force
from mutirao.purchasing.queries.quotes import comparison, price_at


@pytest.fixture
def enterprise(network: Network) -> Enterprise:
    return factories.enterprise(name="Mãos da Terra")


@pytest.fixture
def round_(enterprise: Enterprise, network: Network, coordinator: Actor, noon: dt.datetime) -> PurchaseRound:
    """60 kg of rice (and up to 5 more) at R$ 5,00 last time, no boxes yet."""
    products = [factories.product(name="Arroz"), factories.product(name="Caixa", unit="un")]
    made = buying.open_round(network, coordinator, products=products)
    rounds.edit_good(buying.goods(made)[0], last_price=Decimal(5), actor=coordinator)
    buying.enter(made, enterprise, coordinator, ("60", "5"))
    return rounds.close_needs(made, actor=coordinator)


def body(answer: HttpResponse) -> str:
    return answer.content.decode()


def offers(round_: PurchaseRound, number: int = 0) -> dict[str, list[tuple[Any, ...]]]:
    """For one good: supplier → (buys, unit price, cost in cents, covers, best)."""
    compared = comparison(round_, today=dt.date(2026, 3, 2))
    names = {quote.pk: quote.supplier.name for quote in compared.quotes}
    return {
        names[cell.quote_id]: [
            (offer.buys, offer.unit_price, offer.cost_minor, offer.covers, offer.is_best) for offer in cell.offers
        ]
        for cell in compared.goods[number].cells
    }


def doubts(round_: PurchaseRound) -> list[str]:
    compared = comparison(round_, today=dt.date(2026, 3, 2))
    return [doubt.code for found in compared.doubts.values() for doubt in found]


# --- side by side ----------------------------------------------------------------------------------------------------


def test_price_is_that_of_the_break_which_whole_packs_reach(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    first, second = factories.supplier(name="A"), factories.supplier(name="B")
    buying.quote(
        round_, coordinator, buying.line(rice, ("0", "5.20"), ("75", "4.80"), pack_size=Decimal(25)), supplier=first
    )
    buying.quote(round_, coordinator, buying.line(rice, ("0", "5.10"), ("61", "4.00")), supplier=second)
    assert offers(round_) == {
        "A": [(Decimal(75), Decimal("4.8"), 36000, True, False)],
        "B": [(Decimal(60), Decimal("5.1"), 30600, True, True)],
    }


def test_who_cannot_cover_the_need_is_not_the_best(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    little, enough = factories.supplier(name="A"), factories.supplier(name="B")
    buying.quote(
        round_, coordinator, buying.line(rice, "3", available=Decimal(40), pack_size=Decimal(15)), supplier=little
    )
    buying.quote(round_, coordinator, buying.line(rice, "5"), supplier=enough)
    assert offers(round_) == {
        "A": [(Decimal(30), Decimal(3), 9000, False, False)],
        "B": [(Decimal(60), Decimal(5), 30000, True, True)],
    }


def test_equal_offers_are_both_best_and_missing_ones_show(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, boxes = buying.goods(round_)
    for name in ("A", "B"):
        buying.quote(round_, coordinator, buying.line(rice, "5"), supplier=factories.supplier(name=name))
    buying.quote(round_, coordinator, buying.line(boxes, "1"), supplier=factories.supplier(name="C"))
    found = offers(round_)
    assert [found[name][0][-1] for name in ("A", "B")] == [True, True]
    assert found["C"] == []
    assert offers(round_, 1)["C"] == [(Decimal(0), Decimal(1), 0, True, False)]


def test_goods_that_nobody_quoted_are_named(client: Client, round_: PurchaseRound, coordinator: Actor) -> None:
    _rice, boxes = buying.goods(round_)
    buying.quote(round_, coordinator, buying.line(boxes, "1"))
    buying.signed_in(client, "purchasing")
    answer = client.get(buying.url(round_, "cotacoes/"))
    assert [good.name for good in answer.context["compared"].needed_but_not_quoted] == ["Arroz"]
    assert "Pedidos que ninguém cotou" in body(answer)


@pytest.mark.parametrize(
    ("steps", "fields", "terms", "expected"),
    [
        ([("0", "5.5")], {}, {}, []),
        ([("0", "6.51")], {}, {}, ["far_off"]),
        ([("0", "6.50")], {}, {}, []),
        ([("0", "3.49")], {}, {}, ["far_off"]),
        ([("0", "0")], {}, {}, ["far_off", "free"]),
        ([("0", "5"), ("100", "5.2")], {}, {}, ["dearer_from"]),
        ([("100", "5")], {}, {}, ["no_need_reaches"]),
        ([("0", "5")], {"pack_size": Decimal(66)}, {}, ["pack_beyond_need"]),
        ([("0", "5")], {"pack_size": Decimal(65)}, {}, []),
        ([("0", "5")], {}, {"valid_until": dt.date(2026, 3, 1)}, ["expired"]),
        ([("0", "5")], {}, {"valid_until": dt.date(2026, 3, 2)}, []),
    ],
)
def test_what_should_be_looked_at_twice(
    round_: PurchaseRound,
    coordinator: Actor,
    steps: list[Any],
    fields: dict[str, Any],
    terms: dict[str, Any],
    expected: list[str],
) -> None:
    rice, _boxes = buying.goods(round_)
    buying.quote(round_, coordinator, buying.line(rice, *steps, **fields), **terms)
    assert doubts(round_) == expected


def test_doubts_are_said_in_words(client: Client, round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, "50", pack_size=Decimal(70)))
    buying.signed_in(client, "council")
    page = body(client.get(buying.url(round_, f"cotacoes/{quote.pk}/")))
    assert "Arroz: R$ 50,00 está longe do último, R$ 5,00 (+900%)" in page
    assert "Arroz: a embalagem de 70 kg é maior que tudo o que foi pedido (60 kg)." in page


prices = st.lists(
    st.tuples(st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=4)), min_size=1, max_size=6,
    unique_by=lambda step: step[0],
)  # fmt: skip


@given(steps=prices, quantity=st.decimals(0, 1100, places=2))
def test_price_at_a_quantity_is_that_of_the_highest_break_reached(
    steps: list[tuple[Decimal, Decimal]], quantity: Decimal
) -> None:
    rows = [PriceBreak(from_quantity=start, unit_price=price) for start, price in sorted(steps)]
    reached = [step for step in steps if step[0] <= quantity]
    assert price_at(rows, quantity) == (max(reached)[1] if reached else None)


# --- typed in --------------------------------------------------------------------------------------------------------


def grid(*rows: tuple[RoundGood | str, dict[str, str]], **terms: str) -> dict[str, Any]:
    """What the browser sends. A row is (good or key, fields); breaks are written "from0", "price0", …"""
    data: dict[str, Any] = {"row": [], "seen_version": "0", **terms}
    for good, fields in rows:
        key = good if isinstance(good, str) else f"{good.pk}-0"
        data["row"].append(key)
        for number in range(3):
            data[f"from-{key}-{number}"] = data[f"price-{key}-{number}"] = ""
        for name, value in fields.items():
            bare = name.rstrip("0123456789")
            data[f"{bare}-{key}" + (f"-{name[len(bare) :]}" if bare != name else "")] = value
    return data


def steps_of(quote: Quote) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    rows = PriceBreak.objects.filter(line__quote=quote).order_by("line", "from_quantity")
    return [
        (str(row.line.good), row.line.pack_size, row.from_quantity, row.unit_price)
        for row in rows.select_related("line__good__product")
    ]


def test_quote_is_typed_with_commas(client: Client, round_: PurchaseRound) -> None:
    rice, boxes = buying.goods(round_)
    supplier = factories.supplier()
    buying.signed_in(client, "purchasing")
    sent = grid(
        (rice, {"pack": "25", "brand": "Terra", "price0": "5,20", "from1": "1.000", "price1": "4,8"}),
        (boxes, {}),
        freight_minor="120,00", free_freight_from_minor="1.500,00", freight_per_kg="0,12", received_on="2026-03-01",
    )  # fmt: skip
    answer = client.post(buying.url(round_, f"cotacoes/nova/?fornecedor={supplier.pk}"), sent)
    quote = Quote.objects.get()
    assert answer.headers["Location"] == buying.url(round_, f"cotacoes/{quote.pk}/")
    assert steps_of(quote) == [
        ("Arroz", Decimal(25), Decimal(0), Decimal("5.2")),
        ("Arroz", Decimal(25), Decimal(1000), Decimal("4.8")),
    ]
    assert (quote.freight_minor, quote.free_freight_from_minor, quote.freight_per_kg) == (
        12000,
        150000,
        Decimal("0.12"),
    )
    assert (quote.received_on, quote.supplier) == (dt.date(2026, 3, 1), supplier)


def test_quote_sent_twice_is_there_once(client: Client, round_: PurchaseRound) -> None:
    rice, _boxes = buying.goods(round_)
    address = buying.url(round_, f"cotacoes/nova/?fornecedor={factories.supplier().pk}")
    buying.signed_in(client, "purchasing")
    sent = grid((rice, {"price0": "5"}), idempotency_key="once")
    assert client.post(address, sent).headers["Location"] == client.post(address, sent).headers["Location"]
    assert Quote.objects.count() == 1


def test_wrong_numbers_are_told_with_their_product_and_stay(client: Client, round_: PurchaseRound) -> None:
    rice, boxes = buying.goods(round_)
    buying.signed_in(client, "purchasing")
    sent = grid((rice, {"pack": "vinte", "price0": "5"}), (boxes, {"price0": "1", "from1": "50"}), freight_minor="caro")
    answer = client.post(buying.url(round_, f"cotacoes/nova/?fornecedor={factories.supplier().pk}"), sent)
    page = body(answer)
    assert answer.status_code == 422
    assert "Arroz, embalagem: “vinte” não é um número" in page
    assert "Caixa: falta o preço da faixa a partir de 50." in page
    assert "“caro” não é um número" in page
    assert 'value="vinte"' in page
    assert not Quote.objects.exists()


def test_empty_grid_is_refused(client: Client, round_: PurchaseRound) -> None:
    rice, _boxes = buying.goods(round_)
    buying.signed_in(client, "purchasing")
    answer = client.post(
        buying.url(round_, f"cotacoes/nova/?fornecedor={factories.supplier().pk}"), grid((rice, {"brand": "Terra"}))
    )
    assert "A cotação não tem nenhum preço." in body(answer)


def test_grid_grows_without_javascript_and_keeps_what_was_typed(client: Client, round_: PurchaseRound) -> None:
    rice, boxes = buying.goods(round_)
    address = buying.url(round_, f"cotacoes/nova/?fornecedor={factories.supplier().pk}")
    buying.signed_in(client, "purchasing")
    more = client.post(address, {**grid((rice, {"price0": "5,20"}), (boxes, {})), "more": f"{rice.pk}-0"})
    assert more.status_code == 200
    assert [len(row.breaks) for row in more.context["grid"].rows] == [6, 3]
    assert more.context["grid"].rows[0].breaks[0].price == "5,20"
    another = client.post(address, {**grid((rice, {"price0": "5,20"}), (boxes, {})), "another": f"{rice.pk}-0"})
    assert [row.key for row in another.context["grid"].rows] == [f"{rice.pk}-0", f"{rice.pk}-1", f"{boxes.pk}-0"]
    sent = grid((rice, {"price0": "5,20", "brand": "Terra"}), (f"{rice.pk}-1", {"price0": "4,90", "brand": "Vale"}))
    assert client.post(address, sent).status_code == 302
    assert [price for _, _, _, price in steps_of(Quote.objects.get())] == [Decimal("5.2"), Decimal("4.9")]


def test_same_offer_twice_is_told_on_its_row(client: Client, round_: PurchaseRound) -> None:
    rice, _boxes = buying.goods(round_)
    buying.signed_in(client, "purchasing")
    sent = grid((rice, {"price0": "5"}), (f"{rice.pk}-1", {"price0": "4"}))
    answer = client.post(buying.url(round_, f"cotacoes/nova/?fornecedor={factories.supplier().pk}"), sent)
    assert [bool(row.errors) for row in answer.context["grid"].rows] == [False, True, False]


def test_new_quote_may_begin_from_the_suppliers_last_one(
    client: Client, network: Network, round_: PurchaseRound, coordinator: Actor
) -> None:
    rice, _boxes = buying.goods(round_)
    supplier = factories.supplier()
    buying.quote(
        round_, coordinator, buying.line(rice, ("0", "5.20"), ("500", "4.05"), pack_size=Decimal(25)),
        supplier=supplier, payment_terms="28 dias", valid_until=dt.date(2026, 3, 9),
    )  # fmt: skip
    later = buying.open_round(network, coordinator, products=[factories.product(), rice.product])
    buying.signed_in(client, "purchasing")
    address = buying.url(later, f"cotacoes/nova/?fornecedor={supplier.pk}")
    assert "Começar daqueles preços" in body(client.get(address))
    page = client.get(f"{address}&copiar=1")
    empty, copied = page.context["grid"].rows
    assert not empty.is_offered
    assert (copied.good.name, copied.pack) == (rice.product.name, "25")
    assert [(step.start, step.price) for step in copied.breaks] == [("", "5,20"), ("500", "4,05"), ("", "")]
    assert page.context["form"]["payment_terms"].value() == "28 dias"
    assert page.context["form"]["valid_until"].value() is None


def test_edit_shows_what_is_stored_and_keeps_it(client: Client, round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, ("10", "5.2055"), available=Decimal(0)), notes="Oi")
    buying.signed_in(client, "purchasing")
    address = buying.url(round_, f"cotacoes/{quote.pk}/editar/")
    row = client.get(address).context["grid"].rows[0]
    assert (row.available, row.breaks[0].start, row.breaks[0].price) == ("0", "10", "5,2055")
    sent = grid((rice, {"available": "0", "from0": "10", "price0": "5,2055"}), notes="Oi")
    assert client.post(address, sent).status_code == 302
    quote.refresh_from_db()
    assert (quote.version, quote.notes, quote.lines.get().available) == (1, "Oi", Decimal(0))
    assert steps_of(quote) == [("Arroz", Decimal(1), Decimal(10), Decimal("5.2055"))]


def test_second_technician_is_told(client: Client, round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, "5"))
    quotes.edit_quote(quote, lines=[buying.line(rice, "4")], terms=quotes.QuoteTerms(), actor=coordinator)
    buying.signed_in(client, "purchasing")
    answer = client.post(buying.url(round_, f"cotacoes/{quote.pk}/editar/"), grid((rice, {"price0": "3"})))
    assert answer.status_code == 422
    assert "Alguém mudou isto enquanto você editava" in body(answer)
    assert steps_of(quote) == [("Arroz", Decimal(1), Decimal(0), Decimal(4))]


def test_quote_is_withdrawn_for_a_reason(client: Client, round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, "5"))
    buying.signed_in(client, "purchasing")
    address = buying.url(round_, f"cotacoes/{quote.pk}/retirar/")
    assert client.post(address, {"reason": "", "seen_version": "0"}).status_code == 422
    assert client.post(address, {"reason": "Sem estoque", "seen_version": "0"}).status_code == 302
    page = body(client.get(buying.url(round_, f"cotacoes/{quote.pk}/")))
    assert "Sem estoque" in page
    assert "retirada" in page


def test_quotes_are_read_by_coordinators_and_written_by_the_team(
    client: Client, round_: PurchaseRound, coordinator: Actor, enterprise: Enterprise
) -> None:
    rice, _boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, "5"))
    buying.signed_in(client, "enterprise_coordinator", enterprise)
    assert client.get(buying.url(round_, "cotacoes/")).status_code == 200
    assert client.get(buying.url(round_, f"cotacoes/{quote.pk}/")).status_code == 200
    for path in ("nova/", f"{quote.pk}/editar/", f"{quote.pk}/retirar/"):
        assert client.get(buying.url(round_, f"cotacoes/{path}")).status_code == 403
        assert client.post(buying.url(round_, f"cotacoes/{path}"), grid((rice, {"price0": "1"}))).status_code == 403
    buying.signed_in(client, "enterprise_member", enterprise)
    assert client.get(buying.url(round_, "cotacoes/")).status_code == 403
    assert steps_of(quote) == [("Arroz", Decimal(1), Decimal(0), Decimal(5))]


# --- asked for -------------------------------------------------------------------------------------------------------


def test_request_names_what_is_needed(client: Client, round_: PurchaseRound) -> None:
    buying.signed_in(client, "purchasing")
    answer = client.get(buying.url(round_, "cotacoes/pedir/"))
    assert "• Arroz: 60 kg" in answer.context["text"]
    assert "Caixa" not in answer.context["text"]
    content = client.get(buying.url(round_, "cotacoes/pedido.xlsx")).content
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    assert [cell.value for cell in sheet[2]][:3] == ["Arroz", "kg", 60]
    assert sheet.max_row == 2


def test_comparison_takes_as_many_queries_for_many_as_for_few(
    client: Client, network: Network, coordinator: Actor, enterprise: Enterprise, noon: Any
) -> None:
    def made(goods: int, suppliers: int) -> PurchaseRound:
        round_ = buying.open_round(network, coordinator, products=[factories.product() for _ in range(goods)])
        buying.enter(round_, enterprise, coordinator, *["10"] * goods)
        for _ in range(suppliers):
            buying.quote(round_, coordinator, *[buying.line(good, "5") for good in buying.goods(round_)])
        return round_

    few, many = made(2, 1), made(20, 8)
    buying.signed_in(client, "purchasing")
    counts = []
    for round_ in (few, many):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(buying.url(round_, "cotacoes/")).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 16


# --- what the round really orders -------------------------------------------------------------------------------------


def ordering(round_: PurchaseRound, number: int = 0) -> tuple[Decimal, Decimal, list[tuple[Decimal, bool]]]:
    """For one good: what the round orders, by which packs, and what each offer buys and whether that covers it."""
    row = comparison(round_, today=dt.date(2026, 3, 2)).goods[number]
    return row.ordered, row.pack_size, [(offer.buys, offer.covers) for cell in row.cells for offer in cell.offers]


def test_wrong_number_in_a_quote_is_listed_with_a_link_to_its_field(
    client: Client, round_: PurchaseRound, coordinator: Actor
) -> None:
    rice, boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, "5"))
    buying.signed_in(client, "purchasing")
    sent = {
        "row": [f"{rice.pk}-0", f"{boxes.pk}-0"], f"price-{rice.pk}-0-0": "5", f"pack-{rice.pk}-0": "<b>saco",
        f"price-{boxes.pk}-0-0": "2", f"from-{boxes.pk}-0-1": "50", f"price-{boxes.pk}-0-1": "",
    }  # fmt: skip
    page = body(client.post(buying.url(round_, f"cotacoes/{quote.pk}/editar/"), sent))
    for field, said in ((f"pack-{rice.pk}-0", "Arroz, embalagem"), (f"price-{boxes.pk}-0-1", "Caixa: falta o preço")):
        assert f'<a href="#id_{field}">{said}' in page
        assert f'id="id_{field}"' in page
    assert "<b>saco" not in page


def test_comparison_names_the_supplier_beside_each_price_on_a_phone(
    client: Client, round_: PurchaseRound, coordinator: Actor
) -> None:
    rice, _boxes = buying.goods(round_)
    buying.quote(round_, coordinator, buying.line(rice, "5"), supplier=factories.supplier(name="Armazém <A>"))
    buying.signed_in(client, "purchasing")
    page = body(client.get(buying.url(round_, "cotacoes/")))
    assert page.count('data-label="Armazém &lt;A&gt;"') == 2  # once for each good: the row becomes a card
    assert '<table class="table">' in page


def test_comparison_orders_what_the_rule_of_packs_orders(
    client: Client, round_: PurchaseRound, coordinator: Actor
) -> None:
    rice, _boxes = buying.goods(round_)
    buying.quote(round_, coordinator, buying.line(rice, "5", pack_size=Decimal(25)))
    # 60 asked and 5 more tolerated fill two packs of 25, not three.
    assert ordering(round_) == (Decimal(50), Decimal(25), [(Decimal(50), True)])
    assert ordering(round_)[0] == goods_to_order(round_, quotes_in_force(round_))[rice.pk].ordered
    buying.signed_in(client, "purchasing")
    page = body(client.get(buying.url(round_, "cotacoes/"))).replace("\xa0", " ")
    assert "encomenda 50 kg" in page
    assert "leva 75" not in page


def test_tolerance_fills_the_last_pack_of_the_comparison_too(
    network: Network, enterprise: Enterprise, coordinator: Actor, noon: dt.datetime
) -> None:
    made = buying.open_round(network, coordinator, products=[factories.product()])
    buying.enter(made, enterprise, coordinator, ("60", "15"))
    made = rounds.close_needs(made, actor=coordinator)
    buying.quote(made, coordinator, buying.line(buying.goods(made)[0], "5", pack_size=Decimal(25)))
    assert ordering(made) == (Decimal(75), Decimal(25), [(Decimal(75), True)])


def test_a_supplier_with_larger_packs_than_the_rounds_buys_beyond_it(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    buying.quote(round_, coordinator, buying.line(rice, "5", pack_size=Decimal(20)), supplier=factories.supplier())
    buying.quote(round_, coordinator, buying.line(rice, "5", pack_size=Decimal(25)), supplier=factories.supplier())
    assert ordering(round_) == (Decimal(60), Decimal(20), [(Decimal(60), True), (Decimal(75), True)])


def test_a_good_below_its_minimum_of_packs_is_not_ordered(
    client: Client, network: Network, enterprise: Enterprise, coordinator: Actor, noon: dt.datetime
) -> None:
    made = buying.open_round(network, coordinator, products=[factories.product(name="Arroz")])
    made.goods.update(minimum_packs=4, pack_size=25)
    buying.enter(made, enterprise, coordinator, ("60", "5"))
    made = rounds.close_needs(made, actor=coordinator)
    buying.quote(made, coordinator, buying.line(buying.goods(made)[0], "5", pack_size=Decimal(25)))
    assert ordering(made) == (Decimal(0), Decimal(25), [(Decimal(0), True)])
    buying.signed_in(client, "purchasing")
    page = body(client.get(buying.url(made, "cotacoes/"))).replace("\xa0", " ")
    assert "a rodada não encomenda" in page


def test_the_rule_reads_sums_and_not_every_need(
    round_: PurchaseRound, coordinator: Actor, django_assert_num_queries: Any
) -> None:
    rice, _boxes = buying.goods(round_)
    buying.quote(round_, coordinator, buying.line(rice, "5", pack_size=Decimal(25)))
    quotes = quotes_in_force(round_)
    with django_assert_num_queries(1):
        goods_to_order(round_, quotes)
