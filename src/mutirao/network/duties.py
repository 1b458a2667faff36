# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an enterprise still has open in the network: what it owes, asked for or has to answer.

Upper modules register what they know (`register`); whoever takes an enterprise out asks first (`open_duties`), so that
nobody leaves with a charge unpaid or goods ordered without a person having seen it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mutirao.kernel.errors import Words
from mutirao.network.models import Enterprise


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that is open: what it is and what to do about it, in words, and the page where that is done."""

    label: Words
    url: str


Provider = Callable[[Enterprise], Iterable[Duty]]
"""Gives what one module has open for an enterprise; empty when nothing is."""

_providers: list[tuple[int, Provider]] = []


def register(provider: Provider, *, order: int = 50) -> None:
    """Add a module's open duties; called once, when the app is ready."""
    if provider not in [known for _order, known in _providers]:
        _providers.append((order, provider))
        _providers.sort(key=lambda entry: entry[0])


def open_duties(enterprise: Enterprise) -> list[Duty]:
    """Everything an enterprise has open, by module in the order of registration; empty when it may leave."""
    return [duty for _order, provider in _providers for duty in provider(enterprise)]
