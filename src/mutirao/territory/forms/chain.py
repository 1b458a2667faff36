# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an enterprise says it makes and uses, and the filter of the map."""

from __future__ import annotations

import calendar
from decimal import Decimal, InvalidOperation
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Product
from mutirao.kernel import formats
from mutirao.kernel.core.text import fold
from mutirao.kernel.forms import QuantityField
from mutirao.kernel.search import Terms
from mutirao.network.forms.choices import municipalities, territories, value_chains
from mutirao.network.forms.fields import NamedRowField, SuggestInput
from mutirao.network.models import Enterprise
from mutirao.network.queries import enterprise_countries
from mutirao.territory import queries
from mutirao.territory.models import ChainLink
from mutirao.territory.operations import LinkData

MONTH_CHOICES = [(number, MONTHS[number]) for number in range(1, len(calendar.month_name))]
NAMED = 400
"""Product names sent along with a form as suggestions."""


def written(product: Product) -> str:
    """A product as it is typed and found again: name and unit."""
    return f"{product.name} ({product.unit})"


class ProductField(NamedRowField):
    """A product of the catalogue by its name, with its unit where two share the name."""

    default_error_messages = {
        "ambiguous": _("Há mais de um produto chamado “%(typed)s”. Escolha na lista."),
        "unknown": _(
            "“%(typed)s” não está na lista de produtos. Confira o nome, ou peça à equipe da rede que cadastre."
        ),
    }

    def matches(self, typed: str) -> list[Product]:
        rows = Product.objects.filter(is_active=True)
        name, _bracket, rest = typed.rpartition("(")
        if name and rest.endswith(")"):
            exact = list(rows.filter(folded=fold(name), unit=rest[:-1].strip()))
            if exact:
                return exact
        return list(rows.filter(folded=fold(typed)))

    def nearby(self, typed: str) -> list[Product]:
        terms = Terms.of(typed)
        return list(Product.objects.filter(terms.within("folded"), is_active=True)[:12]) if terms else []

    def words(self, row: Product) -> str:
        return written(row)


def product_names() -> list[str]:
    """The catalogue's names, to be suggested."""
    return [written(row) for row in Product.objects.filter(is_active=True).only("name", "unit")[:NAMED]]


class LinkForm(forms.Form):
    """What an enterprise makes or uses. Product and direction are chosen once and stay."""

    product = ProductField(label=_("Produto"), widget=SuggestInput(options=product_names))
    direction = forms.ChoiceField(
        label=_("O empreendimento"), choices=ChainLink.Direction.choices, widget=forms.RadioSelect
    )
    quantity = QuantityField(
        label=_("Quanto"), required=False, help_text=_("Na unidade do produto. Sem saber, deixe em branco.")
    )
    per = forms.ChoiceField(
        label=_("Esta quantidade é"), choices=ChainLink.Per.choices, initial=ChainLink.Per.MONTH,
        widget=forms.RadioSelect,
    )  # fmt: skip
    months = forms.TypedMultipleChoiceField(
        label=_("Só em alguns meses"), choices=MONTH_CHOICES, coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Sem marcar nenhum, é o ano todo."),
    )  # fmt: skip
    sold_to = forms.CharField(
        label=_("Quem compra"), max_length=160, required=False,
        help_text=_("Feira, mercado, prefeitura… Em branco, a rede sabe que falta quem compre."),
    )  # fmt: skip
    note = forms.CharField(label=_("Observação"), max_length=240, required=False)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, link: ChainLink | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if link is not None:
            del self.fields["product"], self.fields["direction"]
            self.fields["quantity"].widget.attrs["data-suffix"] = link.product.unit
            if link.direction == ChainLink.Direction.USES:
                del self.fields["sold_to"]

    @staticmethod
    def initial_for(link: ChainLink) -> dict[str, Any]:
        """The form as filled from what is there."""
        return {
            "quantity": link.quantity.normalize() if link.quantity is not None else None,
            "per": link.per,
            "months": link.months,
            "sold_to": link.sold_to,
            "note": link.note,
        }

    def data_given(self) -> LinkData:
        """The cleaned values as the operation takes them."""
        data = self.cleaned_data
        return LinkData(
            quantity=data["quantity"],
            per=data["per"],
            months=tuple(data["months"]),
            sold_to=data.get("sold_to", ""),
            note=data["note"],
        )


def _products(request: Any) -> QuerySet[Product]:
    return queries.products_in_chain(request.actor)


class AreaField(forms.CharField):
    """A part of the map as an address carries it: south, west, north, east in degrees, with commas."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> queries.Area | None:
        """What is no area narrows nothing: it comes from our own links."""
        parts = str(value or "").split(",")
        try:
            degrees = [Decimal(part) for part in parts]
        except InvalidOperation:
            return None
        if len(degrees) != 4 or not all(one.is_finite() and abs(one) <= 180 for one in degrees):
            return None
        return queries.Area(*degrees)


class AreaFilter(django_filters.Filter):
    """Those that lie in a part of the map."""

    field_class = AreaField

    def filter(self, rows: QuerySet[Enterprise], value: queries.Area | None) -> QuerySet[Enterprise]:
        return queries.within(rows, value) if value else rows


class MapFilter(django_filters.FilterSet):
    """The filter above the map: the list below it is the same enterprises."""

    territory = django_filters.ModelChoiceFilter(label=_("Território"), queryset=territories, empty_label=_("Todos"))
    chain = django_filters.ModelChoiceFilter(
        label=_("Cadeia"), field_name="value_chain", queryset=value_chains, empty_label=_("Todas")
    )
    product = django_filters.ModelChoiceFilter(
        label=_("Produto"), queryset=_products, empty_label=_("Qualquer um"), method="keep"
    )
    direction = django_filters.ChoiceFilter(
        label=_("Quem"), choices=ChainLink.Direction.choices, empty_label=_("Produz ou usa"), method="keep"
    )
    legal_form = django_filters.ChoiceFilter(
        label=_("Forma"), choices=Enterprise.LegalForm.choices, empty_label=_("Todas")
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Município"), queryset=municipalities, empty_label=_("Todos")
    )
    country = django_filters.ChoiceFilter(label=_("País"), choices=[], empty_label=_("Todos"))
    partners = django_filters.ChoiceFilter(
        label=_("Parceiros"), choices=[("yes", _("Mostrar no mapa"))], empty_label=_("Não mostrar"), method="keep"
    )

    area = AreaFilter()

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = enterprise_countries()
        if len(found) > 1:
            self.filters["country"].extra["choices"] = [(code, formats.country_name(code)) for code in found]
        else:
            del self.filters["country"]
        if self.request.network.country != "BR":  # the list of municipalities is Brazil's
            del self.filters["municipality"]

    def filter_queryset(self, queryset: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
        rows: QuerySet[Enterprise] = super().filter_queryset(queryset)
        data = self.form.cleaned_data
        return queries.enterprises_with(rows, product=data.get("product"), direction=data.get("direction") or "")

    def keep(self, rows: QuerySet[Enterprise], _name: str, _value: Any) -> QuerySet[Enterprise]:
        """Product and direction narrow together, above."""
        return rows
