# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields in which one types a name and gets the row: municipality, enterprise; coordinates; suggestions by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.core.text import fold
from mutirao.network import queries
from mutirao.network.models import Enterprise, Municipality

MOST_CHOICES = 12


class SuggestInput(forms.TextInput):
    """A text field with suggestions: given with the page (`options`), or asked from `url` while one types.

    Without JavaScript it is a text field; what it means is found when the form is sent. When that has several answers
    they are offered as choices below (`choices`, sent as `<name>-choice`).
    """

    template_name = "network/widgets/suggest.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, options: Callable[[], Iterable[str]] = tuple, url: str = ""
    ) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.options = options
        self.url = url
        self.choices: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["options"] = list(self.options())
        target = f"{widget['attrs'].get('id', name)}-options"
        widget["list"] = target
        if widget["options"] or self.url:
            widget["attrs"]["list"] = target
        if self.url:
            widget["attrs"] |= {
                "hx-get": self.url,
                "hx-trigger": "input changed delay:250ms",
                "hx-target": f"#{target}",
                "hx-swap": "innerHTML",
            }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(f"{name}-choice") or data.get(name)


class NamedRowField(forms.CharField):
    """A row of the database, typed by its name; the value is the row, or None."""

    widget = SuggestInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("template_name", "network/widgets/named_row.html")
        super().__init__(**kwargs)

    def matches(self, typed: str) -> list[Any]:
        """The rows that the typed text can mean."""
        raise NotImplementedError

    def nearby(self, typed: str) -> list[Any]:
        """For a text that means nothing: what was perhaps meant."""
        return []

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = self.matches(typed)
        if len(found) == 1:
            return found[0]
        offered = found or self.nearby(typed)
        self.widget.choices = [self.words(row) for row in offered[:MOST_CHOICES]]
        code = "ambiguous" if found else "unknown"
        raise ValidationError(self.error_messages[code], code, {"typed": typed})

    def words(self, row: Any) -> str:
        """How a row is written in the field; typed again it means that row alone."""
        return str(row)

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else self.words(value)


class MunicipalityField(NamedRowField):
    """A municipality: "São Carlos (SP)", "sao carlos/sp", its IBGE code, or its name alone where only one has it."""

    default_error_messages = {
        "ambiguous": _("Há mais de um município chamado “%(typed)s”. Escolha na lista."),
        "unknown": _("Não achei o município “%(typed)s”. Escreva assim: São Carlos (SP)."),
    }

    def matches(self, typed: str) -> list[Municipality]:
        return queries.municipalities_named(typed)

    def nearby(self, typed: str) -> list[Municipality]:
        return queries.municipality_names_like(typed)


class EnterpriseField(NamedRowField):
    """An enterprise of the network by its name, out of those that `rows` gives."""

    default_error_messages = {
        "ambiguous": _("Há mais de um empreendimento chamado “%(typed)s”. Escolha na lista."),
        "unknown": _("Não achei o empreendimento “%(typed)s”. Escolha um da lista."),
    }
    rows: Callable[[], QuerySet[Enterprise]] = staticmethod(lambda: Enterprise.objects.filter(is_active=True))

    def matches(self, typed: str) -> list[Enterprise]:
        return list(self.rows().filter(folded=fold(typed)))

    def nearby(self, typed: str) -> list[Enterprise]:
        begins = fold(typed)
        return list(self.rows().filter(folded__contains=begins)[:MOST_CHOICES]) if begins else []


class DegreesField(forms.CharField):
    """Degrees of latitude or longitude, with comma or dot, kept to five places (about a metre)."""

    default_error_messages = {"degrees": _("“%(typed)s” não é um grau entre −%(limit)s e %(limit)s.")}

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit
        self.widget.attrs.setdefault("inputmode", "text")
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            degrees = Decimal(typed.replace(" ", "").replace("°", "").replace("−", "-").replace(",", "."))
        except InvalidOperation:
            degrees = Decimal("NaN")
        if not degrees.is_finite() or abs(degrees) > self.limit:
            raise ValidationError(self.error_messages["degrees"], "degrees", {"typed": typed, "limit": self.limit})
        return degrees.quantize(Decimal("0.00001"))

    def prepare_value(self, value: Any) -> Any:
        return formats.number(value) if isinstance(value, Decimal) else value
