# SPDX-License-Identifier: AGPL-3.0-or-later
"""kill -9 while a round is charged: everything is there afterwards, or nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Installation:
    """A data folder with an SQLite file, and the programs that open it, one after the other."""

    def __init__(self, data: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment = {
            **kept,
            "MUTIRAO_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "mutirao.site.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.purchasing.killed", *arguments],
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments: str) -> list[Any]:
        """What the program tells, line by line, until it ends."""
        told, _nothing = self.start(*arguments).communicate(timeout=180)
        return [json.loads(line) for line in told.splitlines()]

    def kill_at_write(self, number: int) -> Any:
        """What a start finds that is then killed while it charges."""
        process = self.start("stall", str(number))
        assert process.stdout is not None
        try:
            found = json.loads(process.stdout.readline())
            assert json.loads(process.stdout.readline()) == "stalled"
        finally:
            process.kill()
            process.communicate(timeout=30)
        return found


def test_killed_while_charging_leaves_nothing_behind_and_charging_works_again(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    [before] = installation.run("prepare")
    writes = before.pop("writes")
    assert writes > 10
    assert (before["state"], before["charges"], before["chain_broken_at"]) == ("received", 0, None)
    for number in (writes // 2, writes):  # in the middle, and with everything written but the commit
        assert installation.kill_at_write(number) == before
    found, after = installation.run("finish")
    assert found == before
    assert (after["state"], after["shares"], after["charges"]) == ("charged", 2, 2)
    assert after["charged_minor"] == 5700
    assert after["record"] > before["record"]
    assert after["chain_broken_at"] is None
