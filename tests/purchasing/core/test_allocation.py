# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.purchasing.core.tables import decimals, rows

from mutirao.purchasing.core.allocation import Need, Rule, allocate, packs_to_order, share_goods


def needs_of(quantities, tolerances):
    return [
        Need(str(place), quantity, tolerance)
        for place, (quantity, tolerance) in enumerate(zip(quantities, tolerances, strict=True))
    ]


def amounts(shares, name):
    return [getattr(share, name) for share in shares]


# The worked tables of the documentation


@pytest.mark.parametrize("row", rows("allocate.md", "pack", "minimum", "quantities"), ids=str)
def test_documented_number_of_packs(row):
    needs = needs_of(decimals(row["quantities"]), decimals(row["tolerances"]))
    assert packs_to_order(Decimal(row["pack"]), needs, minimum_packs=int(row["minimum"])) == int(row["packs"])


@pytest.mark.parametrize("row", rows("allocate.md", "rule", "pack", "quantities"), ids=str)
def test_documented_shares(row):
    needs = needs_of(decimals(row["quantities"]), decimals(row["tolerances"]))
    received = Decimal(row["received"]) if row["received"] else None
    allocation = allocate(Decimal(row["pack"]), Rule(row["rule"]), needs, received=received)
    assert amounts(allocation.shares, "granted") == decimals(row["granted"])
    assert amounts(allocation.shares, "from_tolerance") == decimals(row["from tolerance"])
    assert allocation.missing == Decimal(row["missing"])
    assert allocation.leftover == Decimal(row["leftover"])


# Invariants, against rules told another way

whole_needs = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=0, max_size=8)
scales = st.sampled_from([Decimal(1), Decimal("0.1"), Decimal("0.001")])


@given(pack=st.integers(1, 25), minimum=st.integers(0, 6), pairs=whole_needs)
def test_packs_are_the_most_of_which_each_holds_some_quantity(pack, minimum, pairs):
    needs = needs_of([Decimal(q) for q, _ in pairs], [Decimal(t) for _, t in pairs])
    asked, tolerated = sum(q for q, _ in pairs), sum(t for _, t in pairs)
    possible = [n for n in range(200) if n * pack <= asked + tolerated and (n - 1) * pack < asked and asked]
    expected = max(possible, default=0)
    if asked > 0 and expected < minimum:
        expected = minimum if minimum * pack <= asked + tolerated else 0
    assert packs_to_order(Decimal(pack), needs, minimum_packs=minimum) == expected


@given(
    rule=st.sampled_from(Rule),
    pack=st.integers(1, 25),
    pairs=whole_needs,
    received=st.none() | st.integers(0, 400),
    scale=scales,
)
def test_nothing_is_lost_and_nobody_gets_more_than_they_would_take(rule, pack, pairs, received, scale):
    needs = needs_of([q * scale for q, _ in pairs], [t * scale for _, t in pairs])
    allocation = allocate(pack * scale, rule, needs, received=None if received is None else received * scale)
    shared = allocation.ordered if received is None else received * scale
    assert allocation.ordered == allocation.packs * pack * scale
    assert sum(amounts(allocation.shares, "granted")) + allocation.leftover == shared
    for need, share in zip(needs, allocation.shares, strict=True):
        assert share.who == need.who
        assert 0 <= share.from_tolerance <= need.tolerance
        assert share.missing >= 0
        assert share.granted - share.from_tolerance + share.missing == need.quantity
    if any(amounts(allocation.shares, "from_tolerance")):
        assert allocation.missing == 0
    if allocation.leftover:
        assert [share.granted for share in allocation.shares] == [need.quantity + need.tolerance for need in needs]
    if received is None:
        assert allocation.leftover == 0


def one_by_one(amount, wanted):
    """Equal sharing told another way: each step goes to whoever has least and still wants, the earlier first."""
    given_out = [0] * len(wanted)
    for _ in range(amount):
        open_places = [place for place in range(len(wanted)) if given_out[place] < wanted[place]]
        if not open_places:
            break
        given_out[min(open_places, key=lambda place: (given_out[place], place))] += 1
    return given_out


@given(pairs=whole_needs, amount=st.integers(0, 200))
def test_equal_hands_out_one_by_one_to_whoever_has_least(pairs, amount):
    shares = share_goods(Decimal(amount), Rule.EQUAL, needs_of(*columns(pairs)))
    quantities = one_by_one(amount, [q for q, _ in pairs])
    tolerances = one_by_one(amount - sum(quantities), [t for _, t in pairs])
    assert amounts(shares, "granted") == [q + t for q, t in zip(quantities, tolerances, strict=True)]


@given(pairs=whole_needs, amount=st.integers(0, 200))
@example(pairs=[(1, 0), (1, 0), (1, 0)], amount=2)
def test_proportional_stays_within_one_step_of_the_exact_share(pairs, amount):
    shares = share_goods(Decimal(amount), Rule.PROPORTIONAL, needs_of(*columns(pairs)))
    asked, tolerated = sum(q for q, _ in pairs), sum(t for _, t in pairs)
    for_quantities = min(amount, asked)
    for_tolerances = min(amount - for_quantities, tolerated)
    for (quantity, tolerance), share in zip(pairs, shares, strict=True):
        if asked:
            exact = Fraction(for_quantities * quantity, asked)
            assert abs(Fraction(share.granted - share.from_tolerance) - exact) < 1
        if tolerated:
            assert abs(Fraction(share.from_tolerance) - Fraction(for_tolerances * tolerance, tolerated)) < 1


@given(pairs=whole_needs, amount=st.integers(0, 200))
def test_chronological_leaves_nobody_short_before_a_later_one_gets_something(pairs, amount):
    shares = share_goods(Decimal(amount), Rule.CHRONOLOGICAL, needs_of(*columns(pairs)))
    for place, share in enumerate(shares):
        if share.missing:
            assert not any(later.granted for later in shares[place + 1 :])
        if share.from_tolerance < pairs[place][1]:
            assert not any(later.from_tolerance for later in shares[place + 1 :])


def columns(pairs):
    return [Decimal(q) for q, _ in pairs], [Decimal(t) for _, t in pairs]


# Steps


def test_a_finer_step_shares_what_whole_units_cannot():
    needs = needs_of([Decimal(5)] * 3, [Decimal(0)] * 3)
    assert amounts(share_goods(Decimal(10), Rule.EQUAL, needs), "granted") == [4, 3, 3]
    finer = share_goods(Decimal(10), Rule.EQUAL, needs, step=Decimal("0.001"))
    assert amounts(finer, "granted") == [Decimal("3.334"), Decimal("3.333"), Decimal("3.333")]


def test_huge_and_tiny_amounts_stay_exact():
    big, small = Decimal("999999999999.999999999"), Decimal("0.000000001")
    allocation = allocate(small, Rule.PROPORTIONAL, [Need("A", big, big), Need("B", small)])
    assert allocation.packs == 10**21
    assert amounts(allocation.shares, "granted") == [big, small]


# Refusals


@pytest.mark.parametrize("bad", ["-1", "NaN", "Infinity", "1E+12", "1E-10", "1E+999999"])
def test_refuses_amounts_that_are_none(bad):
    with pytest.raises(ValueError, match="the quantity must"):
        Need("A", Decimal(bad))
    with pytest.raises(ValueError, match="the tolerance must"):
        Need("A", Decimal(1), Decimal(bad))
    with pytest.raises(ValueError, match="the pack size must"):
        allocate(Decimal(bad), Rule.EQUAL, [])
    with pytest.raises(ValueError, match="the amount received must"):
        allocate(Decimal(1), Rule.EQUAL, [], received=Decimal(bad))


def test_refuses_an_empty_pack_a_negative_minimum_a_coarse_step_and_a_doubled_name():
    need = Need("A", Decimal("1.5"))
    with pytest.raises(ValueError, match="more than zero"):
        allocate(Decimal(0), Rule.EQUAL, [need])
    with pytest.raises(ValueError, match="minimum"):
        allocate(Decimal(1), Rule.EQUAL, [need], minimum_packs=-1)
    with pytest.raises(ValueError, match="no multiple"):
        allocate(Decimal(1), Rule.EQUAL, [need], step=Decimal(1))
    with pytest.raises(ValueError, match="the step"):
        allocate(Decimal(1), Rule.EQUAL, [need], step=Decimal(0))
    with pytest.raises(ValueError, match="named twice"):
        allocate(Decimal(1), Rule.EQUAL, [need, need])
