# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms about people, their roles and invitations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.kernel.search import Terms
from mutirao.network import country_names, modules, permissions, queries, roles
from mutirao.network.forms.fields import EnterpriseField
from mutirao.network.models import Enterprise, Network, Person
from mutirao.network.operations import Bounds

DAYS = [(7, _("7 dias")), (14, _("14 dias")), (30, _("30 dias")), (90, _("90 dias"))]


class RoleForm(forms.Form):
    """A role, and the enterprise it is for."""

    role = forms.ChoiceField(label=_("Papel"), widget=forms.RadioSelect)
    enterprise = EnterpriseField(
        label=_("Empreendimento"), required=False, help_text=_("Só para os papéis que são de um empreendimento.")
    )

    last_day = forms.DateField(
        label=_("Até o dia, inclusive"),
        required=False,
        help_text=_("Em branco, o papel vale até alguém encerrá-lo. Uma consultoria tem sempre um último dia."),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    task = forms.CharField(label=_("Consultoria: o que vem fazer"), max_length=200, required=False)
    parts = forms.MultipleChoiceField(
        label=_("Consultoria: que partes do programa vê"),
        choices=lambda: [(code, modules.label(code)) for code in modules.codes()],
        required=False,
        help_text=_("Vê só essas partes, e não altera nada."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, actor: Actor, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = queries.grantable_roles(actor)
        field: Any = self.fields["role"]
        words = "<span><strong>{}</strong><br>{}</span>"
        field.choices = [(role.code, format_html(words, role.label, role.purpose)) for role in offered]
        enterprise: Any = self.fields["enterprise"]
        enterprise.rows = lambda: queries.enterprises_to_name(actor, permissions.GRANT_ENTERPRISE_ROLES)
        enterprise.widget.url = reverse("network:enterprise_names", kwargs={"slug": network.slug})
        if not any(role.of_enterprise for role in offered):
            del self.fields["enterprise"]
        if not any(role.code == roles.CONSULTANT for role in offered):
            del self.fields["task"], self.fields["parts"]

    def bounds(self) -> Bounds:
        """How far the role goes, as it was filled in."""
        last = self.cleaned_data.get("last_day")
        return Bounds(
            until=last + dt.timedelta(days=1) if last else None,
            task=self.cleaned_data.get("task", ""),
            parts=tuple(self.cleaned_data.get("parts", ())),
        )

    def add_domain_error(self, error: DomainError) -> None:
        """Put a domain error on the field it is about."""
        if error.field == "until":
            error.field = "last_day"
        add_to_form(self, error)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        role = roles.ROLES.get(values.get("role", ""))
        # An enterprise typed for a role of the network is left aside: one may have changed one's mind.
        if role is not None and not role.of_enterprise:
            values["enterprise"] = None
        return values


class InviteForm(RoleForm):
    """An invitation into a role."""

    name = forms.CharField(
        label=_("Nome de quem você convida"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail de quem você convida"),
        required=False,
        help_text=_("Se preencher, o convite só vale para este e-mail. Em branco, vale para quem tiver o link."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(label=_("Vale por"), choices=DAYS, coerce=int, initial=14)
    field_order = ("name", "role", "enterprise", "last_day", "task", "parts", "email", "days")


class NewAccountForm(forms.Form):
    """Who accepts an invitation without having an account."""

    # The password is asked for only of those who want one; the browser cannot know, the form does.
    use_required_attribute = False

    name = forms.CharField(label=_("Seu nome"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("Seu e-mail"), widget=forms.EmailInput({"autocomplete": "email"}))
    phone = forms.CharField(
        label=_("Seu telefone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    way = forms.ChoiceField(
        label=_("Como você quer entrar?"),
        choices=[("password", _("Com uma senha")), ("code", _("Sem senha: recebo um código por e-mail cada vez"))],
        initial="password",
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=_("Senha"),
        max_length=200,
        strip=False,
        help_text=_("Pelo menos 10 letras ou números. Uma frase curta é fácil de lembrar."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.required = self.data.get("way") != "code"
        password.error_messages["required"] = _("Escolha uma senha, ou prefira o código por e-mail.")


class SetUpForm(forms.Form):
    """The first network of an empty installation, and who coordinates it."""

    network_name = forms.CharField(label=_("Nome da rede"), max_length=120)
    slug = forms.SlugField(
        label=_("Endereço curto da rede"),
        max_length=40,
        help_text=_("Letras sem acento, números e hífen: rede-raizes. Aparece nos links e não muda mais."),
    )
    country = forms.ChoiceField(
        label=_("País"),
        initial="BR",
        help_text=_("Dele vêm a moeda, o fuso horário e os registros. Depois você pode mudar em Regras."),
    )
    person_name = forms.CharField(label=_("Seu nome"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("Seu e-mail"), widget=forms.EmailInput({"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Senha"),
        max_length=200,
        strip=False,
        help_text=_("Pelo menos 10 letras ou números. Uma frase curta é fácil de lembrar."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_names.founding_choices()  # type: ignore[attr-defined]


class NetworkForm(forms.Form):
    """What the network says of itself, and where it is."""

    name = forms.CharField(label=_("Nome da rede"), max_length=120)
    about = forms.CharField(
        label=_("Sobre a rede"), max_length=4000, required=False, widget=forms.Textarea({"rows": 4})
    )
    country = forms.ChoiceField(label=_("País"), required=False)
    language = forms.ChoiceField(
        label=_("Idioma da rede"), required=False, help_text=_("Para quem não escolheu o seu.")
    )
    currency = forms.ChoiceField(
        label=_("Moeda"), required=False, help_text=_("Só muda enquanto não houver dinheiro registrado.")
    )
    time_zone = forms.ChoiceField(label=_("Fuso horário"), required=False)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["country"].choices = country_names.choices()
        fields["language"].choices = [
            (code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES
        ]
        fields["currency"].choices = country_names.currency_choices()
        country = self.data.get("country", network.country) if self.is_bound else network.country
        zones = dict(country_names.time_zone_choices(country, network.time_zone))
        fields["time_zone"].choices = list(zones.items())


class PeopleFilter(django_filters.FilterSet):
    """The filter above the list of people."""

    q = django_filters.CharFilter(label=_("Nome ou e-mail"), method="with_words")
    role = django_filters.ChoiceFilter(
        label=_("Papel"),
        choices=[(role.code, role.label) for role in roles.ROLES.values()],
        method="with_role",
        empty_label=_("Todos"),
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def with_words(self, rows: QuerySet[Person], _name: str, value: str) -> QuerySet[Person]:
        """Those that have the words in their name or address."""
        return rows.filter(Terms.of(value).within("folded"))

    def with_role(self, rows: QuerySet[Person], _name: str, value: str) -> QuerySet[Person]:
        """Those who hold the role."""
        held = queries.assignments_visible_to(self.actor).filter(role=value, person=OuterRef("pk"))
        return rows.filter(Exists(held))


def enterprise_named(enterprise: Enterprise | None) -> str:
    """How an enterprise is written in a form's field."""
    return enterprise.name if enterprise else ""
