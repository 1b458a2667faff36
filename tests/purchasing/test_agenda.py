# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the agenda of rounds announces."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests import factories
from tests.purchasing import factories as make

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.purchasing.operations import rounds
from mutirao.purchasing.queries.rounds import agenda


def kinds(actor: Actor, noon: dt.datetime) -> list[str]:
    first = noon.date()
    return [event.kind for event in agenda(actor, first, first + dt.timedelta(days=10))]


def test_a_deadline_ahead_is_announced_until_the_needs_are_closed(
    network: Any, coordinator: Actor, noon: dt.datetime
) -> None:
    enterprise = factories.enterprise()
    round_ = make.open_round(network, coordinator)
    assert kinds(coordinator, noon) == ["opens", "deadline"]
    make.enter(round_, enterprise, coordinator, "10")
    rounds.close_needs(round_, actor=coordinator)
    assert kinds(coordinator, noon) == ["opens"]


def test_a_deadline_that_came_stays_in_the_agenda(network: Any, coordinator: Actor, noon: dt.datetime) -> None:
    enterprise = factories.enterprise()
    round_ = make.open_round(network, coordinator)
    make.enter(round_, enterprise, coordinator, "10")
    with clock.at(noon + dt.timedelta(days=8)):
        rounds.close_needs(round_, actor=coordinator)
        assert kinds(coordinator, noon) == ["opens", "deadline"]
