# SPDX-License-Identifier: AGPL-3.0-or-later
"""allauth's forms with our words: labels that say everything, no placeholder that says it again."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as base
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext_lazy as _

from mutirao.network.models import Person

LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Senha"),
    "oldpassword": _("Senha de hoje"),
    "password1": _("Senha nova"),
    "password2": _("Senha nova, de novo"),
    "code": _("Código"),
    "name": _("Nome da chave"),
    "passwordless": _("Usar também para entrar sem senha"),
}


class _OurWords:
    """Mixed in before an allauth form."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = _("Pelo menos 10 letras ou números.")


class LoginForm(_OurWords, base.LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the page itself offers the ways without a password


class RequestLoginCodeForm(_OurWords, base.RequestLoginCodeForm):
    """Where to send the code."""


class ConfirmLoginCodeForm(_OurWords, base.ConfirmLoginCodeForm):
    """The code that came; typed on the number keys, offered by the phone where it can."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")


class ResetPasswordForm(_OurWords, base.ResetPasswordForm):
    """Where to send the link."""


class ResetPasswordKeyForm(_OurWords, base.ResetPasswordKeyForm):
    """A new password, twice."""


class ChangePasswordForm(_OurWords, base.ChangePasswordForm):
    """The password of today, and a new one twice."""


class SetPasswordForm(_OurWords, base.SetPasswordForm):
    """A first password, twice."""


class ReauthenticateForm(_OurWords, base.ReauthenticateForm):
    """The password again."""


class _NumberCode(_OurWords):
    """A code typed on the number keys; the phone offers it where it can."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")


class AuthenticateForm(_NumberCode, mfa.AuthenticateForm):
    """The second step: the application's code, or one of the spare ones."""


class ReauthenticateByCodeForm(_NumberCode, mfa.ReauthenticateForm):
    """The same, to confirm that one is still oneself."""


class ActivateTOTPForm(_NumberCode, totp.ActivateTOTPForm):
    """The first code that the application shows."""


class AddPasskeyForm(_OurWords, passkeys.AddWebAuthnForm):
    """A new passkey; it opens without a password unless one says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("Para você reconhecer: “celular”, “computador da cooperativa”.")
        passwordless: Any = self.fields["passwordless"]
        passwordless.initial = True
        passwordless.help_text = _("Você entra com o dedo, o rosto ou o PIN do aparelho, sem digitar senha.")


class EditPasskeyForm(_OurWords, passkeys.EditWebAuthnForm):
    """Another name for a passkey."""


class EmailForm(forms.Form):
    """The new address."""

    email = forms.EmailField(label=_("E-mail novo"), widget=forms.EmailInput({"autocomplete": "email"}))


class CloseAccountForm(forms.Form):
    """The address of the account, typed, so that nobody closes it by a slip of the thumb."""

    email = forms.EmailField(
        label=_("Para confirmar, digite o seu e-mail"), widget=forms.EmailInput({"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=_("Quer dizer por quê?"), required=False, max_length=200, help_text=_("Não é preciso. Fica no registro.")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def clean_email(self) -> str:
        """Raises: ValidationError for another address than the account's."""
        email: str = self.cleaned_data["email"].strip().lower()
        if email != self._person.email.lower():
            raise forms.ValidationError(_("Este não é o e-mail desta conta."))
        return email


class TokenForm(forms.Form):
    """What a program is let in for, and for how long."""

    name = forms.CharField(
        label=_("Para que é"), max_length=80, help_text=_("O nome do programa: “planilha de pedidos”."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    reads_only = forms.TypedChoiceField(
        label=_("O que pode fazer"), coerce=lambda value: value == "yes", initial="yes", widget=forms.RadioSelect,
        choices=[("yes", _("Só ler o que você vê")), ("no", _("Ler e escrever, como você"))],
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("Por quanto tempo"), coerce=int, initial=90,
        choices=[(7, _("7 dias")), (30, _("30 dias")), (90, _("90 dias")), (365, _("1 ano"))],
    )  # fmt: skip
