# SPDX-License-Identifier: AGPL-3.0-or-later
"""Copies of the clone to drive the launcher in, with the environment borrowed from the real one to keep it cheap."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))


@dataclass
class Clone:
    """A copy of the program in a folder of its own, and the environment variables its commands get."""

    root: Path
    environment: dict[str, str]
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, *arguments: str, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "mutirao", *arguments],
            cwd=cwd or self.root,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [self.root / "mutirao", *arguments],
            cwd=self.root,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.running.append(process)
        return process


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Callable[..., Clone]]:
    """Makes a copy under the given name; `environment=False` leaves it without packages, as right after git clone."""
    made: list[Clone] = []

    def copy(name: str = "mutirao", *, environment: bool = True) -> Clone:
        root = tmp_path / name
        root.mkdir(parents=True)
        shutil.copy2(ROOT / "mutirao", root / "mutirao")
        for folder in ("scripts", "requirements", "src"):
            # With what Python compiled; not what another test is compiling at this moment.
            shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("*.pyc.*"))
        if environment:
            (root / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        made.append(Clone(root, {**kept, "LANG": "C.UTF-8", "MUTIRAO_DATA": str(tmp_path / "data")}))
        return made[-1]

    yield copy
    for one in made:
        for process in one.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def answer(port: int, process: subprocess.Popen[str], seconds: float = 300) -> int:
    """The status of the first page, waited for as long as the process lives."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
                return page.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.1)
    raise AssertionError("no answer")
