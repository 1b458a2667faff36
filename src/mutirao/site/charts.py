# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures drawn on the server: SVG without scripts, sizes or styles inline, every picture with its words beside it.

Values are exact (int or Decimal, in any one unit); `text` is the same value in words, formatted by the caller in the
person's language. What comes out is a safe string. Positions are percentages, so that letters keep their size on a
phone. Colours come from the style sheet (`tone-a` … `tone-f`); each tone has its own carving, so that none tells by
colour alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Value = int | Decimal

TONES = ("a", "b", "c", "d", "e", "f")

# Carvings cut into a tone, as paths on an 8 × 8 tile. The first tone stays whole.
CARVINGS = {
    "b": "M-2 2 2-2M-2 10 10-2M6 10 10 6",
    "c": "M2 2h.01M6 6h.01",
    "d": "M0 4h8",
    "e": "M4 0v8",
    "f": "M-2 2 2-2M-2 10 10-2M6 10 10 6M-2 6 2 10M-2-2 10 10M6-2 10 2",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole. `value` is not negative."""

    label: str
    value: Value
    text: str
    tone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `value` may be negative. `best` marks the one to look at first."""

    label: str
    value: Value
    text: str
    tone: str = ""
    url: str = ""
    note: str = ""
    best: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that belong together, such as what one enterprise pays in each scenario."""

    label: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Point:
    """One moment of a line, in order of time."""

    label: str
    value: Value
    text: str


def _exact(value: Value) -> Decimal:
    """The value as a Decimal. Raises: TypeError for a float or anything else that is not exact."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"charts take int or Decimal, not {type(value).__name__}")
    return Decimal(value)


def _number(value: Decimal) -> str:
    """A coordinate with at most two decimals and no exponent."""
    text = format(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return part * 100 / whole if whole else Decimal(0)


def _key(*words: str) -> str:
    """A short id that is the same for the same figure."""
    return "g" + hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:10]


def _tone(tone: str, position: int) -> str:
    if tone and tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}; one of {', '.join(TONES)}")
    return tone or TONES[position % len(TONES)]


def _patterns(key: str, tones: set[str]) -> SafeString:
    """The carvings that the given tones need."""
    return format_html_join(
        "",
        '<pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<path class="carve{}" d="{}"/></pattern>',
        ((key, tone, " dots" if tone == "c" else "", CARVINGS[tone]) for tone in sorted(tones) if tone in CARVINGS),
    )


def _block(key: str, tone: str, x: str, y: int, width: str, height: int, carved: bool = True) -> SafeString:
    """A rectangle in a tone with its carving over it."""
    whole = format_html('<rect class="tone-{}" x="{}" y="{}" width="{}" height="{}"/>', tone, x, y, width, height)
    if tone not in CARVINGS or not carved:
        return whole
    lines = format_html(
        '<rect fill="url(#{}-{})" x="{}" y="{}" width="{}" height="{}"/>', key, tone, x, y, width, height
    )
    return whole + lines


def _linked(label: str, url: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, label) if url else format_html("{}", label)


def _figure(kind: str, title: str, description: str, content: SafeString) -> SafeString:
    more = format_html('<p class="muted small">{}</p>', description) if description else ""
    return format_html('<figure class="chart {}"><figcaption>{}</figcaption>{}{}</figure>', kind, title, more, content)


def stacked_bar(
    parts: Sequence[Part], *, title: str, total: str, description: str = "", whole: str = "", key: str = ""
) -> SafeString:
    """A whole as its parts: a price, a charge, a year's use of a fund; the legend is the table of the same figures.

    `total` is the whole in words, `whole` its name ("Total" by default). Raises: ValueError for a negative part.
    """
    values = [_exact(part.value) for part in parts]
    if any(value < 0 for value in values):
        raise ValueError("a part of a whole cannot be negative; use bars")
    complete = sum(values, Decimal(0))
    tones = [_tone(part.tone, position) for position, part in enumerate(parts)]
    ident = key or _key("stacked", title, total)
    drawn, rows, start = [], [], Decimal(0)
    for part, value, tone in zip(parts, values, tones, strict=True):
        share = _percent(value, complete)
        if value:
            drawn.append(_block(ident, tone, f"{_number(start)}%", 0, f"{_number(share)}%", 44))
            if start:
                drawn.append(format_html('<rect class="cut" x="{}%" y="0" width="3" height="44"/>', _number(start)))
        start += share
        rows.append((_swatch(ident, tone), _linked(part.label, part.url), part.text, _share_words(share)))
    body = format_html_join(
        "", '<tr><td>{}</td><th scope="row">{}</th><td class="num">{}</td><td class="num muted">{}</td></tr>', rows
    )
    picture = format_html(
        '<svg width="100%" height="44" aria-hidden="true"><defs>{}</defs>{}</svg>',
        _patterns(ident, set(tones)),
        format_html_join("", "{}", ((piece,) for piece in drawn)),
    )
    legend = format_html(
        '<table class="legend"><caption class="visually-hidden">{}</caption><thead class="visually-hidden"><tr>'
        '<td></td><th scope="col">{}</th><th scope="col">{}</th><th scope="col">{}</th></tr></thead>'
        '<tbody>{}</tbody><tfoot><tr><td></td><th scope="row">{}</th><td class="num">{}</td><td></td></tr></tfoot>'
        "</table>",
        title,
        _("Parte"),
        _("Valor"),
        _("Porcentagem"),
        body,
        whole or _("Total"),
        total,
    )
    return _figure("stacked", title, description, picture + legend)


def _swatch(key: str, tone: str) -> SafeString:
    return format_html(
        '<svg class="swatch" width="20" height="20" aria-hidden="true">{}</svg>', _block(key, tone, "0", 0, "20", 20)
    )


def _share_words(share: Decimal) -> str:
    rounded = int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return f"{rounded} %" if rounded or not share else "< 1 %"


def _scale(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Least and greatest of a scale that holds zero."""
    return min([Decimal(0), *values]), max([Decimal(0), *values])


def _bar_row(bar: Bar, tone: str, least: Decimal, most: Decimal, key: str, plain: str = "") -> SafeString:
    """One bar with its words above it; the `plain` tone needs no carving, it is the only one."""
    value = _exact(bar.value)
    zero = _percent(-least, most - least)
    length = _percent(abs(value), most - least)
    start = zero - length if value < 0 else zero
    shown = "f" if value < 0 and not bar.tone else tone
    axis = format_html('<line class="axis" x1="{0}%" x2="{0}%" y1="0" y2="16"/>', _number(zero)) if least < 0 else ""
    note = format_html(' <small class="muted">{}</small>', bar.note) if bar.note else ""
    return format_html(
        '<li{}><span class="bar-label">{}{}</span> <span class="bar-value">{}</span>'
        '<svg width="100%" height="16" aria-hidden="true"><rect class="track" width="100%" height="16"/>{}{}'
        "</svg></li>",
        SafeString(' class="best"') if bar.best else "",
        _linked(bar.label, bar.url),
        note,
        bar.text,
        _block(key, shown, f"{_number(start)}%", 0, f"{_number(length)}%", 16, shown != plain),
        axis,
    )


def _definitions(key: str, tones: set[str]) -> SafeString:
    """Carvings shared by several small pictures of one figure."""
    return format_html(
        '<svg class="visually-hidden" width="0" height="0" aria-hidden="true"><defs>{}</defs></svg>',
        _patterns(key, tones),
    )


def bars(items: Sequence[Bar], *, title: str, description: str = "", key: str = "") -> SafeString:
    """One bar a row, in the order given, such as the savings of each enterprise; values may be negative."""
    least, most = _scale([_exact(item.value) for item in items])
    ident = key or _key("bars", title, *(item.text for item in items))
    rows = format_html_join(
        "", "{}", ((_bar_row(item, _tone(item.tone or "d", 0), least, most, ident, plain="d"),) for item in items)
    )
    shared = _definitions(ident, {_tone(item.tone or "d", 0) for item in items} | {"f"})
    return _figure("bars", title, description, shared + format_html('<ul class="bar-rows">{}</ul>', rows))


def grouped_bars(groups: Sequence[Group], *, title: str, description: str = "", key: str = "") -> SafeString:
    """The same few things side by side in every group, on one scale, such as what each pays in each scenario."""
    every = [_exact(bar.value) for group in groups for bar in group.bars]
    least, most = _scale(every)
    ident = key or _key("grouped", title, *(bar.text for group in groups for bar in group.bars))
    sections = []
    for group in groups:
        rows = format_html_join(
            "",
            "{}",
            ((_bar_row(bar, _tone(bar.tone, at), least, most, ident),) for at, bar in enumerate(group.bars)),
        )
        sections.append((group.label, rows))
    body = format_html_join("", '<li><p class="group-label">{}</p><ul class="bar-rows">{}</ul></li>', sections)
    shared = _definitions(ident, set(TONES))
    return _figure("grouped", title, description, shared + format_html('<ul class="groups">{}</ul>', body))


def _ticks(least: Decimal, most: Decimal) -> list[Decimal]:
    """Three to six round values from `least` to `most` in steps of 1, 2 or 5 times a power of ten."""
    if most <= least:
        return [least]
    rough = (most - least) / 4
    power = Decimal(10) ** rough.adjusted()
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = (least / step).to_integral_value(rounding="ROUND_FLOOR")
    last = (most / step).to_integral_value(rounding="ROUND_CEILING")
    return [step * position for position in range(int(first), int(last) + 1)]


def line(
    points: Sequence[Point],
    *,
    title: str,
    words: Callable[[Decimal], str],
    description: str = "",
    area: bool = True,
    height: int = 200,
) -> SafeString:
    """A balance over time, with its last value written out and all values in a table that opens.

    `words` formats a round value of the scale, in the unit of the points. An empty line says so.
    """
    if not points:
        return _figure("over-time", title, description, format_html('<p class="muted">{}</p>', _("Ainda sem valores.")))
    last = points[-1]
    values = [_exact(point.value) for point in points]
    ticks = _ticks(*_scale(values))
    picture = format_html(
        '<div class="plot">{}{}</div>',
        _scale_words(ticks, words, height),
        _plot(points, values, ticks, title, area, height),
    )
    now = format_html('<p><strong class="num">{}</strong> <span class="muted">{}</span></p>', last.text, last.label)
    return _figure("over-time", title, description, now + picture + _value_table(title, points))


def _down(value: Decimal, ticks: Sequence[Decimal]) -> Decimal:
    """How far below the top of the scale, in percent of its height."""
    return _percent(ticks[-1] - value, (ticks[-1] - ticks[0]) or Decimal(1))


def _scale_words(ticks: Sequence[Decimal], words: Callable[[Decimal], str], height: int) -> SafeString:
    """The words of the scale, in a column of their own so that no line crosses them."""
    said = [(_number(_down(tick, ticks)), words(tick)) for tick in ticks]
    width = max(len(text) for _place, text in said) * 8
    drawn = format_html_join(
        "", '<text class="soft" x="{}" y="{}%" dy="5" text-anchor="end">{}</text>', ((width, *place) for place in said)
    )
    return format_html(
        '<svg width="{}" height="{}" aria-hidden="true"><svg y="10" height="{}" overflow="visible">{}</svg></svg>',
        width,
        height + 44,
        height,
        drawn,
    )


def _plot(
    points: Sequence[Point], values: Sequence[Decimal], ticks: Sequence[Decimal], title: str, area: bool, height: int
) -> SafeString:
    """The line itself over its grid, with the first and last moment named below and a spoken summary."""
    steps = len(points) - 1
    across = [Decimal(at) * 100 / steps if steps else Decimal(50) for at in range(len(points))]
    places = [(_number(x), _number(_down(value, ticks))) for x, value in zip(across, values, strict=True)]
    track = "M" + "L".join(f"{x} {y}" for x, y in places)
    floor = _number(_down(Decimal(0), ticks))
    (first_x, _first_y), (last_x, last_y) = places[0], places[-1]
    shade = format_html('<path class="area" d="{}"/>', f"{track}L{last_x} {floor}L{first_x} {floor}z") if area else ""
    grid = format_html_join(
        "",
        '<line class="{0}" x1="0" x2="100%" y1="{1}%" y2="{1}%"/>',
        (("axis" if tick == 0 else "grid", _number(_down(tick, ticks))) for tick in ticks),
    )
    stretched = 'width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible"'
    ident = _key("line", title, *(point.text for point in points))
    spoken = _("De %(first)s (%(first_label)s) a %(last)s (%(last_label)s)") % {
        "first": points[0].text,
        "first_label": points[0].label,
        "last": points[-1].text,
        "last_label": points[-1].label,
    }
    ends = format_html('<text class="soft" x="0" y="{}">{}</text>', height + 36, points[0].label)
    if steps:
        ends += format_html(
            '<text class="soft" x="100%" y="{}" text-anchor="end">{}</text>', height + 36, points[-1].label
        )
    return format_html(
        '<svg width="100%" height="{}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{}</title>'
        '<desc id="{id}-d">{}</desc><svg y="10" width="100%" height="{}" overflow="visible"><svg {stretched}>{}</svg>{}'
        '<svg {stretched}><path class="line" d="{}" vector-effect="non-scaling-stroke"/></svg>'
        '<circle class="tone-a" cx="{}%" cy="{}%" r="6"/></svg>{}</svg>',
        height + 44,
        title,
        spoken,
        height,
        shade,
        grid,
        track,
        last_x,
        last_y,
        ends,
        id=ident,
        stretched=SafeString(stretched),
    )


def _value_table(title: str, points: Sequence[Point]) -> SafeString:
    rows = format_html_join(
        "", '<tr><th scope="row">{}</th><td class="num">{}</td></tr>', ((p.label, p.text) for p in points)
    )
    return format_html(
        '<details><summary>{}</summary><table class="table plain"><caption class="visually-hidden">{}</caption>'
        '<thead><tr><th scope="col">{}</th><th scope="col" class="num">{}</th></tr></thead>'
        "<tbody>{}</tbody></table></details>",
        _("Ver os números"),
        title,
        _("Quando"),
        _("Valor"),
        rows,
    )


def sparkline(values: Sequence[Value], *, title: str) -> SafeString:
    """A line the size of a word; `title` says in words what it shows ("preço nas últimas 6 rodadas: subiu")."""
    exact = [_exact(value) for value in values]
    if not exact:
        return SafeString("")
    least, most = min(exact), max(exact)
    span, steps = most - least, max(len(exact) - 1, 1)
    track = "M" + "L".join(
        f"{_number(Decimal(at) * 96 / steps + 2)} {_number((most - value) * 20 / span + 2 if span else Decimal(12))}"
        for at, value in enumerate(exact)
    )
    return format_html(
        '<svg class="spark" width="96" height="24" viewBox="0 0 100 24" role="img" aria-label="{}">'
        '<path d="{}"/></svg>',
        title,
        track,
    )
