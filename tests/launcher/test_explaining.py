# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pip, uv and the database say when something is wrong, and what the person reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from launcher.running import explain

PIP_OFFLINE = """\
WARNING: Retrying (Retry(total=1, connect=None, read=None, redirect=None, status=None)) after connection broken by
'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new
connection: [Errno -3] Temporary failure in name resolution')': /simple/argon2-cffi/
ERROR: Could not find a version that satisfies the requirement argon2-cffi==25.1.0 (from versions: none)
ERROR: No matching distribution found for argon2-cffi==25.1.0
"""
UV_OFFLINE = """\
error: Failed to fetch: `https://example.org/simple/django/`
  Caused by: error sending request for url
  Caused by: dns error: failed to lookup address information: Temporary failure in name resolution
"""
PIP_HASH = """\
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions,
please update the hashes.
"""
UV_HASH = "error: Failed to download `asgiref==3.9.1`\n  Caused by: Hash mismatch for `asgiref==3.9.1`\n"
NO_WHEEL = "ERROR: No matching distribution found for typst==0.15.0\n"
DISK = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
UV_DISK = "error: Failed to install: typst\n  Caused by: failed to copy file: No space left on device (os error 28)\n"
SQLITE_DISK = "sqlite3.OperationalError: database or disk is full\n"
READ_ONLY = "OSError: [Errno 30] Read-only file system: '/x/.venv/lib'\n"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (PIP_OFFLINE, "o servidor de pacotes não respondeu"),
        (UV_OFFLINE, "o servidor de pacotes não respondeu"),
        (PIP_HASH, "soma de verificação"),
        (UV_HASH, "soma de verificação"),
        (NO_WHEEL, "typst==0.15.0"),
        (DISK, "O disco está cheio"),
        (UV_DISK, "O disco está cheio"),
        (SQLITE_DISK, "O disco está cheio"),
        (READ_ONLY, "só de leitura"),
    ],
)
def test_usual_failures_are_told_in_words(output: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    problem = explain(output, Path("/x"))
    assert problem is not None
    assert words in str(problem)


def test_usual_failures_are_told_in_english_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert "The disk is full" in str(explain(DISK, Path("/x")))


def test_unknown_failures_are_not_explained_away() -> None:
    assert explain("Segmentation fault", Path("/x")) is None
