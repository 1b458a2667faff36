# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is missing in the chains."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mutirao.territory.core.chain import Bought, Link, Way, find_gaps

FLOUR, JAR, SWEET = 1, 2, 3
BAKER, MILL, FAR_MILL = 10, 20, 30
PLACES = {BAKER: (-24.5, -47.8), MILL: (-24.5, -48.8), FAR_MILL: (-22.0, -47.9)}


def test_what_is_bought_outside_though_made_inside_names_the_nearest_maker() -> None:
    bought = Bought(FLOUR, Decimal(100), 39_000, {BAKER: Decimal(100)})
    gaps = find_gaps([Link(MILL, FLOUR, True, Decimal(5000)), Link(FAR_MILL, FLOUR, True)], [bought], PLACES)
    (gap,) = gaps.bought_outside
    assert gap.makers == (MILL, FAR_MILL)
    assert gap.users == (BAKER,)
    assert gap.ways == (Way(MILL, BAKER, 101),)
    assert gap.made == Decimal(5000)


def test_who_alone_makes_a_good_and_buys_it_is_no_gap() -> None:
    bought = Bought(FLOUR, Decimal(5), 100, {MILL: Decimal(5)})
    assert find_gaps([Link(MILL, FLOUR, True)], [bought], PLACES).bought_outside == ()


def test_what_is_used_and_made_by_nobody_is_told_with_what_it_cost() -> None:
    bought = Bought(JAR, Decimal(400), 78_000, {BAKER: Decimal(400)})
    gaps = find_gaps([Link(BAKER, JAR, False, Decimal(1200))], [bought], PLACES)
    (gap,) = gaps.made_by_nobody
    assert gap.used == Decimal(1200)
    assert gap.bought == bought
    assert gap.ways == ()
    assert gaps.bought_outside == ()


def test_what_is_made_without_a_buyer_is_told() -> None:
    assert [gap.product for gap in find_gaps([Link(BAKER, SWEET, True)], [], PLACES).without_buyer] == [SWEET]


def test_a_named_buyer_a_partner_or_a_user_inside_is_a_buyer() -> None:
    assert find_gaps([Link(BAKER, SWEET, True, sold=True)], [], {}).without_buyer == ()
    assert find_gaps([Link(BAKER, SWEET, True)], [], {}, bought_by_partners={SWEET}).without_buyer == ()
    assert find_gaps([Link(BAKER, SWEET, True), Link(MILL, SWEET, False)], [], {}).without_buyer == ()


def test_using_what_one_makes_oneself_is_no_buyer() -> None:
    gaps = find_gaps([Link(BAKER, SWEET, True), Link(BAKER, SWEET, False)], [], {})
    assert [gap.product for gap in gaps.without_buyer] == [SWEET]


def test_without_a_place_the_way_is_known_and_its_length_is_not() -> None:
    (gap,) = find_gaps(
        [Link(MILL, FLOUR, True)], [Bought(FLOUR, Decimal(1), 1, {BAKER: Decimal(1)})], {}
    ).bought_outside
    assert gap.ways == (Way(MILL, BAKER, None),)


def test_the_dearest_comes_first() -> None:
    bought = [Bought(FLOUR, Decimal(1), 10, {BAKER: Decimal(1)}), Bought(JAR, Decimal(1), 500, {BAKER: Decimal(1)})]
    gaps = find_gaps([Link(MILL, FLOUR, True), Link(MILL, JAR, True)], bought, PLACES)
    assert [gap.product for gap in gaps.bought_outside] == [JAR, FLOUR]


LINKS = st.lists(
    st.builds(Link, st.integers(1, 5), st.integers(1, 5), st.booleans(), st.none(), st.booleans()),
    unique_by=lambda link: (link.enterprise, link.product, link.makes),
)


@given(LINKS)
def test_no_product_is_both_made_by_nobody_and_without_a_buyer(links: list[Link]) -> None:
    gaps = find_gaps(links, [], {})
    nobody = {gap.product for gap in gaps.made_by_nobody}
    assert nobody.isdisjoint({gap.product for gap in gaps.without_buyer})
    assert nobody == {link.product for link in links if not link.makes} - {link.product for link in links if link.makes}
