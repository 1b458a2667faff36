# SPDX-License-Identifier: AGPL-3.0-or-later
"""What upper modules put on this module's pages: panels on an enterprise's page, links on the page of rules.

panels.register("enterprise", rounds_of_enterprise, order=20)     # purchasing: its rounds
panels.register_settings("payments:settings", _("Chave Pix e cobrança"), _("…"), permissions.EDIT_SETTINGS)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import Words


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page: a heading, the template of what is below it, and what that template needs.

    The template is rendered with the page's own context too (`network`, `actor`, the subject).
    """

    title: Words
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Provider = Callable[[Actor, Any], Panel | None]
"""Gives a panel for the actor and the subject of the page, or None when there is nothing to show them."""


@dataclass(frozen=True, slots=True)
class SettingsLink:
    """A page of rules of an upper module; `view` takes the network's slug."""

    view: str
    label: Words
    about: Words
    act: str


_providers: dict[str, list[tuple[int, Provider]]] = {}
_settings: dict[str, SettingsLink] = {}


def register(place: str, provider: Provider, *, order: int = 50) -> None:
    """Put a panel on a page ("enterprise", "product", "supplier"); called once, when the app is ready."""
    known = _providers.setdefault(place, [])
    if provider not in [existing for _order, existing in known]:
        known.append((order, provider))
        known.sort(key=lambda entry: entry[0])


def panels_for(place: str, actor: Actor, subject: Any) -> list[Panel]:
    """The panels of a page, in order."""
    found = (provider(actor, subject) for _order, provider in _providers.get(place, ()))
    return [panel for panel in found if panel is not None]


def register_settings(view: str, label: Words, about: Words, act: str) -> None:
    """Put a link on the page of rules, for whoever may do `act`; called once, when the app is ready."""
    _settings[view] = SettingsLink(view, label, about, act)


def settings_links(actor: Actor) -> list[SettingsLink]:
    """The pages of rules that the actor may open, in the order they were registered."""
    return [link for link in _settings.values() if actor.can(link.act)]


def rendered(place: str, request: Any, subject: Any) -> list[tuple[Words, SafeString]]:
    """The panels of a page as (heading, HTML); the subject is in their context under the name of the place."""
    return [
        (panel.title, render_to_string(panel.template, {place: subject, **panel.context}, request))
        for panel in panels_for(place, request.actor, subject)
    ]
