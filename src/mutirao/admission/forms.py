# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people fill in about joining, staying and leaving."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext_lazy as _

from mutirao.admission import queries
from mutirao.admission.models import AdmissionSettings, Application, ChecklistItem, Evidence, Opinion, Reviewer
from mutirao.admission.operations import ApplicationData, CriterionData
from mutirao.admission.operations.evidence import BY_GROUP
from mutirao.kernel.uploads import DOCUMENT_SIDE, Kind, UploadField
from mutirao.network.core import countries, phones, tax_ids
from mutirao.network.forms.fields import MunicipalityField
from mutirao.network.models import Enterprise

DATE = {"type": "date"}
_signer = TimestampSigner(salt="mutirao.admission.form")
SECONDS_TO_FILL = 3
"""Nobody fills the form faster; what does is a program."""


def _date_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(DATE, "%Y-%m-%d"), **more)


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=4000, **more)


class ApplicationForm(forms.Form):
    """What a group says of itself."""

    name = forms.CharField(label=_("Nome do grupo"), max_length=160)
    legal_form = forms.ChoiceField(
        label=_("Forma"), choices=[("", _("Escolha…")), *Enterprise.LegalForm.choices],
        help_text=_("Sem registro nenhum? Escolha grupo informal."),
    )  # fmt: skip
    activity = forms.CharField(label=_("O que faz"), max_length=160, required=False)
    member_count = forms.IntegerField(
        label=_("Quantas pessoas participam"), required=False, min_value=1, max_value=1_000_000,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    municipality = MunicipalityField(label=_("Município"), required=False, help_text=_("Nome e UF: São Carlos (SP)."))
    city = forms.CharField(label=_("Cidade"), max_length=120, required=False)
    contact_name = forms.CharField(label=_("Com quem falar"), max_length=120)
    phone = forms.CharField(
        label=_("Telefone"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Se tiver: mandamos para lá o endereço do pedido.")
    )
    tax_id = forms.CharField(label=_("CNPJ ou CPF, se houver"), max_length=30, required=False)
    about = _text(_("Como o grupo trabalha"), required=False)

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if country == "BR":
            del self.fields["city"]
            return
        del self.fields["municipality"]  # the list is Brazil's
        self.fields["tax_id"].label = countries.country(country).identifier_names or _("Número do registro")

    def data_given(self) -> ApplicationData:
        """What was filled in, for the operation."""
        names = ApplicationData.__dataclass_fields__
        return ApplicationData(**{name: value for name, value in self.cleaned_data.items() if name in names})

    @staticmethod
    def initial_for(application: Application) -> dict[str, Any]:
        """What the group said until now."""
        values = {name: getattr(application, name) for name in ApplicationData.__dataclass_fields__}
        country = application.country
        tax_id = tax_ids.parse(application.tax_id, country)
        return values | {
            "tax_id": tax_ids.written(tax_id.number, tax_id.kind),
            "phone": phones.shown(application.phone, country),
        }


class FirstApplicationForm(ApplicationForm):
    """The public form: a field that people do not see, and a moment that programs do not wait."""

    website = forms.CharField(
        label=_("Deixe em branco"), required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
    )
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def stamp() -> str:
        """When the form was opened, signed."""
        return _signer.sign("form")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("website") or not self._waited(data.get("opened", "")):
            raise forms.ValidationError(_("Não conseguimos receber assim. Confira os dados e envie de novo."))
        return data

    @staticmethod
    def _waited(stamp: str) -> bool:
        try:
            _signer.unsign(stamp, max_age=60 * 60 * 24)
        except BadSignature:
            return False
        try:
            _signer.unsign(stamp, max_age=SECONDS_TO_FILL)
        except BadSignature:
            return True
        return False


def _paper(**more: Any) -> UploadField:
    return UploadField(label=_("Foto ou PDF"), kinds=[Kind.IMAGE, Kind.PDF], longest_side=DOCUMENT_SIDE, **more)


class AnswerForm(forms.Form):
    """What the group says to one criterion, with a file if it wants."""

    answer = _text(_("Conte com suas palavras"), rows=4, required=False)
    kind = forms.ChoiceField(
        label=_("O que é o arquivo"), required=False,
        choices=[(kind.value, kind.label) for kind in BY_GROUP], initial=Evidence.Kind.OTHER.value,
    )  # fmt: skip
    file = _paper(required=False, help_text=_("Uma foto do papel serve."))
    also: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        None, label=_("Este arquivo mostra também"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, item: ChecklistItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["also"]
        field.queryset = ChecklistItem.objects.filter(application=item.application_id).exclude(pk=item.pk)
        if item.application.state != Application.State.DRAFT:
            del self.fields["answer"]  # what was sent stays as it was; papers may still come
            self.fields["file"].required = True


class LaterEvidenceForm(forms.Form):
    """A document that comes after the request was sent."""

    kind = forms.ChoiceField(label=_("O que é"), choices=[(kind.value, kind.label) for kind in BY_GROUP])
    file = _paper()


class ReplyForm(forms.Form):
    """The answer to a question."""

    answer = _text(_("Resposta"))


class TextForm(forms.Form):
    """An appeal, a defence."""

    text = _text(_("O que você tem a dizer"), rows=6)


class QuestionForm(forms.Form):
    """A question to the group."""

    text = _text(_("Pergunta ao grupo"), help_text=_("O grupo lê e responde pelo endereço do pedido."))


class ReasonForm(forms.Form):
    """Why."""

    reason = _text(_("Por quê"), help_text=_("O empreendimento lê, e fica no registro."))


class ReviewersForm(forms.Form):
    """Who reviews."""

    people = forms.MultipleChoiceField(label=_("Quem examina"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        named = set(application.reviewers.filter(released_at__isnull=True).values_list("person_id", flat=True))
        self.barred = []
        choices = []
        for person, why in queries.possible_reviewers(application):
            if why:
                self.barred.append((person, why))
            elif person.pk not in named:
                choices.append((str(person.pk), str(person)))
        field.choices = choices


class TwinForm(forms.Form):
    """Whether a request is of an enterprise that is registered already; if not, what it is called instead."""

    enterprise: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None, label=_("De quem é o pedido"), required=False, empty_label=_("De um grupo novo"),
        help_text=_("Membros de agora não aparecem aqui: o que é deles não se pede de novo."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Nome do grupo novo"), max_length=160, required=False, help_text=_("Combine com o grupo antes.")
    )
    tax_id = forms.CharField(label=_("Registro do grupo novo, se houver"), max_length=30, required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        tax_id = tax_ids.parse(application.tax_id, application.country)
        twin, possible = queries.twin_of(application), queries.linkable()
        initial = {
            "name": application.name,
            "tax_id": tax_ids.written(tax_id.number, tax_id.kind),
            "enterprise": application.enterprise_id or (twin and possible.filter(pk=twin.pk).first()),
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        field: Any = self.fields["enterprise"]
        field.queryset = possible


class ConflictForm(forms.Form):
    """Kinship or interest."""

    reason = forms.CharField(
        label=_("Qual é a ligação"), max_length=200, help_text=_("Parentesco, amizade próxima, negócio, disputa.")
    )


class VerdictField(forms.ChoiceField):
    """Asked for on every criterion, though some may be given now and the others later."""

    def validate(self, value: str) -> None:
        if value:
            super().validate(value)


class OpinionForm(forms.Form):
    """A reviewer's opinion on every criterion."""

    use_required_attribute = False

    def __init__(self, *args: Any, items: list[ChecklistItem], given: dict[int, Opinion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            earlier = given.get(item.pk)
            self.fields[f"verdict-{item.pk}"] = VerdictField(
                label=_("Seu parecer"), choices=Opinion.Verdict.choices, widget=forms.RadioSelect,
                initial=earlier.verdict if earlier else None,
            )  # fmt: skip
            self.fields[f"note-{item.pk}"] = forms.CharField(
                label=_("Observação"), required=False, initial=earlier.note if earlier else "", max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def rows(self) -> list[tuple[ChecklistItem, Any, Any]]:
        """Criterion, verdict and note fields, for the page."""
        return [(item, self[f"verdict-{item.pk}"], self[f"note-{item.pk}"]) for item in self.items]

    def opinions(self) -> dict[int, tuple[str, str]]:
        """What was marked, for the operation."""
        data = self.cleaned_data
        return {
            item.pk: (data[f"verdict-{item.pk}"], data[f"note-{item.pk}"])
            for item in self.items
            if data.get(f"verdict-{item.pk}")
        }


class VoteForm(forms.Form):
    """A reviewer's vote."""

    choice = forms.ChoiceField(label=_("Voto"), choices=Reviewer.Vote.choices, widget=forms.RadioSelect)
    reason = _text(_("Por quê"), help_text=_("O grupo lê."))


class AssemblyForm(forms.Form):
    """What the assembly decided."""

    decision = forms.ChoiceField(
        label=_("A assembleia decidiu"), choices=Reviewer.Vote.choices, widget=forms.RadioSelect
    )
    reason = _text(_("Por quê"), help_text=_("O grupo lê."))
    minutes_on = _date_field(_("Ata do dia"))
    minutes_kept = forms.CharField(label=_("Onde a ata está guardada"), max_length=200)
    grounds: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        None, label=_("Se recusou: critérios que não são atendidos"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["grounds"]
        field.queryset = ChecklistItem.objects.filter(application=application, is_required=True)


class AppealDecisionForm(forms.Form):
    """What the assembly decided about an appeal."""

    decision = forms.ChoiceField(
        label=_("A assembleia decidiu"), widget=forms.RadioSelect,
        choices=[("upheld", _("aceitar o recurso")), ("rejected", _("não aceitar o recurso"))],
    )  # fmt: skip
    reason = _text(_("Por quê"))
    minutes_on = _date_field(_("Ata do dia"))
    minutes_kept = forms.CharField(label=_("Onde a ata está guardada"), max_length=200)


class FounderForm(forms.Form):
    """The founding minutes."""

    minutes_on = _date_field(_("Dia da ata de fundação"))
    minutes_kept = forms.CharField(label=_("Onde a ata está guardada"), max_length=200)


class ProposeForm(forms.Form):
    """Whom to send the link to."""

    contact_name = forms.CharField(label=_("Com quem falar"), max_length=120)
    phone = forms.CharField(label=_("Telefone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)


class MemberEvidenceForm(forms.Form):
    """A reference by a member, or the report of a visit."""

    text = _text(_("O que você viu e sabe do grupo"), rows=5)
    enterprise: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None, label=_("Em nome de"), required=False, empty_label=_("Relato de visita da equipe")
    )

    def __init__(self, *args: Any, members: list[Enterprise], visits: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["enterprise"]
        field.queryset = Enterprise.objects.filter(pk__in=[row.pk for row in members])
        if not visits:
            field.required, field.empty_label = True, None


class CriterionForm(forms.Form):
    """A criterion in the network's words."""

    title = forms.CharField(label=_("Em poucas palavras"), max_length=120)
    text = _text(_("O que se pede"), rows=4)
    proof = _text(_("Como se mostra"), rows=2, required=False)
    is_required = forms.BooleanField(label=_("Sem ele não se entra"), required=False, initial=True)
    is_active = forms.BooleanField(label=_("Em uso"), required=False, initial=True)

    def data_given(self) -> CriterionData:
        """What was filled in, for the operation."""
        return CriterionData(**self.cleaned_data)


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the network agreed; only read here, the operation writes."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = AdmissionSettings
        fields = [
            "takes_requests", "welcome", "decided_by", "reviewers_needed", "review_days", "certificate_months",
            "reminder_days", "hearing_days", "appeal_days", "appeal_decision_days", "appeal_suspends",
        ]  # fmt: skip
        widgets = {"decided_by": forms.RadioSelect, "welcome": forms.Textarea(attrs={"rows": 3})}
