# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who makes and uses what where: the map with its list, what is missing, and an enterprise's own lines."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel import formats, sheets
from mutirao.kernel.changes import version
from mutirao.kernel.forms import decimal_comma
from mutirao.network.access import NetworkRequest
from mutirao.network.models import Enterprise
from mutirao.network.paging import page_of
from mutirao.network.queries import enterprise_for, require_somewhere
from mutirao.territory import drawing, operations, permissions, queries
from mutirao.territory.core.chain import Gap
from mutirao.territory.core.geo import Group, Spot, lay_out
from mutirao.territory.forms.chain import LinkForm, MapFilter
from mutirao.territory.models import ChainLink, Partner
from mutirao.territory.operations import LINK_FIELDS
from mutirao.territory.views.base import Page, confirm_page, form_page

PER_PAGE = 60


@require_GET
def territory_map(request: NetworkRequest, slug: str) -> HttpResponse:
    """The map and, in step with it, the list of the same enterprises."""
    require_somewhere(request.actor, permissions.SEE_TERRITORY)
    found = MapFilter(request.GET, queryset=queries.enterprises_on_map(request.actor), request=request)
    enterprises = list(found.qs)
    chosen = found.form.cleaned_data if found.form.is_valid() else {}
    partners = _partners_on_map(request, chosen)
    page = page_of(request, enterprises, PER_PAGE)  # type: ignore[arg-type]
    picture, territories, has_numbers = _picture(request, enterprises, partners, chosen.get("product"))
    context = {
        "filter": found,
        "page": page,
        "rows": [
            (row, _said(row, ChainLink.Direction.MAKES), _said(row, ChainLink.Direction.USES))
            for row in queries.with_links(page)
        ],
        "enterprises": enterprises,
        "partners": partners,
        "picture": picture,
        "has_numbers": has_numbers,
        "territories": territories,
        "unplaced": sum(1 for row in enterprises if row.position is None),
        "product": chosen.get("product"),
        "is_part": bool(chosen.get("area")),
        "may_edit": request.actor.can_somewhere(permissions.EDIT_CHAIN),
        "sees_partners": request.actor.can_somewhere(permissions.SEE_PARTNERS),
    }
    return render(request, "territory/map.html", context)


def _said(row: Enterprise, direction: str) -> str:
    """The names of what an enterprise makes or uses, in one line."""
    return ", ".join(link.product.name for link in row.chain_links.all() if link.direction == direction)


def _partners_on_map(request: NetworkRequest, chosen: dict[str, Any]) -> list[Partner]:
    if not chosen.get("partners"):
        return []
    rows = queries.partners_visible_to(request.actor).filter(is_active=True)
    if chosen.get("municipality"):
        rows = rows.filter(municipality=chosen["municipality"])
    if chosen.get("area"):
        rows = queries.partners_within(rows, chosen["area"])
    return list(rows.exclude(municipality=None))


def _picture(
    request: NetworkRequest, enterprises: list[Enterprise], partners: list[Partner], product: Any
) -> tuple[SafeString | None, list[dict[str, Any]], bool]:
    """The drawn map, its territories as the key names them, and whether numbers stand for groups on it."""
    slug = request.network.slug
    said = queries.directions_of(product) if product else {}
    spots, marks = [], {}
    for row in enterprises:
        if row.position is None:
            continue
        place = row.municipality.name if row.municipality else row.city
        spots.append(Spot(row.pk, float(row.position[0]), float(row.position[1]), place, row.territory_id))
        url = reverse("network:enterprise", args=[slug, row.pk])
        marks[row.pk] = drawing.Mark(row.name, url, _look(said.get(row.pk)))
    for partner in partners:
        home = partner.municipality
        if home is not None:
            spots.append(Spot(-partner.pk, float(home.latitude), float(home.longitude), home.name))
            marks[-partner.pk] = drawing.Mark(
                partner.name, reverse("territory:actor", args=[slug, partner.pk]), "partner"
            )
    layout = lay_out(spots, ratio=drawing.RATIO)
    names = {row.territory.pk: row.territory.name for row in enterprises if row.territory is not None}
    ordered = sorted(names, key=lambda pk: names[pk])
    territories: list[dict[str, Any]] = [
        {"pk": pk, "name": names[pk], "tone": drawing.tone(i)} for i, pk in enumerate(ordered)
    ]
    if layout is None:
        return None, territories, False
    many = len(enterprises)
    title = ngettext("Mapa com %(many)s empreendimento", "Mapa com %(many)s empreendimentos", many) % {"many": many}
    regions = {pk: (drawing.tone(i), names[pk]) for i, pk in enumerate(ordered)}
    picture = drawing.draw(layout, marks, title=title, regions=regions, more_url=_nearer(request, spots))
    return picture, territories, any(not group.dots for group in layout.groups)


def _nearer(request: NetworkRequest, spots: Iterable[Spot]) -> Callable[[Group], str]:
    """The address of the same map with nothing but one group on it, spread over the paper."""
    places = {spot.key: spot for spot in spots}

    def address(group: Group) -> str:
        lat = [places[key].latitude for key in group.keys]
        lon = [places[key].longitude for key in group.keys]
        area = ",".join(f"{edge:.5f}" for edge in (min(lat), min(lon), max(lat), max(lon)))
        query = request.GET.copy()
        query.pop("page", None)
        query["area"] = area
        return f"{request.path}?{query.urlencode()}"

    return address


def _look(said: set[str] | None) -> str:
    """Full for who makes the chosen product, a ring for who uses it; full where none is chosen."""
    if not said:
        return "makes"
    if len(said) == 2:
        return "both"
    return "makes" if ChainLink.Direction.MAKES in said else "uses"


@require_GET
def missing(request: NetworkRequest, slug: str) -> HttpResponse:
    """What is missing in the chains, in three lists."""
    require_somewhere(request.actor, permissions.SEE_TERRITORY)
    found = queries.missing(request.actor)
    currency = request.network.currency
    context = {
        "found": found,
        "outside": [_row(gap, found, currency) for gap in found.gaps.bought_outside],
        "nobody": [_row(gap, found, currency) for gap in found.gaps.made_by_nobody],
        "unsold": [_row(gap, found, currency) for gap in found.gaps.without_buyer],
        "value": formats.money(
            sum(gap.bought.value_minor for gap in found.gaps.bought_outside if gap.bought), currency
        ),
    }
    return render(request, "territory/missing.html", context)


def _row(gap: Gap, found: queries.Missing, currency: str) -> dict[str, Any]:
    product, names = found.products[gap.product], found.enterprises
    return {
        "product": product,
        "makers": [names[pk] for pk in gap.makers],
        "users": [names[pk] for pk in gap.users],
        "made": formats.quantity(gap.made, product.unit) if gap.made is not None else "",
        "used": formats.quantity(gap.used, product.unit) if gap.used is not None else "",
        "bought": formats.quantity(gap.bought.quantity, product.unit) if gap.bought else "",
        "value": formats.money(gap.bought.value_minor, currency) if gap.bought else "",
        "ways": _ways(gap, names),
    }


def _ways(gap: Gap, names: Mapping[int, Enterprise]) -> list[tuple[Enterprise, list[tuple[Enterprise, int | None]]]]:
    """Each maker with those for whom it is the nearest, the shortest way first."""
    found: dict[int, list[tuple[Enterprise, int | None]]] = {}
    for way in gap.ways:
        found.setdefault(way.maker, []).append((names[way.user], way.km))
    return [(names[maker], users) for maker, users in found.items()]


@require_GET
def missing_file(request: NetworkRequest, slug: str, kind: str) -> HttpResponse:
    """The three lists as a spreadsheet (xlsx, one sheet each) or as one table (csv)."""
    require_somewhere(request.actor, permissions.SEE_TERRITORY)
    found = queries.missing(request.actor)
    titled = (
        (_("Comprado fora e feito aqui"), found.gaps.bought_outside),
        (_("Usado e ninguém faz"), found.gaps.made_by_nobody),
        (_("Feito e sem quem compre"), found.gaps.without_buyer),
    )
    columns = [
        _("Produto"), _("Unidade"), _("Quem faz"), _("Quem usa"), _("Feito por ano"), _("Usado por ano"),
        _("Comprado fora"), _("Valor"), _("Moeda"), _("Distância (km)"),
    ]  # fmt: skip
    name = _("o-que-falta")
    if kind == "xlsx":
        body = sheets.write_xlsx([(title, columns, _lines(gaps, found, request)) for title, gaps in titled])
        answer = HttpResponse(body, content_type=sheets.XLSX_TYPE)
    else:
        rows = [[title, *line] for title, gaps in titled for line in _lines(gaps, found, request)]
        body = sheets.write_csv([_("O que falta"), *columns], rows, decimal_comma=decimal_comma())
        answer = HttpResponse(body, content_type=sheets.CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _lines(gaps: Iterable[Gap], found: queries.Missing, request: NetworkRequest) -> list[list[sheets.Cell]]:
    """One line a way from a maker to a user; one alone where there is no way."""
    currency = request.network.currency
    lines: list[list[sheets.Cell]] = []
    for gap in gaps:
        product = found.products[gap.product]
        pairs: list[tuple[str, str, int | None]] = [
            (found.enterprises[way.maker].name, found.enterprises[way.user].name, way.km) for way in gap.ways
        ] or [(_names(gap.makers, found), _names(gap.users, found), None)]
        for number, (maker, user, km) in enumerate(pairs):
            # Sums stand once, on the product's first line: the column may be added up.
            bought = gap.bought if number == 0 else None
            lines.append(
                [
                    product.name,
                    product.unit,
                    maker,
                    user,
                    gap.made.normalize() if gap.made is not None and number == 0 else None,
                    gap.used.normalize() if gap.used is not None and number == 0 else None,
                    bought.quantity.normalize() if bought else None,
                    formats.Money(bought.value_minor, currency).major if bought else None,
                    currency if bought else "",
                    km,
                ]
            )
    return lines


def _names(ids: Iterable[int], found: queries.Missing) -> str:
    return ", ".join(found.enterprises[pk].name for pk in ids)


# --- an enterprise's own lines ---------------------------------------------------------------------------------------


@require_GET
def links(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """What one enterprise makes and uses."""
    require_somewhere(request.actor, permissions.SEE_TERRITORY)
    enterprise = enterprise_for(request.actor, pk)
    context = {
        "enterprise": enterprise,
        "links": queries.links_of(enterprise, request.actor),
        "may_edit": request.actor.can(permissions.EDIT_CHAIN, enterprise),
    }
    return render(request, "territory/links.html", context)


def _above(slug: str, enterprise: Enterprise) -> list[tuple[str, str]]:
    return [
        (enterprise.name, reverse("network:enterprise", args=[slug, enterprise.pk])),
        (_("O que produz e o que usa"), reverse("territory:links", args=[slug, enterprise.pk])),
    ]


@require_http_methods(["GET", "POST"])
def link_new(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Say something more that an enterprise makes or uses."""
    enterprise = enterprise_for(request.actor, pk)
    request.actor.require(permissions.EDIT_CHAIN, enterprise)
    asked = request.GET.get("direction", "")
    direction = asked if asked in ChainLink.Direction.values else ChainLink.Direction.MAKES
    form = LinkForm(request.POST or None, initial={"direction": direction})
    key = request.POST.get("idempotency_key") or str(uuid.uuid4())

    def run() -> None:
        data = form.cleaned_data
        operations.add_link(
            enterprise, product=data["product"], direction=data["direction"], data=form.data_given(),
            actor=request.actor, key=key,
        )  # fmt: skip

    page = Page(_("O que mais produz ou usa"), _above(slug, enterprise), lead=enterprise.name)
    return form_page(request, form, page, run=run, done=_("Guardado."), key=key)


@require_http_methods(["GET", "POST"])
def link_edit(request: NetworkRequest, slug: str, pk: int, link_pk: int) -> HttpResponse:
    """Change how much, when, who buys."""
    enterprise = enterprise_for(request.actor, pk)
    request.actor.require(permissions.EDIT_CHAIN, enterprise)
    link = queries.link_for(request.actor, enterprise, link_pk)
    initial = LinkForm.initial_for(link) | {"seen": version(link, LINK_FIELDS)}
    form = LinkForm(request.POST or None, link=link, initial=initial)

    def run() -> None:
        operations.edit_link(link, data=form.data_given(), actor=request.actor, seen=form.cleaned_data["seen"])

    lead = _("%(enterprise)s %(direction)s") % {
        "enterprise": enterprise.name, "direction": link.get_direction_display(),
    }  # fmt: skip
    return form_page(
        request, form, Page(link.product.name, _above(slug, enterprise), lead=lead), run=run, done=_("Guardado.")
    )


@require_http_methods(["GET", "POST"])
def link_remove(request: NetworkRequest, slug: str, pk: int, link_pk: int) -> HttpResponse:
    """Take a line away."""
    enterprise = enterprise_for(request.actor, pk)
    request.actor.require(permissions.EDIT_CHAIN, enterprise)
    link = queries.link_for(request.actor, enterprise, link_pk)
    return confirm_page(
        request,
        _("Apagar “%(product)s”?") % {"product": link.product.name},
        [_("O mapa e a lista do que falta deixam de contar com isto. Você pode escrever de novo.")],
        _("Apagar"),
        reverse("territory:links", args=[slug, enterprise.pk]),
        run=lambda: operations.remove_link(link, actor=request.actor),
        done=_("Apagado."),
    )
