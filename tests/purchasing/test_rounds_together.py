# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several people at one round at once, in real transactions (B1, B2, B3)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from tests import factories
from tests.purchasing import factories as buying

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Enterprise, Network
from mutirao.purchasing.models import Need, Participation, PurchaseRound, Quote
from mutirao.purchasing.operations import rounds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network(transactional_db: None) -> Iterator[Network]:
    """A network that every connection sees."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("connections of one memory do not queue as those of a file do: left out")
    made = factories.network()
    with tenancy.activated(made):
        yield made


@pytest.fixture
def actor(network: Network) -> Actor:
    return factories.actor(network, "coordination")


@pytest.fixture
def enterprise(network: Network) -> Enterprise:
    return factories.enterprise()


@pytest.fixture
def round_(network: Network, actor: Actor, enterprise: Enterprise) -> PurchaseRound:
    return buying.open_round(network, actor)


def together(network: Network, *works: Callable[[], Any]) -> list[str]:
    """Run each in its own thread and connection, all starting at once; the codes they were refused with, or "done"."""
    start = threading.Barrier(len(works))
    ends = ["broken"] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            with tenancy.activated(network):
                start.wait(20)
                work()
            ends[place] = "done"
        except DomainError as error:
            ends[place] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=entry) for entry in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(ends)


def test_two_people_of_one_enterprise_do_not_overwrite_each_other(
    network: Network, actor: Actor, enterprise: Enterprise, round_: PurchaseRound
) -> None:
    ends = together(
        network,
        lambda: buying.enter(round_, enterprise, actor, "10", seen_version=0),
        lambda: buying.enter(round_, enterprise, actor, "", "20", seen_version=0),
    )
    assert ends == ["done", "needs_changed_meanwhile"]
    assert Need.objects.count() == 1
    assert Participation.objects.get().version == 1


def test_double_tap_is_taken_in_once(
    network: Network, actor: Actor, enterprise: Enterprise, round_: PurchaseRound
) -> None:
    tap = lambda: buying.enter(round_, enterprise, actor, "10", seen_version=0, key="tap")  # noqa: E731
    assert together(network, tap, tap, tap) == ["done", "done", "done"]
    assert Participation.objects.get().version == 1
    assert AuditEntry.objects.filter(act="purchasing.needs_entered").count() == 1


def test_needs_sent_while_the_round_closes_are_in_or_refused_and_never_lost(
    network: Network, actor: Actor, round_: PurchaseRound
) -> None:
    asking = [
        rounds.invite_enterprise(round_, enterprise=factories.enterprise(), actor=actor).enterprise for _ in range(4)
    ]
    works = [lambda e=e: buying.enter(round_, e, actor, "10") for e in asking]
    ends = together(network, *works, lambda: rounds.close_needs(round_, actor=actor))
    round_.refresh_from_db()
    assert round_.state == PurchaseRound.State.QUOTING
    assert set(ends) <= {"done", "round_not_open"}
    assert Need.objects.count() == ends.count("done") - 1
    closed = AuditEntry.objects.get(act="purchasing.needs_closed")
    assert closed.data.get("answered", 0) == Need.objects.count()


def test_one_of_two_coordinators_is_told(network: Network, actor: Actor, round_: PurchaseRound) -> None:
    later = round_.needs_until + dt.timedelta(days=1)
    seen = round_.version
    ends = together(
        network,
        lambda: rounds.extend_round(round_, until=later, reason="Chuva", seen_version=seen, actor=actor),
        lambda: rounds.close_needs(round_, seen_version=seen, actor=actor),
    )
    assert "done" in ends
    assert set(ends) - {"done"} <= {"stale_edit", "wrong_state"}
    assert ends.count("done") == 1


def test_rounds_begun_at_once_have_numbers_of_their_own(network: Network, actor: Actor) -> None:
    def begin() -> None:
        until = clock.now() + dt.timedelta(days=1)
        rounds.open_draft_round(network, title="X", needs_until=until, actor=actor)

    assert together(network, begin, begin, begin) == ["done"] * 3
    assert sorted(PurchaseRound.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_supplier_is_quoted_once_though_two_write_it_down(
    network: Network, actor: Actor, round_: PurchaseRound
) -> None:
    good, supplier = buying.goods(round_)[0], factories.supplier()
    write = lambda: buying.quote(round_, actor, buying.line(good, "5"), supplier=supplier)  # noqa: E731
    assert together(network, write, write) == ["done", "supplier_already_quoted"]
    assert Quote.objects.count() == 1
