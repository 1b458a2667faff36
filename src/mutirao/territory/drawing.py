# SPDX-License-Identifier: AGPL-3.0-or-later
"""The map as SVG made on the server: no tiles, no scripts, nothing inline that the content policy forbids.

Positions are percentages and offsets pixels, so that dots can be hit and names be read on any screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutirao.territory.core.geo import Group, Layout, Region

TONES = ("d", "b", "a", "c", "f", "e")
RATIO = 4 / 3


@dataclass(frozen=True, slots=True)
class Mark:
    """How a spot is drawn: "makes" a full disc, "uses" a ring, "both" a disc in a ring, "partner" a square."""

    name: str
    url: str
    look: str


def tone(position: int) -> str:
    """The colour of a territory by its place in the list."""
    return TONES[position % len(TONES)]


def draw(
    layout: Layout,
    marks: Mapping[int, Mark],
    *,
    title: str,
    regions: Mapping[int, tuple[str, str]],
    more_url: Callable[[Group], str],
) -> SafeString:
    """The map. `regions`: territory → (tone, name); `more_url`: the page of a group that is only a number."""
    return format_html(
        '<svg class="territory-map" width="100%" height="100%" role="group" aria-label="{}">'
        '<rect class="ground" width="100%" height="100%"/>'
        '<svg width="100%" height="100%" viewBox="0 0 1000 {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
        "{}{}</svg>",
        title,
        round(1000 / layout.ratio),
        format_html_join("", "{}", ((_region(one, layout, regions),) for one in layout.regions)),
        format_html_join("", "{}", ((_group(one, marks, more_url),) for one in layout.groups)),
        _scale(layout),
    )


def _region(region: Region, layout: Layout, regions: Mapping[int, tuple[str, str]]) -> SafeString:
    corners = " ".join(f"{x * 1000:.1f},{y * 1000 / layout.ratio:.1f}" for x, y in region.corners)
    if len(region.corners) == 1:
        # A line of no length still has round ends.
        corners = f"{corners} {corners}"
    return format_html('<polygon class="region tone-{}" points="{}"/>', regions.get(region.key, ("e", ""))[0], corners)


def _group(group: Group, marks: Mapping[int, Mark], more_url: Callable[[Group], str]) -> SafeString:
    if group.dots:
        drawn = format_html_join("", "{}", ((_dot(marks[dot.key], dot.dx, dot.dy),) for dot in group.dots))
    else:
        many = len(group.keys)
        if group.mixed:
            words = ngettext("%(many)s em %(place)s e arredores", "%(many)s em %(place)s e arredores", many)
        else:
            words = ngettext("%(many)s em %(place)s", "%(many)s em %(place)s", many)
        words %= {"many": many, "place": group.place}
        drawn = format_html(
            '<a href="{}" aria-label="{}"><title>{}</title><circle class="many" r="17"/>'
            '<text class="count" text-anchor="middle" y="5">{}</text></a>',
            more_url(group),
            words,
            words,
            many,
        )
    name = SafeString("")
    if group.label is not None:
        name = format_html(
            '<text class="place{}" x="{}" y="{}" text-anchor="{}" aria-hidden="true">{}</text>',
            " wide" if group.label.wide_only else "",
            group.label.dx,
            group.label.dy,
            group.label.anchor,
            group.label.text,
        )
    return format_html(
        '<svg x="{}" y="{}" overflow="visible">{}{}</svg>', _percent(group.x), _percent(group.y), name, drawn
    )


def _dot(mark: Mark, dx: float, dy: float) -> SafeString:
    if mark.look == "partner":
        shape = format_html('<rect class="partner" x="{}" y="{}" width="14" height="14"/>', dx - 7, dy - 7)
    else:
        shape = format_html('<circle class="{}" cx="{}" cy="{}" r="7"/>', mark.look, dx, dy)
        if mark.look == "both":
            shape += format_html('<circle class="inside" cx="{}" cy="{}" r="3"/>', dx, dy)
    return format_html('<a href="{}" aria-label="{}"><title>{}</title>{}</a>', mark.url, mark.name, mark.name, shape)


def _scale(layout: Layout) -> SafeString:
    words = _("%(km)s km") % {"km": layout.scale_km}
    return format_html(
        '<svg x="2%" y="100%" overflow="visible" aria-hidden="true"><rect class="scale" y="-12" width="{}" height="4"/>'
        '<text class="scale-words" y="-18">{}</text></svg>',
        _percent(layout.scale_width),
        words,
    )


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.2f}%"
