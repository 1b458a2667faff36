# SPDX-License-Identifier: AGPL-3.0-or-later
"""What later stages show on a round's page, and the one thing that they ask to be done next.

A stage registers its panel and its step here when its views are imported; the page itself knows no stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import Words
from mutirao.purchasing.queries.rounds import RoundPage


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page: `template` is included with what `load(actor, page)` gives as `panel`; None leaves it out."""

    template: str
    load: Callable[[Actor, RoundPage], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: a verb, the page (a view's name of this module) where it is done, and what speaks for it."""

    label: Words
    view: str
    icon: str = "arrow-right"
    hint: Words = ""
    kwargs: tuple[tuple[str, Any], ...] = ()


NextStep = Callable[[Actor, RoundPage], Step | None]
_panels: list[Panel] = []
_steps: dict[str, NextStep] = {}


def panel(template: str) -> Callable[[Callable[[Actor, RoundPage], Any]], Callable[[Actor, RoundPage], Any]]:
    """Register a panel; panels stand on the page in the order of registration."""

    def register(load: Callable[[Actor, RoundPage], Any]) -> Callable[[Actor, RoundPage], Any]:
        _panels.append(Panel(template, load))
        return load

    return register


def next_step(*states: str) -> Callable[[NextStep], NextStep]:
    """Register what is to be done next while a round is in these states; a later registration replaces an earlier."""

    def register(find: NextStep) -> NextStep:
        for state in states:
            _steps[state] = find
        return find

    return register


def panels_of(actor: Actor, page: RoundPage) -> Iterable[dict[str, Any]]:
    """The panels that have something to show to this person, each with its template and data."""
    for registered in _panels:
        data = registered.load(actor, page)
        if data is not None:
            yield {"template": registered.template, "data": data}


def step_for(actor: Actor, page: RoundPage) -> Step | None:
    """The one thing that this person does next with the round, or None."""
    find = _steps.get(page.round.state)
    return find(actor, page) if find else None
