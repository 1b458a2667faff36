# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures say exactly what they are given, in the picture and in words."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.site import charts
from mutirao.site.charts import Bar, Group, Part, Point

amounts = st.integers(min_value=0, max_value=10**12)


def tree(markup: str) -> ElementTree.Element:
    """The markup as a tree; fails when it is not well formed."""
    return ElementTree.fromstring(f"<div>{markup}</div>")


def widths(element: ElementTree.Element, selector: str) -> list[Decimal]:
    found = element.findall(f".//rect[@class='{selector}']")
    return [Decimal(rect.get("width", "").rstrip("%")) for rect in found if rect.get("width", "").endswith("%")]


def words(element: ElementTree.Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_a_price_is_shown_as_its_parts_with_their_share() -> None:
    drawn = charts.stacked_bar(
        [Part("Farinha", 300, "R$ 3,00", tone="a"), Part("Frete", 100, "R$ 1,00", tone="b")],
        title="Preço",
        total="R$ 4,00",
    )
    figure = tree(drawn)
    assert widths(figure, "tone-a") == [Decimal(75)]
    assert widths(figure, "tone-b") == [Decimal(25)]
    assert "Farinha R$ 3,00 75 %" in words(figure)
    assert "Total R$ 4,00" in words(figure)


@given(st.lists(amounts, min_size=1, max_size=8))
def test_the_parts_of_a_whole_fill_it(values: list[int]) -> None:
    drawn = tree(charts.stacked_bar([Part("x", v, str(v), tone="a") for v in values], title="t", total="s"))
    filled = sum(widths(drawn, "tone-a"))
    assert abs(filled - (100 if sum(values) else 0)) <= Decimal("0.01") * len(values)


def test_a_share_too_small_to_round_up_is_still_said() -> None:
    drawn = charts.stacked_bar([Part("a", 999, "a"), Part("b", 1, "b")], title="t", total="s")
    assert "&lt; 1 %" in drawn


def test_a_negative_part_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        charts.stacked_bar([Part("a", -1, "-1")], title="t", total="s")


@pytest.mark.parametrize("value", [1.5, True, "3"])
def test_inexact_values_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        charts.bars([Bar("a", value, "x")], title="t")  # type: ignore[arg-type]


def test_every_word_is_escaped() -> None:
    evil = "<b onmouseover=1>&"
    point = Point(evil, 1, evil)
    drawn = (
        charts.stacked_bar([Part(evil, 1, evil, url="/?a=1&b=2")], title=evil, total=evil, description=evil)
        + charts.bars([Bar(evil, 1, evil, note=evil)], title=evil)
        + charts.grouped_bars([Group(evil, [Bar(evil, 1, evil)])], title=evil)
        + charts.line([point, point], title=evil, words=lambda value: evil)
        + charts.sparkline([1, 2], title=evil)
    )
    assert "<b" not in re.sub(r"</?(body|br)\b", "", drawn)
    assert tree(drawn) is not None


def test_nothing_inline_that_the_content_policy_forbids() -> None:
    drawn = charts.line([Point("jan", 1, "1"), Point("fev", 2, "2")], title="t", words=str)
    assert "style=" not in drawn
    assert "<script" not in drawn


def test_savings_and_losses_stand_on_either_side_of_zero() -> None:
    drawn = tree(charts.bars([Bar("ganhou", 300, "R$ 3,00"), Bar("perdeu", -100, "−R$ 1,00")], title="Economia"))
    won = drawn.find(".//rect[@class='tone-d']")
    lost = drawn.find(".//rect[@class='tone-f']")
    assert won is not None
    assert lost is not None
    assert (won.get("x"), won.get("width")) == ("25%", "75%")
    assert (lost.get("x"), lost.get("width")) == ("0%", "25%")
    assert len(drawn.findall(".//line[@class='axis']")) == 2


def test_bars_without_losses_start_at_the_edge() -> None:
    drawn = tree(charts.bars([Bar("a", 2, "2"), Bar("b", 1, "1")], title="t"))
    assert [rect.get("x") for rect in drawn.findall(".//rect[@class='tone-d']")] == ["0%", "0%"]
    assert drawn.findall(".//line") == []


def test_bars_of_nothing_are_drawn_without_length() -> None:
    drawn = tree(charts.bars([Bar("a", 0, "0")], title="t"))
    assert widths(drawn, "tone-d") == [Decimal(0)]


def test_scenarios_share_one_scale_over_all_groups() -> None:
    drawn = tree(
        charts.grouped_bars(
            [Group("A", [Bar("melhor", 50, "50"), Bar("só", 100, "100")]), Group("B", [Bar("melhor", 25, "25")])],
            title="Cenários",
        )
    )
    assert widths(drawn, "tone-a") == [Decimal(50), Decimal(25)]
    assert widths(drawn, "tone-b") == [Decimal(100)]


def test_the_best_bar_is_marked_in_the_words_too() -> None:
    drawn = tree(charts.grouped_bars([Group("A", [Bar("melhor", 1, "1", best=True)])], title="t"))
    assert drawn.find(".//li[@class='best']") is not None


def test_carvings_are_known_to_each_figure_that_uses_them() -> None:
    drawn = charts.stacked_bar([Part("a", 1, "1"), Part("b", 1, "1"), Part("c", 1, "1")], title="t", total="3", key="k")
    assert (
        set(re.findall(r"url\(#([\w-]+)\)", drawn))
        == set(re.findall(r'<pattern id="([\w-]+)"', drawn))
        == {"k-b", "k-c"}
    )


def test_a_balance_says_where_it_began_and_ended() -> None:
    drawn = charts.line(
        [Point("janeiro", 100, "R$ 1,00"), Point("fevereiro", -50, "−R$ 0,50")], title="Saldo", words=lambda v: f"v{v}"
    )
    figure = tree(drawn)
    spoken = figure.find(".//desc")
    assert spoken is not None
    assert spoken.text == "De R$ 1,00 (janeiro) a −R$ 0,50 (fevereiro)"
    rows = ["".join(row.itertext()) for row in figure.findall(".//tbody/tr")]
    assert rows == ["janeiroR$ 1,00", "fevereiro−R$ 0,50"]
    assert figure.find(".//line[@class='axis']") is not None
    path = figure.find(".//path[@class='line']")
    assert path is not None
    assert path.get("d") == "M0 0L100 100"


def test_a_balance_of_one_moment_and_of_none() -> None:
    one = tree(charts.line([Point("hoje", 4, "4")], title="t", words=str))
    path = one.find(".//path[@class='line']")
    assert path is not None
    assert path.get("d") == "M50 0"
    assert "Ainda sem valores." in charts.line([], title="t", words=str)


def test_a_line_that_never_moves_has_a_scale() -> None:
    drawn = tree(charts.line([Point("a", 0, "0"), Point("b", 0, "0")], title="t", words=str))
    assert len(drawn.findall(".//line")) == 1


@given(st.lists(st.integers(min_value=-(10**12), max_value=10**12), min_size=1, max_size=12))
def test_the_scale_holds_every_value_in_few_round_steps(values: list[int]) -> None:
    least, most = min([0, *values]), max([0, *values])
    ticks = charts._ticks(Decimal(least), Decimal(most))
    assert ticks[0] <= least
    assert ticks[-1] >= most
    assert len(ticks) <= 7
    assert least == most or 0 in ticks


@given(st.lists(amounts, min_size=1, max_size=12))
def test_a_sparkline_stays_in_its_box(values: list[int]) -> None:
    drawn = tree(charts.sparkline(values, title="t"))
    path = drawn.find(".//path")
    assert path is not None
    places = [Decimal(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path.get("d", ""))]
    assert all(2 <= x <= 98 for x in places[::2])
    assert all(2 <= y <= 22 for y in places[1::2])


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown tone"):
        charts.bars([Bar("a", 1, "1", tone="x")], title="t")
