# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.purchasing.core.tables import decimals, rows

from mutirao.purchasing.core.costs import CostShares, Grant, LineCost, ShareRule, share_costs


def grant(who: str, good: str, granted: str, asked: str | None = None) -> Grant:
    return Grant(who, good, Decimal(granted), Decimal(asked or granted))


def line(name: str, order: str, good: str, quantity: str, cost: int) -> LineCost:
    return LineCost(name, order, good, Decimal(quantity), cost)


def test_all_pay_the_same_for_a_unit_whichever_supplier_it_came_from() -> None:
    shares = share_costs(
        [line("1", "A", "flour", "60", 6000), line("2", "B", "flour", "40", 5000)],
        [grant("x", "flour", "50"), grant("y", "flour", "50")],
    )
    assert shares.totals() == {"x": 5500, "y": 5500}
    assert {(part.who, part.line, part.quantity) for part in shares.parts if part.who == "x"} == {
        ("x", "1", Decimal(30)),
        ("x", "2", Decimal(20)),
    }


def test_freight_by_weight_goes_by_the_exact_part_of_each_order() -> None:
    shares = share_costs(
        [line("1", "A", "bran", "2", 100), line("2", "B", "bran", "1", 100), line("3", "B", "salt", "1", 100)],
        [grant("x", "bran", "3"), grant("y", "salt", "1")],
        order_expenses={"B": 3},
        freight_rule=ShareRule.WEIGHT,
        unit_weights={"bran": Decimal("0.002"), "salt": Decimal("0.001")},
    )
    assert [part.freight for part in shares.parts] == [0, 2, 1]


def test_what_nobody_takes_of_a_pack_is_paid_by_those_who_take_the_good() -> None:
    shares = share_costs([line("1", "A", "oil", "12", 1200)], [grant("x", "oil", "6"), grant("y", "oil", "3")])
    assert shares.totals() == {"x": 800, "y": 400}


def test_a_spoilt_line_is_paid_by_those_who_had_asked() -> None:
    shares = share_costs(
        [line("1", "A", "eggs", "0", 900)], [grant("x", "eggs", "0", "2"), grant("y", "eggs", "0", "1")]
    )
    assert shares.totals() == {"x": 600, "y": 300}
    assert all(part.quantity == 0 for part in shares.parts)


def freight_shares(rule: ShareRule) -> CostShares:
    return share_costs(
        [line("1", "A", "flour", "30", 3000), line("2", "A", "spice", "1", 3000), line("3", "B", "seed", "5", 500)],
        [grant("x", "flour", "30"), grant("y", "spice", "1"), grant("z", "seed", "5")],
        order_expenses={"A": 310},
        freight_rule=rule,
        unit_weights={"flour": Decimal(1), "spice": Decimal(1), "seed": Decimal(1)},
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (ShareRule.VALUE, {"x": 155, "y": 155, "z": 0}),
        (ShareRule.WEIGHT, {"x": 300, "y": 10, "z": 0}),
        (ShareRule.EQUAL, {"x": 155, "y": 155, "z": 0}),
    ],
)
def test_freight_is_paid_by_those_who_get_something_of_that_order(rule: ShareRule, expected: dict[str, int]) -> None:
    freight = dict.fromkeys("xyz", 0)
    for part in freight_shares(rule).parts:
        freight[part.who] += part.freight
    assert freight == expected


def test_equally_means_equally_among_enterprises_not_among_goods() -> None:
    shares = share_costs(
        [line("1", "A", "a", "2", 900), line("2", "A", "b", "1", 100)],
        [grant("x", "a", "1"), grant("y", "a", "1"), grant("x", "b", "1")],
        order_expenses={"A": 100},
        freight_rule=ShareRule.EQUAL,
        fees=50,
        fee_rule=ShareRule.EQUAL,
    )
    assert shares.totals() == {"x": 550 + 50 + 25, "y": 450 + 50 + 25}


def test_by_weight_without_weights_is_shared_equally() -> None:
    shares = share_costs(
        [line("1", "A", "a", "3", 300)],
        [grant("x", "a", "2"), grant("y", "a", "1")],
        order_expenses={"A": 10},
        freight_rule=ShareRule.WEIGHT,
    )
    assert shares.totals() == {"x": 205, "y": 105}


def test_a_line_nobody_asked_for_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody asked"):
        share_costs([line("1", "A", "a", "3", 300)], [])


@given(
    costs=st.lists(st.integers(0, 10**7), min_size=1, max_size=6),
    amounts=st.lists(st.integers(0, 500), min_size=1, max_size=8).filter(any),
    expenses=st.integers(0, 10**5),
    fees=st.integers(0, 10**5),
    rule=st.sampled_from(list(ShareRule)),
)
def test_no_cent_is_lost_or_made(
    costs: list[int], amounts: list[int], expenses: int, fees: int, rule: ShareRule
) -> None:
    lines = [line(str(n), f"o{n % 2}", f"g{n % 3}", "100", cost) for n, cost in enumerate(costs)]
    grants = [
        Grant(str(who), good, Decimal(amount), Decimal(amount))
        for who, amount in enumerate(amounts)
        for good in ("g0", "g1", "g2")
    ]
    shares = share_costs(lines, grants, order_expenses={"o0": expenses}, freight_rule=rule, fees=fees, fee_rule=rule)
    assert sum(part.goods for part in shares.parts) == sum(costs)
    assert sum(part.freight for part in shares.parts) == expenses
    assert sum(shares.fees.values()) == fees
    assert sum(shares.totals().values()) == sum(costs) + expenses + fees
    for good in {one.good for one in lines}:
        siblings = {one.line for one in lines if one.good == good}
        for who, amount in enumerate(amounts):
            mine = [part.quantity for part in shares.parts if part.who == str(who) and part.line in siblings]
            assert sum(mine) == amount


# The worked tables of the documentation


@pytest.mark.parametrize("row", rows("cost-sharing.md", "freight rule", "goods", "weights"), ids=str)
def test_documented_shares_of_freight(row: dict[str, str]) -> None:
    goods, weights = decimals(row["goods"]), decimals(row["weights"])
    lines = [line(f"l{place}", "A", f"g{place}", "1", int(cost)) for place, cost in enumerate(goods)]
    shares = share_costs(
        lines,
        [grant(str(place), f"g{place}", "1") for place in range(len(goods))],
        order_expenses={"A": int(row["freight"])},
        freight_rule=ShareRule(row["freight rule"]),
        unit_weights={f"g{place}": weight for place, weight in enumerate(weights)},
    )
    assert [part.freight for part in shares.parts] == decimals(row["shares of freight"])


@pytest.mark.parametrize("row", rows("cost-sharing.md", "cost", "granted", "shares"), ids=str)
def test_documented_shares_of_goods(row: dict[str, str]) -> None:
    grants = [Grant(str(place), "g", amount, amount) for place, amount in enumerate(decimals(row["granted"]))]
    total = str(sum(decimals(row["granted"])))
    shares = share_costs([line("l", "A", "g", total, int(row["cost"]))], grants)
    assert [part.goods for part in shares.parts] == decimals(row["shares"])


def parts_of(granted: str, *brought: str) -> list[Decimal]:
    lines = [line(str(place), "A", "flour", quantity, 100) for place, quantity in enumerate(brought)]
    return [part.quantity for part in share_costs(lines, [grant("x", "flour", granted)]).parts]


@pytest.mark.parametrize("row", rows("cost-sharing.md", "received", "brought", "counted"), ids=str)
def test_documented_parts_of_what_several_orders_brought(row: dict[str, str]) -> None:
    assert parts_of(row["received"], *row["brought"].split(", ")) == decimals(row["counted"])
