# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on the map, for the screen and for paper alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mutirao.catalogue.models import Product
from mutirao.network.models import Enterprise
from mutirao.territory import drawing, queries
from mutirao.territory.core.geo import Layout, Spot, lay_out
from mutirao.territory.models import ChainLink, Partner


@dataclass(frozen=True, slots=True)
class Plot:
    """Spots and their layout (None where nothing has a place); an enterprise's key is its number, a partner's is its
    number below zero. `territories`: number → (tone, name), by name."""

    spots: tuple[Spot, ...]
    layout: Layout | None
    looks: Mapping[int, str]
    territories: Mapping[int, tuple[str, str]]


def plot(enterprises: Iterable[Enterprise], partners: Iterable[Partner], product: Product | None) -> Plot:
    """The map of enterprises and partners; with a product, who makes it looks different from who uses it."""
    said = queries.directions_of(product) if product else {}
    spots, looks, names = [], {}, {}
    for row in enterprises:
        if row.territory is not None:
            names[row.territory.pk] = row.territory.name
        if row.position is None:
            continue
        place = row.municipality.name if row.municipality else row.city
        spots.append(Spot(row.pk, float(row.position[0]), float(row.position[1]), place, row.territory_id))
        looks[row.pk] = _look(said.get(row.pk))
    for partner in partners:
        home = partner.municipality
        if home is not None:
            spots.append(Spot(-partner.pk, float(home.latitude), float(home.longitude), home.name))
            looks[-partner.pk] = "partner"
    ordered = sorted(names, key=lambda pk: names[pk])
    territories = {pk: (drawing.tone(i), names[pk]) for i, pk in enumerate(ordered)}
    return Plot(tuple(spots), lay_out(spots, ratio=drawing.RATIO), looks, territories)


def _look(said: set[str] | None) -> str:
    """Full for who makes the chosen product, a ring for who uses it; full where none is chosen."""
    if not said:
        return "makes"
    if len(said) == 2:
        return "both"
    return "makes" if ChainLink.Direction.MAKES in said else "uses"
