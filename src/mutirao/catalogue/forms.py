# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of products and suppliers, and the filters of their lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue import queries
from mutirao.catalogue.models import Category, Product, Supplier
from mutirao.catalogue.operations import ProductData, SupplierData
from mutirao.kernel.core.quantities import UNITS
from mutirao.kernel.formats import UNIT_NAMES
from mutirao.kernel.forms import QuantityField
from mutirao.kernel.search import Terms
from mutirao.network.core import phones
from mutirao.network.forms.abroad import fit_to_country
from mutirao.network.forms.fields import EnterpriseField, MunicipalityField, SuggestInput
from mutirao.network.models import Network

SITUATIONS = [("retired", _("Fora de uso")), ("all", _("Todos"))]


def category_names() -> list[str]:
    """Names of the network's shelves, to be suggested."""
    return list(Category.objects.values_list("name", flat=True))


def unit_choices() -> list[tuple[str, Any]]:
    """Units as they are chosen: code and name."""
    return [("", _("Escolha…")), *((code, f"{code} · {UNIT_NAMES[code]}") for code in UNITS)]


class ProductForm(forms.Form):
    """What is said about a product."""

    name = forms.CharField(
        label=_("Nome"), max_length=160, help_text=_("Como a rede o chama: Farinha de trigo tipo 1.")
    )
    unit = forms.ChoiceField(
        label=_("Unidade"), choices=unit_choices, help_text=_("Em que se pede, se cota e se paga este produto.")
    )
    category = forms.CharField(
        label=_("Categoria"),
        max_length=80,
        required=False,
        help_text=_("Por exemplo: farinhas, embalagens, sementes. Se for nova, é criada."),
        widget=SuggestInput(options=category_names),
    )
    description = forms.CharField(label=_("Descrição"), max_length=240, required=False)
    ncm = forms.CharField(
        label=_("NCM"),
        max_length=12,
        required=False,
        help_text=_("8 algarismos, na nota fiscal."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    weight_kg = QuantityField(
        label=_("Peso de uma unidade"),
        minimum=Decimal("0.000001"),
        required=False,
        help_text=_("Para repartir o frete por peso, quando a unidade não é de peso."),
        widget=forms.TextInput({"data-suffix": "kg"}),
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    @staticmethod
    def initial_for(product: Product) -> dict[str, Any]:
        """The form as filled from a product."""
        names = ("name", "unit", "description", "ncm", "weight_kg")
        return {name: getattr(product, name) for name in names} | {"category": str(product.category or "")}

    def data_given(self) -> ProductData:
        """The cleaned values as the operation takes them."""
        return ProductData(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class SupplierForm(forms.Form):
    """What is said about a supplier."""

    name = forms.CharField(label=_("Nome"), max_length=160)
    country = forms.ChoiceField(label=_("País"), required=False)
    tax_id = forms.CharField(
        label=_("Número do registro"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    is_solidarity = forms.BooleanField(label=_("É da economia solidária"), required=False)
    is_local = forms.BooleanField(label=_("É do território"), required=False)
    municipality = MunicipalityField(label=_("Município"), required=False, help_text=_("Nome e UF: São Carlos (SP)."))
    city = forms.CharField(label=_("Cidade"), max_length=120, required=False)
    contact_name = forms.CharField(label=_("Com quem falar"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Telefone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    enterprise = EnterpriseField(
        label=_("Empreendimento da rede"), required=False, help_text=_("Se o fornecedor for um dos nossos.")
    )
    notes = forms.CharField(label=_("Observações"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3}))
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].widget.url = reverse("network:municipalities", kwargs={"slug": network.slug})
        self.fields["enterprise"].widget.url = reverse("network:enterprise_names", kwargs={"slug": network.slug})
        fit_to_country(self, network)

    @staticmethod
    def initial_for(supplier: Supplier) -> dict[str, Any]:
        """The form as filled from a supplier."""
        names = (
            "name", "country", "is_solidarity", "is_local", "municipality", "city", "contact_name", "email", "notes",
        )  # fmt: skip
        return {name: getattr(supplier, name) for name in names} | {
            "tax_id": supplier.tax_id_written,
            "phone": phones.shown(supplier.phone, supplier.country),
            "enterprise": supplier.enterprise,
        }

    def data_given(self) -> SupplierData:
        """The cleaned values as the operation takes them."""
        return SupplierData(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


def _categories(_request: HttpRequest | None) -> QuerySet[Category]:
    rows: QuerySet[Category] = Category.objects.all()
    return rows


class InUseFilter(django_filters.FilterSet):
    """A list that shows what is in use unless asked for the rest."""

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        situation = self.form.cleaned_data.get("situation")
        if situation != "all":
            queryset = queryset.filter(is_active=situation != "retired")
        return super().filter_queryset(queryset)  # type: ignore[no-any-return]

    def nothing(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """The situation is seen to in `filter_queryset`."""
        return rows


class ProductFilter(InUseFilter):
    """The filter above the list of products."""

    q = django_filters.CharFilter(label=_("Nome ou NCM"), method="with_words")
    category = django_filters.ModelChoiceFilter(label=_("Categoria"), queryset=_categories, empty_label=_("Todas"))
    situation = django_filters.ChoiceFilter(
        label=_("Situação"), method="nothing", choices=SITUATIONS, empty_label=_("Em uso")
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Product], _name: str, value: str) -> QuerySet[Product]:
        """Those that have the words."""
        return queries.find_products(rows, Terms.of(value))


class SupplierFilter(InUseFilter):
    """The filter above the list of suppliers."""

    q = django_filters.CharFilter(label=_("Nome, contato ou registro"), method="with_words")
    kind = django_filters.ChoiceFilter(
        label=_("Só os que são"),
        method="of_kind",
        choices=[("solidarity", _("da economia solidária")), ("local", _("do território"))],
        empty_label=_("Todos"),
    )
    situation = django_filters.ChoiceFilter(
        label=_("Situação"), method="nothing", choices=SITUATIONS, empty_label=_("Em uso")
    )

    class Meta:
        model = Supplier
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Supplier], _name: str, value: str) -> QuerySet[Supplier]:
        """Those that have the words."""
        return queries.find_suppliers(rows, Terms.of(value))

    def of_kind(self, rows: QuerySet[Supplier], _name: str, value: str) -> QuerySet[Supplier]:
        """Of the solidarity economy, or of the territory."""
        return rows.filter(is_solidarity=True) if value == "solidarity" else rows.filter(is_local=True)
