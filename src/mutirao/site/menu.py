# SPDX-License-Identifier: AGPL-3.0-or-later
"""The main menu: what a role sees is what it may do."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import Words


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the menu: shown to whoever may do one of `acts`."""

    view: str
    label: Words
    icon: str
    acts: tuple[str, ...]
    primary_on_phone: bool = False


ENTRIES = (
    MenuEntry("network_home", _("Início"), "home", ("network.see",), True),
    MenuEntry("purchasing:rounds", _("Rodadas"), "round", ("purchasing.see",), True),
    MenuEntry("payments:charges", _("Cobranças"), "charge", ("payments.see",), True),
    MenuEntry("governance:motions", _("Decisões"), "approval", ("governance.see",)),
    MenuEntry("network:enterprises", _("Empreendimentos"), "enterprise", ("network.see",)),
    MenuEntry("admission:requests", _("Admissão"), "people", ("admission.see",)),
    MenuEntry("territory:map", _("Território"), "pin", ("territory.see",)),
    MenuEntry("territory:actors", _("Parceiros do território"), "handshake", ("territory.see_actors",)),
    MenuEntry("memory:timeline", _("Memória"), "history", ("memory.see",)),
    MenuEntry("network:team", _("Equipe técnica"), "people", ("network.see_team",)),
    MenuEntry("catalogue:products", _("Produtos"), "product", ("catalogue.see",)),
    MenuEntry("catalogue:suppliers", _("Fornecedores"), "supplier", ("catalogue.see",)),
    MenuEntry("ledger:books", _("Livros"), "ledger", ("ledger.see_network", "ledger.see_enterprise"), True),
    MenuEntry("network:people", _("Pessoas"), "people", ("network.see_people",)),
    MenuEntry("network:imports", _("Importar"), "import", ("network.import",)),
    MenuEntry("network:audit", _("Registro"), "audit", ("network.see_audit",)),
    MenuEntry("network:settings", _("Regras"), "settings", ("network.edit",)),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry as it stands on this page."""

    label: str
    url: str
    icon: str
    current: bool
    primary_on_phone: bool


def items_for(request: HttpRequest) -> list[MenuItem]:
    """The menu of the person in the network of the request."""
    actor, network = request.actor, request.network  # type: ignore[attr-defined]
    items = []
    for entry in ENTRIES:
        try:
            url = reverse(entry.view, kwargs={"slug": network.slug})
        except NoReverseMatch:
            continue
        if not any(actor.can_somewhere(act) for act in entry.acts):
            continue
        current = request.path == url or (entry.view != "network_home" and request.path.startswith(url))
        items.append(MenuItem(str(entry.label), url, entry.icon, current, entry.primary_on_phone))
    return items
