# SPDX-License-Identifier: AGPL-3.0-or-later
"""The second step of signing in, by allauth: its words, its drawings, its secrets kept encrypted."""

from __future__ import annotations

import base64
import io
from typing import Any, ClassVar

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def _cipher() -> Fernet:
    """Fernet under a key derived from the installation's secret: a copy of the database alone gives no code away.

    Source: RFC 5869 (HKDF), the Fernet specification (AES-128-CBC with HMAC-SHA-256).
    """
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"mutirao.network.second_factor")
    return Fernet(base64.urlsafe_b64encode(derivation.derive(settings.SECRET_KEY.encode())))


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's second factor with our words."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Não dá para desligar a confirmação em duas etapas."),
        "cannot_generate_recovery_codes": _("Ligue antes a confirmação em duas etapas; depois vêm os códigos."),
        "incorrect_code": _("Não confere. Veja se o código é o de agora, ou use outra chave."),
        "unverified_email": _("Confirme antes o seu e-mail."),
    }

    def get_totp_issuer(self) -> str:
        """How the account is called in the list of the application that shows codes."""
        return f"Mutirão ({self._get_site_name()})"

    def build_totp_svg(self, url: str) -> str:
        """The QR code to be read by that application."""
        drawn = io.BytesIO()
        # On white in the dark scheme too: cameras read nothing else.
        segno.make(url, error="m").save(drawn, kind="svg", xmldecl=False, scale=4, border=3, light="#ffffff")
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A name to begin with; the person may change it."""
        return gettext("Minha chave")
