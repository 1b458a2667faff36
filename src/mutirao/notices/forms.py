# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a person wants to be told: a small table of kinds and ways, digest, quiet hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutirao.notices.models import NoticeSettings, Preference
from mutirao.notices.queries import Choice


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput({"type": "time"}, "%H:%M"))


class WaysForm(forms.Form):
    """The ways for every kind, and what holds for all of them."""

    digest = forms.ChoiceField(
        label=_("Resumo por e-mail"), choices=NoticeSettings.Digest.choices, widget=forms.RadioSelect,
        help_text=_("Junta num e-mail só, às 7 horas, o que espera por você e o que aconteceu. Sem nada, não vai."),
    )  # fmt: skip
    quiet_from = _hour(_("Silêncio a partir de"))
    quiet_until = _hour(_("Silêncio até"))
    is_email_off = forms.BooleanField(label=_("Não quero nenhum e-mail desta rede"), required=False)

    def __init__(self, data: Any = None, *, own: NoticeSettings, choices: list[Choice]) -> None:
        names = ("digest", "quiet_from", "quiet_until", "is_email_off")
        super().__init__(data, initial={name: getattr(own, name) for name in names})
        self.choices = choices
        for choice in choices:
            self.fields[f"email-{choice.kind.code}"] = forms.ChoiceField(
                label=_("Por e-mail"), choices=Preference.Email.choices, initial=choice.email
            )
            self.fields[f"push-{choice.kind.code}"] = forms.BooleanField(
                label=_("No aparelho"), required=False, initial=choice.push
            )

    def rows(self) -> list[dict[str, Any]]:
        """The kinds with their two fields."""
        return [
            {
                "kind": choice.kind,
                "email": self[f"email-{choice.kind.code}"],
                "push": self[f"push-{choice.kind.code}"],
            }
            for choice in self.choices
        ]

    def chosen(self) -> dict[str, Any]:
        """What the operation is told: only kinds that were changed, so that the others follow what the module says."""
        given = self.cleaned_data
        changed = {
            choice.kind.code: (given[f"email-{choice.kind.code}"], given[f"push-{choice.kind.code}"])
            for choice in self.choices
            if (given[f"email-{choice.kind.code}"], given[f"push-{choice.kind.code}"]) != (choice.email, choice.push)
        }
        return {
            "choices": changed,
            "digest": given["digest"],
            "is_email_off": given["is_email_off"],
            "quiet": (given["quiet_from"], given["quiet_until"]),
        }
