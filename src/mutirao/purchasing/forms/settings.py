# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms about the network's rules for its rounds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutirao.governance.models import Motion
from mutirao.kernel import changes
from mutirao.purchasing.forms.inputs import money_field, percent_field
from mutirao.purchasing.models import AllocationRule, DeliveryPlace, PurchasingSettings, ShareRule
from mutirao.purchasing.operations.settings import PLACE_FIELDS, RULE_FIELDS


class SettingsForm(forms.Form):
    """The rules that rounds begin with."""

    allocation_rule = forms.ChoiceField(
        label=_("Quando não dá para todos, como repartir"), choices=AllocationRule.choices, widget=forms.RadioSelect
    )
    freight_rule = forms.ChoiceField(label=_("Como repartir o frete"), choices=ShareRule.choices)
    fee_rule = forms.ChoiceField(label=_("Como repartir as taxas"), choices=ShareRule.choices)
    approval_rule = forms.ChoiceField(
        label=_("Para encomendar, quem precisa aprovar"), choices=Motion.Rule.choices, widget=forms.RadioSelect
    )
    solidarity_preference = percent_field(
        _("Preferência à economia solidária"),
        help_text=_(
            "Na comparação, os produtos de um fornecedor solidário contam como se fossem tantos por cento mais baratos."
        ),
    )
    local_preference = percent_field(
        _("Preferência a quem é do território"),
        help_text=_("O mesmo, para fornecedores do território. As duas se somam."),
    )
    supplier_cost_minor = forms.CharField()
    max_suppliers = forms.IntegerField(
        label=_("No máximo quantos fornecedores por rodada"), required=False, min_value=1, max_value=999,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Quem decidiu, e quando"), required=False, max_length=240,
        help_text=_("Por exemplo: reunião mensal de março. Fica no registro."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, rules: PurchasingSettings, currency: str) -> None:
        initial = {name: getattr(rules, name) for name in RULE_FIELDS}
        initial["seen"] = changes.version(rules, RULE_FIELDS)
        super().__init__(data, initial=initial)
        self.fields["supplier_cost_minor"] = money_field(
            _("Trabalho de lidar com mais um fornecedor"), currency,
            help_text=_("Só pesa na escolha: um fornecedor a mais só compensa se poupar mais que isto."),
        )  # fmt: skip


class PlaceForm(forms.Form):
    """A place of delivery."""

    name = forms.CharField(label=_("Nome"), max_length=120, help_text=_("Por exemplo: Galpão da cooperativa"))
    address = forms.CharField(label=_("Endereço"), max_length=200, required=False)
    is_active = forms.BooleanField(label=_("Em uso"), required=False, initial=True)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, place: DeliveryPlace | None) -> None:
        initial = {}
        if place is not None:
            initial = {name: getattr(place, name) for name in PLACE_FIELDS}
            initial["seen"] = changes.version(place, PLACE_FIELDS)
        super().__init__(data, initial=initial)
        if place is None:
            del self.fields["is_active"]
