# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao up from nothing to the first page, stopped roughly on the way, and again."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.launcher.conftest import Clone, answer


def test_up_recovers_from_a_killed_start_and_starts_fast_the_second_time(
    clone: Callable[..., Clone], free_port: int, tmp_path: Path
) -> None:
    here = clone("rede d'água é nossa")
    first = here.start("up", "--empty", "--port", str(free_port))
    assert first.stdout is not None
    heard = ""
    while "banco de dados" not in heard:  # killed with everything it started, in the middle of the migrations
        line = first.stdout.readline()
        assert line, heard
        heard += line
    time.sleep(0.7)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    second = here.start("up", "--empty", "--port", str(free_port))
    assert answer(free_port, second) == 200
    second.send_signal(signal.SIGTERM)
    said = second.communicate(timeout=60)[0]
    assert f"http://127.0.0.1:{free_port}/" in said
    assert "Traceback" not in said
    assert second.returncode in (0, -signal.SIGTERM)

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    third = here.start("up", "--port", str(free_port))
    assert answer(free_port, third) == 200
    third.send_signal(signal.SIGINT)
    said = third.communicate(timeout=60)[0]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "…" not in said.split("http://")[0], "nothing was left to prepare"
    assert "exemplo" not in said.split("http://")[0], "a database that began empty never meets the example"
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < 8, "about two seconds of work on a quiet machine, whatever else this one is doing"
    assert third.returncode == 0
    assert sorted(path.name for path in (tmp_path / "data").glob("example-*")) == []
