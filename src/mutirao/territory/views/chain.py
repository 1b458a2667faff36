# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who makes and uses what where: the map with its list, what is missing, and an enterprise's own lines."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import ModelChoiceField
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.catalogue.models import Product
from mutirao.kernel import formats, sheets
from mutirao.kernel.changes import version
from mutirao.kernel.forms import decimal_comma
from mutirao.network.access import NetworkRequest
from mutirao.network.models import Enterprise
from mutirao.network.paging import page_of
from mutirao.network.queries import enterprise_for, require_somewhere
from mutirao.territory import drawing, operations, permissions, printing, queries
from mutirao.territory.core.chain import Gap
from mutirao.territory.core.geo import Group, Spot
from mutirao.territory.forms.chain import LinkForm, MapFilter
from mutirao.territory.models import ChainLink, Partner
from mutirao.territory.operations import LINK_FIELDS
from mutirao.territory.plotting import Plot, plot
from mutirao.territory.views.base import Page, confirm_page, form_page

PER_PAGE = 60


@dataclass(frozen=True, slots=True)
class _Found:
    """What the filter above the map left, and what was chosen in it."""

    filter: MapFilter
    enterprises: list[Enterprise]
    partners: list[Partner]
    chosen: dict[str, Any]

    @property
    def product(self) -> Product | None:
        product: Product | None = self.chosen.get("product")
        return product


def _found(request: NetworkRequest) -> _Found:
    require_somewhere(request.actor, permissions.SEE_TERRITORY)
    found = MapFilter(request.GET, queryset=queries.enterprises_on_map(request.actor), request=request)
    enterprises = list(found.qs)
    chosen = found.form.cleaned_data if found.form.is_valid() else {}
    return _Found(found, enterprises, _partners_on_map(request, chosen), chosen)


@require_GET
def territory_map(request: NetworkRequest, slug: str) -> HttpResponse:
    """The map and, in step with it, the list of the same enterprises."""
    found = _found(request)
    page = page_of(request, found.enterprises, PER_PAGE)
    drawn = plot(found.enterprises, found.partners, found.product)
    context = {
        "filter": found.filter,
        "page": page,
        "rows": [
            (row, _said(row, ChainLink.Direction.MAKES), _said(row, ChainLink.Direction.USES))
            for row in queries.with_links(page)
        ],
        "enterprises": found.enterprises,
        "partners": found.partners,
        "picture": _picture(request, found, drawn),
        "has_numbers": drawn.layout is not None and any(not group.dots for group in drawn.layout.groups),
        "territories": [{"pk": pk, "name": name, "tone": tone} for pk, (tone, name) in drawn.territories.items()],
        "unplaced": sum(1 for row in found.enterprises if row.position is None),
        "product": found.product,
        "is_part": bool(found.chosen.get("area")),
        "print_url": f"{reverse('territory:map_pdf', args=[slug])}?{request.GET.urlencode()}".removesuffix("?"),
        "may_edit": request.actor.can_somewhere(permissions.EDIT_CHAIN),
        "sees_partners": request.actor.can_somewhere(permissions.SEE_PARTNERS),
    }
    return render(request, "territory/map.html", context)


@require_GET
def map_pdf(request: NetworkRequest, slug: str) -> HttpResponse:
    """The same map with the whole list, on paper."""
    found = _found(request)
    body = printing.map_pdf(
        request.network,
        found.enterprises,
        partners=found.partners,
        product=found.product,
        filters=_filters_in_words(found),
    )
    name = "territorio.pdf"
    return HttpResponse(
        body, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _filters_in_words(found: _Found) -> list[tuple[Any, Any]]:
    """Each filter that narrows: its name and what was chosen; lazy, so that paper speaks the network's language."""
    said: list[tuple[Any, Any]] = []
    for name, field in found.filter.form.fields.items():
        value = found.chosen.get(name)
        if not value:
            continue
        if name == "area":
            said.append((_lazy("Mapa"), _lazy("só uma parte")))
        else:
            named = {} if isinstance(field, ModelChoiceField) else dict(field.choices)
            said.append((field.label, named.get(value, value)))
    return said


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


def _picture(request: NetworkRequest, found: _Found, drawn: Plot) -> SafeString | None:
    """The drawn map; None where nothing has a place."""
    if drawn.layout is None:
        return None
    slug = request.network.slug
    marks = {
        row.pk: drawing.Mark(row.name, reverse("network:enterprise", args=[slug, row.pk]), drawn.looks[row.pk])
        for row in found.enterprises
        if row.pk in drawn.looks
    } | {
        -row.pk: drawing.Mark(row.name, reverse("territory:actor", args=[slug, row.pk]), "partner")
        for row in found.partners
    }
    many = len(found.enterprises)
    title = ngettext("Mapa com %(many)s empreendimento", "Mapa com %(many)s empreendimentos", many) % {"many": many}
    more = _nearer(request, drawn.spots)
    return drawing.draw(drawn.layout, marks, title=title, regions=drawn.territories, more_url=more)


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
