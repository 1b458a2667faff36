# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people get an account and sign in: by invitation only; with a password, or a code sent by e-mail."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

CODE_DIGITS = 6


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by accepting an invitation, never by signing up alone."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Esta conta está fechada. Fale com a coordenação da rede."),
        "email_password_mismatch": _("O e-mail ou a senha não conferem. Você também pode entrar com um código."),
        "enter_current_password": _("Digite a senha que você usa hoje."),
        "incorrect_code": _("O código não confere. Veja o e-mail mais recente."),
        "incorrect_password": _("A senha não confere."),
        "invalid_login": _("Não foi possível entrar."),
        "invalid_password_reset": _("Este endereço para trocar a senha já não vale. Peça outro."),
        "too_many_login_attempts": _(
            "Foram tentativas demais. Espere cinco minutos e tente de novo, ou entre com um código por e-mail."
        ),
        "unknown_email": _("Não há conta com este e-mail."),
        "rate_limited": _("Você pediu vezes demais em pouco tempo. Espere um minuto."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """People have no user name: the e-mail address is enough."""

    def generate_login_code(self) -> str:
        """Digits only: they are typed on a phone's number keys."""
        return "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to confirm that one is still oneself, in our words."""
        words = {
            "reauthenticate": _("Com a senha"),
            "mfa_reauthenticate": _("Com o código do aplicativo"),
            "mfa_reauthenticate:webauthn": _("Com a chave de acesso"),
        }
        return [
            {**way, "description": words.get(way["id"], way["description"])}
            for way in super().get_reauthentication_methods(user)
        ]

    def format_email_subject(self, subject: str) -> str:
        """Subjects stand as they are written; the sender says who it is from."""
        return subject
