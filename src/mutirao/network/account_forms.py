# SPDX-License-Identifier: AGPL-3.0-or-later
"""allauth's forms with our words: labels that say everything, no placeholder that says it again."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as base
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Senha"),
    "oldpassword": _("Senha de hoje"),
    "password1": _("Senha nova"),
    "password2": _("Senha nova, de novo"),
    "code": _("Código"),
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
