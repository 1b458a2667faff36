# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people fill in about actors of the territory, and the filter of their list."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.queries import products_visible_to
from mutirao.kernel.actors import Actor
from mutirao.kernel.forms import MoneyField
from mutirao.kernel.search import Terms
from mutirao.kernel.uploads import DOCUMENT_SIDE, Kind, UploadField
from mutirao.network.core import phones
from mutirao.network.forms.fields import MunicipalityField
from mutirao.network.models import Enterprise, Network, Person
from mutirao.network.queries import people_visible_to
from mutirao.territory.models import Agreement, ChainLink, Partner, PublicCall
from mutirao.territory.operations import CALL_FIELDS, CallData, PartnerData, PersonData

DAY = {"type": "date"}


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day chosen on the phone's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(DAY, "%Y-%m-%d"), **kwargs)


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
            self.fields["city"].help_text = _("Só fora do Brasil, no lugar do município.")
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
    drop_file = forms.BooleanField(label=_("Tirar o papel que está guardado"), required=False)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agreement: Agreement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if agreement is None:
            del self.fields["seen"]
        if agreement is None or not agreement.file:
            del self.fields["drop_file"]
        else:
            words = _("Guardado: %(name)s. Outro papel toma o lugar deste, que é apagado.")
            self.fields["file"].help_text = words % {"name": agreement.file_name}


class MeetingForm(forms.Form):
    """A talk that was had."""

    held_on = day_field(_("Quando"))
    who = forms.CharField(label=_("Quem foi"), max_length=240)
    what = forms.CharField(label=_("O que se conversou"), widget=forms.Textarea({"rows": 5}), max_length=4000)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class NextStepForm(forms.Form):
    """What is to be done next, by whom, until when."""

    what = forms.CharField(label=_("Próximo passo"), max_length=240)
    until = day_field(_("Até quando"))
    by: forms.ModelChoiceField[Person] = forms.ModelChoiceField(
        None, label=_("Quem faz"), required=False, empty_label=_("A equipe")
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].queryset = people_visible_to(actor)  # type: ignore[attr-defined]


class StepDoneForm(forms.Form):
    """What came of a next step."""

    how = forms.CharField(label=_("Como foi"), required=False, widget=forms.Textarea({"rows": 3}), max_length=2000)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why something that was written down is taken back."""

    reason = forms.CharField(
        label=_("Por quê"), max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text=_("Fica escrito ao lado do que foi riscado."),
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


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
    reason = forms.CharField(
        label=_("Por que mudou"), required=False, max_length=300,
        help_text=_("Por exemplo: prazo adiado pela errata nº 2. Fica no registro."),
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, currency: str, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["reason"], self.fields["seen"]
        self.fields["value_minor"].count_in(currency)  # type: ignore[attr-defined]

    def data_given(self) -> CallData:
        """The cleaned values as the operation takes them."""
        return CallData(**{name: self.cleaned_data[name] for name in CALL_FIELDS})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opens, closes = data.get("opens_on"), data.get("closes_on")
        if opens and closes and closes < opens:
            raise ValidationError({"closes_on": _("O prazo termina antes de abrir.")})
        return data


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
