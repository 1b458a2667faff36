# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people fill in about memory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.uploads import Kind, UploadField
from mutirao.memory.core.periods import day_of
from mutirao.memory.models import Keepsake, Moment, Portrayal
from mutirao.memory.operations import ConsentData, KeepsakeData, MomentData
from mutirao.network.models import Enterprise

NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
FIRST_YEAR = 1500


class MomentForm(forms.Form):
    """A moment told on a phone. Of the day only what is remembered is filled in."""

    title = forms.CharField(label=_("O que foi, em poucas palavras"), max_length=140)
    kind = forms.ChoiceField(label=_("Foi"), choices=Moment.Kind.choices, widget=forms.RadioSelect)
    year = forms.IntegerField(label=_("Ano"), min_value=FIRST_YEAR, max_value=9999, widget=forms.TextInput(NUMBER))
    about = forms.BooleanField(label=_("Foi mais ou menos por aí: só lembro a década"), required=False)
    month = forms.TypedChoiceField(
        label=_("Mês"), required=False, coerce=int, empty_value=None,
        choices=[("", _("não lembro")), *((number, MONTHS[number]) for number in range(1, 13))],
    )  # fmt: skip
    day = forms.IntegerField(label=_("Dia"), required=False, min_value=1, max_value=31, widget=forms.TextInput(NUMBER))
    text = forms.CharField(
        label=_("Conte como foi"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 8}),
        help_text=_("Quem for citado pelo nome precisa autorizar: anote depois, na página do momento."),
    )  # fmt: skip
    place = forms.CharField(label=_("Onde"), max_length=120, required=False)
    enterprise: forms.ModelChoiceField[Enterprise] = forms.ModelChoiceField(
        None, label=_("De quem é esta memória"), required=False, empty_label=_("Da rede toda")
    )
    horizon = forms.ChoiceField(
        label=_("Memória"), required=False, choices=[("", _("Pelo tempo que faz")), *Moment.Horizon.choices]
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, enterprises: QuerySet[Enterprise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].queryset = enterprises  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        year = data.get("year")
        if year is None or "month" not in data or "day" not in data:
            return data
        try:
            data["on"], data["precision"] = day_of(year, data["month"], data["day"], about=data["about"])
        except ValueError:
            raise ValidationError({"day": _("Confira o dia e o mês: esta data não existe.")}) from None
        if data["on"] > clock.today():
            raise ValidationError({"year": _("Memória é do que já aconteceu.")})
        return data

    @staticmethod
    def initial_for(moment: Moment) -> dict[str, Any]:
        """The form as filled from a moment."""
        exact = moment.precision
        return {
            **{name: getattr(moment, name) for name in ("title", "kind", "text", "place", "horizon")},
            "enterprise": moment.enterprise_id,
            "year": moment.day.year,
            "month": moment.day.month if exact in (Moment.Precision.DAY, Moment.Precision.MONTH) else None,
            "day": moment.day.day if exact == Moment.Precision.DAY else None,
            "about": exact == Moment.Precision.DECADE,
        }

    def data_given(self) -> MomentData:
        """The cleaned values as the operation takes them."""
        data = self.cleaned_data
        names = ("title", "kind", "text", "place", "enterprise", "horizon", "precision")
        return MomentData(day=data["on"], **{name: data[name] for name in names})


class KeepsakeWordsForm(forms.Form):
    """What a file shows, in words."""

    description = forms.CharField(
        label=_("O que se vê ou se ouve"), max_length=300, help_text=_("É o que lê quem não enxerga ou não ouve.")
    )
    transcription = forms.CharField(
        label=_("Transcrição"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 4}),
        help_text=_("Do áudio ou do documento: as palavras que estão lá."),
    )  # fmt: skip
    credit = forms.CharField(
        label=_("De quem é"), max_length=120, required=False, help_text=_("Quem fez ou guardou; sai nos créditos.")
    )
    shows_nobody = forms.BooleanField(
        label=_("Ninguém pode ser reconhecido"), required=False,
        help_text=_("Se alguém pode, guarde e depois diga quem é, com a autorização de cada pessoa."),
    )  # fmt: skip

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    @staticmethod
    def initial_for(keepsake: Keepsake) -> dict[str, Any]:
        """The form as filled from what is kept."""
        return {name: getattr(keepsake, name) for name in ("description", "transcription", "credit", "shows_nobody")}

    def data_given(self) -> KeepsakeData:
        """The cleaned values as the operation takes them."""
        names = ("description", "transcription", "credit", "shows_nobody")
        return KeepsakeData(**{name: self.cleaned_data[name] for name in names})


class KeepsakeForm(KeepsakeWordsForm):
    """A photo, document or recording, with its words."""

    file = UploadField(label=_("Foto, documento (PDF) ou áudio"), kinds=[Kind.IMAGE, Kind.PDF, Kind.AUDIO])
    field_order = ["file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]


class ConsentForm(forms.Form):
    """The leave that somebody gave."""

    scope = forms.ChoiceField(label=_("Até onde pode ir"), choices=Portrayal.Scope.choices, widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("Como autorizou"), choices=Portrayal.How.choices, widget=forms.RadioSelect)
    given_on = forms.DateField(label=_("Quando autorizou"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    guardian = forms.CharField(label=_("Responsável que autorizou"), max_length=120, required=False)
    evidence = forms.CharField(
        label=_("Onde está a prova"), max_length=200, required=False,
        help_text=_("Por exemplo: pasta azul da secretaria, áudio no grupo, ata de 3 de maio."),
    )  # fmt: skip

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def leave(self) -> ConsentData:
        """The cleaned values as the operation takes them; of grown-ups nobody else is asked."""
        names = ("scope", "how", "given_on", "guardian", "evidence")
        return ConsentData(**{name: self.cleaned_data[name] for name in names if name in self.fields})


class PersonForm(ConsentForm):
    """Who is shown, and the leave if it was given already."""

    name = forms.CharField(label=_("Nome de quem aparece"), max_length=120)
    is_minor = forms.BooleanField(label=_("Tem menos de 18 anos"), required=False)
    field_order = ["name", "is_minor", "scope", "how", "given_on", "guardian", "evidence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        self.fields["scope"].choices = [("", _("ainda não perguntei")), *Portrayal.Scope.choices]  # type: ignore[attr-defined]
        self.fields["how"].choices = [("", _("ainda não autorizou")), *Portrayal.How.choices]  # type: ignore[attr-defined]
        for name in ("scope", "how", "given_on"):
            self.fields[name].required = False


class WithdrawForm(forms.Form):
    """Taking the leave back."""

    erase = forms.BooleanField(
        label=_("Apagar também o arquivo, para sempre"), required=False,
        help_text=_("A foto, o documento ou o áudio some deste servidor; das cópias de segurança, quando vencerem."),
    )  # fmt: skip


class TimelineFilter(forms.Form):
    """What of the timeline is shown."""

    enterprise: forms.ModelChoiceField[Enterprise] = forms.ModelChoiceField(
        None, label=_("De quem"), required=False, empty_label=_("De toda a rede")
    )
    horizon = forms.ChoiceField(
        label=_("Memória"), required=False, choices=[("", _("Curta, média e longa")), *Moment.Horizon.choices]
    )
    kind = forms.ChoiceField(label=_("O que foi"), required=False, choices=[("", _("Tudo")), *Moment.Kind.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = Moment.objects.filter(state=Moment.State.PUBLISHED, enterprise__isnull=False).values("enterprise")
        self.fields["enterprise"].queryset = Enterprise.objects.filter(pk__in=told)  # type: ignore[attr-defined]


class BookletForm(forms.Form):
    """What goes into a booklet."""

    enterprise: forms.ModelChoiceField[Enterprise] = forms.ModelChoiceField(
        None, label=_("De quem"), required=False, empty_label=_("Da rede e de todos os empreendimentos")
    )
    horizons = forms.MultipleChoiceField(
        label=_("Que memória"), choices=Moment.Horizon.choices, widget=forms.CheckboxSelectMultiple,
        initial=list(Moment.Horizon.values),
    )  # fmt: skip
    foreword = forms.CharField(
        label=_("Palavras do começo"), required=False, max_length=3000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = Moment.objects.filter(state=Moment.State.PUBLISHED, enterprise__isnull=False).values("enterprise")
        self.fields["enterprise"].queryset = Enterprise.objects.filter(pk__in=told)  # type: ignore[attr-defined]
