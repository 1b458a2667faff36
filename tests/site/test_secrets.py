# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets are made at the first start, one for all processes, readable by their owner; none is in the repository."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASK = "from mutirao.site import settings; print(settings.SECRET_KEY)"
_PRIVATE = re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\r?\n[A-Za-z0-9+/]{20}")
_NAMES = re.compile(r"(^|/)(secret_key|setup_token|.*\.pem|\.env|id_rsa|.*\.sqlite3)$")


def files_of_the_repository() -> list[str]:
    """What is kept: as git tells it, or, in a copy without git, what lies outside the folders that programs make."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [name for name in listed.stdout.split("\0") if name]
    made = {".venv", "var", "node_modules", "__pycache__", "static-collected", "test-results"}
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in files if made.isdisjoint(path.parts) and not path.parts[0].endswith("_cache")]


def start(data: Path) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "MUTIRAO_DATA": str(data)}
    return subprocess.Popen([sys.executable, "-c", ASK], env=environment, stdout=subprocess.PIPE, text=True)


def test_processes_that_start_at_once_make_one_secret_readable_by_its_owner(tmp_path: Path) -> None:
    together = [start(tmp_path) for _ in range(4)]
    told = {process.communicate(timeout=120)[0].strip() for process in together}
    assert len(told) == 1
    (secret,) = told
    assert len(secret) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".secret")] == []
    other = tmp_path / "other"
    assert start(other).communicate(timeout=120)[0].strip() not in ("", secret)


def test_the_repository_holds_no_secret() -> None:
    names = files_of_the_repository()
    assert len(names) > 300
    assert [name for name in names if _NAMES.search(name)] == []
    files = [ROOT / name for name in names if (ROOT / name).is_file()]
    assert [path for path in files if _PRIVATE.search(path.read_bytes())] == []
