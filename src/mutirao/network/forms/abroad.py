# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a form asks otherwise in another country: which registration, and municipality or city."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mutirao.network import country_names
from mutirao.network.core import countries
from mutirao.network.models import Network


def fit_to_country(form: forms.BaseForm, network: Network) -> None:
    """Fit the fields `country`, `tax_id`, `municipality`, `city`, `postal_code` to the country that is written of.

    Brazil's list of municipalities is offered where network or row is in Brazil.
    """
    fields: dict[str, Any] = form.fields
    fields["country"].choices = country_names.choices()
    fields["country"].initial = network.country
    before = form.initial.get("country") or network.country
    code = (form.data.get("country") if form.is_bound else "") or before
    rules = countries.country(code)
    if rules.identifier_names:
        fields["tax_id"].label = rules.identifier_names
    fields["tax_id"].help_text = (
        _("Com ou sem pontos; o CNPJ pode ter letras. Deixe em branco se não houver registro.")
        if code == "BR"
        else _("Com ou sem pontos. Deixe em branco se não houver registro.")
    )
    if "BR" not in (network.country, before, code):
        del fields["municipality"]
    elif code == "BR":
        fields["city"].help_text = _("Só fora do Brasil, no lugar do município.")
    if "postal_code" in fields:
        fields["postal_code"].help_text = rules.postal_example
        if code != "BR":
            fields["postal_code"].label = capfirst(_("código postal"))
