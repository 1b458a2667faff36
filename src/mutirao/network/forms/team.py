# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms about the team: roles left to somebody, what accounts are asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.text import fold
from mutirao.network import queries, roles
from mutirao.network.forms.fields import MOST_CHOICES, NamedRowField, SuggestInput
from mutirao.network.models import AccountRules, Person, RoleAssignment
from mutirao.network.operations.protection import veiled

DATE = {"type": "date"}


class PersonField(NamedRowField):
    """A person of the network, by name; of two with one name, by the beginning of their address."""

    default_error_messages = {
        "ambiguous": _("Há mais de uma pessoa chamada “%(typed)s”. Escolha na lista."),
        "unknown": _("Não achei “%(typed)s” entre as pessoas da rede."),
    }
    rows: QuerySet[Person]

    def matches(self, typed: str) -> list[Person]:
        exact = [row for row in self.rows if self.words(row) == typed]
        return exact or list(self.rows.filter(name__iexact=typed))

    def nearby(self, typed: str) -> list[Person]:
        begins = fold(typed)
        return list(self.rows.filter(folded__contains=begins)[:MOST_CHOICES]) if begins else []

    def words(self, row: Person) -> str:
        return f"{row.name} ({veiled(row.email)})"


class LeaveRolesForm(forms.Form):
    """Which roles stay with whom, from when to when, and why."""

    roles = forms.MultipleChoiceField(label=_("Que papéis"), widget=forms.CheckboxSelectMultiple)
    to = PersonField(label=_("Com quem ficam"), help_text=_("Alguém que já participa da rede."))
    since = forms.DateField(label=_("Do dia"), widget=forms.DateInput(DATE, "%Y-%m-%d"))
    last_day = forms.DateField(label=_("Até o dia, inclusive"), widget=forms.DateInput(DATE, "%Y-%m-%d"))
    reason = forms.CharField(
        label=_("Motivo"), max_length=200, help_text=_("Férias, licença, viagem… Fica no registro da rede.")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = {str(row.pk): row for row in queries.own_roles_to_leave(actor)}
        choices: Any = self.fields["roles"]
        choices.choices = [(key, _role_in(row)) for key, row in self.own.items()]
        to: Any = self.fields["to"]
        to.rows = queries.people_to_leave_to(actor)
        to.widget = SuggestInput(options=lambda: [to.words(row) for row in to.rows[:200]])
        self.fields["since"].initial = clock.today()

    def clean_roles(self) -> list[RoleAssignment]:
        return [self.own[key] for key in self.cleaned_data["roles"]]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        since, last = values.get("since"), values.get("last_day")
        if since and last and last < since:
            self.add_error("last_day", ValidationError(_("O último dia não pode ser antes do primeiro.")))
        if last:
            values["until"] = last + dt.timedelta(days=1)
        return values


def _role_in(row: RoleAssignment) -> str:
    return f"{row.role_label} ({row.enterprise})" if row.enterprise else str(row.role_label)


class AccountRulesForm(forms.Form):
    """Which roles want a second factor, from when on, and how long a reset waits."""

    second_factor_roles = forms.MultipleChoiceField(
        label=_("Papéis que pedem a confirmação em duas etapas"),
        choices=[(role.code, role.label) for role in roles.ROLES.values() if not role.of_enterprise],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("O aconselhado: os que mexem com dinheiro ou com direitos. Sem nenhum, a regra fica desligada."),
    )
    grace_days = forms.IntegerField(
        label=_("Prazo para ligar, em dias"),
        min_value=0,
        max_value=365,
        help_text=_("Conta do dia em que a pessoa ganhou o papel. Passado o prazo, o papel para até ela ser ligada."),
    )
    reset_wait_hours = forms.IntegerField(
        label=_("Espera antes de refazer a de quem a perdeu, em horas"),
        min_value=1,
        max_value=720,
        help_text=_("Nesse tempo a própria pessoa, avisada por e-mail, pode parar o pedido."),
    )

    confirm_after_days = forms.IntegerField(
        label=_("Tempo na coordenação para pedir e confirmar, em dias"),
        min_value=1,
        max_value=365,
        help_text=_(
            "Quem pede e quem confirma já estava na coordenação havia ao menos esse tempo. Onde não há duas pessoas "
            "assim, espera-se uma semana, e a coordenação e o conselho fiscal são avisados."
        ),
    )

    @staticmethod
    def initial_of(rules: AccountRules) -> dict[str, Any]:
        """What is decided now."""
        return {
            "second_factor_roles": rules.second_factor_roles,
            "grace_days": rules.grace_days,
            "reset_wait_hours": rules.reset_wait_hours,
            "confirm_after_days": rules.confirm_after_days,
        }
