# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking suppliers by link, and the terms as a supplier types them on a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock
from mutirao.kernel.uploads import DOCUMENT_SIDE, Kind, UploadField
from mutirao.purchasing.forms.inputs import moment_field, reason_field, tomorrow_evening
from mutirao.purchasing.forms.quotes import TermsForm
from mutirao.purchasing.models import PurchaseRound, Quote, QuoteRequest

DAYS_TO_ANSWER = 3
NOT_DRAFTED = frozenset({"csrfmiddlewaretoken", "idempotency_key", "documents", "act", "more", "another", "seen"})


def usual_deadline(round_: PurchaseRound) -> dt.datetime:
    """Three days, counted from the end of the needs while those still come in; never after the day of delivery."""
    start = max(clock.now(), round_.needs_until) if round_.state == PurchaseRound.State.OPEN else clock.now()
    evening = tomorrow_evening(timezone.localtime(start), DAYS_TO_ANSWER)
    if round_.deliver_on and evening.date() >= round_.deliver_on:
        last = dt.datetime.combine(round_.deliver_on - dt.timedelta(days=1), evening.timetz())
        if last > clock.now():
            return last
    return evening


class SupplierChoices(forms.ModelMultipleChoiceField):
    """Suppliers by name, with how the link reaches them."""

    def label_from_instance(self, obj: Any) -> str:
        reach = obj.email or obj.phone
        return f"{obj.name} · {reach}" if reach else str(obj.name)

    def clean(self, value: Any) -> Any:
        """Needed, but it is the operation that says so: one place for the words."""
        return super().clean(value) if value else Supplier._base_manager.none()


class AskForm(forms.Form):
    """Whom to ask, until when, and a word with it."""

    suppliers = SupplierChoices(
        Supplier._base_manager.none(), label=_("Fornecedores"), widget=forms.CheckboxSelectMultiple
    )
    answer_until = moment_field(_("Responder até"))
    message = forms.CharField(
        label=_("Recado"), required=False, max_length=600, widget=forms.Textarea({"rows": 3}),
        help_text=_("Vai na mensagem e aparece na página do fornecedor."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, round_: PurchaseRound, suppliers: QuerySet[Supplier]) -> None:
        super().__init__(data, initial={"answer_until": usual_deadline(round_)})
        self.fields["suppliers"].queryset = suppliers  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    """Another deadline for one supplier."""

    answer_until = moment_field(_("Novo prazo"))

    def __init__(self, data: Any = None, *, round_: PurchaseRound) -> None:
        super().__init__(data, initial={"answer_until": usual_deadline(round_)})


class RevokeForm(forms.Form):
    """Why a link ends."""

    reason = reason_field()


class SupplierTermsForm(TermsForm):
    """The terms as the supplier itself writes them; the day on which they came is known."""

    received_on = None  # type: ignore[assignment]
    name = forms.CharField(
        label=_("Seu nome"), max_length=80, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    documents = UploadField(
        kinds=[Kind.PDF, Kind.IMAGE], multiple=True, longest_side=DOCUMENT_SIDE, required=False,
        label=_("Tabela de preços ou fotos"),
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        quote: Quote | None,
        currency: str,
        draft: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, quote=quote, currency=currency)
        self.files = files or {}  # type: ignore[assignment]
        self.fields["freight_minor"].help_text = _("Em branco: o frete é por sua conta.")
        self.fields["minimum_order_minor"].help_text = _("Abaixo deste valor você não entrega.")
        if quote is not None:
            self.initial["valid_until"] = quote.valid_until
        for name in self.fields.keys() & (draft or {}).keys():
            values = (draft or {})[name]
            self.initial[name] = values[0] if values else None

    def terms(self) -> Any:
        """What the operation is told."""
        self.cleaned_data.setdefault("received_on", clock.today())
        return super().terms()


def draft_of(data: QueryDict) -> dict[str, list[str]]:
    """What was typed, as it can be shown again."""
    return {name: data.getlist(name) for name in data if name not in NOT_DRAFTED}


def sent_again(request_: QuoteRequest) -> QueryDict:
    """A draft as if it had just been sent."""
    data = QueryDict(mutable=True)
    for name, values in request_.draft.items():
        data.setlist(name, values)
    return data
