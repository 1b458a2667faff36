# SPDX-License-Identifier: AGPL-3.0-or-later
"""Suppliers' offers: entered, changed, withdrawn while the round takes them (B3)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests import factories
from tests.purchasing import factories as buying

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, NotFound, SeveralProblems, StaleEdit
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Network
from mutirao.purchasing.errors import QuotesAreClosed, QuoteWithdrawn, ReasonMissing, SupplierAlreadyQuoted
from mutirao.purchasing.models import AwardScenario, PriceBreak, PurchaseRound, Quote, QuoteLine
from mutirao.purchasing.operations import quotes, rounds
from mutirao.purchasing.operations.quotes import LineItem, QuoteTerms


@pytest.fixture
def round_(network: Network, coordinator: Actor, noon: dt.datetime) -> PurchaseRound:
    """A round of rice (kg) and boxes (un) that is being quoted."""
    products = [factories.product(name="Arroz"), factories.product(name="Caixa", unit="un")]
    return rounds.close_needs(buying.open_round(network, coordinator, products=products), actor=coordinator)


def codes(caught: pytest.ExceptionInfo[SeveralProblems]) -> set[str]:
    return {problem.code for problem in caught.value.problems}


def breaks(quote: Quote) -> dict[str, list[tuple[Decimal, Decimal]]]:
    found: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for step in PriceBreak.objects.filter(line__quote=quote).select_related("line__good__product"):
        found.setdefault(str(step.line.good), []).append((step.from_quantity, step.unit_price))
    return found


def test_quote_is_written_down_with_its_breaks(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, boxes = buying.goods(round_)
    quote = buying.quote(
        round_,
        coordinator,
        buying.line(rice, ("500", "4.80"), ("0", "5.20"), pack_size=Decimal(25), brand=" Terra "),
        buying.line(boxes, "0.035", available=Decimal(900)),
        minimum_order_minor=300_00, freight_per_kg=Decimal("0.12"), free_freight_from_minor=2000_00,
    )  # fmt: skip
    assert breaks(quote) == {
        "Arroz": [(Decimal(0), Decimal("5.2")), (Decimal(500), Decimal("4.8"))],
        "Caixa": [(Decimal(0), Decimal("0.035"))],
    }
    line = QuoteLine.objects.get(good=rice)
    assert (line.brand, line.pack_size, line.available) == ("Terra", Decimal(25), None)
    assert (quote.minimum_order_minor, quote.free_freight_from_minor) == (30000, 200000)
    assert quote.received_on == clock.today()


def test_quote_is_replaced_whole_and_proposals_fall(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, "5.20"), payment_terms="30 dias")
    AwardScenario.objects.create(round=round_, kind="best", status="optimal", is_chosen=True)
    edited = quotes.edit_quote(
        quote, lines=[buying.line(boxes, "1")], terms=QuoteTerms(), seen_version=0, actor=coordinator
    )
    assert breaks(edited) == {"Caixa": [(Decimal(0), Decimal(1))]}
    assert (edited.payment_terms, edited.version) == ("", 1)
    assert not AwardScenario.objects.exists()


def test_second_of_two_technicians_is_told(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, "5.20"))
    quotes.edit_quote(quote, lines=[buying.line(rice, "5")], terms=QuoteTerms(), seen_version=0, actor=coordinator)
    with pytest.raises(StaleEdit):
        quotes.edit_quote(quote, lines=[buying.line(rice, "4")], terms=QuoteTerms(), seen_version=0, actor=coordinator)
    assert breaks(quote) == {"Arroz": [(Decimal(0), Decimal(5))]}


def test_supplier_has_one_quote_a_round(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    supplier = factories.supplier()
    buying.quote(round_, coordinator, buying.line(rice, "5.20"), supplier=supplier)
    with pytest.raises(SupplierAlreadyQuoted):
        buying.quote(round_, coordinator, buying.line(rice, "5"), supplier=supplier)


def test_quote_sent_twice_counts_once(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    supplier = factories.supplier()
    given: dict[str, Any] = {"supplier": supplier, "lines": [buying.line(rice, "5")], "key": "k", "actor": coordinator}
    assert quotes.enter_quote(round_, **given) == quotes.enter_quote(round_, **given)
    assert Quote.objects.count() == 1


def test_withdrawn_quote_stays_readable_and_makes_room(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    supplier = factories.supplier()
    quote = buying.quote(round_, coordinator, buying.line(rice, "5.20"), supplier=supplier)
    with pytest.raises(ReasonMissing):
        quotes.withdraw_quote(quote, reason="", actor=coordinator)
    withdrawn = quotes.withdraw_quote(quote, reason="Sem estoque", actor=coordinator)
    assert withdrawn.is_withdrawn
    assert breaks(withdrawn) == {"Arroz": [(Decimal(0), Decimal("5.2"))]}
    for act in (
        lambda: quotes.withdraw_quote(quote, reason="De novo", actor=coordinator),
        lambda: quotes.edit_quote(quote, lines=[buying.line(rice, "5")], terms=QuoteTerms(), actor=coordinator),
    ):
        with pytest.raises(QuoteWithdrawn):
            act()
    assert buying.quote(round_, coordinator, buying.line(rice, "5"), supplier=supplier).pk != quote.pk
    entry = AuditEntry.objects.get(act="purchasing.quote_withdrawn")
    assert entry.reason == "Sem estoque"


@pytest.mark.parametrize("state", sorted(set(PurchaseRound.State.values) - {"open", "quoting"}))
def test_quotes_stand_from_approval_on(round_: PurchaseRound, coordinator: Actor, state: str) -> None:
    rice, _boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, "5.20"))
    PurchaseRound.objects.update(state=state)
    for act in (
        lambda: buying.quote(round_, coordinator, buying.line(rice, "5")),
        lambda: quotes.edit_quote(quote, lines=[buying.line(rice, "5")], terms=QuoteTerms(), actor=coordinator),
        lambda: quotes.withdraw_quote(quote, reason="Tarde", actor=coordinator),
    ):
        with pytest.raises(QuotesAreClosed):
            act()
    assert breaks(quote) == {"Arroz": [(Decimal(0), Decimal("5.2"))]}


@pytest.mark.parametrize(
    ("fields", "steps"),
    [
        ({"pack_size": Decimal(0)}, ["5"]),
        ({"pack_size": Decimal("NaN")}, ["5"]),
        ({"available": Decimal(-1)}, ["5"]),
        ({}, []),
        ({}, ["-5"]),
        ({}, [("10", "5"), ("10", "4")]),
        ({}, [("-1", "5")]),
        ({}, ["0.0000001"]),
    ],
)
def test_wrong_line_is_told_with_its_product(
    round_: PurchaseRound, coordinator: Actor, fields: dict[str, Any], steps: list[Any]
) -> None:
    rice, boxes = buying.goods(round_)
    with pytest.raises(SeveralProblems) as caught:
        buying.quote(round_, coordinator, buying.line(boxes, "1"), buying.line(rice, *steps, **fields))
    (problem,) = caught.value.problems
    assert (problem.code, problem.field) == ("quote_value_wrong", "line-1")
    assert problem.words().startswith("Arroz: ")
    assert not Quote.objects.exists()


def test_empty_quote_and_negative_terms_are_told(round_: PurchaseRound, coordinator: Actor) -> None:
    with pytest.raises(SeveralProblems) as caught:
        buying.quote(round_, coordinator, freight_minor=-1)
    assert codes(caught) == {"quote_is_empty", "quote_value_wrong"}


def test_same_offer_stands_once_and_another_brand_beside_it(round_: PurchaseRound, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    with pytest.raises(SeveralProblems):
        buying.quote(round_, coordinator, buying.line(rice, "5", brand="Terra"), buying.line(rice, "4", brand="Terra "))
    quote = buying.quote(
        round_, coordinator, buying.line(rice, "5", brand="Terra"), buying.line(rice, "4", brand="Vale")
    )
    assert quote.lines.count() == 2


def test_good_of_another_round_is_not_found(round_: PurchaseRound, network: Network, coordinator: Actor) -> None:
    other = buying.open_round(network, coordinator)
    with pytest.raises(NotFound):
        buying.quote(round_, coordinator, buying.line(buying.goods(other)[0], "5"))


def test_only_the_team_enters_quotes(round_: PurchaseRound, network: Network, coordinator: Actor) -> None:
    rice, _boxes = buying.goods(round_)
    quote = buying.quote(round_, coordinator, buying.line(rice, "5.20"))
    lines: list[LineItem] = [buying.line(rice, "1")]
    for role in ("treasury", "council", "accountant"):
        actor = factories.actor(network, role)
        with pytest.raises(NotAllowed):
            buying.quote(round_, actor, *lines)
        with pytest.raises(NotAllowed):
            quotes.edit_quote(quote, lines=lines, terms=QuoteTerms(), actor=actor)
        with pytest.raises(NotAllowed):
            quotes.withdraw_quote(quote, reason="X", actor=actor)
    assert breaks(quote) == {"Arroz": [(Decimal(0), Decimal("5.2"))]}
