# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much waits for whom: modules tell, the page of the technical team shows.

workload.register(rounds_to_run)     # purchasing: rounds that wait for the next step of the team
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import Words


@dataclass(frozen=True, slots=True)
class Load:
    """Open things that wait for a role, or for one person in it: how many, what they are, where they are seen."""

    role: str
    """Whose it is; "" for what waits for a person whatever their role."""
    count: int
    label: Words
    """What is counted, in words that follow a number: "rodadas à espera da equipe"."""
    view: str = ""
    """The view that lists them, taking the network's slug."""
    person_id: int | None = None


Provider = Callable[[Actor], Iterable[Load]]
"""Tells what waits in the active network, as far as the actor may see it."""

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let a module tell what waits; called once, when the app is ready."""
    if provider not in _providers:
        _providers.append(provider)


def loads_for(actor: Actor) -> list[Load]:
    """All that waits, in the order the modules registered; what is nothing is left out."""
    return [load for provider in _providers for load in provider(actor) if load.count]
