# SPDX-License-Identifier: AGPL-3.0-or-later
"""A map without tiles: places on a flat frame, those too close spread apart, names where there is room, a scale.

Positions are fractions of the frame (0 to 1, y down); offsets are pixels, so that dots and letters keep their size on
any screen. Deterministic: the same places give the same map.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

EARTH_KM = 6371.0088
"""Mean radius of the earth. Source: IUGG."""
KM_A_DEGREE = EARTH_KM * math.pi / 180
NARROW, WIDE = 330, 560
"""Widths, in pixels, at which names are placed: a phone, and a sheet of paper or a larger screen."""
STEP = 17
"""Pixels between the middles of two dots of one group."""
MOST_DOTS = 12
"""Dots of a group that are drawn one by one; beyond it one larger dot tells how many they are."""
MOST_GROUPS = 40
"""Groups for which a phone has room. With more the map is crowded: it is divided into cells, a number in each."""
COLUMNS, ROWS, MOST_DOTS_OF_A_CELL = 8, 6, 3
_LETTER, _LINE = 6.6, 15

Point = tuple[float, float]


def distance_km(one: Point, other: Point) -> float:
    """The way over the globe between two (latitude, longitude) in degrees, in kilometres.

    Source: haversine, 2R·asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2)).
    """
    (lat1, lon1), (lat2, lon2) = one, other
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


@dataclass(frozen=True, slots=True)
class Spot:
    """Something to put on the map: its key, where it is (degrees), the place's name, the region it belongs to."""

    key: int
    latitude: float
    longitude: float
    place: str = ""
    region: int | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """One spot drawn: pixels from the middle of its group."""

    key: int
    dx: float
    dy: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name: pixels from the middle of its group, where it is anchored (start, middle, end), from which width on."""

    text: str
    dx: float
    dy: float
    anchor: str
    wide_only: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Spots that lie together. `place` is the name that most of them share, `mixed` whether some have another; `dots`
    is empty where there are too many to draw one by one."""

    x: float
    y: float
    keys: tuple[int, ...]
    place: str
    mixed: bool
    dots: tuple[Dot, ...]
    label: Label | None


@dataclass(frozen=True, slots=True)
class Region:
    """The outline around the spots of a region, as corners in fractions of the frame."""

    key: int
    corners: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A map ready to be drawn. `ratio` is width to height; the scale bar of `scale_km` is `scale_width` wide."""

    groups: tuple[Group, ...]
    regions: tuple[Region, ...]
    ratio: float
    scale_km: int
    scale_width: float


def lay_out(spots: Sequence[Spot], *, ratio: float = 4 / 3) -> Layout | None:
    """The map of some spots, north up; None where there is nothing to put on it. Raises: ValueError for no place on
    earth."""
    if any(not (-90 <= spot.latitude <= 90 and -180 <= spot.longitude <= 180) for spot in spots):
        raise ValueError("latitude or longitude is not on earth")
    if not spots:
        return None
    flat, width_km = _project(spots, ratio)
    ordered = sorted(spots, key=lambda spot: spot.key)
    clusters = _cluster(ordered, flat, ratio)
    if len(clusters) > MOST_GROUPS:
        clusters = _cells(ordered, flat, ratio)
        moved = [(0.0, 0.0)] * len(clusters)
    else:
        moved = _spread(clusters, ratio)
    labels = _place_labels(clusters, moved, ratio)
    groups = tuple(
        Group(
            x=_short(cluster.x),
            y=_short(cluster.y),
            keys=tuple(spot.key for spot in cluster.spots),
            place=cluster.place,
            mixed=cluster.mixed,
            dots=tuple(
                Dot(spot.key, round(dx + move[0], 1), round(dy + move[1], 1))
                for spot, (dx, dy) in zip(cluster.spots, _offsets(len(cluster.spots)), strict=True)
            )
            if len(cluster.spots) <= cluster.most_dots
            else (),
            label=label,
        )
        for cluster, move, label in zip(clusters, moved, labels, strict=True)
    )
    scale = _nice(width_km / 4)
    return Layout(groups, _regions(spots, flat), ratio, scale, _short(scale / width_km))


def _short(value: float) -> float:
    return round(value, 4)


def _project(spots: Sequence[Spot], ratio: float) -> tuple[dict[int, Point], float]:
    """Where each spot lies on the frame, and how many kilometres the frame is wide.

    Source: equirectangular projection, true along the middle latitude; for a territory the error is far below a dot.
    """
    middle = (min(s.latitude for s in spots) + max(s.latitude for s in spots)) / 2
    shrink = math.cos(math.radians(middle)) or 1e-9
    raw = {s.key: (s.longitude * shrink * KM_A_DEGREE, -s.latitude * KM_A_DEGREE) for s in spots}
    xs, ys = [p[0] for p in raw.values()], [p[1] for p in raw.values()]
    wide, tall = max(xs) - min(xs), max(ys) - min(ys)
    # A margin for dots and names; a lone place is shown with ten kilometres around it.
    width = max(wide * 1.3, tall * 1.35 * ratio, 10.0)
    height = width / ratio
    left = (min(xs) + max(xs) - width) / 2
    top = (min(ys) + max(ys) - height) / 2
    return {key: ((x - left) / width, (y - top) / height) for key, (x, y) in raw.items()}, width


@dataclass
class _Cluster:
    x: float
    y: float
    spots: list[Spot]
    most_dots: int = MOST_DOTS

    @cached_property
    def place(self) -> str:
        """The name that most of them share; the first in the alphabet among equals."""
        names = [spot.place for spot in self.spots if spot.place]
        return min(set(names), key=lambda name: (-names.count(name), name)) if names else ""

    @cached_property
    def mixed(self) -> bool:
        """Whether some lie in a place of another name."""
        return len({spot.place for spot in self.spots}) > 1

    @cached_property
    def radius(self) -> float:
        """Pixels from the middle to the outer edge of the dots."""
        if len(self.spots) > self.most_dots:
            return 18.0
        return max(math.hypot(dx, dy) for dx, dy in _offsets(len(self.spots))) + 8


def _cluster(spots: Iterable[Spot], flat: dict[int, Point], ratio: float) -> list[_Cluster]:
    """Spots closer than a dot's width on a phone come together; no further than to one group too many."""
    near = STEP / NARROW
    found: list[_Cluster] = []
    for spot in spots:
        x, y = flat[spot.key]
        closest = min(found, key=lambda c: math.hypot(c.x - x, (c.y - y) / ratio), default=None)
        if closest is not None and math.hypot(closest.x - x, (closest.y - y) / ratio) < near:
            many = len(closest.spots)
            closest.x, closest.y = (closest.x * many + x) / (many + 1), (closest.y * many + y) / (many + 1)
            closest.spots.append(spot)
        else:
            found.append(_Cluster(x, y, [spot]))
        if len(found) > MOST_GROUPS:
            break
    return found


def _cells(spots: Iterable[Spot], flat: dict[int, Point], ratio: float) -> list[_Cluster]:
    """One group for each cell of a crowded map that has spots, drawn within its cell, so that none covers another."""
    found: dict[tuple[int, int], list[Spot]] = {}
    for spot in spots:
        x, y = flat[spot.key]
        cell = (min(int(y * ROWS), ROWS - 1), min(int(x * COLUMNS), COLUMNS - 1))
        found.setdefault(cell, []).append(spot)
    clusters = []
    for (row, column), members in sorted(found.items()):
        x = sum(flat[spot.key][0] for spot in members) / len(members)
        y = sum(flat[spot.key][1] for spot in members) / len(members)
        cluster = _Cluster(x, y, members, MOST_DOTS_OF_A_CELL)
        edge = cluster.radius + 1
        cluster.x = _within(x, column / COLUMNS, 1 / COLUMNS, edge / NARROW)
        cluster.y = _within(y, row / ROWS, 1 / ROWS, edge * ratio / NARROW)
        clusters.append(cluster)
    return clusters


def _within(value: float, start: float, length: float, edge: float) -> float:
    """As near to `value` as keeps `edge` from both ends; the middle where there is no room."""
    edge = min(edge, length / 2)
    return min(max(value, start + edge), start + length - edge)


def _offsets(many: int) -> list[Point]:
    """Pixels from the middle for each dot of a group: a ring, with one inside where they are more than six."""
    if many <= 1:
        return [(0.0, 0.0)] * many
    inside = 1 if many > 6 else 0
    ring = many - inside
    radius = STEP / (2 * math.sin(math.pi / ring))
    turn = -math.pi / 2 if ring % 2 else -math.pi / 2 + math.pi / ring
    around = [
        (radius * math.cos(turn + 2 * math.pi * i / ring), radius * math.sin(turn + 2 * math.pi * i / ring))
        for i in range(ring)
    ]
    return [(0.0, 0.0)] * inside + around


def _spread(clusters: Sequence[_Cluster], ratio: float) -> list[Point]:
    """Pixels by which groups move so that none lies over another on a phone; on a wide sheet it is next to nothing."""
    width, height = NARROW, NARROW / ratio
    middles = [[c.x * width, c.y * height] for c in clusters]
    for _round in range(40):
        if not _push_apart(clusters, middles):
            break
    for cluster, middle in zip(clusters, middles, strict=True):
        edge = cluster.radius + 1
        middle[0] = min(max(middle[0], edge), width - edge)
        middle[1] = min(max(middle[1], edge), height - edge)
    return [(m[0] - c.x * width, m[1] - c.y * height) for c, m in zip(clusters, middles, strict=True)]


def _push_apart(clusters: Sequence[_Cluster], middles: list[list[float]]) -> bool:
    moved = False
    for i, one in enumerate(clusters):
        for j in range(i + 1, len(clusters)):
            gap_x, gap_y = middles[j][0] - middles[i][0], middles[j][1] - middles[i][1]
            apart = math.hypot(gap_x, gap_y)
            missing = one.radius + clusters[j].radius + 2 - apart
            if missing <= 0.1:
                continue
            moved = True
            # Two at one point part along the row, the first to the left.
            way_x, way_y = (gap_x / apart, gap_y / apart) if apart else (1.0, 0.0)
            middles[i][0] -= way_x * missing / 2
            middles[i][1] -= way_y * missing / 2
            middles[j][0] += way_x * missing / 2
            middles[j][1] += way_y * missing / 2
    return moved


Box = tuple[float, float, float, float]


def _place_labels(clusters: Sequence[_Cluster], moved: Sequence[Point], ratio: float) -> list[Label | None]:
    """A name beside each group where it covers nothing: where a phone and a wide sheet both have room, else where only
    the sheet has. A number has one only where it stands for a single place."""
    order = sorted(range(len(clusters)), key=lambda i: (-len(clusters[i].spots), clusters[i].place))
    frames = [_Frame(clusters, moved, width, ratio) for width in (NARROW, WIDE)]
    found: list[Label | None] = [None] * len(clusters)
    told: set[str] = set()
    for wide_only in (False, True):
        tried = frames[1:] if wide_only else frames
        for i in order:
            cluster = clusters[i]
            # A number for many places is not one of them's.
            several = cluster.mixed and len(cluster.spots) > cluster.most_dots
            if found[i] is not None or not cluster.place or cluster.place in told or several:
                continue
            for dx, dy, anchor in _sides(cluster.radius):
                if all(frame.has_room(i, cluster.place, dx, dy, anchor) for frame in tried):
                    found[i] = Label(
                        cluster.place, round(dx + moved[i][0], 1), round(dy + moved[i][1], 1), anchor, wide_only
                    )
                    for frame in tried:
                        frame.take(i, cluster.place, dx, dy, anchor)
                    told.add(cluster.place)
                    break
    return found


class _Frame:
    """What is taken on a map of one width, in pixels: the groups by their order, then the names."""

    def __init__(self, clusters: Sequence[_Cluster], moved: Sequence[Point], width: int, ratio: float) -> None:
        self.width, self.height = width, width / ratio
        self.middles = [
            (c.x * self.width + move[0], c.y * self.height + move[1]) for c, move in zip(clusters, moved, strict=True)
        ]
        self.taken: list[Box] = [
            (x - c.radius, y - c.radius, x + c.radius, y + c.radius)
            for c, (x, y) in zip(clusters, self.middles, strict=True)
        ]

    def _box(self, i: int, text: str, dx: float, dy: float, anchor: str) -> Box:
        return _box(text, self.middles[i][0] + dx, self.middles[i][1] + dy, anchor)

    def has_room(self, i: int, text: str, dx: float, dy: float, anchor: str) -> bool:
        """Whether a name beside the group covers nothing and stays on the map, above the scale."""
        box = self._box(i, text, dx, dy, anchor)
        inside = box[0] >= 2 and box[1] >= 2 and box[2] <= self.width - 2 and box[3] <= self.height - 24
        return inside and not any(_overlap(box, other) for j, other in enumerate(self.taken) if j != i)

    def take(self, i: int, text: str, dx: float, dy: float, anchor: str) -> None:
        """Keep the name's place free of others."""
        self.taken.append(self._box(i, text, dx, dy, anchor))


def _sides(radius: float) -> list[tuple[float, float, str]]:
    return [
        (radius + 3, 4.0, "start"),
        (-radius - 3, 4.0, "end"),
        (0.0, -radius - 4, "middle"),
        (0.0, radius + 13, "middle"),
    ]


def _box(text: str, x: float, y: float, anchor: str) -> Box:
    width = len(text) * _LETTER
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return left, y - _LINE + 4, left + width, y + 4


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _regions(spots: Sequence[Spot], flat: dict[int, Point]) -> tuple[Region, ...]:
    points: dict[int, list[Point]] = {}
    for spot in spots:
        if spot.region is not None:
            points.setdefault(spot.region, []).append(flat[spot.key])
    return tuple(Region(key, tuple((_short(x), _short(y)) for x, y in hull(points[key]))) for key in sorted(points))


def hull(points: Iterable[Point]) -> list[Point]:
    """The corners of the smallest convex outline around some points, counter-clockwise on paper.

    Source: Andrew's monotone chain (1979).
    """
    ordered = sorted(set(points))
    if len(ordered) <= 2:
        return ordered

    def half(chain: Iterable[Point]) -> list[Point]:
        kept: list[Point] = []
        for point in chain:
            while len(kept) >= 2 and _turn(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept[:-1]

    return half(ordered) + half(reversed(ordered))


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _nice(km: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50… that is not longer."""
    found = 1
    for step in (base * 10**power for power in range(5) for base in (1, 2, 5)):
        if step <= km:
            found = step
    return found
