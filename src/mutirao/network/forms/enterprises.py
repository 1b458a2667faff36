# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms about enterprises, and the filter of their list."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.search import Terms
from mutirao.network import queries
from mutirao.network.core import standing
from mutirao.network.forms.abroad import fit_to_country
from mutirao.network.forms.choices import municipalities, territories, value_chains
from mutirao.network.forms.fields import DegreesField, MunicipalityField, SuggestInput
from mutirao.network.models import Enterprise, Network, Territory, ValueChain
from mutirao.network.operations import ContactData, EnterpriseData

DATE = {"type": "date"}


def territory_names() -> list[str]:
    """Names of the network's territories, to be suggested."""
    return list(Territory.objects.values_list("name", flat=True))


def value_chain_names() -> list[str]:
    """Names of the network's value chains, to be suggested."""
    return list(ValueChain.objects.values_list("name", flat=True))


class EnterpriseForm(forms.Form):
    """What is said about an enterprise."""

    name = forms.CharField(label=_("Nome"), max_length=160)
    legal_form = forms.ChoiceField(
        label=_("Forma"), choices=[("", _("Escolha…")), *Enterprise.LegalForm.choices], widget=forms.Select
    )
    country = forms.ChoiceField(label=_("País"), required=False)
    tax_id = forms.CharField(
        label=_("Número do registro"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    activity = forms.CharField(label=_("O que faz"), max_length=160, required=False)
    value_chain = forms.CharField(
        label=_("Cadeia produtiva"),
        max_length=80,
        required=False,
        help_text=_("Por exemplo: mel, mandioca, costura. Se for nova, é criada."),
        widget=SuggestInput(options=value_chain_names),
    )
    territory = forms.CharField(
        label=_("Território"),
        max_length=80,
        required=False,
        help_text=_("Como a rede divide a região. Se for novo, é criado."),
        widget=SuggestInput(options=territory_names),
    )
    municipality = MunicipalityField(label=_("Município"), required=False, help_text=_("Nome e UF: São Carlos (SP)."))
    address = forms.CharField(
        label=_("Endereço"), max_length=200, required=False, help_text=_("Rua e número, ou como se chega.")
    )
    city = forms.CharField(label=_("Cidade"), max_length=120, required=False)
    region = forms.CharField(label=_("Estado ou região"), max_length=80, required=False)
    postal_code = forms.CharField(
        label=_("CEP ou código postal"),
        max_length=12,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    website = forms.URLField(label=_("Site"), max_length=200, required=False, assume_scheme="https")
    member_count = forms.IntegerField(
        label=_("Pessoas que participam"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    founded_on = forms.DateField(label=_("Começou em"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d"))
    latitude = DegreesField(label=_("Latitude"), limit=90, required=False, help_text=_("Só se quiser o ponto exato."))
    longitude = DegreesField(label=_("Longitude"), limit=180, required=False)
    notes = forms.CharField(label=_("Observações"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3}))
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].widget.url = reverse("network:municipalities", kwargs={"slug": network.slug})
        fit_to_country(self, network)

    @staticmethod
    def initial_for(enterprise: Enterprise) -> dict[str, Any]:
        """The form as filled from an enterprise."""
        names = (
            "name", "legal_form", "country", "activity", "address", "city", "region", "postal_code", "website",
            "member_count", "founded_on", "latitude", "longitude", "notes",
        )  # fmt: skip
        return {name: getattr(enterprise, name) for name in names} | {
            "tax_id": enterprise.tax_id_written,
            "value_chain": str(enterprise.value_chain or ""),
            "territory": str(enterprise.territory or ""),
            "municipality": enterprise.municipality,
        }

    def data_given(self) -> EnterpriseData:
        """The cleaned values as the operation takes them."""
        return EnterpriseData(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class ContactForm(forms.Form):
    """Somebody to call."""

    name = forms.CharField(label=_("Nome"), max_length=120)
    duty = forms.CharField(label=_("Função"), max_length=80, required=False)
    phone = forms.CharField(
        label=_("Telefone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def data_given(self) -> ContactData:
        """The cleaned values as the operation takes them."""
        return ContactData(**self.cleaned_data)


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Motivo"), max_length=1000, widget=forms.Textarea({"rows": 2}))


def _countries() -> list[tuple[str, str]]:
    """The countries of the network's enterprises; none to choose from while all are in one."""
    found = queries.enterprise_countries()
    return [(code, formats.country_name(code)) for code in found] if len(found) > 1 else []


class EnterpriseFilter(django_filters.FilterSet):
    """The filter above the list of enterprises."""

    q = django_filters.CharFilter(label=_("Nome, atividade ou registro"), method="with_words")
    legal_form = django_filters.ChoiceFilter(
        label=_("Forma"), choices=Enterprise.LegalForm.choices, empty_label=_("Todas")
    )
    standing = django_filters.ChoiceFilter(
        label=_("Situação na rede"), choices=Enterprise.Standing.choices, empty_label=_("Todas")
    )
    chain = django_filters.ModelChoiceFilter(
        label=_("Cadeia"), field_name="value_chain", queryset=value_chains, empty_label=_("Todas")
    )
    territory = django_filters.ModelChoiceFilter(label=_("Território"), queryset=territories, empty_label=_("Todos"))
    municipality = django_filters.ModelChoiceFilter(
        label=_("Município"), queryset=municipalities, empty_label=_("Todos")
    )
    country = django_filters.ChoiceFilter(label=_("País"), choices=[], empty_label=_("Todos"))
    situation = django_filters.ChoiceFilter(
        label=_("Na lista"),
        method="in_situation",
        choices=[("inactive", _("Inativos")), ("all", _("Todos"))],
        empty_label=_("Ativos"),
    )

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One more question only where it tells something apart.
        if found := _countries():
            self.filters["country"].extra["choices"] = found
        else:
            del self.filters["country"]
        if self.request is not None and self.request.network.country != "BR":  # the list of municipalities is Brazil's
            del self.filters["municipality"]

    def filter_queryset(self, queryset: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
        chosen = self.form.cleaned_data
        # Who is out is looked for among the inactive too.
        if not chosen.get("situation") and chosen.get("standing") not in (standing.EXCLUDED, standing.LEFT):
            queryset = queryset.filter(is_active=True)
        return super().filter_queryset(queryset)  # type: ignore[no-any-return]

    def with_words(self, rows: QuerySet[Enterprise], _name: str, value: str) -> QuerySet[Enterprise]:
        """Those that have the words."""
        return queries.find_enterprises(rows, Terms.of(value))

    def in_situation(self, rows: QuerySet[Enterprise], _name: str, value: str) -> QuerySet[Enterprise]:
        """Active, inactive, or all."""
        return rows.filter(is_active=False) if value == "inactive" else rows
