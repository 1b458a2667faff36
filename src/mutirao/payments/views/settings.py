# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the network is paid: its Pix key, its bank account, or in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutirao.network.access import NetworkRequest
from mutirao.payments import operations, permissions, queries
from mutirao.payments.core.qr import qr_svg
from mutirao.payments.forms import SettingsForm
from mutirao.payments.views._pages import run_form


@require_http_methods(["GET", "POST"])
def settings(request: NetworkRequest, slug: str) -> HttpResponse:
    """Set the key, and show a code without an amount to try it with a bank's app."""
    request.actor.require(permissions.EDIT_SETTINGS, request.network)
    now = queries.settings_of(request.network)
    initial = SettingsForm.initial_from(now, name=request.network.name)
    form = SettingsForm(request.POST or None, initial=initial, network=request.network)

    def run(data: dict[str, Any]) -> str:
        operations.save_settings(request.network, actor=request.actor, **data)
        if data.get("pix_key"):
            return _("Guardado. Leia o código abaixo com o aplicativo de um banco e confira o nome de quem recebe.")
        return _("Guardado. É assim que as cobranças dizem como pagar.")

    code = queries.pix_text(request.network, now)
    return run_form(
        request,
        form,
        run,
        then=reverse("payments:settings", args=[slug]),
        template="payments/settings.html",
        cancel_url=reverse("payments:charges", args=[slug]),
        now=now,
        pix=code,
        qr=mark_safe(qr_svg(code)) if code else "",  # noqa: S308 - our own drawing of a checked text
        foreign=request.network.currency != "BRL",
    )
