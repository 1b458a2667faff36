# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of the books: a range of dates, an entry written by hand, a reversal, a month reopened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.forms import MoneyField
from mutirao.ledger.core.balances import code_key
from mutirao.ledger.core.entries import LegSpec
from mutirao.ledger.models import Account, Book, Line
from mutirao.network.models import Enterprise

ROWS, MORE_ROWS, MOST_ROWS = 3, 3, 60


def date_input() -> forms.DateInput:
    """A date as the phone's own calendar gives it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DatesForm(forms.Form):
    """From a day to a day, both included; either may be left open."""

    de = forms.DateField(label=_("De"), required=False, widget=date_input())
    ate = forms.DateField(label=_("Até"), required=False, widget=date_input())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, upto = values.get("de"), values.get("ate")
        if since and upto and since > upto:
            self.add_error("ate", _("A segunda data vem antes da primeira."))
        return values

    @property
    def since(self) -> dt.date | None:
        """The first day, or None."""
        found: dt.date | None = self.cleaned_data.get("de") if self.is_valid() else None
        return found

    @property
    def upto(self) -> dt.date | None:
        """The last day, or None."""
        found: dt.date | None = self.cleaned_data.get("ate") if self.is_valid() else None
        return found

    @classmethod
    def of(cls, request: HttpRequest) -> DatesForm:
        """The range asked for in the address; this year up to today when nothing was asked."""
        if {"de", "ate"} & set(request.GET):
            return cls(request.GET)
        today = clock.today()
        return cls({"de": today.replace(month=1, day=1).isoformat(), "ate": ""})


class EntryForm(forms.Form):
    """What an entry says as a whole."""

    date = forms.DateField(label=_("Data"), widget=date_input())
    memo = forms.CharField(label=_("Histórico"), max_length=240, help_text=_("O que aconteceu, em poucas palavras."))
    act_type = forms.ChoiceField(
        label=_("Tipo de ato"),
        choices=Line.ActType.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Ato cooperativo: negócio da cooperativa com quem faz parte dela. "
            "Com terceiros é ato não cooperativo e fica separado."
        ),
    )
    partner = forms.ModelChoiceField(
        Enterprise._base_manager.none(),  # no network is active while this module is read
        label=_("Empreendimento"),
        required=False,
        empty_label=_("Nenhum"),
        help_text=_("Se o valor é de um empreendimento: o que ele deve, tem de crédito ou adiantou."),
    )

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if book.enterprise_id is None:
            self.fields["partner"].queryset = Enterprise.objects.all()  # type: ignore[attr-defined]
        else:
            del self.fields["partner"]


class LineForm(forms.Form):
    """One line; empty ones are left aside."""

    account = forms.ChoiceField(label=_("Conta"), required=False)
    debit = MoneyField(label=_("Débito"), required=False)
    credit = MoneyField(label=_("Crédito"), required=False)
    memo = forms.CharField(label=_("Detalhe"), max_length=160, required=False)

    def __init__(self, *args: Any, choices: list[Any], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = choices  # type: ignore[attr-defined]
        for name in ("debit", "credit"):
            old = self.fields[name]
            self.fields[name] = MoneyField(label=old.label, required=False, currency=currency)
        self.empty_permitted = True
        self.use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        debit, credit = values.get("debit"), values.get("credit")
        if debit and credit:
            self.add_error("credit", _("Uma linha é débito ou crédito, não os dois."))
        if (debit or credit) and not values.get("account") and "account" not in self.errors:
            self.add_error("account", _("Escolha a conta."))
        if values.get("account") and not (debit or credit) and not {"debit", "credit"} & set(self.errors):
            self.add_error("debit", _("Informe o valor: débito ou crédito."))
        return values

    @property
    def signed_minor(self) -> int:
        """Debit positive, credit negative, zero for an empty row."""
        return (self.cleaned_data.get("debit") or 0) - (self.cleaned_data.get("credit") or 0)


class EntryLines:
    """The rows of an entry being written: as many as the form was sent with, more when asked for."""

    def __init__(
        self, book: Book, data: Any = None, *, more: bool = False, legs: Sequence[LegSpec] | None = None
    ) -> None:
        choices, count = _account_choices(book), max(ROWS, len(legs or ()))
        if data is not None:
            try:
                count = int(data.get("rows", ROWS))
            except ValueError:
                count = ROWS
            count = max(2, min(MOST_ROWS, count + (MORE_ROWS if more else 0)))
        self.forms = []
        for place in range(count):
            prefix = f"line-{place}"
            # Whoever asks for more rows is not done: what was typed is shown again and nothing is found fault with.
            typed = {name: data.get(f"{prefix}-{name}", "") for name in LineForm.base_fields} if more else None
            bound = None if more else data
            if data is None and legs and place < len(legs):
                typed = _typed(legs[place])
            self.forms.append(LineForm(bound, prefix=prefix, initial=typed, choices=choices, currency=book.currency))

    @property
    def count(self) -> int:
        """How many rows are shown."""
        return len(self.forms)

    def is_valid(self) -> bool:
        """Whether every row can be read."""
        read = [form.is_valid() for form in self.forms]  # every row, so that every mistake is shown at once
        return all(read)

    @property
    def problems(self) -> list[tuple[int, str, str]]:
        """Number of the row, id of the control, words: every mistake in the rows."""
        return [
            (number, form[name].auto_id, str(text))
            for number, form in enumerate(self.forms, start=1)
            if form.is_bound
            for name, texts in form.errors.items()
            for text in texts
        ]

    def legs(self, *, act_type: str, partner_id: int | None) -> list[LegSpec]:
        """The rows that say something, as legs."""
        return [
            LegSpec(
                int(form.cleaned_data["account"]), form.signed_minor, act_type, partner_id, form.cleaned_data["memo"]
            )
            for form in self.forms
            if form.signed_minor
        ]


def _typed(leg: LegSpec) -> dict[str, Any]:
    """A leg as a row of the form shows it."""
    side = "debit" if leg.amount_minor > 0 else "credit"
    return {"account": str(leg.account), side: abs(leg.amount_minor), "memo": leg.memo}


def _account_choices(book: Book) -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {str(kind): [] for kind in Account.Kind.values}
    for account in sorted(Account.objects.filter(book=book, is_active=True), key=lambda row: code_key(row.code)):
        groups[account.kind].append((str(account.pk), str(account)))
    grouped = [(Account.Kind(kind).label, rows) for kind, rows in groups.items() if rows]
    return [("", "—"), *grouped]


class AccountForm(forms.Form):
    """An account of a book's chart."""

    code = forms.CharField(
        label=_("Código"), max_length=20, help_text=_("Números separados por pontos: 1.1.9 fica dentro de 1.1.")
    )
    name = forms.CharField(label=_("Nome"), max_length=120)
    kind = forms.ChoiceField(label=_("Grupo"), choices=Account.Kind.choices)
    is_active = forms.BooleanField(
        label=_("Recebe lançamentos"), required=False, help_text=_("Desmarque para fechar a conta, com saldo zero.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if account is None:
            del self.fields["is_active"], self.fields["seen"]


class ReversalForm(forms.Form):
    """When and why an entry is undone."""

    date = forms.DateField(label=_("Data do estorno"), widget=date_input())
    reason = forms.CharField(label=_("Motivo"), max_length=160)


class ReopenForm(forms.Form):
    """Why a closed month takes entries again."""

    reason = forms.CharField(label=_("Motivo para reabrir"), max_length=300)


class BookSearchForm(forms.Form):
    """Part of an enterprise's name."""

    q = forms.CharField(label=_("Empreendimento"), required=False, max_length=80)
