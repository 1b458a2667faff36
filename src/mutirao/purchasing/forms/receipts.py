# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms at the door: what came, the supplier's document, photos."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.forms import MoneyField, QuantityField
from mutirao.kernel.uploads import Kind, UploadField
from mutirao.purchasing.models import OrderLine, PurchaseOrder, Receipt
from mutirao.purchasing.operations.receipts import Document, LineReceived

ZERO = Decimal(0)


class LineForm(forms.Form):
    """What came of one order line."""

    def __init__(self, line: OrderLine, currency: str, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, prefix=f"l{line.pk}", **kwargs)
        self.line = line
        unit = line.good.product.unit
        self.fields["received"] = QuantityField(label=_("Chegou"), unit=unit)
        self.fields["damaged"] = QuantityField(label=_("Estragado"), unit=unit, required=False)
        self.fields["returned"] = QuantityField(label=_("Devolvido"), unit=unit, required=False)
        self.fields["billed_minor"] = MoneyField(
            label=_("Valor na nota"), currency=currency, required=False,
            help_text=_("Em branco: a quantidade que chegou, pelo preço combinado."),
        )  # fmt: skip
        self.fields["credited_minor"] = MoneyField(
            label=_("Crédito do fornecedor"), currency=currency, required=False,
            help_text=_("O que ele vai descontar pelo que veio errado."),
        )  # fmt: skip
        self.fields["note"] = forms.CharField(label=_("O que houve"), max_length=200, required=False)
        for name in ("received", "damaged", "returned"):
            self.fields[name].widget.attrs.update({"data-suffix": unit})
        for name in ("billed_minor", "credited_minor"):
            self.fields[name].widget.attrs.update({"data-prefix": formats.currency_sign(currency)})

    def value(self) -> LineReceived:
        """What was typed, blanks as nothing."""
        data = self.cleaned_data
        return LineReceived(
            received=data["received"],
            damaged=data["damaged"] or ZERO,
            returned=data["returned"] or ZERO,
            billed_minor=data["billed_minor"],
            credited_minor=data["credited_minor"] or 0,
            note=data["note"],
        )


class ReceiptForm(forms.Form):
    """The document of a delivery and what it charges beside the goods."""

    received_on = forms.DateField(
        label=_("Recebido em"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    document_number = forms.CharField(label=_("Número da nota"), max_length=60, required=False)
    access_key = forms.CharField(
        label=_("Chave de acesso"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Os 44 números da nota eletrônica, se houver."),
    )  # fmt: skip
    notes = forms.CharField(label=_("Observações"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    photos = UploadField(label=_("Foto"), kinds=[Kind.IMAGE], multiple=True, required=False)

    def __init__(self, order: PurchaseOrder, *args: Any, **kwargs: Any) -> None:
        receipt = Receipt.objects.filter(order=order).prefetch_related("lines").first()
        currency = order.round.currency
        kwargs.setdefault("initial", self._initial(order, receipt))
        super().__init__(*args, **kwargs)
        self.order, self.receipt = order, receipt
        self.fields["photos"].widget.attrs.update({"accept": "image/*", "capture": "environment"})  # opens the camera
        for name, label in (("freight_minor", _("Frete cobrado")), ("other_minor", _("Outras despesas da nota"))):
            self.fields[name] = MoneyField(label=label, currency=currency, required=False)
            self.fields[name].widget.attrs.update({"data-prefix": formats.currency_sign(currency)})
        written = {line.order_line_id: line for line in receipt.lines.all()} if receipt else {}
        data = args[0] if args else kwargs.get("data")
        self.lines = [
            LineForm(line, currency, data, initial=_line_initial(line, written.get(line.pk)))
            for line in order.lines.select_related("good__product", "quote_line")
        ]

    @staticmethod
    def _initial(order: PurchaseOrder, receipt: Receipt | None) -> dict[str, Any]:
        if receipt is None:
            return {"freight_minor": order.freight_minor, "version": 0}
        names = ("received_on", "document_number", "access_key", "notes", "freight_minor", "other_minor", "version")
        return {name: getattr(receipt, name) for name in names}

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(line.is_valid() for line in self.lines)])

    def problems(self) -> list[dict[str, str]]:
        """What is wrong, top to bottom, with the control it is about: a product's line is said by its name."""
        found = [{"target": "", "label": "", "text": str(text)} for text in self.non_field_errors()]
        for form, name in [*((line, str(line.line.good.product)) for line in self.lines), (self, "")]:
            for bound in form:
                label = f"{name}, {bound.label}" if name else str(bound.label)
                target = "" if bound.is_hidden else bound.id_for_label
                found += [{"target": target, "label": label, "text": str(text)} for text in bound.errors]
            if name:
                found += [{"target": "", "label": name, "text": str(text)} for text in form.non_field_errors()]
        return found

    def document(self) -> Document:
        """The supplier's document as typed."""
        data = self.cleaned_data
        return Document(
            number=data["document_number"],
            access_key=data["access_key"],
            freight_minor=data["freight_minor"] or 0,
            other_minor=data["other_minor"] or 0,
        )

    def values(self) -> dict[int, LineReceived]:
        """What came, by order line id."""
        return {form.line.pk: form.value() for form in self.lines}


def _line_initial(line: OrderLine, written: Any) -> dict[str, Any]:
    if written is None:
        return {"received": line.quantity}
    names = ("received", "damaged", "returned", "billed_minor", "credited_minor", "note")
    return {name: getattr(written, name) for name in names}
