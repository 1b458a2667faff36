# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work of the network module."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.dateparse import parse_datetime

from mutirao.kernel import tenancy
from mutirao.kernel.actors import system
from mutirao.network.models import SecondFactorReset
from mutirao.network.operations.protection import carry_out_second_factor_reset


def send_letter(to: str, name: str, language: str, words: dict[str, Any]) -> None:
    """Send one of the letters about accounts, in its reader's language."""
    context = {**words, "site": str(words.get("site", "")).rstrip("/")}
    if words.get("not_before"):
        context["not_before"] = parse_datetime(words["not_before"])
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = render_to_string(f"network/letters/{name}_subject.txt", context).strip()
        body = render_to_string(f"network/letters/{name}_message.txt", context).strip()
    send_mail(subject, body + "\n", None, [to])


def carry_out_reset(reset_id: int) -> None:
    """Undo a lost second factor whose time to stop it has passed; done once however often it is called."""
    reset = SecondFactorReset.objects.filter(pk=reset_id).first()
    if reset is not None:
        why = "Mutirão"
        carry_out_second_factor_reset(reset, actor=system(tenancy.active_network_id(), why=why))
