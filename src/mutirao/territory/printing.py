# SPDX-License-Identifier: AGPL-3.0-or-later
"""The map and the whole list of what was filtered, on paper: by territory and place, in the network's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutirao.catalogue.models import Product
from mutirao.kernel import clock, formats, pdf
from mutirao.kernel.core.text import fold
from mutirao.network.models import Enterprise, Network
from mutirao.territory import queries
from mutirao.territory.core.geo import Group, Layout
from mutirao.territory.models import ChainLink, Partner
from mutirao.territory.plotting import Plot, plot

TEMPLATE = Path(__file__).parent / "print" / "map.typ"


def map_pdf(
    network: Network,
    enterprises: Iterable[Enterprise],
    *,
    partners: Sequence[Partner] = (),
    product: Product | None = None,
    filters: Sequence[tuple[Any, Any]] = (),
) -> bytes:
    """The printed map with every one of the enterprises, and partners where they are asked for.

    `filters` are the names and words of what narrowed the list.
    """
    with translation.override(network.language):
        rows = queries.with_links(enterprises)
        drawn = plot(rows, partners, product)
        data = {
            "lang": network.language.split("-")[0],
            "network": network.name,
            "title": _("Quem produz o quê, e onde"),
            "made": formats.date(clock.today(), "long"),
            "facts": _facts(rows, filters),
            "map": _map(drawn.layout, drawn, rows, partners, product) if drawn.layout else None,
            "sections": [*_sections(rows, network), *_partners(partners)],
        }
        return pdf.render(TEMPLATE, data, made_at=clock.now())


def _facts(rows: Sequence[Enterprise], filters: Sequence[tuple[Any, Any]]) -> list[dict[str, str]]:
    many = ngettext("%(many)s empreendimento", "%(many)s empreendimentos", len(rows)) % {"many": len(rows)}
    said = "; ".join(f"{label}: {value}" for label, value in filters)
    return [
        {"label": _("Nesta lista"), "value": many},
        {"label": _("Filtros"), "value": said or _("nenhum: estão todos")},
    ]


# --- the map ---------------------------------------------------------------------------------------------------------


def _map(
    layout: Layout, drawn: Plot, rows: Sequence[Enterprise], partners: Sequence[Partner], product: Product | None
) -> dict[str, Any]:
    many = len(rows)
    unplaced = sum(1 for row in rows if row.position is None)
    notes = [_("O norte fica em cima.")]
    if any(not group.dots for group in layout.groups):
        notes.append(_("Um número junta vários empreendimentos; a lista diz quais."))
    if unplaced:
        words = ngettext("%(many)s não aparece no mapa.", "%(many)s não aparecem no mapa.", unplaced)
        notes.append(words % {"many": unplaced})
    key = [("makes", _("produz")), ("uses", _("usa")), ("both", _("produz e usa"))] if product else []
    if partners:
        key.append(("partner", _("parceiro")))
    return {
        "alt": ngettext("Mapa com %(many)s empreendimento", "Mapa com %(many)s empreendimentos", many) % {"many": many},
        "ratio": layout.ratio,
        # The larger ones below, so that none hides another.
        "regions": [
            {"tone": drawn.territories[one.key][0] if one.key in drawn.territories else "e", "corners": one.corners}
            for one in sorted(layout.regions, key=lambda one: (-_extent(one.corners), one.key))
        ],
        "groups": [_group(group, drawn) for group in layout.groups],
        "scale": _("%(km)s km") % {"km": layout.scale_km},
        "scale_width": layout.scale_width,
        "territories": [{"tone": tone, "name": name} for tone, name in drawn.territories.values()],
        "key": [{"look": look, "name": name} for look, name in key],
        "notes": notes,
    }


def _extent(corners: Sequence[tuple[float, float]]) -> float:
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def _group(group: Group, drawn: Plot) -> dict[str, Any]:
    label = group.label
    return {
        "x": group.x,
        "y": group.y,
        "many": len(group.keys),
        "dots": [{"look": drawn.looks[dot.key], "dx": dot.dx, "dy": dot.dy} for dot in group.dots],
        "label": {"text": label.text, "dx": label.dx, "dy": label.dy, "anchor": label.anchor} if label else None,
    }


# --- the list --------------------------------------------------------------------------------------------------------


def _sections(rows: Sequence[Enterprise], network: Network) -> list[dict[str, Any]]:
    """Territories, then places, by name; what has none at the end."""
    told = sorted(
        ((row.territory.name if row.territory else "", _place(row, network), row) for row in rows),
        key=lambda one: (not one[0], fold(one[0]), not one[1], fold(one[1]), one[2].folded),
    )
    has_territories = any(one[0] for one in told)
    sections = []
    for territory, of_territory in groupby(told, key=lambda one: one[0]):
        members = list(of_territory)
        name = territory or (_("Sem território") if has_territories else _("Empreendimentos"))
        sections.append({"title": _counted(name, len(members)), "places": _places(members)})
    return sections


def _places(members: Sequence[tuple[str, str, Enterprise]]) -> list[dict[str, Any]]:
    places = []
    for place, of_place in groupby(members, key=lambda one: one[1]):
        rows = [row for _territory, _place, row in of_place]
        title = _counted(place or _("Lugar não informado"), len(rows))
        places.append({"title": title, "rows": [{"name": row.name, "lines": _lines(row)} for row in rows]})
    return places


def _counted(name: str, many: int) -> str:
    return f"{name} ({many})"


def _place(row: Enterprise, network: Network) -> str:
    place = str(row.municipality) if row.municipality else row.city
    if place and row.country and row.country != network.country:
        return f"{place}, {formats.country_name(row.country)}"
    return place


def _lines(row: Enterprise) -> list[str]:
    """What it makes and uses; what it does, where it said nothing of what it makes."""
    said = {
        direction: ", ".join(link.product.name for link in row.chain_links.all() if link.direction == direction)
        for direction in ChainLink.Direction.values
    }
    lines = []
    if made := said[ChainLink.Direction.MAKES]:
        lines.append(_("Produz: %(what)s") % {"what": made})
    elif row.activity:
        lines.append(row.activity)
    if used := said[ChainLink.Direction.USES]:
        lines.append(_("Usa: %(what)s") % {"what": used})
    return lines


def _partners(partners: Sequence[Partner]) -> list[dict[str, Any]]:
    if not partners:
        return []
    told = sorted(partners, key=lambda row: (fold(row.place), row.folded))
    places = []
    for place, rows in groupby(told, key=lambda row: row.place):
        named = [{"name": row.name, "lines": [capfirst(row.get_kind_display())]} for row in rows]
        places.append({"title": _counted(place, len(named)), "rows": named})
    return [{"title": _counted(_("Parceiros do território"), len(partners)), "places": places}]
