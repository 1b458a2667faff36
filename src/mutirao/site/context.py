# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every page knows: the network, the menu, the theme."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mutirao.kernel import clock
from mutirao.network.access import networks_of, second_factor_due
from mutirao.notices.queries import unread_count
from mutirao.site.menu import items_for


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; see base.html."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    network = getattr(request, "network", None)
    actor = getattr(request, "actor", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "network": network,
        "actor": actor,
        "networks_of_person": networks_of(user) if user is not None and signed_in else [],
        "nav_items": items_for(request) if network is not None and actor is not None else [],
        "unread_notices": lambda: unread_count(user.pk) if user is not None and signed_in and network else 0,
        "theme": theme if theme in ("light", "dark") else "",
        "person_language": get_language(),
        "user_menu_items": [
            {"label": _("Meus dados"), "url": reverse("preferences"), "icon": "person"},
            {"label": _("Proteção da conta"), "url": reverse("mfa_index"), "icon": "lock"},
        ],
        "second_factor_due": second_factor_due(actor) if actor is not None else None,
        "today": clock.today(),
    }
