# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people fill in about the territory, and the filters of its pages."""

from __future__ import annotations

import calendar
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Product
from mutirao.catalogue.queries import products_visible_to
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.text import fold
from mutirao.kernel.forms import MoneyField, QuantityField
from mutirao.kernel.search import Terms
from mutirao.kernel.uploads import DOCUMENT_SIDE, Kind, UploadField
from mutirao.network.core import phones
from mutirao.network.forms.fields import MunicipalityField, NamedRowField, SuggestInput
from mutirao.network.models import Enterprise, Municipality, Network, Person, Territory, ValueChain
from mutirao.network.queries import people_visible_to
from mutirao.territory import queries
from mutirao.territory.models import ChainLink, Partner, PublicCall
from mutirao.territory.operations import CallData, LinkData, PartnerData, PersonData

DAY = {"type": "date"}
MONTH_CHOICES = [(number, MONTHS[number]) for number in range(1, len(calendar.month_name))]
NAMED = 400
"""Product names sent along with a form as suggestions."""


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day chosen on the phone's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(DAY, "%Y-%m-%d"), **kwargs)


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


class PartnerForm(forms.Form):
    """What is said about an actor of the territory."""

    name = forms.CharField(label=_("Nome"), max_length=160)
    kind = forms.ChoiceField(label=_("O que é"), choices=[("", _("Escolha…")), *Partner.Kind.choices])
    municipality = MunicipalityField(label=_("Município"), required=False, help_text=_("Nome e UF: São Carlos (SP)."))
    city = forms.CharField(label=_("Cidade"), max_length=120, required=False)
    relationship = forms.CharField(
        label=_("Nossa relação"), max_length=4000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text=_("Desde quando nos conhecemos, o que fazemos juntos, o que esperar."),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Telefone da casa"), max_length=30, required=False, widget=forms.TextInput({"type": "tel"}),
        help_text=_("O da instituição; o de uma pessoa vai em “Com quem falar”."),
    )  # fmt: skip
    email = forms.EmailField(label=_("E-mail da casa"), required=False)
    site = forms.URLField(label=_("Página na internet"), required=False, assume_scheme="https")
    enterprises: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        None, label=_("Anda junto com"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Os empreendimentos que têm relação com este parceiro."),
    )  # fmt: skip
    products: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        None, label=_("O que compra"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Produtos que os empreendimentos fazem e que este parceiro compra."),
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, network: Network, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if network.country == "BR":
            del self.fields["city"]
            self.fields["municipality"].widget.url = reverse("network:municipalities", kwargs={"slug": network.slug})
        else:
            del self.fields["municipality"]
        self.fields["enterprises"].queryset = Enterprise.objects.filter(is_active=True)  # type: ignore[attr-defined]
        made = ChainLink.objects.filter(direction=ChainLink.Direction.MAKES).values("product")
        self.fields["products"].queryset = products_visible_to(actor).filter(pk__in=made)  # type: ignore[attr-defined]

    @staticmethod
    def initial_for(partner: Partner) -> dict[str, Any]:
        """The form as filled from a partner."""
        names = ("name", "kind", "municipality", "city", "relationship", "email", "site")
        return {name: getattr(partner, name) for name in names} | {
            "phone": phones.shown(partner.phone, partner.network.country),
            "enterprises": list(partner.enterprises.values_list("pk", flat=True)),
            "products": list(partner.products.values_list("pk", flat=True)),
        }

    def data_given(self) -> PartnerData:
        """The cleaned values as the operation takes them."""
        return PartnerData(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class PersonForm(forms.Form):
    """Somebody to talk to at a partner."""

    name = forms.CharField(label=_("Nome"), max_length=120)
    duty = forms.CharField(label=_("Função"), max_length=80, required=False)
    phone = forms.CharField(label=_("Telefone"), max_length=30, required=False, widget=forms.TextInput({"type": "tel"}))
    email = forms.EmailField(label=_("E-mail"), required=False)
    kept_because = forms.CharField(
        label=_("Por que guardamos o contato"), max_length=200, required=False,
        help_text=_("Necessário quando há telefone ou e-mail: são dados de uma pessoa."),
    )  # fmt: skip

    def data_given(self) -> PersonData:
        """The cleaned values as the operation takes them."""
        return PersonData(**self.cleaned_data)


class AgreementForm(forms.Form):
    """What was agreed."""

    text = forms.CharField(label=_("O que ficou combinado"), widget=forms.Textarea({"rows": 4}), max_length=4000)
    since = day_field(_("Desde"))
    until = day_field(_("Até"), required=False)
    file = UploadField(
        label=_("Papel assinado"), required=False, kinds=[Kind.PDF, Kind.IMAGE], longest_side=DOCUMENT_SIDE
    )


class MeetingForm(forms.Form):
    """A talk that was had."""

    held_on = day_field(_("Quando"))
    who = forms.CharField(label=_("Quem foi"), max_length=240)
    what = forms.CharField(label=_("O que se conversou"), widget=forms.Textarea({"rows": 5}), max_length=4000)


class NextStepForm(forms.Form):
    """What is to be done next, by whom, until when."""

    what = forms.CharField(label=_("Próximo passo"), max_length=240)
    until = day_field(_("Até quando"))
    by: forms.ModelChoiceField[Person] = forms.ModelChoiceField(
        None, label=_("Quem faz"), required=False, empty_label=_("A equipe")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].queryset = people_visible_to(actor)  # type: ignore[attr-defined]


class StepDoneForm(forms.Form):
    """What came of a next step."""

    how = forms.CharField(label=_("Como foi"), required=False, widget=forms.Textarea({"rows": 3}), max_length=2000)


class CallForm(forms.Form):
    """A public call."""

    number = forms.CharField(label=_("Número"), max_length=40, help_text=_("Por exemplo: 02/2026."))
    title = forms.CharField(label=_("O que se compra"), max_length=200)
    opens_on = day_field(_("Abre em"), required=False)
    closes_on = day_field(_("Propostas até"))
    value_minor = MoneyField(label=_("Valor"), required=False)
    goods = forms.CharField(
        label=_("Produtos pedidos"), required=False, widget=forms.Textarea({"rows": 4}), max_length=4000
    )
    link = forms.URLField(label=_("Endereço do edital"), required=False, assume_scheme="https")
    outcome = forms.ChoiceField(label=_("Como está"), choices=PublicCall.Outcome.choices)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def data_given(self) -> CallData:
        """The cleaned values as the operation takes them."""
        return CallData(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opens, closes = data.get("opens_on"), data.get("closes_on")
        if opens and closes and closes < opens:
            raise ValidationError({"closes_on": _("O prazo termina antes de abrir.")})
        return data


def _territories(_request: HttpRequest | None) -> QuerySet[Territory]:
    rows: QuerySet[Territory] = Territory.objects.all()
    return rows


def _value_chains(_request: HttpRequest | None) -> QuerySet[ValueChain]:
    rows: QuerySet[ValueChain] = ValueChain.objects.all()
    return rows


def _products(request: Any) -> QuerySet[Product]:
    return queries.products_in_chain(request.actor)


def _municipalities(_request: HttpRequest | None) -> QuerySet[Municipality]:
    return Municipality.objects.filter(pk__in=Enterprise.objects.values("municipality"))


class MapFilter(django_filters.FilterSet):
    """The filter above the map: the list below it is the same enterprises."""

    territory = django_filters.ModelChoiceFilter(label=_("Território"), queryset=_territories, empty_label=_("Todos"))
    chain = django_filters.ModelChoiceFilter(
        label=_("Cadeia"), field_name="value_chain", queryset=_value_chains, empty_label=_("Todas")
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
        label=_("Município"), queryset=_municipalities, empty_label=_("Todos")
    )
    partners = django_filters.ChoiceFilter(
        label=_("Parceiros"), choices=[("yes", _("Mostrar no mapa"))], empty_label=_("Não mostrar"), method="keep"
    )

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
        rows: QuerySet[Enterprise] = super().filter_queryset(queryset)
        data = self.form.cleaned_data
        return queries.enterprises_with(rows, product=data.get("product"), direction=data.get("direction") or "")

    def keep(self, rows: QuerySet[Enterprise], _name: str, _value: Any) -> QuerySet[Enterprise]:
        """Product and direction narrow together, above."""
        return rows


class PartnerFilter(django_filters.FilterSet):
    """The filter above the list of partners."""

    q = django_filters.CharFilter(label=_("Nome ou palavra"), method="with_words")
    kind = django_filters.ChoiceFilter(label=_("O que é"), choices=Partner.Kind.choices, empty_label=_("Todos"))
    situation = django_filters.ChoiceFilter(
        label=_("Situação"), method="in_situation", empty_label=_("Na lista"),
        choices=[("due", _("Com próximo passo")), ("away", _("Fora da lista"))],
    )  # fmt: skip

    class Meta:
        model = Partner
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Partner]) -> QuerySet[Partner]:
        if self.form.cleaned_data.get("situation") != "away":
            queryset = queryset.filter(is_active=True)
        return super().filter_queryset(queryset)  # type: ignore[no-any-return]

    def with_words(self, rows: QuerySet[Partner], _name: str, value: str) -> QuerySet[Partner]:
        """Those that have the words."""
        return rows.filter(Terms.of(value).within("findable", "municipality__folded"))

    def in_situation(self, rows: QuerySet[Partner], _name: str, value: str) -> QuerySet[Partner]:
        """With something to do, or put away."""
        if value == "due":
            return rows.exclude(next_step="").order_by("next_step_until", "folded")
        return rows.filter(is_active=False)
