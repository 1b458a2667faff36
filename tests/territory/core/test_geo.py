# SPDX-License-Identifier: AGPL-3.0-or-later
"""Distances, outlines and the layout of the map."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.territory.core.geo import MOST_DOTS, NARROW, WIDE, Group, Layout, Spot, distance_km, hull, lay_out

LATITUDES, LONGITUDES = st.floats(-60, 60), st.floats(-179, 179)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert round(distance_km((0.0, 0.0), (1.0, 0.0)), 2) == 111.20


def test_sao_paulo_to_rio_is_three_hundred_and_sixty_kilometres() -> None:
    assert round(distance_km((-23.5505, -46.6333), (-22.9068, -43.1729))) == 361


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_the_way_back_is_as_long(a: float, b: float, c: float, d: float) -> None:
    there, back = distance_km((a, b), (c, d)), distance_km((c, d), (a, b))
    assert math.isclose(there, back, abs_tol=1e-6)
    assert 0 <= there <= 20_016


def test_the_outline_leaves_inner_points_out() -> None:
    assert set(hull([(0, 0), (4, 0), (4, 4), (0, 4), (2, 2), (1, 3)])) == {(0, 0), (4, 0), (4, 4), (0, 4)}


def test_nothing_makes_no_map() -> None:
    assert lay_out([]) is None


def test_a_place_that_is_not_on_earth_is_refused() -> None:
    with pytest.raises(ValueError, match="not on earth"):
        lay_out([Spot(1, -91.0, 0.0)])


def test_north_is_up_and_east_is_right() -> None:
    layout = lay_out([Spot(1, -24.0, -48.0), Spot(2, -25.0, -47.0)])
    assert layout is not None
    north_west, south_east = layout.groups
    assert north_west.x < south_east.x
    assert north_west.y < south_east.y


def test_places_at_one_point_stand_side_by_side() -> None:
    layout = lay_out([Spot(key, -24.5, -47.8, "Registro") for key in range(6)])
    assert layout is not None
    (group,) = layout.groups
    dots = group.dots
    assert len(dots) == 6
    apart = [math.dist((a.dx, a.dy), (b.dx, b.dy)) for i, a in enumerate(dots) for b in dots[i + 1 :]]
    assert min(apart) >= 16
    assert group.label is not None
    assert group.label.text == "Registro"


def test_too_many_at_one_point_become_one_dot_with_a_number() -> None:
    layout = lay_out([Spot(key, -24.5, -47.8) for key in range(MOST_DOTS + 1)])
    assert layout is not None
    assert layout.groups[0].dots == ()
    assert len(layout.groups[0].keys) == MOST_DOTS + 1


@given(st.lists(st.tuples(st.floats(-26, -23), st.floats(-50, -46)), min_size=1, max_size=25))
def test_every_place_is_on_the_paper_once_and_no_dot_covers_another(places: list[tuple[float, float]]) -> None:
    layout = lay_out([Spot(i, lat, lon, f"Lugar {i}") for i, (lat, lon) in enumerate(places)])
    assert layout is not None
    assert sorted(key for group in layout.groups for key in group.keys) == list(range(len(places)))
    height = NARROW / layout.ratio
    for group in layout.groups:
        assert 0 <= group.x <= 1
        assert 0 <= group.y <= 1
        for dot in group.dots:
            assert -1 <= group.x * NARROW + dot.dx <= NARROW + 1
            assert -1 <= group.y * height + dot.dy <= height + 1
    assert 0 < layout.scale_width <= 0.3


def crowd(places: list[tuple[float, float]]) -> Layout:
    layout = lay_out([Spot(i, lat, lon, f"Lugar {i}") for i, (lat, lon) in enumerate(places)])
    assert layout is not None
    return layout


def reach(group: Group) -> float:
    """How far from its middle a group is drawn, in pixels."""
    return max((math.hypot(dot.dx, dot.dy) + 8 for dot in group.dots), default=17)


@pytest.mark.parametrize(("many", "seed"), [(90, 1), (150, 2), (400, 3), (2000, 4)])
def test_in_a_crowded_map_no_number_and_no_dot_covers_another(many: int, seed: int) -> None:
    chance = random.Random(seed)
    layout = crowd([(chance.uniform(-26, -19), chance.uniform(-54, -44)) for _place in range(many)])
    assert sorted(key for group in layout.groups for key in group.keys) == list(range(many))
    assert len(layout.groups) <= 48
    height = NARROW / layout.ratio
    drawn = [(group.x * NARROW, group.y * height, reach(group)) for group in layout.groups]
    for i, (x, y, radius) in enumerate(drawn):
        assert radius <= x <= NARROW - radius
        assert radius <= y <= height - radius
        for other_x, other_y, other in drawn[:i]:
            assert math.dist((x, y), (other_x, other_y)) >= radius + other


def test_a_crowded_map_tells_numbers_and_names_only_what_lies_in_one_place() -> None:
    grid = [(-20 - row / 10, -50 - column / 10) for row in range(40) for column in range(50)]
    layout = crowd(grid)
    assert len(layout.groups) <= 48
    assert sum(len(group.keys) for group in layout.groups) == 2000
    assert all(group.mixed and group.label is None for group in layout.groups if not group.dots)


def test_a_number_that_stands_for_many_places_has_no_places_name() -> None:
    spots = [Spot(i, 48 + i / 100, 2.0, f"Lugar {i % 3}") for i in range(MOST_DOTS + 1)]
    far = [Spot(100 + i, -34.0, -58.0, "Buenos Aires") for i in range(MOST_DOTS + 1)]
    layout = lay_out([*spots, *far, Spot(300, -33.0, 151.0, "Sydney")])
    assert layout is not None
    assert {group.label and group.label.text for group in layout.groups} == {None, "Buenos Aires", "Sydney"}


def test_a_name_that_a_phone_has_room_for_covers_nothing_on_a_wide_sheet_either() -> None:
    places = [(-24.0, -48.0), (-24.0, -47.86), (-24.6, -47.2), (-23.6, -48.9), (-24.02, -48.25), (-24.3, -48.1)]
    layout = crowd(places)
    for width in (NARROW, WIDE):
        boxes, dots = [], []
        for group in layout.groups:
            x, y = group.x * width, group.y * width / layout.ratio
            dots += [(x + dot.dx, y + dot.dy) for dot in group.dots]
            if group.label is not None and (width == WIDE or not group.label.wide_only):
                long = len(group.label.text) * 6.6
                left = x + group.label.dx - {"start": 0, "middle": long / 2, "end": long}[group.label.anchor]
                boxes.append((left, y + group.label.dy - 11, left + long, y + group.label.dy + 4))
        assert boxes
        for i, (left, top, right, bottom) in enumerate(boxes):
            assert not any(left < x < right and top < y < bottom for x, y in dots)
            assert not any(a < right and left < c and b < bottom and top < d for a, b, c, d in boxes[:i])
