# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people fill in about motions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutirao.governance.models import Entitlement, Motion
from mutirao.network.membership import VOTE, able
from mutirao.network.models import Enterprise


class AnswerForm(forms.Form):
    """An enterprise's answer; the answer itself is the button that was pressed."""

    answer = forms.ChoiceField(choices=Entitlement.Answer.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Por quê"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Necessário para recusar. Todos na rede podem ler."),
    )
    recorded_for = forms.CharField(
        label=_("Quem deu a resposta"),
        max_length=120,
        help_text=_("A pessoa do empreendimento que falou com você."),
    )

    def __init__(self, *args: Any, for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_others:
            del self.fields["recorded_for"]
        self.fields["answer"].error_messages["required"] = _("Escolha aprovar, recusar ou não opinar.")


class MotionForm(forms.Form):
    """A question put by hand; purchases and budgets put their own."""

    title = forms.CharField(label=_("O que se pergunta"), max_length=200)
    text = forms.CharField(label=_("Explicação"), required=False, widget=forms.Textarea(attrs={"rows": 5}))
    rule = forms.ChoiceField(
        label=_("Quando está aprovado"), choices=Motion.Rule.choices, widget=forms.RadioSelect,
        initial=Motion.Rule.MAJORITY_OF_ALL,
    )  # fmt: skip
    last_day = forms.DateField(
        label=_("Responder até o fim do dia"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Sem dia, a decisão espera até você encerrar."),
    )
    enterprises: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        None,
        label=_("Quem responde"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sem marcar ninguém, respondem todos os membros ativos."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = able(Enterprise.objects.filter(is_active=True), VOTE)
        self.fields["enterprises"].queryset = active  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("enterprises"):
            data["enterprises"] = self.fields["enterprises"].queryset  # type: ignore[attr-defined]
        day: dt.date | None = data.pop("last_day", None)
        data["answer_until"] = timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59))) if day else None
        return data


class WithdrawForm(forms.Form):
    """Why a question is taken back."""

    reason = forms.CharField(label=_("Motivo"), max_length=500, help_text=_("Todos na rede podem ler."))
