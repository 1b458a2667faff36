# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each person sets for themself: name, telephone, language, light or dark."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language as django_set_language

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network import operations
from mutirao.network.models import Person
from mutirao.site.styleguide import THEMES

YEAR = 60 * 60 * 24 * 365


def languages() -> list[tuple[str, str]]:
    """The languages spoken here, each by its own name."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class OwnDataForm(forms.Form):
    """A person's own data."""

    name = forms.CharField(label=_("Seu nome"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Telefone"),
        max_length=30,
        required=False,
        help_text=_("As pessoas da sua rede podem vê-lo."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(label=_("Idioma"), choices=languages, widget=forms.RadioSelect)
    theme = forms.ChoiceField(
        label=_("Aparência"),
        choices=[("", _("Como no aparelho")), ("light", _("Clara")), ("dark", _("Escura"))],
        required=False,
        widget=forms.RadioSelect,
    )


def acting(person: Person) -> Actor:
    """The person for themself, in no network."""
    return Actor(name=str(person), person_id=person.pk)


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The page "Meus dados"."""
    person = Person.objects.get(pk=request.user.pk or 0)
    theme = request.COOKIES.get("theme", "")
    initial = {
        "name": person.name,
        "phone": person.phone,
        "language": person.language or get_language(),
        "theme": theme if theme in THEMES else "",
    }
    form = OwnDataForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = data.pop("theme")
        try:
            operations.edit_own_data(person, **data, actor=acting(person))
        except DomainError as error:
            add_to_form(form, error)
        else:
            with override(data["language"]):
                messages.success(request, _now("Seus dados foram guardados."))
            response = redirect("preferences")
            if chosen:
                response.set_cookie(
                    "theme", chosen, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
                )
            else:
                response.delete_cookie("theme", samesite="Lax")
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, data["language"], max_age=YEAR, samesite="Lax")
            return response
    status = 422 if form.errors else 200
    return render(request, "account/preferences.html", {"form": form, "person": person}, status=status)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The language chosen in the menu: for this device, and for whoever is signed in everywhere."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        person = Person.objects.get(pk=request.user.pk or 0)
        operations.choose_language(person, language=language, actor=acting(person))
    return django_set_language(request)
