# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work through the real RabbitMQ and Celery: several workers, one killed in the middle of a job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from tests import app_role, rabbitmq
from tests.kernel import worker_tasks

from mutirao.kernel import jobs
from mutirao.kernel.models import Job

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 6


@pytest.fixture(scope="module")
def rabbit() -> Iterator[str]:
    if connection.vendor != "postgresql":
        pytest.skip("several processes on one test database: PostgreSQL")
    start = rabbitmq.program()
    if start is None:
        pytest.skip("no RabbitMQ on this machine: left out")
    with rabbitmq.throw_away(start) as address:
        yield address


@contextmanager
def worker(broker: str, data: Path, name: str) -> Iterator[subprocess.Popen[str]]:
    """`./mutirao work` on the test database, as the program's role, in a process group of its own."""
    settings = connection.settings_dict
    where = quote(settings["HOST"], safe="") + (f":{settings['PORT']}" if settings["PORT"] else "")
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DATABASE_URL": f"postgresql://{app_role.ROLE}@{where}/{settings['NAME']}",
        "MUTIRAO_DATA": str(data),
        "MUTIRAO_BROKER": broker,
        "MUTIRAO_JOB_LEASE": str(LEASE_SECONDS),
    }
    with (data / f"{name}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "mutirao", "work", "--processes", "1"],
            env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """As when the power goes: the worker and all its processes at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)


@pytest.fixture
def announcing(rabbit: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """This process tells RabbitMQ of its jobs, as one that serves does."""
    monkeypatch.setattr(jobs, "announcers", [])
    from mutirao.kernel import broker  # noqa: PLC0415 - announces from its import on

    monkeypatch.setattr(jobs, "announcers", [broker.announcer.tell])
    broker.app.conf.broker_url = rabbit
    broker.app._after_fork()  # forgets the connections it had
    return broker


def wait_for(what: Callable[[], bool], seconds: float, log: Path) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        told = "\n".join(path.read_text() for path in sorted(log.glob("*.log")))
        assert time.monotonic() < deadline, told[-4000:]
        time.sleep(0.1)


def test_a_killed_workers_job_is_done_once_by_another(
    transactional_db: None, announcing: Any, rabbit: str, tmp_path: Path
) -> None:
    with worker(rabbit, tmp_path, "one") as one, worker(rabbit, tmp_path, "two") as two:
        with transaction.atomic():
            long = jobs.enqueue(worker_tasks.SLOW, {"name": "long", "seconds": 4})
            short = [jobs.enqueue(worker_tasks.SLOW, {"name": f"short {n}", "seconds": 0}) for n in range(8)]
        wait_for(lambda: any(name == "long" for name, _ in worker_tasks.noted("begin")), 60, tmp_path)
        [killed] = [group for name, group in worker_tasks.noted("begin") if name == "long"]
        kill(one if one.pid == killed else two)
        wait_for(lambda: not Job.objects.exclude(state=Job.State.DONE).exists(), 60, tmp_path)
        survivor = two.pid if one.pid == killed else one.pid

        assert [one for one in worker_tasks.noted("begin") if one[0] == "long"] == [
            ("long", killed),
            ("long", survivor),
        ]
        ended = worker_tasks.noted("end")
        assert [one for one in ended if one[0] == "long"] == [("long", survivor)]
        assert sorted(name for name, _ in ended) == sorted(["long", *(f"short {n}" for n in range(8))])
        long.refresh_from_db()
        assert long.attempts == 2
        assert not Job.objects.filter(pk__in=[job.pk for job in short], attempts__gt=2).exists()

        # What no message told of is found by the sweep; and a worker asked to stop ends.
        quiet = Job.objects.create(
            task=worker_tasks.SLOW, arguments={"name": "quiet", "seconds": 0},
            run_after=long.run_after, created_at=long.created_at,
        )  # fmt: skip
        wait_for(lambda: Job.objects.filter(pk=quiet.pk, state=Job.State.DONE).exists(), 30, tmp_path)
        left = two if one.pid == killed else one
        left.send_signal(signal.SIGTERM)
        assert left.wait(timeout=30) == 0


def test_an_answer_does_not_wait_for_a_broker_that_is_gone(
    transactional_db: None, announcing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    [port] = rabbitmq.free_ports(1)
    announcing.app.conf.broker_url = f"amqp://guest:guest@127.0.0.1:{port}//"
    announcing.app._after_fork()
    begun = time.monotonic()
    with transaction.atomic():
        job = jobs.enqueue(worker_tasks.SLOW, {"name": "later", "seconds": 0})
    assert time.monotonic() - begun < 1
    job.refresh_from_db()
    assert job.state == Job.State.READY
    assert jobs.drain() == 1  # whoever looks at the table does it all the same
