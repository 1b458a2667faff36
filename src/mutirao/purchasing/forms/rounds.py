# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms about rounds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, formats
from mutirao.kernel.forms import ExactField
from mutirao.network.membership import TAKE_PART, able
from mutirao.network.models import Enterprise
from mutirao.purchasing.forms.inputs import (
    VersionedForm,
    WholeField,
    currency_sign,
    day_field,
    moment_field,
    money_field,
    reason_field,
    tomorrow_evening,
)
from mutirao.purchasing.models import AllocationRule, DeliveryPlace, PurchaseRound, RoundGood, ShareRule
from mutirao.purchasing.operations.rounds import FIXED_ONCE_OPEN
from mutirao.purchasing.packing import BY_QUOTES


class RoundChoice(forms.ModelChoiceField):
    """A round by its name and number."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} (nº {obj.number})"


class NewRoundForm(forms.Form):
    """The little that a round begins with."""

    title = forms.CharField(
        label=_("Nome da rodada"), max_length=120, help_text=_("Por exemplo: Farinhas e grãos de março")
    )
    needs_until = moment_field(_("Pedidos até"))
    deliver_on = day_field(_("Entrega prevista"), required=False)

    def __init__(self, data: Any = None, *, earlier: QuerySet[PurchaseRound]) -> None:
        latest = earlier.first()
        initial = {
            "needs_until": tomorrow_evening(timezone.localtime(clock.now()), days=7),
            "copy_from": latest.pk if latest else None,
        }
        super().__init__(data, initial=initial)
        if latest is not None:
            self.fields["copy_from"] = RoundChoice(
                earlier, label=_("Começar da rodada"), required=False, empty_label=_("Nenhuma: lista vazia"),
                help_text=_("Traz os produtos, os locais, as taxas e as regras dela. Antes de abrir, tudo pode mudar."),
            )  # fmt: skip


class RoundForm(VersionedForm):
    """What is said about a round. Once it is open, only what may still change."""

    title = forms.CharField(label=_("Nome da rodada"), max_length=120)
    needs_until = moment_field(_("Pedidos até"))
    deliver_on = day_field(_("Entrega prevista"), required=False)
    places = forms.ModelMultipleChoiceField(
        DeliveryPlace._base_manager.none(), label=_("Locais de entrega"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Onde os fornecedores entregam e cada empreendimento busca o que é seu."),
    )  # fmt: skip
    decided_on = day_field(_("Dia da reunião que decidiu"), required=False)
    decision_note = forms.CharField(
        label=_("O que a reunião decidiu"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("Quem estava, o que comprar, com que regra. Fica na prestação de contas."),
    )  # fmt: skip
    allocation_rule = forms.ChoiceField(
        label=_("Se não der para todos, como repartir"), choices=AllocationRule.choices, widget=forms.RadioSelect
    )
    freight_rule = forms.ChoiceField(label=_("Como repartir o frete"), choices=ShareRule.choices)
    fees_minor = forms.CharField()
    fees_purpose = forms.CharField(label=_("Para que é a taxa"), max_length=160, required=False)
    fee_rule = forms.ChoiceField(label=_("Como repartir a taxa"), choices=ShareRule.choices)
    budget_minor = forms.CharField()
    notes = forms.CharField(label=_("Recado aos empreendimentos"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, data: Any = None, *, round_: PurchaseRound) -> None:
        initial = {
            **{name: getattr(round_, name) for name in self.base_fields if hasattr(round_, name)},
            "places": list(round_.places.all()),
            "seen_version": round_.version,
            "fees_minor": round_.fees_minor or None,
        }
        super().__init__(data, initial=initial)
        self.fields["fees_minor"] = money_field(_("Taxa da rodada"), round_.currency, required=False)
        self.fields["budget_minor"] = money_field(
            _("Orçamento"), round_.currency, required=False, help_text=_("Quanto a reunião aceitou gastar ao todo.")
        )
        places = DeliveryPlace.objects.filter(Q(is_active=True) | Q(rounds=round_)).distinct()
        self.fields["places"].queryset = places  # type: ignore[attr-defined]
        self.no_places = not places.exists()
        if round_.state != PurchaseRound.State.DRAFT:
            for name in FIXED_ONCE_OPEN & self.fields.keys():
                del self.fields[name]

    def changes(self) -> dict[str, Any]:
        """What the operation is told."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "seen_version"}
        if "fees_minor" in given:
            given["fees_minor"] = given["fees_minor"] or 0
        if "places" in given:
            given["places"] = list(given["places"])
        return given


class ExtendForm(VersionedForm):
    """A later deadline, and why."""

    until = moment_field(_("Novo prazo"))
    reason = reason_field()

    def __init__(self, data: Any = None, *, round_: PurchaseRound) -> None:
        later = max(round_.needs_until, clock.now())
        initial = {"seen_version": round_.version, "until": tomorrow_evening(timezone.localtime(later), days=2)}
        super().__init__(data, initial=initial)
        self.fields["until"].help_text = _("O prazo agora é %(until)s.") % {"until": formats.moment(round_.needs_until)}


class ReasonForm(VersionedForm):
    """Why, for an act that everybody may ask about."""

    reason = reason_field()

    def __init__(self, data: Any = None, *, seen_version: int) -> None:
        super().__init__(data, initial={"seen_version": seen_version})


class PlainForm(VersionedForm):
    """An act that needs no more words."""

    def __init__(self, data: Any = None, *, seen_version: int) -> None:
        super().__init__(data, initial={"seen_version": seen_version})


class InviteForm(forms.Form):
    """An enterprise that is not in the round yet."""

    def __init__(self, data: Any = None, *, round_: PurchaseRound) -> None:
        super().__init__(data)
        invitable = able(Enterprise.objects.filter(is_active=True), TAKE_PART).exclude(
            pk__in=round_.participations.values("enterprise")
        )
        self.fields["enterprise"] = forms.ModelChoiceField(
            invitable, label=_("Empreendimento"), empty_label=_("Escolha um empreendimento")
        )


class GoodForm(VersionedForm):
    """What is said about a good: a note, a price to estimate by, and by what packs the round buys it."""

    note = forms.CharField(
        label=_("Observação"), max_length=160, required=False,
        help_text=_("Aparece para quem pede. Por exemplo: só em sacos de 25 kg."),
    )  # fmt: skip
    last_price = ExactField(
        label=_("Preço para a estimativa"), required=False,
        help_text=_("Por unidade. Vem da última rodada em que foi comprado; informe se for a primeira vez."),
    )  # fmt: skip
    pack_size = ExactField(
        label=_("Comprar em pacotes de"), required=False,
        help_text=_(
            "A rodada só encomenda pacotes inteiros: de 3 em 3 kg são 3, 6, 9 kg… "
            "Vazio ou 1: vale o menor pacote das cotações."
        ),
    )  # fmt: skip
    minimum_packs = WholeField(
        label=_("Pelo menos quantos pacotes"), required=False,
        help_text=_("Se os pedidos de todos não chegarem a tanto, a rodada não encomenda este produto."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, good: RoundGood, currency: str, seen_version: int) -> None:
        initial = {
            "note": good.note, "last_price": good.last_price, "seen_version": seen_version,
            "pack_size": None if good.pack_size == BY_QUOTES else good.pack_size,
            "minimum_packs": good.minimum_packs or None,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        attrs = self.fields["last_price"].widget.attrs
        attrs["data-prefix"] = currency_sign(currency)
        attrs["data-suffix"] = f"/ {good.product.unit}"
        self.fields["pack_size"].widget.attrs["data-suffix"] = good.product.unit

    def clean_pack_size(self) -> Decimal:
        """Nothing written: by the quotes."""
        given: Decimal | None = self.cleaned_data["pack_size"]
        return BY_QUOTES if given is None else given

    def clean_minimum_packs(self) -> int:
        """Nothing written: no minimum."""
        return self.cleaned_data["minimum_packs"] or 0


def month_of(text: str, today: dt.date) -> dt.date:
    """The first day of the month that an address names ("2026-03"), or of this month."""
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return today.replace(day=1)
