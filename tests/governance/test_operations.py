# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of motions: who answers, what decides, what stays on record."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest
from tests import factories

from mutirao.governance import operations as do
from mutirao.governance.errors import (
    DeadlineInThePast,
    MotionAlreadyOpen,
    MotionClosed,
    MotionStillRunning,
    NobodyToAsk,
    NotEntitled,
    ReasonMissing,
    WhoSaidMissing,
)
from mutirao.governance.events import MotionPassed, MotionPut, MotionRejected, MotionWithdrawn
from mutirao.governance.handlers import close_at_deadline
from mutirao.governance.models import Entitlement, GivenAnswer, Motion
from mutirao.kernel import clock, events, jobs
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import Job

pytestmark = pytest.mark.usefixtures("noon")
SOURCE = ("purchasing.round", 9)


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The motions' events; only governance's own handlers hear them besides, not those of modules above."""
    monkeypatch.setattr(events, "_inside", defaultdict(list))
    got: list[Any] = []
    for kind in (MotionPut, MotionPassed, MotionRejected, MotionWithdrawn):
        events.inside(kind)(got.append)
    events.inside(MotionPut)(close_at_deadline)
    return got


@pytest.fixture
def three(network: Any) -> list[Any]:
    return [factories.enterprise() for _ in range(3)]


def put(enterprises: list[Any], actor: Actor, **more: Any) -> Motion:
    return do.put_motion("Comprar de quem?", enterprises=enterprises, actor=actor, source=SOURCE, **more)


def speaker(network: Any, enterprise: Any) -> Actor:
    return factories.actor(network, "enterprise_coordinator", enterprise)


def test_the_answer_that_makes_it_certain_decides(
    network: Any, coordinator: Actor, three: list[Any], heard: Any
) -> None:
    motion = put(three, coordinator)
    do.answer_motion(motion, enterprise=three[0], answer="yes", actor=speaker(network, three[0]))
    motion.refresh_from_db()
    assert motion.state == "open"
    do.answer_motion(motion, enterprise=three[1], answer="yes", actor=speaker(network, three[1]))
    motion.refresh_from_db()
    assert (motion.state, motion.decided_at) == ("passed", clock.now())
    assert heard == [
        MotionPut(network.pk, motion.pk, *SOURCE, answer_until=""),
        MotionPassed(network.pk, motion.pk, *SOURCE),
    ]
    with pytest.raises(MotionClosed):
        do.answer_motion(motion, enterprise=three[2], answer="yes", actor=speaker(network, three[2]))


def test_rejected_as_soon_as_too_few_can_still_agree(
    network: Any, coordinator: Actor, three: list[Any], heard: Any
) -> None:
    motion = put(three, coordinator, rule="everyone")
    do.answer_motion(motion, enterprise=three[0], answer="abstain", actor=speaker(network, three[0]))
    motion.refresh_from_db()
    assert motion.state == "rejected"
    assert heard[-1] == MotionRejected(network.pk, motion.pk, *SOURCE)


def test_no_wants_a_reason(network: Any, coordinator: Actor, three: list[Any]) -> None:
    motion = put(three, coordinator)
    with pytest.raises(ReasonMissing):
        do.answer_motion(motion, enterprise=three[0], answer="no", actor=speaker(network, three[0]))
    do.answer_motion(motion, enterprise=three[0], answer="no", reason="frete caro", actor=speaker(network, three[0]))
    assert motion.entitlements.get(enterprise=three[0]).reason == "frete caro"


def test_changing_an_answer_keeps_both_on_record(network: Any, coordinator: Actor, three: list[Any]) -> None:
    motion = put(three, coordinator)
    says = speaker(network, three[0])
    do.answer_motion(motion, enterprise=three[0], answer="no", reason="caro", actor=says)
    do.answer_motion(motion, enterprise=three[0], answer="yes", actor=says)
    do.answer_motion(motion, enterprise=three[0], answer="yes", actor=says)
    assert list(GivenAnswer.objects.values_list("answer", "reason")) == [("no", "caro"), ("yes", "")]
    assert motion.entitlements.get(enterprise=three[0]).answer == "yes"


def test_nobody_answers_for_another_enterprise(network: Any, coordinator: Actor, three: list[Any]) -> None:
    motion = put(three[:2], coordinator)
    with pytest.raises(NotAllowed):
        do.answer_motion(motion, enterprise=three[1], answer="yes", actor=speaker(network, three[0]))
    member = factories.actor(network, "enterprise_member", three[0])
    with pytest.raises(NotAllowed):
        do.answer_motion(motion, enterprise=three[0], answer="yes", actor=member)
    with pytest.raises(NotAllowed):
        # A coordinator cannot write down for themselves what the centre writes down.
        do.answer_motion(
            motion, enterprise=three[0], answer="yes", recorded_for="Ana", actor=speaker(network, three[0])
        )
    with pytest.raises(NotEntitled):
        do.answer_motion(motion, enterprise=three[2], answer="yes", actor=speaker(network, three[2]))
    assert not GivenAnswer.objects.exists()


def test_the_centre_writes_down_who_said_it(network: Any, coordinator: Actor, three: list[Any]) -> None:
    motion = put(three, coordinator)
    with pytest.raises(WhoSaidMissing):
        do.answer_motion(motion, enterprise=three[0], answer="yes", actor=coordinator)
    do.answer_motion(motion, enterprise=three[0], answer="yes", recorded_for="Dona Ana", actor=coordinator)
    row = Entitlement.objects.get(motion=motion, enterprise=three[0])
    assert (row.recorded_for, row.answered_by_id, row.via) == ("Dona Ana", coordinator.person_id, "phone")


def test_deadline_decides_by_the_answers_there_are(network: Any, coordinator: Actor, three: list[Any]) -> None:
    until = clock.now() + dt.timedelta(hours=1)
    motion = put(three, coordinator, answer_until=until)
    do.answer_motion(motion, enterprise=three[0], answer="yes", actor=speaker(network, three[0]))
    with pytest.raises(MotionStillRunning):
        do.close_motion(motion, actor=coordinator)
    jobs.drain()
    motion.refresh_from_db()
    assert motion.state == "open"
    with clock.at(until):
        jobs.drain()
        job = Job.objects.get(task__endswith="close_due_motion")
        assert (job.state, job.result) == ("done", "rejected")
        jobs.run(job)  # A worker that died after the closing runs it again.
        assert job.result == "rejected"
    motion.refresh_from_db()
    assert (motion.state, motion.decided_at) == ("rejected", until)


def test_late_answers_are_refused_before_the_job_ran(network: Any, coordinator: Actor, three: list[Any]) -> None:
    until = clock.now() + dt.timedelta(hours=1)
    motion = put(three, coordinator, answer_until=until)
    with clock.at(until + dt.timedelta(seconds=1)), pytest.raises(MotionClosed):
        do.answer_motion(motion, enterprise=three[0], answer="yes", actor=speaker(network, three[0]))


def test_one_open_motion_a_source(network: Any, coordinator: Actor, three: list[Any], heard: Any) -> None:
    motion = put(three, coordinator)
    with pytest.raises(MotionAlreadyOpen):
        put(three, coordinator)
    with pytest.raises(ReasonMissing):
        do.withdraw_motion(motion, reason=" ", actor=coordinator)
    do.withdraw_motion(motion, reason="faltou um fornecedor", actor=coordinator)
    assert heard[-1] == MotionWithdrawn(network.pk, motion.pk, *SOURCE)
    with pytest.raises(MotionClosed):
        do.withdraw_motion(motion, reason="de novo", actor=coordinator)
    again = put(three, coordinator)
    assert again.state == "open"
    assert do.close_motion(motion, actor=coordinator).state == "withdrawn"


def test_put_motion_refuses(network: Any, coordinator: Actor, three: list[Any]) -> None:
    with pytest.raises(NobodyToAsk):
        put([], coordinator)
    with pytest.raises(DeadlineInThePast):
        put(three, coordinator, answer_until=clock.now())
    with pytest.raises(NotAllowed):
        put(three, factories.actor(network, "treasury"))
    with pytest.raises(NotAllowed):
        put(three, factories.actor(factories.network(), "coordination"))
    assert not Motion.objects.exists()
