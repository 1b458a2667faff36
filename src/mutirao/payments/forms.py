# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people fill in about charges, payments and bills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import MoneyField
from mutirao.kernel.search import Terms
from mutirao.network.models import Enterprise, Network
from mutirao.payments import queries
from mutirao.payments.core.transfer import written_iban
from mutirao.payments.errors import LineProblem
from mutirao.payments.models import Bill, Charge, Payment, PaymentSettings
from mutirao.payments.operations import Decision


def _today_input(**attrs: Any) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


class MoneyForm(forms.Form):
    """A form whose amounts are in the network's currency."""

    def __init__(self, *args: Any, currency: str = "BRL", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.count_in(currency)
        method: Any = self.fields.get("method")
        if method is not None and currency != "BRL":
            method.choices = [choice for choice in method.choices if choice[0] != Payment.Method.PIX]
            if self.initial.get("method") == Payment.Method.PIX:
                self.initial["method"] = Payment.Method.TRANSFER


class ReasonForm(forms.Form):
    """Why something is undone; kept on record."""

    reason = forms.CharField(label=_("Motivo"), max_length=200, help_text=_("Fica no registro, com o seu nome."))


class ChargeForm(MoneyForm):
    """A charge made by hand."""

    enterprise: forms.ModelChoiceField[Any] = forms.ModelChoiceField(None, label=_("Quem vai pagar"))
    title = forms.CharField(label=_("Do que é"), max_length=160)
    amount_minor = MoneyField(label=_("Valor"))
    due_on = forms.DateField(label=_("Vence em"), widget=_today_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].queryset = Enterprise.objects.filter(is_active=True)  # type: ignore[attr-defined]


class PaymentForm(MoneyForm):
    """Money that came in."""

    amount_minor = MoneyField(label=_("Valor recebido"))
    received_on = forms.DateField(label=_("Recebido em"), widget=_today_input())
    method = forms.ChoiceField(label=_("Como foi pago"), choices=Payment.Method.choices, widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Identificação no banco"),
        max_length=120,
        required=False,
        help_text=_("O código do Pix ou do depósito no comprovante. Com ele, o mesmo pagamento não entra duas vezes."),
    )
    note = forms.CharField(label=_("Observação"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("received_on", clock.today())
        kwargs["initial"].setdefault("method", Payment.Method.PIX)
        super().__init__(*args, **kwargs)


class AmountForm(MoneyForm):
    """One amount: the credit to be used."""

    amount_minor = MoneyField(label=_("Quanto usar"))


class GrantForm(MoneyForm):
    """Credit given without a payment."""

    amount_minor = MoneyField(label=_("Valor do crédito"))
    reason = forms.CharField(label=_("Motivo"), max_length=200, help_text=_("Fica no registro, com o seu nome."))


class RefundForm(MoneyForm):
    """Credit paid out in money."""

    amount_minor = MoneyField(label=_("Valor devolvido"))
    paid_on = forms.DateField(label=_("Pago em"), widget=_today_input())
    method = forms.ChoiceField(label=_("Como foi pago"), choices=Payment.Method.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Motivo"), max_length=200)


class BillForm(MoneyForm):
    """A bill entered by hand."""

    supplier: forms.ModelChoiceField[Any] = forms.ModelChoiceField(None, label=_("Fornecedor"))
    title = forms.CharField(label=_("Do que é"), max_length=160)
    document = forms.CharField(label=_("Número do documento"), max_length=60, required=False)
    amount_minor = MoneyField(label=_("Valor"))
    due_on = forms.DateField(label=_("Vence em"), widget=_today_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].queryset = Supplier.objects.filter(is_active=True)  # type: ignore[attr-defined]


class AdjustBillForm(MoneyForm):
    """What a bill should say."""

    amount_minor = MoneyField(label=_("Valor certo"), help_text=_("Zero cancela a conta."))
    document = forms.CharField(label=_("Número do documento"), max_length=60, required=False)
    reason = forms.CharField(label=_("Motivo"), max_length=200)


class BillPaymentForm(MoneyForm):
    """Money that went out, or came back."""

    amount_minor = MoneyField(label=_("Valor"))
    paid_on = forms.DateField(label=_("Data"), widget=_today_input())
    method = forms.ChoiceField(label=_("Como"), choices=Payment.Method.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Observação"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("paid_on", clock.today())
        kwargs["initial"].setdefault("method", Payment.Method.PIX)
        super().__init__(*args, **kwargs)


class OffsetForm(MoneyForm):
    """Part of a bill paid with what the supplier owes from another."""

    from_bill: forms.ModelChoiceField[Any] = forms.ModelChoiceField(None, label=_("Conta paga a mais"))
    amount_minor = MoneyField(label=_("Quanto abater"))

    def __init__(self, *args: Any, owing: QuerySet[Bill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_bill"].queryset = owing  # type: ignore[attr-defined]


class StatementForm(forms.Form):
    """A bank's export."""

    file = forms.FileField(
        label=_("Extrato em CSV"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=_("No site ou no aplicativo do banco, exporte o extrato da conta em CSV."),
    )


class SettingsForm(forms.Form):
    """How the network is paid."""

    pix_key = forms.CharField(
        label=_("Chave Pix da rede"),
        max_length=100,
        required=False,
        help_text=_("CPF, CNPJ, e-mail, telefone com +55 ou chave aleatória, como está no banco."),
    )
    merchant_name = forms.CharField(
        label=_("Nome de quem recebe"),
        max_length=120,
        help_text=_("Aparece para quem paga. No código cabem 25 letras, sem acentos."),
    )
    merchant_city = forms.CharField(
        label=_("Cidade"), max_length=80, help_text=_("No código cabem 15 letras, sem acentos.")
    )
    bank_holder = forms.CharField(
        label=_("Titular da conta"), max_length=70, required=False, help_text=_("Como está no banco.")
    )
    iban = forms.CharField(
        label="IBAN", max_length=42, required=False, widget=forms.TextInput({"autocapitalize": "characters"})
    )
    bic = forms.CharField(
        label="BIC", max_length=14, required=False, help_text=_("Só se o banco pedir."),
        widget=forms.TextInput({"autocapitalize": "characters"}),
    )  # fmt: skip
    instructions = forms.CharField(
        label=_("Como pagar, em palavras"),
        max_length=1000,
        required=False,
        help_text=_("Aparece em cada cobrança: banco, agência, horário do caixa, com quem falar."),
        widget=forms.Textarea({"rows": 3}),
    )
    days_to_pay = forms.IntegerField(
        label=_("Dias para pagar"),
        min_value=0,
        max_value=365,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-suffix": _("dias")}),
        help_text=_("Prazo de uma cobrança nova quando ninguém diz outro."),
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Pix pays in reais only; elsewhere there is the bank account.
        here = ("bank_holder", "iban", "bic") if network.currency == "BRL" else (
            "pix_key", "merchant_name", "merchant_city",
        )  # fmt: skip
        for name in here:
            del self.fields[name]

    @staticmethod
    def initial_from(settings: PaymentSettings, *, name: str) -> dict[str, Any]:
        """What the form shows first."""
        return {
            "pix_key": settings.pix_key,
            "merchant_name": settings.merchant_name or name,
            "merchant_city": settings.merchant_city,
            "bank_holder": settings.bank_holder or name,
            "iban": written_iban(settings.iban),
            "bic": settings.bic,
            "instructions": settings.instructions,
            "days_to_pay": settings.days_to_pay,
        }


class ChargeFilter(django_filters.FilterSet):
    """What narrows the list of charges."""

    q = django_filters.CharFilter(method="by_words", label=_("Empreendimento ou número"))
    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("Situação"),
        empty_label=_("Todas"),
        choices=[
            ("open", _("Em aberto")),
            ("overdue", _("Vencidas")),
            ("paid", _("Pagas")),
            ("written_off", _("Baixadas")),
            ("cancelled", _("Canceladas")),
        ],
    )
    due_until = django_filters.DateFilter(
        field_name="due_on", lookup_expr="lte", label=_("Vence até"), widget=_today_input()
    )

    class Meta:
        model = Charge
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Charge], name: str, value: str) -> QuerySet[Charge]:
        """By the enterprise's name, the charge's title, number or identifier."""
        return rows.filter(queries.charge_said(Terms.of(value)))

    def by_state(self, rows: QuerySet[Charge], name: str, value: str) -> QuerySet[Charge]:
        """By state; overdue is open and past its day."""
        if value == "overdue":
            return rows.filter(state=Charge.State.OPEN, due_on__lt=clock.today())
        return rows.filter(state=value)


class BillFilter(django_filters.FilterSet):
    """What narrows the list of bills."""

    q = django_filters.CharFilter(method="by_words", label=_("Fornecedor ou documento"))
    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("Situação"),
        empty_label=_("Todas"),
        choices=[
            ("open", _("A pagar")),
            ("overdue", _("Vencidas")),
            ("paid", _("Pagas")),
            ("back", _("A receber de volta")),
        ],
    )

    class Meta:
        model = Bill
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Bill], name: str, value: str) -> QuerySet[Bill]:
        """By the supplier's name, the bill's title or the document's number."""
        return rows.filter(Terms.of(value).within("supplier__folded", "folded"))

    def by_state(self, rows: QuerySet[Bill], name: str, value: str) -> QuerySet[Bill]:
        """By state; overdue is open and past its day."""
        if value == "overdue":
            return rows.filter(state=Bill.State.OPEN, due_on__lt=clock.today())
        if value == "back":
            return rows.filter(paid_minor__gt=F("amount_minor"))
        return rows.filter(state=value)


class StatementDecisions:
    """What was chosen for the rows of a statement.

    `take-<row>` holds "c<id>" for a charge or "e<id>" for an enterprise; `other-<row>`, where somebody typed into it, a
    charge's number or an enterprise's name instead.
    """

    def __init__(self, data: Mapping[str, str]) -> None:
        self.chosen: dict[int, str] = {}
        self.typed: dict[int, str] = {}
        for name, value in data.items():
            kind, _dash, row = name.partition("-")
            if row.isdecimal() and value.strip() and kind in ("take", "other"):
                (self.chosen if kind == "take" else self.typed)[int(row)] = value.strip()

    def resolve(self) -> tuple[list[Decision], list[DomainError]]:
        """The decisions, and the rows where what was typed names nothing in the active network."""
        numbers = {row: int(text) for row, text in self._bare() if text.isdecimal() and len(text) < 10}
        names = {row: fold(text) for row, text in self._bare() if row not in numbers}
        picked = [value for row, value in self.chosen.items() if row not in self.typed]
        charges = {row.pk: row for row in self._charges(picked, numbers.values())}
        enterprises = {row.pk: row for row in self._enterprises(picked, names.values())}
        by_number = {row.number: row for row in charges.values()}
        by_name = {row.folded: row for row in enterprises.values()}
        decisions: list[Decision] = []
        problems: list[DomainError] = []
        for row in sorted(set(self.chosen) | set(self.typed)):
            charge = enterprise = None
            if row in numbers:
                charge = by_number.get(numbers[row])
            elif row in names:
                enterprise = by_name.get(names[row])
            else:
                kind, pk = self.chosen[row][:1], self.chosen[row][1:]
                found = int(pk) if pk.isdecimal() and len(pk) < 19 else 0
                charge, enterprise = (charges.get(found), None) if kind == "c" else (None, enterprises.get(found))
            if charge is None and enterprise is None:
                typed = self.typed.get(row, self.chosen.get(row, ""))
                problems.append(LineProblem(row=row, problem=_("não achamos “%(typed)s”.") % {"typed": typed}))
            else:
                decisions.append(Decision(row, charge, enterprise))
        return decisions, problems

    def _bare(self) -> list[tuple[int, str]]:
        return [(row, text.removeprefix("nº").strip()) for row, text in self.typed.items()]

    @staticmethod
    def _ids(picked: Iterable[str], kind: str) -> list[int]:
        return [int(value[1:]) for value in picked if value[:1] == kind and value[1:].isdecimal() and len(value) < 20]

    def _charges(self, picked: list[str], numbers: Iterable[int]) -> QuerySet[Charge]:
        wanted = Q(pk__in=self._ids(picked, "c")) | Q(number__in=list(numbers))
        rows: QuerySet[Charge] = Charge.objects.filter(wanted).select_related("enterprise")
        return rows

    def _enterprises(self, picked: list[str], names: Iterable[str]) -> QuerySet[Enterprise]:
        rows: QuerySet[Enterprise] = Enterprise.objects.filter(
            Q(pk__in=self._ids(picked, "e")) | Q(folded__in=list(names))
        )
        return rows
